"""Sign-in by providers and identities, against npm's oidc-provider and by the unmodified client."""
import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse

from harness import BUILD, Calixo, RunningServer, free_port, main, new_email
from oauth_parts import Browser, Client, FakeGitHub, Provider, parameters_of

APP = "http://app.example/welcome"


class WithProvider(RunningServer):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.base = f"http://127.0.0.1:{port}"
        cls.provider = Provider(f"{cls.base}/auth/v1/callback")
        cls.addClassCleanup(cls.provider.stop)
        cls.server = Calixo(BUILD, {
            "auth.oauth.oidc.enabled": "true", "auth.oauth.oidc.issuer": cls.provider.issuer,
            "auth.oauth.oidc.client_id": "calixo", "auth.oauth.oidc.client_secret": "se/cret: 1",
            "auth.redirect_urls": "http://app.example/**", "auth.site_url": "http://site.example",
        }, port=port)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()

    def client(self, package="@supabase/supabase-js"):
        client = Client(self.base, package)
        self.addCleanup(client.stop)
        return client

    def authorize_url(self, **parameters):
        return f"{self.base}/auth/v1/authorize?" + urllib.parse.urlencode(
            {"provider": "oidc", "redirect_to": APP, **parameters})

    def sign_in(self, login, browser=None, **parameters):
        """The implicit form: what the browser brings to the application."""
        return parameters_of((browser or Browser()).sign_in(self.authorize_url(**parameters), login, APP))

    def user(self, access_token):
        return self.call("GET", "/auth/v1/user", token=access_token).json()

    def to_callback(self, login, browser, **parameters):
        """As far as the provider's answer, not yet taken back."""
        return browser.sign_in(self.authorize_url(**parameters), login, f"{self.base}/auth/v1/callback")

    def by_id_token(self, **body):
        return self.call("POST", "/auth/v1/token?grant_type=id_token", {"provider": "oidc", **body},
                         headers={"X-Supabase-Api-Version": "2024-01-01"})

    def claims(self, **others):
        now = int(time.time())
        email = new_email()
        return {"iss": self.provider.issuer, "aud": "calixo", "sub": f"sub-{email}", "iat": now, "exp": now + 600,
                "email": email, "email_verified": True, **others}


class SignIn(WithProvider):
    def test_the_unmodified_clients_sign_in_by_a_code(self):
        for package in ("@supabase/supabase-js", "supabase-js-newest"):
            client, email = self.client(package), new_email()
            url = client.good("signInWithOAuth", provider="oidc", redirectTo=APP)["url"]
            code = parameters_of(Browser().sign_in(url, email, APP))["code"]
            session = client.good("exchangeCode", code=code)["session"]
            self.assertEqual(session["user"]["email"], email)
            self.assertEqual(session["user"]["app_metadata"]["provider"], "oidc")
            self.assertEqual(session["user"]["identities"][0]["identity_data"]["email"], email)
            self.assertEqual(client.good("getUser")["user"]["id"], session["user"]["id"])
            claims = json.loads(base64.urlsafe_b64decode(session["access_token"].split(".")[1] + "=="))
            self.assertEqual(claims["amr"][0]["method"], "oauth")
            _, error = client("exchangeCode", code=code)
            self.assertTrue(error)

    def test_the_implicit_form_brings_a_session_in_the_fragment(self):
        email = new_email()
        first = self.sign_in(email)
        self.assertEqual(self.user(first["access_token"])["email"], email)
        self.assertEqual(first["token_type"], "bearer")
        again = self.sign_in(email)
        self.assertEqual(self.user(again["access_token"])["id"], self.user(first["access_token"])["id"])

    def test_a_verified_address_enters_the_account_that_has_verified_it(self):
        email = new_email()
        own = self.server.sign_up(email)["user"]["id"]
        user = self.user(self.sign_in(email)["access_token"])
        self.assertEqual(user["id"], own)
        self.assertEqual({one["provider"] for one in user["identities"]}, {"email", "oidc"})

    def test_an_unverified_address_enters_nobodys_account(self):
        email = new_email()
        own = self.server.sign_up(email)["user"]["id"]
        user = self.user(self.sign_in(f"unverified:{email}")["access_token"])
        self.assertNotEqual(user["id"], own)
        self.assertEqual(user["email"], "")

    def test_refusals_of_the_provider_reach_the_application(self):
        browser = Browser()
        status, location, _, _ = browser.request("GET", self.authorize_url())
        self.assertEqual(status, 302)
        state = parameters_of(location)["state"]
        callback = f"{self.base}/auth/v1/callback?error=access_denied&error_description=No&state={state}"
        status, location, _, _ = browser.request("GET", callback)
        self.assertEqual(status, 303)
        self.assertTrue(location.startswith(APP), location)
        self.assertEqual(parameters_of(location)["error"], "access_denied")
        self.assertEqual(parameters_of(location)["error_description"], "No")

    def test_unknown_and_disabled_providers_are_refused(self):
        for provider in ("nobody", "google", ""):
            answer = self.call("GET", f"/auth/v1/authorize?provider={provider}",
                               headers={"X-Supabase-Api-Version": "2024-01-01"})
            self.assertEqual((answer.status, answer.json()["code"]), (400, "validation_failed"), answer)
            self.assertIn("Unsupported provider", answer.json()["message"])

    def test_settings_name_the_providers(self):
        external = self.call("GET", "/auth/v1/settings").json()["external"]
        self.assertEqual((external["oidc"], external["google"], external["email"]), (True, False, True))

    def test_first_visits_at_once_make_one_account(self):
        claims = self.claims()
        token, answers = self.provider.sign(claims), []
        threads = [threading.Thread(target=lambda: answers.append(self.by_id_token(id_token=token)))
                   for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([one.status for one in answers], [200] * 6, answers)
        self.assertEqual(len({one.json()["user"]["id"] for one in answers}), 1)


class Attacks(WithProvider):
    def assert_error(self, location, code, at=APP):
        self.assertTrue(location.startswith(at), location)
        found = parameters_of(location)
        self.assertEqual(found.get("error_code"), code, location)
        self.assertNotIn("access_token", found)

    def test_a_state_is_good_once(self):
        browser = Browser()
        callback = self.to_callback(new_email(), browser)
        self.assertIn("access_token", parameters_of(browser.request("GET", callback)[1]))
        self.assert_error(browser.request("GET", callback)[1], "bad_oauth_state", "http://site.example")

    def test_a_state_planted_in_another_browser_signs_nobody_in(self):
        callback = self.to_callback(new_email(), Browser())
        self.assert_error(Browser().request("GET", callback)[1], "bad_oauth_state", "http://site.example")

    def test_a_code_with_the_state_of_another_flow_is_refused(self):
        browser = Browser()
        stolen = parameters_of(self.to_callback(new_email(), Browser()))
        own = parameters_of(self.to_callback(new_email(), browser))
        callback = f"{self.base}/auth/v1/callback?" + urllib.parse.urlencode(
            {"code": stolen["code"], "state": own["state"]})
        self.assert_error(browser.request("GET", callback)[1], "oauth_code_rejected")

    def test_invented_and_missing_states_lead_to_the_site(self):
        for query in ("", "?code=x", "?code=x&state=invented", "?state=" + "x" * 5000):
            status, location, _, _ = Browser().request("GET", f"{self.base}/auth/v1/callback{query}")
            self.assertEqual(status, 303)
            self.assert_error(location, "bad_oauth_state", "http://site.example")

    def test_nobody_is_sent_outside_of_the_list(self):
        for target in ("http://evil.example/", "javascript:alert(1)", "http://app.example@evil.example/",
                       "//evil.example", "http://app.example.evil.example/"):
            browser = Browser()
            callback = browser.sign_in(self.authorize_url(redirect_to=target), new_email(),
                                       f"{self.base}/auth/v1/callback")
            location = browser.request("GET", callback)[1]
            self.assertTrue(location.startswith("http://site.example"), location)

    def test_id_tokens_are_taken_only_as_the_provider_meant_them(self):
        now = int(time.time())
        good = self.by_id_token(id_token=self.provider.sign(self.claims()))
        self.assertEqual(good.status, 200, good)
        for name, wrong in {
            "another audience": {"aud": "somebody-else"},
            "several audiences, unsaid for whom": {"aud": ["calixo", "somebody-else"]},
            "another issuer": {"iss": "http://evil.example"},
            "expired": {"exp": now - 60},
            "not yet": {"iat": now + 600, "nbf": now + 600},
            "a nonce that nobody shows": {"nonce": "n"},
            "nobody": {"sub": ""},
        }.items():
            answer = self.by_id_token(id_token=self.provider.sign(self.claims(**wrong)))
            self.assertEqual((answer.status, answer.json()["code"]), (400, "bad_id_token"), name)

    def test_the_nonce_is_the_digest_that_the_token_bears(self):
        digest = hashlib.sha256(b"secret nonce").hexdigest()
        token = self.provider.sign(self.claims(nonce=digest))
        self.assertEqual(self.by_id_token(id_token=token, nonce="secret nonce").status, 200)
        for nonce in ("other", digest, None):
            answer = self.by_id_token(id_token=token, nonce=nonce)
            self.assertEqual((answer.status, answer.json()["code"]), (400, "bad_id_token"), nonce)

    def test_unsigned_and_symmetric_tokens_are_refused(self):
        def encoded(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
        keys = self.provider.fetch("GET", "/jwks")
        body = encoded(self.claims())
        for header in ({"alg": "none"}, {"alg": "HS256", "kid": "rsa-1"}, {"alg": "RS256", "kid": "rsa-1"}):
            text = f"{encoded(header)}.{body}"
            mac = hmac.new(keys.encode(), text.encode(), hashlib.sha256).digest()
            signature = "" if header["alg"] == "none" else base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
            answer = self.by_id_token(id_token=f"{text}.{signature}")
            self.assertEqual((answer.status, answer.json()["code"]), (400, "bad_id_token"), header)

    def test_tokens_of_unknown_keys_do_not_make_the_provider_work(self):
        self.by_id_token(id_token=self.provider.sign(self.claims()))
        before = self.provider.keys_fetched()
        token = self.provider.sign(self.claims(), {"kid": "unknown"})
        for _ in range(5):
            self.assertEqual(self.by_id_token(id_token=token).status, 400)
        self.assertLessEqual(self.provider.keys_fetched() - before, 1)

    def test_no_token_code_or_secret_is_logged(self):
        browser = Browser()
        callback = self.to_callback(new_email(), browser)
        found = parameters_of(browser.request("GET", callback)[1])
        sent = parameters_of(callback)
        token = self.provider.sign(self.claims(aud="other"))
        self.by_id_token(id_token=token)
        log = self.server.output()
        for secret in (found["access_token"], found["refresh_token"], sent["code"], sent["state"], token, "se/cret"):
            self.assertNotIn(secret, log)


class Identities(WithProvider):
    def signed_up(self):
        client = self.client("supabase-js-newest")
        client.good("signUp", email=new_email(), password="correct horse battery")
        return client

    def linked(self, client, login):
        url = client.good("linkIdentity", provider="oidc", redirectTo=APP)["url"]
        return parameters_of(Browser().sign_in(url, login, APP))

    def test_an_identity_is_linked_and_taken_away_by_the_unmodified_client(self):
        client, login = self.signed_up(), new_email()
        own = client.good("getUser")["user"]["id"]
        code = self.linked(client, login)["code"]
        self.assertEqual(client.good("exchangeCode", code=code)["user"]["id"], own)
        identities = client.good("identities")["identities"]
        self.assertEqual([one["provider"] for one in identities], ["email", "oidc"])
        self.assertEqual(self.user(self.sign_in(login)["access_token"])["id"], own)
        client.good("unlinkIdentity", identity=identities[1])
        self.assertEqual([one["provider"] for one in client.good("identities")["identities"]], ["email"])
        _, error = client("unlinkIdentity", identity=identities[0])
        self.assertEqual((error["status"], error["code"]), (422, "single_identity_not_deletable"))
        _, error = client("unlinkIdentity", identity=identities[1])
        self.assertEqual((error["status"], error["code"]), (422, "identity_not_found"))

    def test_an_identity_belongs_to_one_account(self):
        login = new_email()
        owner = self.user(self.sign_in(login)["access_token"])["id"]
        client = self.signed_up()
        found = self.linked(client, login)
        self.assertEqual((found["error_code"], found.get("code")), ("identity_already_exists", None))
        self.assertEqual(self.user(self.sign_in(login)["access_token"])["id"], owner)

    def test_linking_by_an_id_token(self):
        client, claims = self.signed_up(), self.claims()
        own = client.good("getUser")["user"]["id"]
        body = {"provider": "oidc", "id_token": self.provider.sign(claims), "link_identity": True}
        token = client.good("getSession")["session"]["access_token"]
        answer = self.call("POST", "/auth/v1/token?grant_type=id_token", body, token)
        self.assertEqual((answer.status, answer.json()["user"]["id"]), (200, own), answer)
        again = self.call("POST", "/auth/v1/token?grant_type=id_token", body, token)
        self.assertEqual((again.status, again.headers["x-sb-error-code"]), (422, "identity_already_exists"))
        self.assertEqual(self.call("POST", "/auth/v1/token?grant_type=id_token", body).status, 401)

    def test_the_client_signs_in_by_an_id_token(self):
        client, claims = self.client(), self.claims()
        data = client.good("signInWithIdToken", provider="oidc", token=self.provider.sign(claims))
        self.assertEqual(data["user"]["email"], claims["email"])

    def test_strangers_and_ended_sessions_change_nothing(self):
        client = self.signed_up()
        session = client.good("getSession")["session"]
        identity = client.good("identities")["identities"][0]["identity_id"]
        stranger = self.new_token()
        path = f"/auth/v1/user/identities/{identity}"
        self.assertEqual(self.call("DELETE", path, token=stranger).status, 422)
        self.assertEqual(self.call("DELETE", path).status, 401)
        self.assertEqual(self.call("DELETE", "/auth/v1/user/identities/nonsense", token=stranger).status, 404)
        self.call("POST", "/auth/v1/logout", token=session["access_token"])
        answer = self.call("DELETE", path, token=session["access_token"])
        self.assertEqual(answer.status, 403, answer)


class GitHub(RunningServer):
    """GitHub speaks OAuth alone; here a few lines play it."""

    @classmethod
    def setUpClass(cls):
        cls.github = FakeGitHub()
        cls.addClassCleanup(cls.github.stop)
        cls.settings = {
            "auth.oauth.github.enabled": "true", "auth.oauth.github.issuer": cls.github.url,
            "auth.oauth.github.api_url": cls.github.url, "auth.oauth.github.client_id": "id",
            "auth.oauth.github.client_secret": "secret", "auth.redirect_urls": "http://app.example/**",
        }
        super().setUpClass()

    def sign_in(self):
        browser = Browser()
        url = f"http://127.0.0.1:{self.server.port}/auth/v1/authorize?" + urllib.parse.urlencode(
            {"provider": "github", "redirect_to": APP})
        sent = parameters_of(browser.request("GET", url)[1])
        self.github.challenge = sent["code_challenge"]
        callback = sent["redirect_uri"] + "?" + urllib.parse.urlencode({"code": "c", "state": sent["state"]})
        return parameters_of(browser.request("GET", callback)[1])

    def test_a_person_is_known_by_number_and_verified_address(self):
        self.github.emails = [{"email": "old@example.org", "primary": False, "verified": True},
                              {"email": "Gh@example.org", "primary": True, "verified": True}]
        found = self.sign_in()
        user = self.call("GET", "/auth/v1/user", token=found["access_token"]).json()
        self.assertEqual((user["email"], user["identities"][0]["id"]), ("gh@example.org", "4711"))
        self.assertEqual(user["user_metadata"]["full_name"], "Octo Cat")

    def test_nonsense_of_the_provider_is_a_passing_fault(self):
        self.github.emails = {"message": "no"}
        found = self.sign_in()
        self.assertEqual((found["error"], found["error_code"]), ("server_error", "provider_unavailable"))


class ProviderAway(WithProvider):
    def test_a_provider_that_is_away_is_a_passing_fault(self):
        self.provider.process.terminate()
        self.provider.process.wait(10)
        answer = self.call("GET", "/auth/v1/authorize?provider=oidc")
        self.assertEqual(answer.status, 503, answer)
        self.assertEqual(answer.headers["x-sb-error-code"], "provider_unavailable")
        self.assertIn("Retry-After", answer.headers)


if __name__ == "__main__":
    main()
