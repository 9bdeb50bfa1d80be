"""What a prober and a scraper see: /healthz, /readyz, /metrics, /api/config."""
import re

from harness import RunningServer, main

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABELS = r'(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})?'
SAMPLE = re.compile(rf"^({NAME})({LABELS}) ([-+]?(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|Inf|NaN))( \d+)?$")


class Health(RunningServer):
    def metrics(self):
        """Every sample, (name, labels) to value; each line must be of the exposition format."""
        answer = self.call("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        samples, types = {}, {}
        for line in answer.body.decode().splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, types, "a family appears once")
                types[name] = kind
            elif line and not line.startswith("# HELP "):
                match = SAMPLE.match(line)
                self.assertIsNotNone(match, line)
                samples[match.group(1), match.group(2)] = float(match.group(3))
        for name, _ in samples:
            family = re.sub(r"_(bucket|sum|count)$", "", name)
            self.assertTrue(name in types or family in types, f"{name} has no type")
        return samples

    def count(self, samples, *words):
        """The sum over `_count` or counter samples whose name and labels hold every word."""
        return sum(value for (name, labels), value in samples.items()
                   if all(word in name + labels for word in words) and not name.endswith("_bucket"))

    def test_alive_and_ready(self):
        self.assertEqual(self.call("GET", "/healthz").json(), {"status": "ok"})
        self.assertEqual(self.call("GET", "/readyz").status, 200)

    def test_metrics_parse_and_count_requests_by_route(self):
        before = self.metrics()
        for _ in range(5):
            self.call("GET", "/api/challenges")
        after = self.metrics()
        counted = (self.count(after, "_count", "/api/challenges\"") - self.count(before, "_count", "/api/challenges\""))
        self.assertEqual(counted, 5)

    def test_metrics_tell_of_every_part(self):
        names = " ".join(name for name, _ in self.metrics())
        for part in ("fiber", "loop", "pool|pipeline|connection", "in_flight", "plugin", "process"):
            self.assertRegex(names, part)

    def test_histogram_buckets_grow_and_end_in_the_count(self):
        self.call("GET", "/api/challenges")
        samples = self.metrics()
        series = {}
        for (name, labels), value in samples.items():
            bound = re.search(r',?le="([^"]+)"', labels)
            if name.endswith("_bucket") and bound:
                rest = labels.replace(bound.group(0), "").replace("{,", "{")
                series.setdefault((name, rest), []).append((float(bound.group(1)), value))
        self.assertTrue(series)
        for (name, labels), buckets in series.items():
            values = [value for _, value in sorted(buckets)]
            self.assertEqual(values, sorted(values))
            count = samples[name.replace("_bucket", "_count"), "" if labels == "{}" else labels]
            self.assertEqual(values[-1], count)

    def test_public_configuration_holds_no_secret(self):
        answer = self.call("GET", "/api/config")
        self.assertEqual(answer.status, 200)
        self.assertIn("auth.password_length_min", answer.json())
        self.assertNotIn("database.url", answer.json())


if __name__ == "__main__":
    main()
