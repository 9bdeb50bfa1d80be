"""The ledger on the real database: what is paid is paid once, nothing moves past the balances, and an operator is told
of a ledger that was tampered with."""
import collections

from harness import main
from store_parts import NOBODY, StoreServer, at_once

# As the plugin that pays tells the wallet's statuses.
INVALID, NOT_FOUND, CONFLICT = "status_5", "status_4", "status_6"


class Wallet(StoreServer):
    def test_of_200_credits_at_once_with_one_source_one_pays(self):
        token, user_id = self.person()
        answers = at_once(lambda _: self.ask_wallet("credit-last", user_id, amount=7), range(200))
        self.assertEqual({one.status for one in answers}, {200}, answers)
        self.assertEqual(self.balance(token), 7)
        self.assertEqual([one["amount"] for one in self.transactions(token)], [7])
        self.assert_balanced()

    def test_what_one_transaction_pays_to_many_is_paid_each_once(self):
        people = [self.person(), self.person(money=5), self.person()]
        payments = [{"user_id": user_id, "amount": 10 + number, "source": f"walk:{number}"}
                    for number, (_, user_id) in enumerate([*people, *people])]
        once = [*payments, payments[1], {**payments[0], "reason": "other"}]
        for _ in range(2):
            answer = self.call("POST", "/probe/wallet/credit-each", {"payments": once})
            self.assertEqual(answer.status, 200, answer)
        self.assertEqual([self.balance(token) for token, _ in people], [10 + 13 + 10, 5 + 11 + 14, 12 + 15])
        self.assertEqual([one["amount"] for one in self.transactions(people[0][0])], [10, 13, 10])
        answer = self.call("POST", "/probe/wallet/credit-each",
                           {"payments": [{**payments[0], "source": "walk:9"}, {**payments[0], "user_id": NOBODY}]})
        self.assertEqual(answer.status, 500, answer)
        self.assertEqual(self.balance(people[0][0]), 33)
        self.assert_balanced()

    def test_many_credits_and_debits_at_once_never_go_below_zero(self):
        token, user_id = self.person(money=50)

        def move(number):
            word, amount = ("debit", 7) if number % 3 else ("credit-last", 5)
            answer = self.ask_wallet(word, user_id, amount=amount, source=f"walk:{number}")
            return word if answer.status == 200 else answer.json()["code"]

        outcomes = collections.Counter(at_once(move, range(150)))
        self.assertEqual(outcomes["credit-last"], 50)
        self.assertEqual(outcomes["debit"] + outcomes["insufficient_funds"], 100, outcomes)
        self.assertGreater(outcomes["insufficient_funds"], 0)
        left = 50 + 5 * 50 - 7 * outcomes["debit"]
        self.assertGreaterEqual(left, 0)
        self.assertEqual(self.balance(token), left)
        self.assert_balanced()

    def test_a_debit_takes_once_and_no_more_than_there_is(self):
        token, user_id = self.person(money=20)
        self.assertEqual(self.wallet("debit", user_id, amount=15, source="coffee:1"), 5)
        self.assertEqual(self.wallet("debit", user_id, amount=15, source="coffee:1"), 5)
        self.assert_problem(self.ask_wallet("debit", user_id, amount=6, source="coffee:2"), 409, "insufficient_funds")
        self.assertEqual(self.balance(token), 5)

    def test_what_is_rolled_back_has_moved_nothing(self):
        token, user_id = self.person(money=20)
        for word in ("credit", "credit-last", "debit", "hold"):
            answer = self.ask_wallet(word, user_id, amount=3, source="undone:1", rolls_back=True)
            self.assert_problem(answer, 409, "rolled_back")
        self.assertEqual(self.balance(token), 20)

    def test_what_is_set_aside_is_taken_or_given_back_once(self):
        token, user_id = self.person(money=30)
        first = self.wallet("hold", user_id, amount=10, source="stake:1")
        self.assertEqual(self.wallet("hold", user_id, amount=10, source="stake:1"), first)
        second = self.wallet("hold", user_id, amount=20, source="stake:2")
        self.assertEqual(self.balance(token), 0)
        self.assert_problem(self.ask_wallet("hold", user_id, source="stake:3"), 409, "insufficient_funds")
        self.assert_balanced()
        for _ in range(2):
            self.wallet("capture", hold_id=first)
            self.wallet("release", hold_id=second)
        self.assert_problem(self.ask_wallet("release", hold_id=first), 409, CONFLICT)
        self.assert_problem(self.ask_wallet("capture", hold_id=second), 409, CONFLICT)
        self.assert_problem(self.ask_wallet("capture", hold_id=10**9), 409, NOT_FOUND)
        self.assertEqual(self.balance(token), 20)
        self.assertEqual([(one["amount"], one["is_reversal"]) for one in self.transactions(token)][:3],
                         [(20, True), (-20, False), (-10, False)])
        self.assert_balanced()

    def test_a_hold_is_settled_once_however_many_try(self):
        token, user_id = self.person(money=10)
        hold_id = self.wallet("hold", user_id, amount=10, source="stake:1")
        words = ["capture", "release"] * 20
        answers = at_once(lambda word: self.ask_wallet(word, hold_id=hold_id).status, words)
        won = {word for word, status in zip(words, answers) if status == 200}
        self.assertEqual(len(won), 1, answers)
        self.assertEqual(self.balance(token), 10 if won == {"release"} else 0)
        self.assert_balanced()

    def test_what_was_paid_is_taken_back_as_far_as_it_is_there(self):
        token, user_id = self.person()
        self.wallet("credit", user_id, amount=20, source="attempt:1")
        self.wallet("credit", user_id, amount=20, source="attempt:2")
        self.assertEqual(self.wallet("take-back", user_id, source="attempt:1"), 20)
        self.assertEqual(self.wallet("take-back", user_id, source="attempt:1"), 0)
        self.wallet("debit", user_id, amount=15, source="coffee:1")
        self.assertEqual(self.wallet("take-back", user_id, source="attempt:2"), 5)
        self.assert_problem(self.ask_wallet("take-back", user_id, source="attempt:3"), 409, NOT_FOUND)
        self.assert_problem(self.ask_wallet("take-back", user_id, source="coffee:1"), 409, NOT_FOUND)
        self.assertEqual(self.balance(token), 0)
        self.assert_balanced()

    def test_nobody_has_nothing_and_a_stranger_is_not_found(self):
        _, user_id = self.person()
        self.assertEqual(self.wallet("balance", user_id), 0)
        self.assert_problem(self.ask_wallet("debit", user_id), 409, "insufficient_funds")
        for word in ("balance", "debit", "hold", "take-back"):
            self.assert_problem(self.ask_wallet(word, NOBODY), 409, NOT_FOUND)
        self.assertGreaterEqual(self.ask_wallet("credit-last", NOBODY).status, 500)
        self.assertEqual(self.sql("select count(*) from ledger_accounts where user_id is null"), "0")

    def test_malformed_movements_are_refused(self):
        _, user_id = self.person(money=5)
        for members in ({"amount": 0}, {"amount": -5}, {"amount": 10**9 + 1}, {"reason": ""}, {"reason": "Gift"},
                        {"reason": "a" * 41}, {"source": ""}, {"source": "a b"}, {"source": "a" * 121}):
            for word in ("credit", "debit", "hold"):
                self.assert_problem(self.ask_wallet(word, user_id, **members), 409, INVALID)
        self.assert_problem(self.ask_wallet("credit", "nobody"), 409, INVALID)
        self.assert_problem(self.ask_wallet("balance", "nobody"), 409, INVALID)


class Ledger(StoreServer):
    def refused(self, sql, role="postgres"):
        """The SQLSTATE by which the database refuses a statement of that role."""
        claims = "set request.jwt.claims = '{\"role\":\"service_role\"}';"
        return self.sql(f"""{claims}
            create or replace function pg_temp.attempt() returns text language plpgsql as $$
            begin
              set local role {role};
              {sql};
              return 'done';
            exception when others then return sqlstate;
            end $$;
            select pg_temp.attempt()""").splitlines()[-1]

    def test_rows_of_the_ledger_are_refused_every_change_by_every_role(self):
        self.person(money=10)
        rows = "select md5(string_agg(t::text, '/' order by id)) from transactions t"
        before = self.sql(rows)
        for role in ("calixo_store", "calixo_store_owner", "postgres"):
            for sql in ("update transactions set amount = 1", "delete from transactions", "truncate transactions",
                        "delete from ledger_accounts", "truncate ledger_accounts cascade"):
                # No policy lets the tables' owner see a row to change, so that it finds none to be refused.
                hidden = role == "calixo_store_owner" and "truncate" not in sql and "accounts" not in sql
                self.assertEqual(self.refused(sql, role), "done" if hidden else "42501", f"{role}: {sql}")
        self.assertEqual(self.sql(rows), before)
        for sql in ("update ledger_accounts set balance = 1", "update ledger_holds set amount = 1",
                    "insert into ledger_accounts (kind) values ('held')",
                    "insert into transactions (transfer_id, account_id, amount, reason) values (1, 1, 1, 'x'), (1, 2, -1, 'x')"):
            for role in ("calixo_store", "calixo_auth"):
                self.assertEqual(self.refused(sql, role), "42501", f"{role}: {sql}")
        self.assert_balanced()

    def test_an_unbalanced_insert_is_refused_and_a_balanced_one_moves_the_balance(self):
        token, user_id = self.person(money=10)
        account = self.sql(f"select id from ledger_accounts where user_id = '{user_id}'")
        head = "insert into transactions (transfer_id, account_id, user_id, amount, reason, source) values "
        mine = f"({account}, '{user_id}'"
        for role in ("calixo_store_owner", "postgres"):
            for rows, state in [(f"(0, {account}, '{user_id}', 5, 'x', 'y')", "23514"),
                                (f"(0, {account}, '{user_id}', 5, 'x', 'y'), (0, 1, null, -4, 'x', null)", "23514"),
                                (f"(0, {account}, '{user_id}', 5, 'x', 'y'), (-1, 1, null, -5, 'x', null)", "23514"),
                                (f"(0, {account}, '{user_id}', -11, 'x', 'y'), (0, 1, null, 11, 'x', null)", "23514"),
                                ("(0, 999999, null, 5, 'x', null), (0, 1, null, -5, 'x', null)", "23503"),
                                (f"(0, {account}, null, 5, 'x', null), (0, 1, null, -5, 'x', null)", "23503"),
                                (f"(0, 4, null, 5, 'x', null), (0, 1, null, -5, 'x', null)", "23514")]:
                self.assertEqual(self.refused(head + rows, role), state, f"{role} {mine}: {rows}")
        self.assertEqual(self.balance(token), 10)
        sound = f"(0, {account}, '{user_id}', 5, 'x', 'y'), (0, 1, null, -5, 'x', null)"
        self.assertEqual(self.refused(head + sound), "done")
        self.assertEqual(self.balance(token), 15)
        self.assert_balanced()

    def test_the_doctor_finds_each_fault_that_was_planted(self):
        token, user_id = self.person(money=100)
        purchase = self.bought(token, self.new_item())
        self.wallet("hold", user_id, amount=7, source="stake:1")
        account = f"(select id from ledger_accounts where user_id = '{user_id}' and kind = 'spendable')"
        self.assertEqual(self.doctor()["is_balanced"], True)
        for plant, mend, checks in [
                (f"update ledger_accounts set balance = balance + 1 where id = {account}",
                 f"update ledger_accounts set balance = balance - 1 where id = {account}", {"balances"}),
                ("insert into transactions (transfer_id, account_id, amount, reason) values (777, 1, 5, 'planted')",
                 "delete from transactions where reason = 'planted'", {"transfers"}),
                (f"update transactions set user_id = null where user_id = '{user_id}' and reason = 'purchase'",
                 f"update transactions set user_id = '{user_id}' where source = 'purchase:{purchase['id']}'", {"owners"}),
                ("update ledger_holds set amount = amount + 1", "update ledger_holds set amount = amount - 1", {"holds"}),
                ("update purchases set status = 'refunded', refunded_at = now()",
                 "update purchases set status = 'paid', refunded_at = null", {"refunds"}),
                ("update purchases set transfer_id = 888888", "update purchases set transfer_id = "
                 f"(select transfer_id from transactions where source = 'purchase:{purchase['id']}')", {"purchases"})]:
            self.sql(f"set session_replication_role = replica; {plant}")
            found = self.doctor(status=1)
            self.assertEqual({fault["check"] for fault in found["faults"]}, checks, plant)
            told = self.server.command("doctor", "ledger")
            self.assertEqual(told.returncode, 1)
            self.assertIn("NOT balanced", told.stdout)
            self.sql(f"set session_replication_role = replica; {mend}")
            self.assert_balanced()

    def test_the_doctor_stands_beside_the_servers_own(self):
        done = self.server.command("doctor", "ledger")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("The ledger is balanced", done.stdout)
        self.assertIn("doctor ledger", self.server.command("--help").stdout)
        self.assertIn("calixo doctor ledger", self.server.command("doctor", "ledger", "--help").stdout)
        self.assertEqual(self.server.command("doctor", "ledger", "twice").returncode, 64)
        self.assertEqual(self.server.command("doctor", "nothing").returncode, 2)
        self.assertEqual(self.server.command("doctor").returncode, 0)


if __name__ == "__main__":
    main()
