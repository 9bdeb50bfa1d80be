"""Second factors: by the unmodified client, and what an attacker would try."""
import base64
import hashlib
import hmac
import json
import struct
import threading
import time
import xml.etree.ElementTree

from harness import RunningServer, main, new_email
from oauth_parts import Client

PASSWORD = "correct horse battery"
VERSION = {"X-Supabase-Api-Version": "2024-01-01"}


def code_of(secret, step):
    """RFC 6238, by Python's own hmac."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def step_now():
    return int(time.time()) // 30


def wrong_code(secret):
    good = {code_of(secret, step_now() + offset) for offset in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in good)


def claims_of(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==="))


class Factors(RunningServer):
    def client(self, email=None):
        client = Client(f"http://127.0.0.1:{self.server.port}", "supabase-js-newest")
        self.addCleanup(client.stop)
        if email:
            client.good("signIn", email=email, password=PASSWORD)
        return client

    def post(self, path, body, token):
        return self.call("POST", f"/auth/v1{path}", body, token, VERSION)

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.json().get("code")), (status, code), answer)

    def enrolled(self, token, **body):
        answer = self.post("/factors", {"factor_type": "totp", **body}, token)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["id"], answer.json()["totp"]["secret"]

    def challenged(self, token, factor):
        answer = self.post(f"/factors/{factor}/challenge", {}, token)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["id"]

    def verify(self, token, factor, code, challenge=None):
        challenge = challenge or self.challenged(token, factor)
        return self.post(f"/factors/{factor}/verify", {"challenge_id": challenge, "code": code}, token)

    def verified(self):
        """A new account's session with a verified factor: (session, factor, secret, last step)."""
        session = self.server.sign_up(new_email())
        factor, secret = self.enrolled(session["access_token"])
        step = step_now()
        answer = self.verify(session["access_token"], factor, code_of(secret, step))
        self.assertEqual(answer.status, 200, answer)
        return answer.json(), factor, secret, step

    def test_the_unmodified_client_enrols_verifies_and_removes(self):
        email = new_email()
        self.server.sign_up(email)
        client = self.client(email)
        self.assertEqual(client.good("level")["currentLevel"], "aal1")
        factor = client.good("enroll", friendlyName="phone", issuer="Calixo")
        self.assertTrue(factor["totp"]["qr_code"].startswith("data:image/svg+xml"))
        svg = factor["totp"]["qr_code"].split(",", 1)[1]
        self.assertTrue(xml.etree.ElementTree.fromstring(svg).tag.endswith("svg"))
        self.assertIn(f"secret={factor['totp']['secret']}", factor["totp"]["uri"])
        before = client.good("getSession")["session"]
        challenge = client.good("challenge", factorId=factor["id"])
        code = code_of(factor["totp"]["secret"], step_now())
        client.good("verify", factorId=factor["id"], challengeId=challenge["id"], code=code)
        after = client.good("getSession")["session"]
        self.assertNotEqual(after["refresh_token"], before["refresh_token"])
        old, new = claims_of(before["access_token"]), claims_of(after["access_token"])
        self.assertEqual(new["session_id"], old["session_id"])
        self.assertEqual((new["aal"], [one["method"] for one in new["amr"]]), ("aal2", ["totp", "password"]))
        level = client.good("level")
        self.assertEqual((level["currentLevel"], level["nextLevel"]), ("aal2", "aal2"))
        self.assertEqual(client.good("factors")["totp"][0]["friendly_name"], "phone")
        client.good("refresh")
        self.assertEqual(client.good("level")["currentLevel"], "aal2")
        client.good("unenroll", factorId=factor["id"])
        client.good("refresh")
        level = client.good("level")
        self.assertEqual((level["currentLevel"], level["nextLevel"]), ("aal1", "aal1"))

    def test_a_new_session_has_to_show_the_factor(self):
        email = new_email()
        token = self.server.sign_up(email)["access_token"]
        factor, secret = self.enrolled(token)
        self.assertEqual(self.verify(token, factor, code_of(secret, step_now())).status, 200)
        client = self.client(email)
        level = client.good("level")
        self.assertEqual((level["currentLevel"], level["nextLevel"]), ("aal1", "aal2"))
        client.good("challengeAndVerify", factorId=factor, code=code_of(secret, step_now() + 1))
        self.assertEqual(client.good("level")["currentLevel"], "aal2")

    def test_the_first_verification_ends_other_weak_sessions(self):
        email = new_email()
        token = self.server.sign_up(email)["access_token"]
        other = self.call("POST", "/auth/v1/token?grant_type=password", {"email": email, "password": PASSWORD}).json()
        factor, secret = self.enrolled(token)
        self.verify(token, factor, code_of(secret, step_now()))
        answer = self.call("POST", "/auth/v1/token?grant_type=refresh_token",
                           {"refresh_token": other["refresh_token"]})
        self.assertEqual(answer.status, 400, answer)
        self.assertEqual(self.call("GET", "/auth/v1/user", token=token).status, 200)

    def test_a_code_is_good_once(self):
        session, factor, secret, step = self.verified()
        answer = self.verify(session["access_token"], factor, code_of(secret, step))
        self.assert_refused(answer, 422, "mfa_verification_failed")
        self.assertEqual(self.verify(session["access_token"], factor, code_of(secret, step + 1)).status, 200)
        answer = self.verify(session["access_token"], factor, code_of(secret, step))
        self.assert_refused(answer, 422, "mfa_verification_failed")

    def test_of_simultaneous_uses_of_a_code_one_succeeds(self):
        session, factor, secret, step = self.verified()
        token, answers = session["access_token"], []
        challenges = [self.challenged(token, factor) for _ in range(4)]
        code = code_of(secret, step + 1)
        threads = [threading.Thread(target=lambda one=one: answers.append(self.verify(token, factor, code, one)))
                   for one in challenges]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(one.status for one in answers), [200, 422, 422, 422], answers)

    def test_five_wrong_codes_void_a_challenge(self):
        token = self.new_token()
        factor, secret = self.enrolled(token)
        challenge = self.challenged(token, factor)
        for _ in range(5):
            answer = self.verify(token, factor, wrong_code(secret), challenge)
            self.assert_refused(answer, 422, "mfa_verification_failed")
        answer = self.verify(token, factor, code_of(secret, step_now()), challenge)
        self.assert_refused(answer, 422, "mfa_challenge_expired")

    def test_more_challenges_give_no_more_guesses(self):
        token = self.new_token()
        factor, secret = self.enrolled(token)
        challenges = [self.challenged(token, factor) for _ in range(5)]
        answers = [self.verify(token, factor, wrong_code(secret), one) for one in challenges for _ in range(5)]
        self.assertEqual([one.status for one in answers], [422] * 15 + [429] * 10)
        answer = self.post(f"/factors/{factor}/challenge", {}, token)
        self.assert_refused(answer, 429, "over_request_rate_limit")
        self.assertIn("Retry-After", answer.headers)

    def test_codes_of_other_times_are_wrong(self):
        token = self.new_token()
        factor, secret = self.enrolled(token)
        for offset in (-3, 3):
            answer = self.verify(token, factor, code_of(secret, step_now() + offset))
            self.assert_refused(answer, 422, "mfa_verification_failed")
        for code in ("", "12345", "1234567", "abcdef", code_of(secret, step_now()) + " "):
            self.assert_refused(self.verify(token, factor, code), 422, "mfa_verification_failed")

    def test_a_challenge_serves_its_own_factor(self):
        token = self.new_token()
        first, _ = self.enrolled(token)
        second, secret = self.enrolled(token)
        answer = self.verify(token, second, code_of(secret, step_now()), self.challenged(token, first))
        self.assert_refused(answer, 422, "mfa_challenge_expired")
        for nonsense in ("nonsense", "00000000-0000-4000-8000-000000000000"):
            answer = self.verify(token, second, code_of(secret, step_now()), nonsense)
            self.assert_refused(answer, 422, "mfa_challenge_expired")

    def test_another_persons_factor_does_not_exist(self):
        session, factor, secret, step = self.verified()
        challenge = self.challenged(session["access_token"], factor)
        stranger = self.new_token()
        self.assert_refused(self.post(f"/factors/{factor}/challenge", {}, stranger), 404, "mfa_factor_not_found")
        answer = self.verify(stranger, factor, code_of(secret, step + 1), challenge)
        self.assert_refused(answer, 404, "mfa_factor_not_found")
        answer = self.call("DELETE", f"/auth/v1/factors/{factor}", token=stranger, headers=VERSION)
        self.assert_refused(answer, 404, "mfa_factor_not_found")

    def test_a_weak_session_neither_removes_nor_adds(self):
        email = new_email()
        token = self.server.sign_up(email)["access_token"]
        factor, secret = self.enrolled(token)
        self.verify(token, factor, code_of(secret, step_now()))
        weak = self.call("POST", "/auth/v1/token?grant_type=password", {"email": email, "password": PASSWORD}).json()
        answer = self.call("DELETE", f"/auth/v1/factors/{factor}", token=weak["access_token"], headers=VERSION)
        self.assert_refused(answer, 422, "insufficient_aal")
        answer = self.post("/factors", {"factor_type": "totp"}, weak["access_token"])
        self.assert_refused(answer, 403, "insufficient_aal")

    def test_names_and_numbers_of_factors_are_bounded(self):
        token = self.new_token()
        self.enrolled(token, friendly_name="phone")
        answer = self.post("/factors", {"factor_type": "totp", "friendly_name": "phone"}, token)
        self.assert_refused(answer, 422, "mfa_factor_name_conflict")
        for _ in range(9):
            self.enrolled(token)
        answer = self.post("/factors", {"factor_type": "totp"}, token)
        self.assert_refused(answer, 422, "too_many_enrolled_mfa_factors")
        answer = self.post("/factors", {"factor_type": "phone"}, token)
        self.assert_refused(answer, 400, "validation_failed")

    def test_a_lost_answer_to_a_verification_ends_no_session(self):
        before = self.server.sign_up(new_email())
        factor, secret = self.enrolled(before["access_token"])
        self.verify(before["access_token"], factor, code_of(secret, step_now()))  # its answer is lost
        for _ in range(2):  # two tabs
            answer = self.call("POST", "/auth/v1/token?grant_type=refresh_token",
                               {"refresh_token": before["refresh_token"]})
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(claims_of(answer.json()["access_token"])["aal"], "aal2")

    def test_no_secret_or_code_is_shown_again_or_logged(self):
        session, factor, secret, step = self.verified()
        shown = self.call("GET", "/auth/v1/user", token=session["access_token"]).body.decode()
        self.assertIn(factor, shown)
        log = self.server.output()
        raw = base64.b32decode(secret).hex()
        for hidden in (secret, raw):
            self.assertNotIn(hidden, shown)
            self.assertNotIn(hidden, log)


if __name__ == "__main__":
    main()
