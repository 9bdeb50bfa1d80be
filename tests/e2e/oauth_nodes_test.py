"""Sign-in by a provider over two servers on one database, and what the provider gives for its own services."""
import subprocess
import urllib.parse

from auth_nodes import AuthNodes
from harness import free_port, main, new_email
from mails import secrets_in
from oauth_parts import Browser, Client, Provider, parameters_of

APP = "http://app.example/welcome"
CALLBACK = "/auth/v1/callback"


class OverTwoNodes(AuthNodes):
    """The public address is a balancer's, which the tests play: what is to go there goes to the node they choose."""

    @classmethod
    def setUpClass(cls):
        cls.public = f"http://127.0.0.1:{free_port()}"
        cls.provider = Provider(cls.public + CALLBACK)
        cls.addClassCleanup(cls.provider.stop)
        cls.settings = {
            **AuthNodes.settings, "http.public_url": cls.public, "auth.redirect_urls": "http://app.example/**",
            "auth.anonymous_enabled": "true", "auth.oauth.oidc.enabled": "true", "auth.oauth.oidc.issuer": cls.provider.issuer,
            "auth.oauth.oidc.client_id": "calixo", "auth.oauth.oidc.client_secret": "se/cret: 1", "log.level": "debug"}
        super().setUpClass()

    def on(self, node, url):
        return self.nodes[node].base_url + url.removeprefix(self.public)

    def client(self, node=0, package="@supabase/supabase-js"):
        client = Client(self.nodes[node].base_url, package)
        self.addCleanup(client.stop)
        return client

    def come_back(self, url, login, node, browser=None):
        """From /authorize by way of the provider to the callback of this node; where it leads on to."""
        browser = browser or Browser()
        callback = browser.sign_in(url, login, self.public + CALLBACK)
        status, location, _, _ = browser.request("GET", self.on(node, callback))
        self.assertEqual(status, 303)
        self.assertTrue(location.startswith(APP), location)
        return parameters_of(location)

    def code_for(self, client, login=None, node=1):
        url = client.good("signInWithOAuth", provider="oidc", redirectTo=APP)["url"]
        return self.come_back(url, login or new_email(), node)["code"]

    def test_a_flow_goes_from_node_to_node_and_back(self):
        for package in ("@supabase/supabase-js", "supabase-js-newest"):
            client, login = self.client(package=package), new_email()
            session = client.good("exchangeCode", code=self.code_for(client, login))["session"]
            self.assertEqual(session["user"]["email"], login)
            for node in range(self.count):
                self.assertEqual(self.status(node, "/auth/v1/user", session["access_token"]), 200)

    def test_the_implicit_form_does_so_with_its_cookie(self):
        browser, login = Browser(), new_email()
        url = f"{self.nodes[0].base_url}/auth/v1/authorize?" + urllib.parse.urlencode(
            {"provider": "oidc", "redirect_to": APP})
        callback = browser.sign_in(url, login, self.public + CALLBACK)
        strange = parameters_of(Browser().request("GET", self.on(1, callback))[1])
        self.assertEqual(strange["error_code"], "bad_oauth_state")
        first, second = (self.nodes[node].base_url.removeprefix("http://") for node in range(2))
        browser.cookies[second] = browser.cookies[first]  # to a browser they are one
        found = parameters_of(browser.request("GET", self.on(1, callback))[1])
        self.assertEqual(self.status(0, "/auth/v1/user", found["access_token"]), 200)
        self.assertEqual(self.provider.person_of(found["provider_token"]), login)
        self.assertTrue(found["provider_refresh_token"])

    def test_an_identity_is_linked_over_two_nodes(self):
        client, login = self.client(), new_email()
        client.good("signUp", email=new_email(), password="correct horse battery")
        own = client.good("getUser")["user"]["id"]
        url = client.good("linkIdentity", provider="oidc", redirectTo=APP)["url"]
        code = self.come_back(url, login, 1)["code"]
        self.assertEqual(client.good("exchangeCode", code=code)["user"]["id"], own)

    def test_an_anonymous_account_becomes_permanent_by_a_linked_identity(self):
        client, login = self.client(), new_email()
        anonymous = client.good("signInAnonymously")["user"]
        url = client.good("linkIdentity", provider="oidc", redirectTo=APP)["url"]
        user = client.good("exchangeCode", code=self.come_back(url, login, 1)["code"])["user"]
        self.assertEqual((user["id"], user["email"], user["is_anonymous"]), (anonymous["id"], login, False))

    # --- the provider's own tokens ---

    def test_the_session_that_follows_brings_the_providers_tokens_once(self):
        client, login = self.client(), new_email()
        code = self.code_for(client, login)
        session = client.good("exchangeCode", code=code)["session"]
        self.assertEqual(self.provider.person_of(session["provider_token"]), login)
        self.assertTrue(session["provider_refresh_token"])
        later = self.nodes[0].call("POST", "/auth/v1/token?grant_type=refresh_token",
                                   {"refresh_token": session["refresh_token"]}).json()
        by_password = self.sign_up()
        for other in (later, by_password):
            self.assertFalse({"provider_token", "provider_refresh_token"} & set(other), other.keys())

    def test_they_are_at_rest_for_nobody_and_in_no_log(self):
        client = self.client()
        code = self.code_for(client)
        waiting = self.sql("select count(*) from flow_states where provider_tokens is not null")
        self.assertEqual(waiting, "1")
        dump = subprocess.run([f"{self.database.bin}/pg_dump", "--data-only", "--inserts", self.database.url("calixo")],
                              capture_output=True, text=True, check=True).stdout
        session = client.good("exchangeCode", code=code)["session"]
        secrets = [session[name] for name in ("provider_token", "provider_refresh_token", "refresh_token")] + [code]
        hidden = [one.encode().hex() for one in secrets]
        self.assertEqual(self.sql("select count(*) from flow_states where provider_tokens is not null"), "0")
        for place in (dump, self.nodes[0].output(), self.nodes[1].output()):
            self.assertEqual(secrets_in(place, secrets), [])
            self.assertFalse([one for one in hidden if one in place])

    def test_they_are_gone_with_a_code_that_somebody_else_tried(self):
        code = self.code_for(self.client())
        stolen = self.nodes[0].call("POST", "/auth/v1/token?grant_type=pkce",
                                    {"auth_code": code, "code_verifier": "x" * 64})
        self.assertEqual((stolen.status, stolen.json()["error_code"]), (400, "bad_code_verifier"))
        self.assertNotIn("provider_token", stolen.json())
        self.assertEqual(self.sql("select count(*) from flow_states where provider_tokens is not null"), "0")


if __name__ == "__main__":
    main()
