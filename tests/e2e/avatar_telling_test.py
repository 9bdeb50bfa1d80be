"""What avatars come to is told once over two servers on one database, by the keys of that moment."""
import json

from avatar_nodes import AvatarNodes
from harness import main, wait_until


class Told(AvatarNodes):
    """Looks at what was published."""

    def told(self, user_id, topic):
        lines = self.sql(f"select payload from outbox_events where topic = '{topic}' and key = '{user_id}' order by id")
        return [json.loads(line) for line in lines.splitlines()]

    def wait_told(self, user_id, topic, count):
        wait_until(lambda: len(self.told(user_id, topic)) >= count, 20, topic)
        return self.told(user_id, topic)

    def next_look(self, user_id):
        return self.sql(f"select coalesce(next_told_at > now(), true) from avatars where user_id = '{user_id}'")

    def wait_looked(self, user_id):
        wait_until(lambda: self.next_look(user_id) == "t", 20, "the look at the row")


class Keys(Told):
    def setUp(self):
        token, _ = self.person()
        before = self.avatar(token)

        def restore():
            self.sql("delete from config")
            for node in (0, 1):
                wait_until(lambda node=node: self.avatar(token, node) == before, 20, f"the defaults on node {node}")

        self.addCleanup(restore)

    def set_key(self, name, value):
        self.sql(f"insert into config (key, value) values ('{name}', '{value}') "
                 "on conflict (key) do update set value = excluded.value")

    def test_a_key_changes_the_answer_of_every_node_while_it_runs(self):
        token, user_id = self.person()
        self.avatar(token)
        self.age(user_id, 12)
        self.feed(user_id, "attempt:1", experience=150)
        self.age(user_id, 6)
        before = self.avatar(token)
        self.assertEqual((before["energy"], before["level"]), (85, 2))
        self.set_key("avatar.energy_decay_per_day", 40)
        self.set_key("avatar.level_step_experience", 10)
        self.set_key("avatar.level_growth_experience", 0)
        self.set_key("avatar.tired_energy_max", 80)
        for node in (0, 1):
            wait_until(lambda node=node: self.avatar(token, node)["energy"] == 80, 20, f"the key on node {node}")
            seen = self.avatar(token, node)
            self.assertEqual((seen["level"], seen["mood"], seen["next_level_experience"]), (16, "tired", 160))
        self.set_key("avatar.energy_decay_per_day", 0)
        for node in (0, 1):
            wait_until(lambda node=node: self.avatar(token, node)["energy"] == 90, 20, f"the key on node {node}")
            self.assertIsNone(self.avatar(token, node)["asleep_at"])

    def test_a_key_is_taken_up_when_the_row_comes_due(self):
        token, user_id = self.person()
        self.avatar(token)
        self.wait_looked(user_id)
        self.age(user_id, 24)
        self.set_key("avatar.tired_energy_max", 85)
        for node in (0, 1):
            wait_until(lambda node=node: self.avatar(token, node)["mood"] == "tired", 20, f"the key on node {node}")
        self.assertEqual(self.told(user_id, "avatar.tired"), [])
        self.sql(f"update avatars set next_told_at = now() where user_id = '{user_id}'")
        self.assertEqual(self.wait_told(user_id, "avatar.tired", 1), [{"user_id": user_id, "energy": 80}])

    def test_a_value_beyond_its_bounds_is_not_taken(self):
        token, _ = self.person()
        self.avatar(token)
        self.set_key("avatar.energy_at_start", 101)
        self.set_key("avatar.level_max", 0)
        wait_until(lambda: "avatar.level_max" in self.nodes[0].output(), 20, "the refusal")
        self.assertEqual(self.avatar(token)["next_level_experience"], 100)


class Telling(Told):
    def test_tired_and_asleep_are_told_once_over_two_servers_until_it_is_fed(self):
        token, user_id = self.person()
        self.avatar(token)
        self.wait_looked(user_id)
        self.assertEqual(self.told(user_id, "avatar.tired"), [])
        self.age(user_id, 85)
        self.assertEqual(self.wait_told(user_id, "avatar.tired", 1), [{"user_id": user_id, "energy": 30}])
        self.wait_looked(user_id)
        self.age(user_id, 24)
        self.assertEqual(self.wait_told(user_id, "avatar.asleep", 1), [{"user_id": user_id, "energy": 10}])
        self.assertEqual(self.sql(f"select next_told_at is null from avatars where user_id = '{user_id}'"), "t")
        self.sql(f"update avatars set next_told_at = now() where user_id = '{user_id}'")  # looked at again: nothing new
        self.wait_looked(user_id)
        self.feed(user_id, energy=15)  # tired, which it rose to
        self.wait_looked(user_id)
        self.age(user_id, 24)
        self.wait_told(user_id, "avatar.asleep", 2)
        self.feed(user_id, energy=90)
        self.wait_looked(user_id)
        self.age(user_id, 100)
        self.wait_told(user_id, "avatar.tired", 2)
        self.assertEqual((len(self.told(user_id, "avatar.tired")), len(self.told(user_id, "avatar.asleep"))), (2, 2))

    def test_many_that_fall_at_once_are_each_told_once(self):
        people = [self.person()[1] for _ in range(20)]
        for user_id in people:
            self.feed(user_id, energy=0)
        wait_until(lambda: self.number("select count(*) from avatars where next_told_at <= now()") == 0, 20, "the looks")
        ids = ",".join(f"'{user_id}'" for user_id in people)
        for times in (1, 2, 3):  # the signal has both servers look at the same time
            self.sql(f"update avatars set energy = 25000, told_fall = 0, next_told_at = now() where user_id in ({ids}); "
                     "select pg_notify('calixo_work', 'signal:avatar/due')")
            wait_until(lambda: self.number("select count(*) from avatars where next_told_at <= now()") == 0, 20, "the looks")
            self.assertEqual([len(self.told(user_id, "avatar.tired")) for user_id in people], [times] * len(people))

    def test_an_avatar_that_was_fed_is_not_told_of_when_the_old_time_comes(self):
        token, user_id = self.person()
        self.avatar(token)
        self.wait_looked(user_id)
        self.age(user_id, 83)
        self.feed(user_id, energy=50)
        self.sql(f"update avatars set next_told_at = now() where user_id = '{user_id}'")
        self.wait_looked(user_id)
        self.assertEqual(self.told(user_id, "avatar.tired"), [])
        self.assertEqual(self.avatar(token)["mood"], "awake")

    def test_levels_are_told_once_also_several_at_a_time(self):
        _, user_id = self.person()
        self.feed(user_id, experience=99)
        self.wait_looked(user_id)
        self.feed(user_id, experience=1)
        self.assertEqual(self.wait_told(user_id, "avatar.leveled_up", 1),
                         [{"user_id": user_id, "level": 2, "level_before": 1, "experience": 100}])
        self.at_once(20, lambda i: self.feed(user_id, f"attempt:{i}", experience=50, node=i % 2))
        wait_until(lambda: self.told(user_id, "avatar.leveled_up")[-1]["experience"] >= 1000, 20, "the last level")
        told = self.told(user_id, "avatar.leveled_up")
        self.assertEqual([one["level_before"] for one in told[1:]], [one["level"] for one in told[:-1]])
        self.assertEqual(told[-1]["level"], 6)


if __name__ == "__main__":
    main()
