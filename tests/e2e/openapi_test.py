"""The API document: valid for a linter that nobody here wrote, usable for a generator of types, and true."""
import json
import os
import re
import subprocess
import unittest

from harness import BUILD, NODE, Calixo, RunningServer, main, make_folder

USAGE = """
import type { paths } from "./api";

type Start = paths["/api/challenges/start"]["post"];
type Attempt = Start["responses"][201]["content"]["application/json"];
type Page = paths["/api/challenges"]["get"]["responses"][200]["content"]["application/json"];
type Session = paths["/auth/v1/signup"]["post"]["responses"][200]["content"]["application/json"];

export const wanted: NonNullable<Start["requestBody"]>["content"]["application/json"] = { challenge_id: 1 };
export const identify = (attempt: Attempt): number => attempt.id;
export const titles = (page: Page): string[] => page.items.map((one) => one.title);
export const token = (session: Session): string => session.access_token;
"""


def run_tool(name, *words, cwd):
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}
    return subprocess.run([NODE / "node_modules/.bin" / name, *words], cwd=cwd, env=environment,
                          capture_output=True, text=True, timeout=240, check=False)


class ApiDocument(RunningServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        answer = cls.server.call("GET", "/api/openapi.json")
        cls.document = answer.json()
        cls.folder = make_folder("api")
        cls.addClassCleanup(subprocess.run, ["rm", "-rf", str(cls.folder)])
        (cls.folder / "openapi.json").write_bytes(answer.body)

    def test_a_foreign_linter_finds_it_valid(self):
        done = run_tool("redocly", "lint", "openapi.json", "--extends", "recommended", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_types_can_be_generated_from_it_and_used(self):
        made = run_tool("openapi-typescript", "openapi.json", "-o", "api.ts", cwd=self.folder)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        (self.folder / "usage.ts").write_text(USAGE)
        checked = run_tool("tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module",
                           "esnext", "--moduleResolution", "bundler", "usage.ts", cwd=self.folder)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_it_names_every_route_of_a_plugin_that_the_cli_lists(self):
        listed = json.loads(self.server.command("routes", "--json").stdout)
        self.assertGreater(len(listed), 15)
        for route in (one for one in listed if one["plugin"] != "host"):
            path = re.sub(r"\{(\w+)(:\w+)?\}", r"{\1}", route["path"])
            self.assertIn(path, self.document["paths"])
            self.assertIn(route["method"].lower(), self.document["paths"][path])

    def test_the_cli_prints_the_same_document(self):
        printed = json.loads(self.server.command("openapi").stdout)
        self.assertEqual(printed["paths"], self.document["paths"])
        self.assertEqual(printed["components"], self.document["components"])

    def test_every_documented_get_without_parameters_answers_as_documented(self):
        token = self.new_token()
        for path, operations in self.document["paths"].items():
            if "get" not in operations or "{" in path:
                continue
            with self.subTest(path):
                answer = self.call("GET", path, token=token)
                documented = operations["get"]["responses"]
                self.assertIn(str(answer.status), documented, answer)
                content = documented[str(answer.status)].get("content")
                if content:
                    self.assertIn(answer.headers["Content-Type"].split(";")[0], content)

    def test_it_is_a_3_1_document_with_operation_ids_of_their_own(self):
        self.assertRegex(self.document["openapi"], r"^3\.1\.")
        ids = [operation.get("operationId") for operations in self.document["paths"].values()
               for operation in operations.values() if isinstance(operation, dict)]
        self.assertEqual(len(set(ids)), len(ids))


class DocsPage(unittest.TestCase):
    def test_the_page_is_served_without_foreign_scripts(self):
        server = Calixo(BUILD)
        self.addCleanup(server.remove)
        server.start()
        answer = server.call("GET", "/docs")
        self.assertEqual(answer.status, 200)
        self.assertIn("text/html", answer.headers["Content-Type"])
        self.assertEqual(re.findall(rb"""(?:src|href)=["']https?://""", answer.body), [])


if __name__ == "__main__":
    main()
