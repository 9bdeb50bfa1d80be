"""What is peculiar to known providers: a form that comes back from Apple, with a name that is told once, and the two
names of Google. npm's oidc-provider stands in their places; the client is the unmodified one."""
import json
import time
import urllib.parse

from harness import BUILD, Calixo, RunningServer, free_port, main, new_email
from oauth_parts import Browser, Client, Provider, parameters_of

APP = "http://app.example/welcome"
SITE = "http://site.example"
CALLBACK = "/auth/v1/callback"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def apple_settings(issuer):
    return {"auth.oauth.apple.enabled": "true", "auth.oauth.apple.issuer": issuer,
            "auth.oauth.apple.client_id": "calixo", "auth.oauth.apple.client_secret": "se/cret: 1", "auth.redirect_urls": "http://app.example/**",
            "auth.site_url": SITE}


def name_of(first, last, email="somebody@else.example"):
    """As the browser brings it from Apple, at the first visit."""
    return json.dumps({"name": {"firstName": first, "lastName": last}, "email": email})


class Apple(RunningServer):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.base = f"http://127.0.0.1:{port}"
        cls.provider = Provider(f"{cls.base}{CALLBACK}")
        cls.addClassCleanup(cls.provider.stop)
        cls.server = Calixo(BUILD, apple_settings(cls.provider.issuer), port=port)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()

    def authorize_url(self, **parameters):
        return f"{self.base}/auth/v1/authorize?" + urllib.parse.urlencode(
            {"provider": "apple", "redirect_to": APP, **parameters})

    def visit(self, login, browser):
        """As far as the provider's form, not yet sent."""
        self.assertEqual(browser.sign_in(self.authorize_url(), login, self.base + CALLBACK), self.base + CALLBACK)
        self.assertEqual(set(browser.form) - {"iss"}, {"state", "code"})
        return browser.form

    def send(self, browser, form):
        status, location, _, headers = browser.request("POST", self.base + CALLBACK, form)
        self.assertEqual((status, headers["Cache-Control"], headers["Referrer-Policy"]), (303, "no-store", "no-referrer"))
        return location

    def sign_in(self, login, **more):
        browser = Browser()
        location = self.send(browser, {**self.visit(login, browser), **more})
        self.assertTrue(location.startswith(f"{APP}#access_token="), location)
        return parameters_of(location)["access_token"]

    def user(self, token):
        return self.call("GET", "/auth/v1/user", token=token).json()

    def assert_error(self, location, code, at=APP):
        self.assertTrue(location.startswith(at), location)
        self.assertEqual(parameters_of(location).get("error_code"), code, location)
        self.assertNotIn("access_token", location)

    def test_the_name_of_the_first_visit_stays(self):
        email = new_email()
        token = self.sign_in(email, user=name_of("Ana", "Gil"))
        user = self.user(token)
        self.assertEqual((user["email"], user["user_metadata"]["full_name"]), (email, "Ana Gil"))
        self.assertEqual(user["app_metadata"]["provider"], "apple")
        self.assertEqual(self.call("GET", "/api/user/profile", token=token).json()["display_name"], "Ana Gil")
        again = self.user(self.sign_in(email))
        self.assertEqual(again["id"], user["id"])
        self.assertEqual(again["identities"][0]["identity_data"]["full_name"], "Ana Gil")

    def test_nothing_but_the_name_is_believed_of_what_the_browser_brings(self):
        victim = self.server.sign_up(new_email())["user"]
        email = new_email()
        user = self.user(self.sign_in(email, user=name_of("Eva", "", victim["email"])))
        self.assertEqual((user["email"], user["user_metadata"]["full_name"]), (email, "Eva"))
        self.assertNotEqual(user["id"], victim["id"])
        for odd in ("nonsense", "[]", '{"name":7}', '{"name":{"firstName":"\\u0000"}}', "x" * 9000):
            user = self.user(self.sign_in(new_email(), user=odd))
            self.assertNotIn("full_name", user["user_metadata"], odd)

    def test_the_unmodified_clients_sign_in_by_a_form(self):
        for package in ("@supabase/supabase-js", "supabase-js-newest"):
            client, browser, email = Client(self.base, package), Browser(), new_email()
            self.addCleanup(client.stop)
            url = client.good("signInWithOAuth", provider="apple", redirectTo=APP)["url"]
            browser.sign_in(url, email, self.base + CALLBACK)
            code = parameters_of(self.send(Browser(), browser.form))["code"]  # by its verifier, not by a cookie
            user = client.good("exchangeCode", code=code)["session"]["user"]
            self.assertEqual((user["email"], user["identities"][0]["provider"]), (email, "apple"))

    def test_a_form_is_good_once_and_in_its_own_browser(self):
        browser = Browser()
        form = self.visit(new_email(), browser)
        self.assert_error(self.send(Browser(), form), "bad_oauth_state", SITE)
        self.assertIn("access_token", self.send(browser, form))
        self.assert_error(self.send(browser, form), "bad_oauth_state", SITE)

    def test_a_refusal_reaches_the_application(self):
        browser = Browser()
        form = self.visit(new_email(), browser)
        location = self.send(browser, {"state": form["state"], "error": "user_cancelled_authorize"})
        self.assert_error(location, "oauth_provider_error")
        self.assertEqual(parameters_of(location)["error"], "user_cancelled_authorize")

    def test_forms_that_are_none(self):
        for form in ({}, {"state": "invented", "code": "x"}, {"code": "x"}, {"state": "x" * 5000}):
            self.assert_error(self.send(Browser(), form), "bad_oauth_state", SITE)
        self.assertEqual(self.call("POST", CALLBACK, b"x=" + b"y" * 70_000, headers=FORM).status, 413)

    def test_no_code_or_name_is_logged(self):
        browser = Browser()
        form = {**self.visit(new_email(), browser), "user": name_of("Zoraida", "Quintanar")}
        self.send(browser, form)
        for secret in (form["state"], form["code"], "Zoraida", "se/cret"):
            self.assertNotIn(secret, self.server.output())


class Google(RunningServer):
    @classmethod
    def setUpClass(cls):
        cls.provider = Provider(f"http://127.0.0.1:1{CALLBACK}")
        cls.addClassCleanup(cls.provider.stop)
        cls.settings = apple_settings(cls.provider.issuer)
        cls.settings |= {key.replace("apple", "google"): value for key, value in cls.settings.items() if "apple" in key}
        super().setUpClass()

    def by_id_token(self, provider, issuer):
        now, email = int(time.time()), new_email()
        token = self.provider.sign({"iss": issuer, "aud": "calixo", "sub": email, "iat": now, "exp": now + 600,
                                    "email": email, "email_verified": True})
        return self.call("POST", "/auth/v1/token?grant_type=id_token", {"provider": provider, "id_token": token}).status

    def test_it_may_call_itself_by_its_name_alone_and_nobody_else_may(self):
        self.assertEqual(self.by_id_token("google", "accounts.google.com"), 200)
        self.assertEqual(self.by_id_token("google", self.provider.issuer), 200)
        self.assertEqual(self.by_id_token("apple", "accounts.google.com"), 400)
        self.assertEqual(self.by_id_token("google", "accounts.google.com.evil.example"), 400)


class BehindTls(RunningServer):
    """As a deployment looks from outside: browsers must bring the cookie along with another site's form."""

    @classmethod
    def setUpClass(cls):
        cls.provider = Provider(f"https://calixo.example{CALLBACK}")
        cls.addClassCleanup(cls.provider.stop)
        cls.settings = {**apple_settings(cls.provider.issuer), "http.public_url": "https://calixo.example"}
        super().setUpClass()

    def test_the_cookie_crosses_from_site_to_site(self):
        answer = self.call("GET", "/auth/v1/authorize?provider=apple")
        sent = parameters_of(answer.headers["Location"])
        self.assertEqual((sent["response_mode"], sent["redirect_uri"]), ("form_post", f"https://calixo.example{CALLBACK}"))
        attributes = {part.strip() for part in answer.headers["Set-Cookie"].split(";")[1:]}
        self.assertLessEqual({"Secure", "HttpOnly", "SameSite=None", f"Path={CALLBACK}"}, attributes)


if __name__ == "__main__":
    main()
