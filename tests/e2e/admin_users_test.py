"""Administration of accounts: by unmodified clients with a service key, by this server's own routes, and
from the terminal."""
import base64
import concurrent.futures
import json
import time
import uuid

from auth_nodes import AuthNodes
from clients import PACKAGES, run_client
from harness import main, new_email

USERS = "/api/admin/users"
WIRE = "/auth/v1/admin/users"


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Administration(AuthNodes):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = cls.nodes[0].command("users", "service-key", "--days", "2", "--json")
        cls.service_key = json.loads(done.stdout)["key"]

    def new_admin(self, role="ADMIN"):
        session = self.sign_up()
        self.sql(f"insert into admin_users values ('{session['user']['id']}', '{role}')")
        self.assert_at_once(lambda node: self.status(node, USERS, session["access_token"]) == 200, "the appointment")
        return session

    def act(self, method, path, token=None, body=None, status=200, code=None, node=0):
        answer = self.nodes[node].call(method, path, body, token or self.service_key)
        self.assertEqual(answer.status, status, answer)
        document = answer.json() if answer.body else None
        if code:
            self.assertEqual(document.get("error_code") or document["code"], code, answer)
        return document

    # --- the wire format ---

    def test_by_unmodified_clients_with_the_service_key(self):
        for package in PACKAGES:
            with self.subTest(package):
                base = f"http://127.0.0.1:{self.nodes[0].port}"
                self.assertEqual(run_client("admin.mjs", package, base, self.service_key, uuid.uuid4().hex),
                                 {"done": True})

    def test_bad_requests_are_told_from_each_other(self):
        self.act("GET", f"{WIRE}/nobody", status=404, code="validation_failed")
        self.act("GET", f"{WIRE}?page=0", status=400, code="validation_failed")
        self.act("GET", f"{WIRE}?per_page=5000", status=400, code="validation_failed")
        self.act("POST", WIRE, body={"email": "no address"}, status=400, code="validation_failed")
        self.act("POST", WIRE, body={"email": new_email(), "id": "7"}, status=400, code="validation_failed")
        self.act("POST", WIRE, body={"email": new_email(), "app_metadata": [1]}, status=400, code="validation_failed")
        self.act("POST", WIRE, body={"email": new_email(), "user_metadata": {"a": "x" * 5000}}, status=400,
                 code="validation_failed")
        for duration in ("-1h", "1", "h", "1h30", "1e9h", "99999999999h", "", "nan"):
            self.act("POST", WIRE, body={"email": new_email(), "ban_duration": duration}, status=400,
                     code="validation_failed")
        anonymous = self.nodes[0].call("GET", WIRE)
        self.assertEqual((anonymous.status, anonymous.json()["error_code"]), (401, "no_authorization"))

    def test_an_account_may_keep_its_id_and_a_refused_one_leaves_nothing(self):
        wanted, email = str(uuid.uuid4()), new_email()
        made = self.act("POST", WIRE, body={"id": wanted, "email": email, "ban_duration": "1h30m", "password": None})
        self.assertEqual(made["id"], wanted)
        self.assertIsNotNone(made["banned_until"])
        before = self.sql("select count(*) from users")
        self.act("POST", WIRE, body={"email": email.upper()}, status=422, code="email_exists")
        self.assertEqual(self.sql("select count(*) from users"), before)

    # --- this server's own routes ---

    def test_moderators_read_and_administrators_decide(self):
        person, moderator = self.sign_up()["user"]["id"], self.new_admin("MODERATOR")["access_token"]
        self.assertEqual(self.act("GET", f"{USERS}/{person}", moderator)["role"], "user")
        for path, body in (("grant", {"role": "admin"}), ("revoke", None), ("ban", {"duration": "1h"}), ("unban", None)):
            self.act("POST", f"{USERS}/{person}/{path}", moderator, body, 403, "forbidden")
        self.act("DELETE", f"{USERS}/{person}", moderator, status=403)
        self.act("GET", USERS, self.sign_up()["access_token"], status=403, code="forbidden")
        self.assertEqual(self.nodes[0].call("GET", USERS).status, 401)
        self.act("GET", f"{USERS}/{uuid.uuid4()}", moderator, status=404, code="user_not_found")
        self.act("GET", f"{USERS}/none", moderator, status=404)

    def test_pages_follow_each_other_and_search_finds_by_the_beginning(self):
        mark = uuid.uuid4().hex
        made = [self.act("POST", WIRE, body={"email": f"{mark}_{number}%@example.org"})["id"] for number in range(5)]
        self.sql(f"update profiles set display_name = 'Ñandú {mark}' where user_id = '{made[2]}'")
        got, path = [], f"{USERS}?limit=2&search={mark}"
        while path:
            page = self.act("GET", path)
            got += [one["id"] for one in page["items"]]
            path = page["next"] and f"{USERS}?limit=2&search={mark}&cursor={page['next']}"
        self.assertEqual(got, made[::-1])
        by_name = self.act("GET", f"{USERS}?search=%C3%B1and%C3%BA%20{mark[:6]}")["items"]
        self.assertEqual([one["id"] for one in by_name], [made[2]])
        self.assertEqual(self.act("GET", f"{USERS}?search={mark}_1%25")["items"][0]["id"], made[1])
        self.assertEqual(self.act("GET", f"{USERS}?search=%25{mark}")["items"], [])  # no pattern, a beginning
        for wrong in ("cursor=abc", "cursor=MTox", "limit=0", "role=king", f"search={'x' * 300}"):
            self.act("GET", f"{USERS}?{wrong}", status=422, code="validation_failed")
        self.act("POST", f"{USERS}/{made[0]}/ban", body={"duration": "30d"})
        banned = self.act("GET", f"{USERS}?banned=true&search={mark}")["items"]
        self.assertEqual([one["id"] for one in banned], [made[0]])

    def test_a_grant_and_its_end_hold_at_once_on_every_node(self):
        admin, person = self.new_admin()["access_token"], self.sign_up()
        token, path = person["access_token"], f"{USERS}/{person['user']['id']}"
        self.assertEqual(self.act("POST", f"{path}/grant", admin, {"role": "moderator"})["role"], "moderator")
        self.assertEqual(self.status(0, USERS, token), 200)  # where it was done, the next request
        self.assert_at_once(lambda node: self.status(node, USERS, token) == 200, "the grant")
        self.act("POST", f"{path}/grant", admin, {"role": "moderator"})  # the double click
        self.assertEqual(self.act("POST", f"{path}/revoke", admin, node=1)["role"], "user")
        self.assertEqual(self.status(1, USERS, token), 403)
        self.assert_at_once(lambda node: self.status(node, USERS, token) == 403, "the revocation")
        self.act("POST", f"{path}/grant", admin, {"role": "king"}, 422, "validation_failed")

    def test_a_ban_an_unban_and_an_erasure_hold_at_once_on_every_node(self):
        admin, person = self.new_admin()["access_token"], self.sign_up()
        token, path = person["access_token"], f"{USERS}/{person['user']['id']}"
        self.assertIsNotNone(self.act("POST", f"{path}/ban", admin, {"duration": "24h"})["banned_until"])
        self.assert_at_once(lambda node: self.status(node, "/api/user/profile", token) == 401, "the ban")
        self.assertIsNone(self.act("POST", f"{path}/unban", admin, node=1)["banned_until"])
        self.assert_at_once(lambda node: self.status(node, "/api/user/profile", token) == 200, "its end")
        self.act("POST", f"{path}/ban", admin, {"duration": "none"}, 422, "validation_failed")
        self.act("DELETE", path, admin, status=204)
        self.assert_at_once(lambda node: self.status(node, "/api/user/profile", token) == 401, "the erasure")
        self.act("DELETE", path, admin, status=404, code="user_not_found")

    def test_nobody_does_it_to_their_own_account(self):
        admin = self.new_admin()
        self.new_admin()
        token, person = admin["access_token"], admin["user"]["id"]
        self.act("DELETE", f"{USERS}/{person}", token, status=409, code="own_account")
        self.act("POST", f"{USERS}/{person}/ban", token, {"duration": "1h"}, 409, "own_account")
        self.act("POST", f"{USERS}/{person}/revoke", token, status=409, code="own_account")
        self.act("POST", f"{USERS}/{person}/grant", token, {"role": "moderator"}, 409, "own_account")
        self.act("DELETE", f"{WIRE}/{person}", token, status=409, code="own_account")
        self.act("PUT", f"{WIRE}/{person}", token, {"ban_duration": "1h"}, 409, "own_account")
        self.act("PUT", f"{WIRE}/{person}", token, {"app_metadata": {"role": "user"}}, 409, "own_account")

    def test_the_last_administrator_stays(self):
        tokens = {one["user"]["id"]: one["access_token"] for one in (self.new_admin(), self.new_admin())}
        first, second = tokens
        self.sql(f"delete from admin_users where user_id not in ('{first}', '{second}')")
        for action, body in (("ban", {"duration": "1h"}), ("revoke", None)):
            with concurrent.futures.ThreadPoolExecutor(2) as pool:  # each ends the other's, at once
                ended = list(pool.map(lambda number: self.nodes[number].call(
                    "POST", f"{USERS}/{(first, second)[number]}/{action}", body, self.service_key).status, range(2)))
            self.assertEqual(sorted(ended), [200, 409], action)
            self.sql("update users set banned_until = null")
        last = self.sql("select user_id from admin_users where role = 'ADMIN'")
        for method, path, body in (("POST", "/revoke", None), ("POST", "/ban", {"duration": "1h"}), ("DELETE", "", None),
                                   ("POST", "/grant", {"role": "moderator"})):
            self.act(method, f"{USERS}/{last}{path}", body=body, status=409, code="last_administrator")
        self.act("DELETE", f"{WIRE}/{last}", status=409, code="last_administrator")
        self.act("PUT", f"{WIRE}/{last}", body={"ban_duration": "1h"}, status=409, code="last_administrator")
        self.act("DELETE", "/api/user", tokens[last], status=409, code="last_administrator")
        self.assertIn("last that administers", self.cli("users", "delete", last, "--yes", status=1))
        self.assertEqual(self.sql("select count(*) from admin_users where role = 'ADMIN'"), "1")

    # --- the terminal ---

    def test_the_operators_commands(self):
        session = self.sign_up()
        email, person, token = session["user"]["email"], session["user"]["id"], session["access_token"]
        self.assertIn(email, self.cli("users", "list", "--search", email))
        self.assertEqual([one["id"] for one in json.loads(self.cli("users", "list", "--search", email, "--json"))["items"]],
                         [person])
        self.assertIn(person, self.cli("users", "show", email.upper()))
        self.assertEqual(json.loads(self.cli("users", "grant", email, "moderator", "--json"))["role"], "moderator")
        self.assert_at_once(lambda node: self.status(node, USERS, token) == 200, "the grant")
        self.assertEqual(json.loads(self.cli("users", "revoke", person, "--json"))["role"], "user")
        self.assert_at_once(lambda node: self.status(node, USERS, token) == 403, "the revocation")
        self.cli("users", "ban", email, "--for", "24h")
        self.assert_at_once(lambda node: self.status(node, "/api/user/profile", token) == 401, "the ban")
        self.assertIsNone(json.loads(self.cli("users", "ban", email, "--lift", "--json"))["banned_until"])
        self.assert_at_once(lambda node: self.status(node, "/api/user/profile", token) == 200, "its end")
        self.assertIn("Nothing was erased", self.cli("users", "delete", email, status=1))
        self.assertEqual(json.loads(self.cli("users", "delete", email, "--yes", "--json")), {"id": person, "erased": True})
        self.assert_at_once(lambda node: self.status(node, "/api/user/profile", token) == 401, "the erasure")
        self.assertIn("no such account", self.cli("users", "show", email, status=1))

    def test_mistakes_show_the_usage(self):
        for words in (("list", "--limit", "0"), ("list", "--after", "x"), ("list", "word"), ("show",), ("grant", "a"),
                      ("grant", "a@b.es", "king"), ("ban", "a@b.es"), ("ban", "a@b.es", "--for", "soon"),
                      ("ban", "a@b.es", "--for", "1h", "--lift"), ("service-key", "--days", "x"), ("list", "--odd")):
            self.assertIn("usage: calixo users", self.cli("users", *words, status=64), words)

    def test_the_service_key_says_what_it_is(self):
        claims = claims_of(self.service_key)
        self.assertEqual((claims["role"], claims["iss"], claims["aud"]), ("service_role", "calixo", "authenticated"))
        self.assertAlmostEqual(claims["exp"] - time.time(), 2 * 86_400, delta=300)

    # --- keys; last by its name, for it ends the service key ---

    def test_z_keys_rotate_and_retire_on_every_node(self):
        old = self.sign_up()
        listed = json.loads(self.cli("keys", "list", "--json"))["items"]
        self.assertEqual([one["state"] for one in listed], ["active"])
        first = listed[0]["kid"]
        self.cli("keys", "retire", first, status=1)  # it signs
        rotated = json.loads(self.cli("keys", "rotate", "--json"))["items"]
        self.assertEqual(sorted(one["state"] for one in rotated), ["active", "verifying"])

        def kids(node):
            return {key["kid"] for key in self.nodes[node].call("GET", "/auth/v1/.well-known/jwks.json").json()["keys"]}
        both = {one["kid"] for one in rotated}
        self.assert_at_once(lambda node: kids(node) == both, "the new key")
        fresh = self.sign_up(1)  # signed by the new one, verified by both nodes
        header = json.loads(base64.urlsafe_b64decode(fresh["access_token"].split(".")[0] + "=="))
        self.assertEqual({header["kid"]}, both - {first})
        for node in range(self.count):
            self.assertEqual(self.status(node, "/auth/v1/user", old["access_token"]), 200)
        self.cli("keys", "retire", first)
        self.assert_at_once(lambda node: self.status(node, "/auth/v1/user", old["access_token"]) == 401, "the end")
        self.assert_at_once(lambda node: self.status(node, WIRE, self.service_key) == 401, "the service key's end")
        self.assert_at_once(lambda node: kids(node) == both - {first}, "one key")
        self.assertEqual(self.status(1, "/auth/v1/user", fresh["access_token"]), 200)
        self.assertEqual(self.sql(f"select octet_length(private_key) from auth_signing_keys where kid = '{first}'"), "0")
        again = self.nodes[0].call("POST", "/auth/v1/token?grant_type=refresh_token",
                                   {"refresh_token": old["refresh_token"]})  # sessions go on
        self.assertEqual(again.status, 200, again)
        self.cli("keys", "retire", first, status=1)


if __name__ == "__main__":
    main()
