"""Streaks: the rule over many zones, dates and changes of the clock, against a model and its properties; and what
people see of theirs. Where a day is "here" the person is now, "there" where the last day counted."""
import datetime
import json
import random
import zoneinfo

from challenge_server import ChallengeServer
from harness import main

UTC = datetime.timezone.utc
ZONES = ["Pacific/Kiritimati", "Pacific/Auckland", "Australia/Lord_Howe", "Asia/Tokyo", "Asia/Kathmandu", "Asia/Beirut",
         "Europe/Madrid", "Europe/London", "Africa/Casablanca", "UTC", "America/Sao_Paulo", "America/New_York",
         "America/St_Johns", "Pacific/Pago_Pago", "Etc/GMT+12"]
# Hours on both sides of these the clocks change: forward and back, north and south, at midnight as well.
CHANGES = ["2026-03-29T01:00", "2025-10-26T01:00", "2026-03-08T07:00", "2025-11-02T06:00", "2026-04-04T15:00",
           "2025-09-27T14:00", "2026-03-28T22:00", "2025-10-25T21:00", "2018-11-04T03:00"]
# Folds the rule over histories; a line a completion.
RUN = """
with recursive events as (
  select history, number, moment, zone from json_to_recordset('{events}')
    as given (history int, number int, moment timestamptz, zone text)),
run (history, number, is_new, days, best, last_date, last_zone) as (
  select distinct history, 0, false, 0, 0, null::date, null::text from events
  union all
  select run.history, run.number + 1, after.is_new, after.days_after, after.best_after, after.date_after,
         after.zone_after
  from run join events on events.history = run.history and events.number = run.number + 1,
    lateral challenges_streak_after(run.days, run.best, run.last_date, run.last_zone, events.moment, events.zone) after)
select history, is_new, days, best, last_date from run where number > 0 order by history, number
"""


def local_date(moment, zone):
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()


def moment_of(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


class Rule(ChallengeServer):
    """Histories are lists of (moment, zone)."""

    def run_rule(self, histories):
        """For each history, for each completion: (is_new, days, best, last date)."""
        at_once = 30  # as many as psql takes in one argument
        return [result for at in range(0, len(histories), at_once)
                for result in self.run_some(histories[at:at + at_once])]

    def run_some(self, histories):
        events = [{"history": h, "number": n, "moment": moment.isoformat(), "zone": zone}
                  for h, history in enumerate(histories) for n, (moment, zone) in enumerate(history, 1)]
        results = [[] for _ in histories]
        for line in self.database.sql(RUN.format(events=json.dumps(events))).splitlines():
            history, is_new, days, best, last_date = line.split("|")
            results[int(history)].append((is_new == "t", int(days), int(best),
                                          datetime.date.fromisoformat(last_date)))
        self.assertEqual([len(one) for one in results], [len(one) for one in histories])
        return results

    def around(self, draw):
        return moment_of(draw.choice(CHANGES)) - datetime.timedelta(hours=draw.uniform(0, 96))

    def wandering(self, draw, zones, hours_max, count=25):
        """Completions at random, in zones that zones(number) tells."""
        moment, history = self.around(draw), []
        for number in range(count):
            history.append((moment, zones(number)))
            moment += datetime.timedelta(hours=draw.uniform(0, hours_max))
        return history

    def test_in_one_zone_it_counts_calendar_days_in_a_row(self):
        draw = random.Random(1)
        histories = []
        for _ in range(300):
            zone, step = draw.choice(ZONES), draw.choice([8, 30, 60])
            histories.append(self.wandering(draw, lambda _, zone=zone: zone, step))
        for history, results in zip(histories, self.run_rule(histories)):
            dates, best = set(), 0
            for (moment, zone), (is_new, days, told_best, last_date) in zip(history, results):
                date = local_date(moment, zone)
                self.assertEqual(is_new, date not in dates)
                dates.add(date)
                expected = 1
                while date - datetime.timedelta(days=expected) in dates:
                    expected += 1
                best = max(best, expected)
                self.assertEqual((days, told_best, last_date), (expected, best, date), (history, moment))

    def test_no_wandering_counts_a_date_twice_or_more_days_than_passed(self):
        draw = random.Random(2)
        histories = [self.wandering(draw, lambda _: draw.choice(ZONES), draw.choice([2, 12, 40])) for _ in range(300)]
        for history, results in zip(histories, self.run_rule(histories)):
            counted = [(moment, zone, result) for (moment, zone), result in zip(history, results) if result[0]]
            for (before, zone_before, old), (after, zone, new) in zip(counted, counted[1:]):
                self.assertGreater(new[3], old[3])
                self.assertEqual(new[3], local_date(after, zone))
                # No day ended early: the last one had passed where it counted.
                self.assertGreater(local_date(after, zone_before), old[3])
            passed_h = (history[-1][0] - history[0][0]).total_seconds() / 3600
            self.assertLessEqual(len(counted), (passed_h + 26) / 24 + 2)
            for result in results:
                self.assertTrue(1 <= result[1] <= result[2] <= len(counted))

    def test_no_single_move_breaks_the_streak_of_who_completes_twice_a_day(self):
        draw = random.Random(3)
        histories = []
        for _ in range(300):
            old, new, at = draw.choice(ZONES), draw.choice(ZONES), draw.randrange(25)
            histories.append(self.wandering(draw, lambda n, old=old, new=new, at=at: old if n < at else new, 12))
        for history, results in zip(histories, self.run_rule(histories)):
            counted = sum(1 for result in results if result[0])
            self.assertEqual((results[-1][1], results[-1][2]), (counted, counted), history)

    def days(self, *history):
        """The streak after each of these: (moment in UTC, zone)."""
        return [result[1] for result in self.run_rule([[(moment_of(at), zone) for at, zone in history]])[0]]

    def test_a_move_west_that_repeats_a_date_is_the_same_day(self):
        # Tokyo, Monday at 10:00; Honolulu, the same Monday at 09:00, 18 hours later; then its Tuesday.
        self.assertEqual(self.days(("2026-06-01T01:00", "Asia/Tokyo"), ("2026-06-01T19:00", "Pacific/Honolulu"),
                                   ("2026-06-02T19:00", "Pacific/Honolulu")), [1, 1, 2])

    def test_a_move_east_opens_no_second_day_before_the_first_has_ended(self):
        # Madrid, Monday at 10:00; minutes later "in Auckland" it is Monday still, at 20:00; in Madrid's
        # Monday afternoon it is Auckland's Tuesday, and counts no more; on Madrid's Tuesday it does.
        self.assertEqual(self.days(("2026-06-01T08:00", "Europe/Madrid"), ("2026-06-01T08:05", "Pacific/Auckland"),
                                   ("2026-06-01T13:00", "Pacific/Auckland"), ("2026-06-02T08:00", "Pacific/Auckland")),
                         [1, 1, 1, 2])

    def test_a_move_east_that_leaves_out_a_date_is_forgiven_once(self):
        # Madrid, Monday at 10:00; Auckland, Wednesday at 08:00, which is Madrid's Tuesday: no day was missed there.
        self.assertEqual(self.days(("2026-06-01T08:00", "Europe/Madrid"), ("2026-06-02T20:00", "Pacific/Auckland"),
                                   ("2026-06-03T20:00", "Pacific/Auckland")), [1, 2, 3])
        # On Madrid's Wednesday a day is missing here and there, in less than 48 hours.
        self.assertEqual(self.days(("2026-06-01T08:00", "Europe/Madrid"), ("2026-06-03T07:00", "Pacific/Auckland")),
                         [1, 1])
        # Nobody saves a missed day by a zone next door.
        self.assertEqual(self.days(("2026-06-01T08:00", "Europe/Madrid"), ("2026-06-03T06:00", "Europe/Athens")),
                         [1, 1])

    def test_a_day_of_23_or_25_hours_is_a_day(self):
        spring = [("2026-03-28T22:59", "Europe/Madrid"), ("2026-03-28T23:01", "Europe/Madrid"),
                  ("2026-03-29T21:59", "Europe/Madrid"), ("2026-03-29T22:01", "Europe/Madrid")]
        self.assertEqual(self.days(*spring), [1, 2, 2, 3])
        autumn = [("2025-10-25T21:59", "Europe/Madrid"), ("2025-10-25T22:01", "Europe/Madrid"),
                  ("2025-10-26T22:59", "Europe/Madrid"), ("2025-10-26T23:01", "Europe/Madrid")]
        self.assertEqual(self.days(*autumn), [1, 2, 2, 3])
        # Where clocks go forward at midnight, the day begins at 01:00.
        beirut = [("2026-03-28T21:59", "Asia/Beirut"), ("2026-03-28T22:01", "Asia/Beirut")]
        self.assertEqual(self.days(*beirut), [1, 2])

    def test_a_day_ends_at_the_midnight_of_its_zone(self):
        for zone in ZONES:
            for change in CHANGES:
                moment = moment_of(change)
                ends = self.database.sql(
                    f"select extract(epoch from challenges_day_ends_at('{moment.isoformat()}', '{zone}'))::bigint")
                end = datetime.datetime.fromtimestamp(int(ends), UTC)
                date, second = local_date(moment, zone), datetime.timedelta(seconds=1)
                self.assertEqual((local_date(end - second, zone), local_date(end, zone)),
                                 (date, date + datetime.timedelta(days=1)), (zone, change))


class Streaks(ChallengeServer):
    def streak(self, token):
        answer = self.call("GET", "/api/user/streak", token=token)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def days_later(self, user_id, days):
        """As if the last completion had been so many days earlier."""
        self.database.sql(f"update streaks set last_date = last_date - {days}, "
                          f"completions_until = completions_until - interval '{days} days' where user_id = '{user_id}'")

    def test_it_grows_by_a_day_and_ends_with_a_missed_one(self):
        token, user_id = self.new_person("Europe/Madrid")
        today = str(local_date(datetime.datetime.now(UTC), "Europe/Madrid"))
        none = self.streak(token)
        self.assertEqual(none, {"current_days": 0, "best_days": 0, "last_date": None, "today": none["today"],
                                "is_today_done": False, "time_zone": "Europe/Madrid"})
        challenge = self.saved("daily")
        self.assertEqual([self.completed(challenge, token)["streak_days"] for _ in range(2)], [1, 1])
        shown = self.streak(token)
        self.assertIn(shown["last_date"], (today, shown["today"]))
        self.assertEqual((shown["current_days"], shown["is_today_done"]), (1, True))

        self.days_later(user_id, 1)
        shown = self.streak(token)
        self.assertEqual((shown["current_days"], shown["is_today_done"]), (1, False))
        self.assertEqual(self.completed(challenge, token)["streak_days"], 2)
        self.days_later(user_id, 2)
        self.assertEqual(self.streak(token)["current_days"], 0)
        self.assertEqual(self.completed(challenge, token)["streak_days"], 1)
        shown = self.streak(token)
        self.assertEqual((shown["current_days"], shown["best_days"]), (1, 2))

    def test_moving_opens_no_second_day(self):
        token, _ = self.new_person("Etc/GMT+12")
        challenge = self.saved("daily")
        for zone in ("Etc/GMT+12", "Pacific/Kiritimati", "Europe/Madrid", "Pacific/Kiritimati"):
            self.move(token, zone)
            self.assertEqual(self.completed(challenge, token)["streak_days"], 1, zone)
        self.assertTrue(self.streak(token)["is_today_done"])

    def test_simultaneous_completions_count_one_day(self):
        token, user_id = self.new_person()
        attempts = [self.started(self.saved("daily"), token)["id"] for _ in range(10)]
        answers = self.at_once([lambda one=one: self.complete(one, token) for one in attempts])
        self.assertEqual([one.json()["streak_days"] for one in answers], [1] * 10)
        self.assertEqual(self.database.sql("select current_days, completions_count from streaks "
                                           f"where user_id = '{user_id}'"), "1|10")

    def test_giving_up_and_running_out_count_nothing(self):
        token, _ = self.new_person()
        attempt = self.started(self.saved("daily"), token)["id"]
        self.call("POST", "/api/user/challenges/abandon", {"user_challenge_id": attempt}, token)
        self.assertEqual(self.streak(token)["current_days"], 0)

    def test_people_see_their_own(self):
        self.completed(self.saved("daily"), self.new_token())
        self.assertEqual(self.streak(self.new_token())["best_days"], 0)
        self.assertEqual(self.call("GET", "/api/user/streak").status, 401)


if __name__ == "__main__":
    main()
