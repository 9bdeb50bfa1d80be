"""Anonymous accounts: only where the operator wants them, a session at once, an address later."""
import json
import uuid

from clients import PACKAGES, run_client
from harness import RunningServer, main, new_email


class Wanted(RunningServer):
    settings = {"auth.anonymous_enabled": "true"}

    def test_by_unmodified_clients(self):
        key = json.loads(self.server.command("users", "service-key", "--json").stdout)["key"]
        for package in PACKAGES:
            with self.subTest(package):
                self.assertEqual(run_client("anonymous.mjs", package, self.server.base_url, key, new_email()),
                                 {"done": True})

    def test_the_settings_say_so(self):
        self.assertTrue(self.call("GET", "/auth/v1/settings").json()["external"]["anonymous_users"])

    def test_bad_data_is_refused(self):
        for data in ([1], "text", {"a": "x" * 5000}, {"a": "\u0000"}):
            answer = self.call("POST", "/auth/v1/signup", {"data": data})
            self.assertEqual((answer.status, answer.json()["error_code"]), (400, "validation_failed"), data)

    def test_nobody_signs_in_to_one_by_a_password(self):
        made = self.call("POST", "/auth/v1/signup", {}).json()
        self.assertTrue(made["user"]["is_anonymous"], made)
        answer = self.call("POST", "/auth/v1/token?grant_type=password", {"email": "", "password": str(uuid.uuid4())})
        self.assertEqual(answer.json()["error_code"], "invalid_credentials")

    def test_a_telephone_is_no_anonymous_sign_up(self):
        answer = self.call("POST", "/auth/v1/signup", {"phone": "+34600000000", "password": "media hora sin"})
        self.assertEqual(answer.json()["error_code"], "phone_provider_disabled")


class Unwanted(RunningServer):
    def test_by_default_there_are_none(self):
        answer = self.call("POST", "/auth/v1/signup", {"data": {}})
        self.assertEqual((answer.status, answer.json()["error_code"]), (422, "anonymous_provider_disabled"))
        self.assertFalse(self.call("GET", "/auth/v1/settings").json()["external"]["anonymous_users"])


if __name__ == "__main__":
    main()
