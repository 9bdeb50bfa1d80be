"""Plugins as others built them, kept as binaries: this server loads each, whatever compiler and C++
runtime it carries, and answers every one of its routes."""
import concurrent.futures
import http.client
import subprocess
import unittest

from harness import BUILD, ROOT, RunningServer, main

BINARIES = sorted((ROOT / "tests/abi/plugins").glob("*/libcalixo_*.so"))
IDS = [path.stem.removeprefix("libcalixo_") for path in BINARIES]
IN_C = [name for name in IDS if name.endswith("_c")]
IN_CXX = [name for name in IDS if not name.endswith("_c")]
FOLDERS = ":".join(sorted({str(path.parent) for path in BINARIES}))


class KeptPlugins(RunningServer):
    settings = {"plugins.enabled": ",".join(["auth", *IDS]), "plugins.path": f"{BUILD}/plugins:{FOLDERS}",
                **{f"{name}.limit": 9 for name in IDS}}

    def text(self, path):
        answer = self.call("GET", path)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["text"]

    def count(self, path, method="GET", body=None):
        answer = self.call(method, path, body)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["count"]

    def test_there_is_one_of_each_kit(self):
        self.assertTrue({"c", "gcc", "clang"} <= {name.rsplit("_", 1)[1] for name in IDS}, IDS)
        for path in BINARIES:
            symbols = subprocess.run(["nm", "-D", "--defined-only", path], capture_output=True, text=True, check=True)
            self.assertEqual([line.split()[2] for line in symbols.stdout.splitlines()], ["calixo_plugin_entry"], path)

    def test_it_answers(self):
        for name in IN_CXX:
            with self.subTest(name):
                self.assertEqual(self.text(f"/{name}/answer?name=ana&times=3"), "anaanaana")
                self.assert_problem(self.call("GET", f"/{name}/answer?name="), 422, "validation_failed")
        for name in IN_C:
            with self.subTest(name):
                self.assertEqual(self.text(f"/{name}/answer"), "answered")
                self.assert_problem(self.call("GET", f"/{name}/answer", token=self.new_token()), 409, "kept_known")

    def test_it_reads_the_database(self):
        for name in IDS:
            with self.subTest(name):
                self.assertEqual(self.text(f"/{name}/row?name=row"), "row!")
        for name in IN_CXX:
            with self.subTest(name):
                self.assertEqual(self.text(f"/{name}/thread?name=thread"), "thread!")
                self.assertEqual(self.text(f"/{name}/refused"), "23514")

    def test_it_keeps_a_transaction_whole(self):
        for name in IN_CXX:
            with self.subTest(name):
                before = self.count(f"/{name}/entries")
                self.assertEqual(self.count(f"/{name}/entries", "POST", {"name": "kept", "times": 5}), before + 5)
                undone = self.call("POST", f"/{name}/entries", {"name": "undone", "times": 5},
                                   headers={"Accept-Language": "en"})
                self.assertEqual(self.assert_problem(undone, 409, "kept_undone")["message"], "undone")
                self.assertEqual(self.count(f"/{name}/entries"), before + 5)
        for name in IN_C:
            with self.subTest(name):
                seen = []
                for query in ("", "?undone", ""):
                    answer = self.call("POST", f"/{name}/entries{query}")
                    self.assertEqual(answer.status, 409 if query else 200, answer)
                    seen += [] if query else [int(answer.json()["text"])]
                self.assertEqual(seen[1], seen[0] + 1)

    def test_it_suspends_in_a_catch_block_beside_others(self):
        """Fibers on two C++ runtimes, libstdc++ and a libc++ of the plugin, take turns on the same loops."""
        asked = [(name, f"fault-{number}") for number in range(16) for name in IN_CXX]

        def ask(one):
            name, word = one
            return self.call("GET", f"/{name}/catch?name={word}").json()

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(ask, asked))
        self.assertEqual(answers, [{"text": f"{word}?"} for _, word in asked])
        for name in IN_C:
            with self.subTest(name):
                self.assertEqual(self.count(f"/{name}/wait"), len(name))

    def test_it_streams(self):
        for name in IDS:
            with self.subTest(name):
                answer = self.call("GET", f"/{name}/stream?name=x&times=100")
                self.assertEqual((answer.status, len(answer.body), set(answer.body)), (200, 1_000_000, {ord("k")}))
                answer = self.call("GET", f"/{name}/park")
                self.assertEqual((answer.status, answer.body), (200, b"data: parked\n\n"))
        for name in IN_CXX:
            with self.subTest(name):
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
                self.addCleanup(connection.close)
                connection.request("PUT", f"/{name}/stream", (b"x" * 1000 for _ in range(50)),
                                   {"Content-Type": "application/octet-stream"}, encode_chunked=True)
                self.assertEqual(connection.getresponse().read(), b'{"count":50000}')

    def test_it_reads_its_key(self):
        for name in IDS:
            with self.subTest(name):
                self.assertEqual(self.count(f"/{name}/limit"), 9)

    def test_they_serve_and_extend_each_other(self):
        for name in IN_CXX:
            with self.subTest(name):
                self.assertEqual(self.count(f"/{name}/sum"), 5)
        for name in IN_C:
            with self.subTest(name):
                version = name.removesuffix("_c")
                self.assertEqual(self.count(f"/{name}/greeters"),
                                 sum(len(other) for other in IN_CXX if other.startswith(version)))

    def test_every_route_was_called(self):
        """What the plugins register is what the tests above know."""
        document = self.call("GET", "/api/openapi.json").json()
        known = {"answer", "row", "thread", "refused", "entries", "catch", "wait", "stream", "park", "limit",
                 "sum", "greeters"}
        found = {path.split("/")[2] for path in document["paths"] if path.startswith("/kept_")}
        self.assertEqual(found, known)


if __name__ == "__main__":
    main()
