"""A server with challenges on a database that the test may look into, and what tests do with attempts."""
import concurrent.futures
import contextlib
import itertools

from harness import BUILD, Calixo, Postgres, RunningServer, banner, new_email, wait_until

SLUGS = itertools.count(1)
PATHS = {"plugins.path": f"{BUILD}/test-plugins:{BUILD}/plugins"}
PASSWORD = "correct horse battery"


class ChallengeServer(RunningServer):
    """Started once for the class; `plugins` beside auth and challenges."""

    plugins = ()
    more_settings = {}

    @classmethod
    def setUpClass(cls):
        cls.database = Postgres()
        cls.addClassCleanup(cls.database.remove)
        cls.settings = {**PATHS, "plugins.enabled": ",".join(("auth", "challenges", *cls.plugins)),
                        "database.url": cls.database.url(), **cls.more_settings}
        super().setUpClass()
        wait_until(lambda: "password" in banner(cls.server.output()), 20, "the first administrator")
        shown = banner(cls.server.output())
        cls.admin = cls.sign_in(shown["admin"], shown["password"])

    @classmethod
    def sign_in(cls, email, password=PASSWORD):
        return cls.server.call("POST", "/auth/v1/token?grant_type=password",
                               {"email": email, "password": password}).json()["access_token"]

    @classmethod
    def second_server(cls):
        """Another process on the same database."""
        other = Calixo(BUILD, cls.settings)
        cls.addClassCleanup(other.remove)
        return other.start()

    def new_person(self, zone=None):
        """Token and user id."""
        session = self.server.sign_up(new_email())
        token, user_id = session["access_token"], session["user"]["id"]
        if zone:
            self.move(token, zone)
        return token, user_id

    def new_moderator(self):
        email = new_email()
        user_id = self.server.sign_up(email)["user"]["id"]
        self.database.sql(f"insert into admin_users (user_id, role) values ('{user_id}', 'MODERATOR')")
        return self.sign_in(email), user_id

    def move(self, token, zone):
        answer = self.call("PATCH", "/api/user/profile", {"time_zone": zone}, token)
        self.assertEqual(answer.status, 200, answer)

    def save(self, type_name, rules=None, **members):
        """Adds a template; the answer."""
        template = {"slug": f"test-{next(SLUGS)}", "type": type_name, "title": "Prueba", "title_en": "Test",
                    "reward": 21, **members}
        if rules is not None:
            template["rules"] = rules
        return self.call("POST", "/api/admin/challenges", template, self.admin, {"Accept-Language": "en"})

    def saved(self, type_name, rules=None, **members):
        answer = self.save(type_name, rules, **members)
        self.assertEqual(answer.status, 201, answer)
        return answer.json()["id"]

    def change(self, challenge_id, **members):
        answer = self.call("PATCH", f"/api/admin/challenges/{challenge_id}", members, self.admin)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def set_key(self, name, value):
        """Changes a public runtime key for the rest of the test."""
        key = f"challenges.{name}"

        def present():
            return self.call("GET", "/api/config").json()[key]

        def put_back(before):
            self.database.sql(f"delete from config where key = '{key}'")
            wait_until(lambda: present() == before, 20, f"{key} = {before}")

        self.addCleanup(put_back, present())
        self.database.sql(f"insert into config (key, value) values ('{key}', '{value}')")
        wait_until(lambda: present() == value, 20, f"{key} = {value}")

    def start(self, challenge_id, token):
        return self.call("POST", "/api/challenges/start", {"challenge_id": challenge_id}, token)

    def started(self, challenge_id, token):
        answer = self.start(challenge_id, token)
        self.assertEqual(answer.status, 201, answer)
        return answer.json()

    def complete(self, attempt_id, token, proof=None):
        body = {"user_challenge_id": attempt_id}
        if proof is not None:
            body["proof"] = proof
        return self.call("POST", "/api/user/challenges/complete", body, token, {"Accept-Language": "en"})

    def completed(self, challenge_id, token, proof=None):
        """Starts and completes."""
        answer = self.complete(self.started(challenge_id, token)["id"], token, proof)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def row(self, attempt_id, columns):
        return self.database.sql(f"select {columns} from user_challenges where id = {attempt_id}")

    def at_once(self, actions):
        """Runs all of them at the same time; their answers."""
        with concurrent.futures.ThreadPoolExecutor(len(actions)) as pool:
            return [one.result() for one in [pool.submit(action) for action in actions]]

    @contextlib.contextmanager
    def row_held(self, condition, table="user_challenges"):
        """Another session keeps the row until the end; gives the number of those who wait for it."""
        with self.database.holding(f"select from {table} where {condition} for update"):
            yield lambda: int(self.database.sql(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"))

    def backdate(self, attempt_id, seconds):
        """As if the attempt had begun so much earlier."""
        self.database.sql(f"update user_challenges set started_at = started_at - interval '{seconds} s', "
                          f"expires_at = expires_at - interval '{seconds} s' where id = {attempt_id}")
