"""Every list that goes on by a cursor, as the server's own OpenAPI document names them: a cursor that nobody gave out is
an error of the client's, one that was made up with care leads to a page, and none is a fault of the server."""
from harness import main
from store_parts import StoreServer

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
BEYOND_INTEGER = 2**40


def cursor_after(number):
    """As calixo/pages.hpp makes it: no secret stands behind one."""
    digits = "".join(DIGITS[number >> (5 * place) & 31] for place in reversed(range(13)))
    return digits + DIGITS[(number * 0x9E3779B97F4A7C15 & 2**64 - 1) >> 59]


class Lists(StoreServer):
    plugins = "auth,challenges,social,avatar,store,billing,notifications,probe_payer"

    def lists(self):
        """Paths whose GET takes a cursor and nothing in the path."""
        paths = self.call("GET", "/api/openapi.json").json()["paths"]
        for path, methods in sorted(paths.items()):
            names = [one.get("name") for one in methods.get("get", {}).get("parameters", [])]
            if "cursor" in names and "{" not in path:
                yield path

    def test_no_cursor_is_a_fault_of_the_servers(self):
        paths = list(self.lists())
        self.assertGreaterEqual(len(paths), 12, paths)
        for path in paths:
            with self.subTest(path=path):
                for cursor in ("17", "item-1", "0" * 13 + "1", "%00", "z" * 64, "a" * 65):
                    answer = self.call("GET", f"{path}?cursor={cursor}", token=self.admin)
                    self.assert_problem(answer, 422, "validation_failed")
                answer = self.call("GET", f"{path}?cursor={cursor_after(BEYOND_INTEGER)}", token=self.admin)
                self.assertIn(answer.status, (200, 422), answer)


if __name__ == "__main__":
    main()
