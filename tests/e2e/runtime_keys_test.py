"""Runtime keys: an administrator changes them while the server runs, and every node takes them up."""
import json
import uuid

from auth_nodes import AuthNodes
from harness import main, new_email, wait_until

KEY = "challenges.reward_factor_max"


class RuntimeKeys(AuthNodes):
    settings = {"events.poll_interval_ms": 60000}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        email = new_email()
        made = json.loads(cls.nodes[0].command("users", "create-admin", "--email", email, "--json").stdout)
        cls.admin = cls.nodes[0].call("POST", "/auth/v1/token?grant_type=password",
                                      {"email": email, "password": made["password"]}).json()["access_token"]

    def tearDown(self):
        self.change({KEY: None})
        self.wait_for(2)

    def items(self, node=0):
        return self.nodes[node].call("GET", "/api/admin/config", token=self.admin).json()["items"]

    def wait_for(self, value):
        for node in range(self.count):
            wait_until(lambda node=node: [item["value"] for item in self.items(node) if item["key"] == KEY] == [value],
                       20, f"{KEY} = {value} on node {node}")

    def change(self, values, token=None, headers=None):
        return self.nodes[0].call("PATCH", "/api/admin/config", values, token or self.admin, headers)

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.json()["code"]), (status, code), answer)
        return answer.json()

    def test_a_change_holds_on_every_node_and_is_taken_back_by_null(self):
        answer = self.change({KEY: 3.5})
        self.assertEqual((answer.status, answer.json()), (200, {KEY: 3.5}), answer)
        self.wait_for(3.5)
        self.assertEqual(self.change({KEY: None}).json(), {KEY: 2})
        self.wait_for(2)

    def test_a_change_in_the_table_itself_is_taken_up_as_well(self):
        self.sql(f"insert into config (key, value) values ('{KEY}', '11')")
        self.wait_for(11)

    def test_every_wrong_member_is_named_and_nothing_changes(self):
        answer = self.change({KEY: 4, "challenges.nonsense": 1, "http.port": 80})
        document = self.refused(answer, 422, "validation_failed")
        self.assertEqual({"challenges.nonsense", "http.port"}, {error["field"] for error in document["errors"]})
        for value in [0, 101, "much", [], {}, True, 1e300]:
            self.refused(self.change({KEY: value}), 422, "validation_failed")
        for body in [[], {}, "text", 5]:
            self.refused(self.change(body), 422, "validation_failed")
        self.refused(self.change(b"{", headers={"Content-Type": "application/json"}), 400, "malformed_json")
        self.assertEqual(self.sql("select count(*) from config"), "0")

    def test_only_administrators_see_and_change_them(self):
        token = self.sign_up()["access_token"]
        for bearer, status, code in [(None, 401, "authentication_required"), (token, 403, "forbidden")]:
            for method, body in [("GET", None), ("PATCH", {KEY: 3})]:
                self.refused(self.nodes[0].call(method, "/api/admin/config", body, bearer), status, code)

    def test_the_table_tells_who_changed_a_key(self):
        self.assertEqual(self.change({KEY: 7}).status, 200)
        self.assertEqual(self.sql("select value::text || ' ' || (updated_by is not null) from config"), "7 true")

    def test_a_repeated_change_under_a_key_is_answered_from_what_was_kept(self):
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        first, second = self.change({KEY: 5}, headers=headers), self.change({KEY: 5}, headers=headers)
        self.assertEqual((first.status, second.status), (200, 200))
        self.assertEqual(second.headers["Idempotency-Replayed"], "true")

    def test_public_keys_come_with_a_tag(self):
        first = self.nodes[0].call("GET", "/api/config")
        tag = {"If-None-Match": first.headers["ETag"]}
        self.assertEqual(self.nodes[0].call("GET", "/api/config", headers=tag).status, 304)
        self.assertLessEqual({item["key"] for item in self.items() if item["public"]}, set(first.json()))


if __name__ == "__main__":
    main()
