"""Both places where the wire format of Supabase Auth stands, and both shapes of its errors."""
import json

from clients import PACKAGES, run_client
from harness import RunningServer, main, new_email

MOUNTS = ("/auth/v1", "/api/auth")


class Mounts(RunningServer):
    def test_every_call_stands_below_both(self):
        paths = json.loads(self.call("GET", "/api/openapi.json").body)["paths"]
        calls = [{(path.removeprefix(mount), method) for path in paths if path.startswith(f"{mount}/")
                  for method in paths[path] if method != "parameters"} for mount in MOUNTS]
        self.assertEqual(calls[0], calls[1])
        for path, method in (
                ("/signup", "post"), ("/token", "post"), ("/otp", "post"), ("/recover", "post"), ("/resend", "post"),
                ("/verify", "post"), ("/verify", "get"), ("/user", "get"), ("/user", "put"), ("/logout", "post"),
                ("/authorize", "get"), ("/callback", "get"), ("/callback", "post"), ("/factors", "post"),
                ("/.well-known/jwks.json", "get"), ("/settings", "get"), ("/health", "get"), ("/reauthenticate", "get"),
                ("/user/identities/authorize", "get"), ("/admin/users", "get"), ("/admin/users", "post"),
                ("/admin/generate_link", "post"), ("/invite", "post")):
            self.assertIn((path, method), calls[0])

    def test_auth_js_alone_lives_a_session_at_the_other_one(self):
        for package in PACKAGES:
            with self.subTest(package):
                self.assertEqual(run_client("session.mjs", f"auth-js of {package}", self.server.base_url, new_email()),
                                 {"done": True})

    def test_errors_are_coded_where_the_client_says_since_when_it_knows(self):
        for mount in MOUNTS:
            for version, keys in (("2024-01-01", {"code", "message"}), ("2025-12-31", {"code", "message"}),
                                  (None, {"code", "error_code", "msg"}), ("2023-01-01", {"code", "error_code", "msg"}),
                                  ("nonsense", {"code", "error_code", "msg"})):
                headers = {"X-Supabase-Api-Version": version} if version else {}
                answer = self.call("POST", f"{mount}/token?grant_type=password",
                                   {"email": new_email(), "password": "x"}, headers=headers)
                self.assertEqual((answer.status, set(answer.json())), (400, keys), (mount, version))
                is_coded = "message" in keys
                self.assertEqual(answer.json()["code"], "invalid_credentials" if is_coded else 400)
                self.assertEqual(answer.headers["X-Supabase-Api-Version"], version if is_coded else None)
                self.assertEqual(answer.headers["x-sb-error-code"], "invalid_credentials")

    def test_nulls_and_unknown_members_are_accepted(self):
        more = {"data": None, "phone": None, "code_challenge": None, "code_challenge_method": None,
                "gotrue_meta_security": {"captcha_token": None}, "channel": "sms"}
        email, password = new_email(), "media hora sin pantalla"
        for path, body in (("/signup", {"password": password}), ("/token?grant_type=password", {"password": password}),
                           ("/recover", {}), ("/otp", {"create_user": None}), ("/resend", {"type": "signup"})):
            answer = self.call("POST", f"/auth/v1{path}", {"email": email, **body, **more})
            self.assertEqual(answer.status, 200, (path, answer))

    def test_health_says_which_service_it_is(self):
        for mount in MOUNTS:
            self.assertEqual(set(self.call("GET", f"{mount}/health").json()), {"name", "version", "description"})


if __name__ == "__main__":
    main()
