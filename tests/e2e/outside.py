"""The tree as somebody outside of it has it: an installed prefix, and projects built against that alone."""
import os
import pathlib
import re
import shutil
import signal
import subprocess

from harness import BUILD, ROOT, make_folder

PREFIX = pathlib.Path(os.environ.get("CALIXO_TEST_PREFIX", BUILD / "e2e-prefix"))
SDK = PREFIX / "share/calixo/sdk"
COMMAND_S_MAX = 600


class Workplace:
    """A folder, and the environment of one who has the prefix's bin in the PATH."""

    def __init__(self):
        self.folder = make_folder("outside")
        self.environment = {**os.environ, "PATH": f"{PREFIX}/bin:{os.environ['PATH']}", "HOME": os.path.expanduser("~"),
                            "CMAKE_GENERATOR": "Ninja", "CMAKE_BUILD_PARALLEL_LEVEL": "2"}
        if shutil.which("ccache"):  # the folder's name is another one at each run
            self.environment |= {"CMAKE_C_COMPILER_LAUNCHER": "ccache", "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
                                 "CCACHE_BASEDIR": str(self.folder), "CCACHE_NOHASHDIR": "1"}

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words, folder=None, status=0, environment=None):
        """One command to its end, with its output for the failure."""
        process = subprocess.Popen([str(word) for word in words], cwd=folder or self.folder, text=True,
                                   env={**self.environment, **(environment or {})}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=COMMAND_S_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(f"{words} took over {COMMAND_S_MAX} s:\n{process.communicate()[0][-4000:]}") from None
        if process.returncode != status:
            raise AssertionError(f"{words}: {process.returncode}\n{output[-6000:]}")
        return output

    def build(self, project, *options, tests=True, name="build"):
        """Configures, builds and tests a project in a new build folder; the libraries it made."""
        self.run("cmake", "-S", project, "-B", project / name, *options)
        self.run("cmake", "--build", project / name)
        if tests:
            self.run("ctest", "--test-dir", project / name, "--output-on-failure")
        return sorted((project / name / "plugins").glob("*.so"))

    def walk(self, blocks, port):
        """Runs the shell blocks of a text, in their order and in one shell, and returns what they print.

        A block that is `calixo serve …` goes on in the background until the walk's end, on the given port.
        """
        script = ["set -euo pipefail"]
        for block in blocks:
            block = block.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
            if block.startswith("calixo serve"):
                script.append(f"(exec {block.strip()}) >serve.log 2>&1 &\nserver=$!\n"
                              "trap 'kill $server; wait $server' EXIT\n"
                              f"until curl -sf http://127.0.0.1:{port}/readyz >/dev/null; do\n"
                              "  kill -0 $server || { cat serve.log; exit 1; }\n  sleep 0.1\ndone")
            else:
                script.append(block)
        return self.run("bash", "-c", "\n".join(script), environment={"CALIXO_HTTP_PORT": str(port)})


def built_in():
    """The plugins that a server enables by itself, as plugins.enabled takes them."""
    return re.search(r"^#?plugins\.enabled = (.+)$", (ROOT / "config/calixo.properties").read_text(), re.M).group(1)


def shell_blocks(text):
    return re.findall(r"```sh\n(.*?)```", text, re.S)


def exported_symbols(library):
    done = subprocess.run(["nm", "-D", "--defined-only", str(library)], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in done.stdout.splitlines()]
