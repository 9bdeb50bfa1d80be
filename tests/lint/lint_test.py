"""The checks themselves: each finds what it is there for, and nothing else."""
import pathlib
import tempfile
import unittest

import include_arrows
import never_closed
import sdk_reference
import sizes

Path = pathlib.PurePosixPath


class IncludeArrows(unittest.TestCase):
    def found(self, path, include):
        return list(include_arrows.faults(Path(path), f"// Head.\n#include {include}\n"))

    def test_lower_room_may_not_include_higher(self):
        self.assertIn("log may not include runtime", self.found("host/src/log/log.cpp", '"runtime/deadline.hpp"')[0])
        self.assertIn("http may not include db", self.found("host/src/http/a.cpp", '"db/database.hpp"')[0])
        self.assertIn("runtime may not include plugin", self.found("host/src/runtime/a.cpp", '"plugin/p.hpp"')[0])

    def test_higher_room_may_include_lower(self):
        self.assertEqual([], self.found("host/src/app/a.cpp", '"log/log.hpp"'))
        self.assertEqual([], self.found("host/src/http/a.cpp", '"runtime/event_loop.hpp"'))
        self.assertEqual([], self.found("host/src/http/a.cpp", '"http/route.hpp"'))

    def test_host_sees_the_binary_contract_only(self):
        self.assertEqual([], self.found("host/src/plugin/a.cpp", '"calixo/abi/base.h"'))
        self.assertEqual(1, len(self.found("host/src/plugin/a.cpp", "<calixo/plugin.hpp>")))

    def test_includes_are_written_from_the_room_root(self):
        self.assertEqual(1, len(self.found("host/src/http/a.cpp", '"route.hpp"')))
        self.assertEqual(1, len(self.found("host/src/http/a.cpp", '"../log/log.hpp"')))

    def test_sdk_knows_nothing_of_the_host(self):
        self.assertEqual(1, len(self.found("sdk/include/calixo/a.hpp", '"http/route.hpp"')))
        self.assertEqual(1, len(self.found("sdk/include/calixo/abi/a.h", '"calixo/json.hpp"')))
        self.assertEqual(1, len(self.found("sdk/include/calixo/abi/a.h", "<vector>")))
        self.assertEqual([], self.found("sdk/include/calixo/abi/a.h", "<stdint.h>"))

    def test_plugin_sees_neither_host_nor_another_plugin(self):
        self.assertEqual(1, len(self.found("plugins/store/a.cpp", '"http/route.hpp"')))
        self.assertEqual(1, len(self.found("plugins/store/a.cpp", '"../auth/user_store.hpp"')))
        self.assertEqual([], self.found("plugins/store/a.cpp", "<calixo/plugin.hpp>"))

    def test_a_built_in_challenge_type_sees_the_public_interface_alone(self):
        folder = "plugins/challenges/types"
        self.assertEqual([], self.found(f"{folder}/daily.hpp", "<calixo/challenge_type.hpp>"))
        self.assertEqual(1, len(self.found(f"{folder}/daily.hpp", "<calixo/plugin.hpp>")))
        self.assertEqual(1, len(self.found(f"{folder}/daily.hpp", '"attempts_store.hpp"')))


class NeverClosed(unittest.TestCase):
    def found(self, text, path="host/src/plugin/a.cpp"):
        return list(never_closed.faults(Path(path), text))

    def test_a_close_is_found(self):
        self.assertIn(":2: closes a library", self.found("void f() {\n  dlclose(handle);\n}\n")[0])
        self.assertEqual(1, len(self.found("library.unload();\n")))

    def test_an_owner_that_would_close_is_found(self):
        self.assertEqual(1, len(self.found("struct A { boost::dll::shared_library library; };\n")))
        self.assertEqual([], self.found("const boost::dll::shared_library* library = nullptr;\n"))
        self.assertEqual([], self.found("// dlclose is never called\n"))


class Sizes(unittest.TestCase):
    def found(self, text, path="host/src/http/a.cpp"):
        return list(sizes.faults(Path(path), text))

    def test_long_function_is_found_and_named(self):
        body = "  call();\n" * 70
        text = "namespace a {\nclass B {\n  int f() const {\n" + body + "  }\n};\n}\n"
        self.assertIn("int f() const", self.found(text)[0])
        self.assertIn(":3: 72 lines", self.found(text)[0])

    def test_long_class_and_namespace_are_no_functions(self):
        self.assertEqual([], self.found("namespace a {\nclass B {\n" + "  int f() { return 1; }\n" * 100 + "};\n}\n"))

    def test_member_initializers_belong_to_the_constructor(self):
        text = "A::A(int b) : b_{b}, c_{1} {\n" + "  call();\n" * 70 + "}\n"
        self.assertIn("72 lines", self.found(text)[0])

    def test_braces_in_literals_and_comments_do_not_count(self):
        text = 'void f() {\n  g("}{{", \'{\');  // {{{\n  h(R"x({{{)x");\n}\n' + "void g() {\n}\n" * 40
        self.assertEqual([], self.found(text))

    def test_long_data_table_is_no_function(self):
        self.assertEqual([], self.found("const int kTable[] = {\n" + "  1,\n" * 100 + "};\n"))

    def test_long_file_is_found(self):
        self.assertIn("401 lines", self.found("int a;\n" * 401)[0])

    def test_header_without_a_head_comment_is_found(self):
        self.assertEqual(1, len(self.found("#pragma once\n", "host/src/http/a.hpp")))


class SdkReference(unittest.TestCase):
    def found(self, text):
        with tempfile.TemporaryDirectory() as folder:
            header = Path(folder) / "a.hpp"
            pathlib.Path(header).write_text(text)
            return sdk_reference.faults(header)

    def test_each_kind_of_name_without_its_sentence_is_found(self):
        names = {"struct A {\n  int x;  // it\n};": "A", "int b();": "b", "enum class C { one };": "C", "#define D 1": "D",
                 "// A.\nclass A {\n public:\n  int e() const;\n};": "e", "using F = int;": "F"}
        for text, name in names.items():
            found = self.found(f"// Head.\n#pragma once\n\n{text}\n")
            self.assertEqual(1, len(found), found)
            self.assertRegex(found[0], rf"\b{name}\b.*is not documented")

    def test_plain_comments_above_and_beside_a_name_are_its_documentation(self):
        self.assertEqual([], self.found("""// Head: <calixo/a.hpp> & "#1", 100% @ \\.
#pragma once

// A thing that b() makes.
struct A {
  // --- reading ---
  // Its size,
  //   for (int i = 0; i < a.size(); ++i) ...
  int size() const;
  const char* url = "http://a";  // where it is
};
namespace a::detail {
int c();
}  // namespace a::detail
// A size.
struct C {
  int width, height;  // of the screen
  int depth; /* of it,
                in bits */
};
/* As C
 * says it. */
int b(void);
#define D 1 /* one */
"""))


if __name__ == "__main__":
    unittest.main()
