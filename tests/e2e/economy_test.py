"""The economy as a whole: after thousands of random things from many clients on two servers every balance is what a
model of the acknowledged answers says, and the ledger balances."""
from economy_parts import Economy
from harness import main


class RandomLives(Economy):
    def test_thousands_of_random_operations_end_as_the_model_says(self):
        self.live_until(lambda: self.count >= 3000)
        self.assert_as_the_model_says()


if __name__ == "__main__":
    main()
