"""The economy while processes die: kill -9 of workers and of PostgreSQL at random moments loses and doubles nothing."""
import os
import signal

from economy_parts import Economy
from harness import main, wait_until

KILLS = 100


class Killed(Economy):
    def setUp(self):
        super().setUp()
        self.is_over = False

    def wait_for_something_done(self, number):
        before = self.count
        wait_until(lambda: self.count > before + number % 5, 120, "something done")

    def test_killed_workers_lose_and_double_nothing(self):
        def kill():
            for number in range(KILLS):
                node = self.nodes[number % 2]
                wait_until(node.is_ready, 60, "a node")
                self.wait_for_something_done(number)
                os.kill(node.worker(), signal.SIGKILL)
            self.is_over = True

        self.live_until(lambda: self.is_over, kill)
        self.assert_as_the_model_says()

    def test_a_killed_database_loses_and_doubles_nothing(self):
        def kill():
            for number in range(KILLS):
                self.wait_for_something_done(number)
                self.database.kill()
                self.database.start()
            self.is_over = True

        self.live_until(lambda: self.is_over, kill)
        self.assert_as_the_model_says()


if __name__ == "__main__":
    main()
