"""What the benchmark of many rows loads, small: it fits the tables, its ledger balances, and every read route serves it."""
import pathlib
import sys
import unittest

from harness import BUILD, ROOT, Postgres, main

sys.path.insert(0, str(pathlib.Path(ROOT) / "tests/bench"))
import volume  # noqa: E402

PEOPLE = 300


class Volume(unittest.TestCase):
    def test_a_small_set_balances_and_is_served(self):
        database = Postgres()
        self.addCleanup(database.remove)
        calixo, reader, token = volume.start(BUILD, database, volume.AMONG)
        self.addCleanup(calixo.remove)
        volume.fill(database, volume.AMONG, PEOPLE, reader)
        counted = lambda table: int(database.sql(f"select count(*) from {table}", volume.AMONG))  # noqa: E731
        self.assertEqual(counted("user_challenges"), PEOPLE * volume.ATTEMPTS_EACH)
        self.assertEqual(counted("transactions"), PEOPLE * volume.TRANSFERS_EACH * 2)
        for route in volume.ROUTES:
            answer = calixo.call("GET", route, token=token)
            self.assertEqual(answer.status, 200, f"{route}: {answer}")
        store = calixo.call("GET", "/api/store", token=token).json()
        self.assertEqual(store["balance"], volume.REWARDS_EACH * volume.REWARD
                         - (volume.TRANSFERS_EACH - volume.REWARDS_EACH) * volume.PRICE)
        volume.prove(calixo)


if __name__ == "__main__":
    main()
