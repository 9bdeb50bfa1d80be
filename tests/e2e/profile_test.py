"""A person's own profile: what they change, what stays, and what is refused by name."""
from harness import RunningServer, main, new_email

PROFILE = "/api/user/profile"


class Profiles(RunningServer):
    def setUp(self):
        self.token = self.server.sign_up(new_email())["access_token"]

    def read(self):
        answer = self.call("GET", PROFILE, token=self.token)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def change(self, **fields):
        answer = self.call("PATCH", PROFILE, fields, self.token)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json(), self.read())
        return answer.json()

    def test_each_field_is_changed_alone_and_the_others_stay(self):
        kept = self.read()
        self.assertEqual((kept["time_zone"], kept["is_private"]), ("UTC", False))
        for field, value in (("display_name", "Ñandú 7"), ("is_private", True), ("locale", "en"),
                             ("time_zone", "America/Argentina/Buenos_Aires")):
            kept[field] = value
            self.assertEqual(self.change(**{field: value}), kept)
        self.assertEqual(self.change(), kept)
        self.assertEqual(self.change(locale=None), kept)

    def test_the_avatars_energy_is_earned_and_not_written(self):
        before = self.read()
        self.call("PATCH", PROFILE, {"avatar_energy": 7, "display_name": "Ana"}, self.token)
        self.call("PATCH", PROFILE, {"avatar_energy": 7}, self.token)
        self.assertEqual(self.read()["avatar_energy"], before["avatar_energy"])

    def test_what_does_not_fit_is_named_and_changes_nothing(self):
        before = self.read()
        for field, value in (("time_zone", "Europe/Vigo"), ("time_zone", ""), ("time_zone", "posix/UTC "), ("locale", "fr"),
                             ("display_name", ""), ("display_name", "x" * 61), ("display_name", "  "),
                             ("display_name", "a\nb"), ("is_private", "yes")):
            answer = self.call("PATCH", PROFILE, {"display_name": "Ana", field: value}, self.token)
            document = self.assert_problem(answer, 422, "validation_failed")
            self.assertEqual([one["field"] for one in document["errors"]], [field], (field, value))
        self.assertEqual(self.read(), before)

    def test_a_profile_is_its_owners_alone(self):
        self.assert_problem(self.call("GET", PROFILE), 401, "authentication_required")
        self.assert_problem(self.call("PATCH", PROFILE, {"display_name": "Eva"}), 401, "authentication_required")
        other = self.new_token()
        self.call("PATCH", PROFILE, {"display_name": "Eva"}, other)
        self.assertIsNone(self.read()["display_name"])


if __name__ == "__main__":
    main()
