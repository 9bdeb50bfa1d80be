"""Every public name of the SDK has its sentence: Doxygen, over the headers as plugins include them, warns of none."""
import pathlib
import subprocess
import sys
import tempfile

from tree import ROOT


def faults(inputs=None):
    """What Doxygen complains about, over the inputs of sdk/Doxyfile or other ones."""
    with tempfile.TemporaryDirectory(prefix="calixo-reference-") as out:
        settings = (ROOT / "sdk/Doxyfile").read_text() + f"\nOUTPUT_DIRECTORY = {out}\nWARN_AS_ERROR = NO\n"
        if inputs:
            settings += f"INPUT = {inputs}\n"
        done = subprocess.run(["doxygen", "-"], input=settings, cwd=ROOT, capture_output=True, text=True, check=False)
        made = (pathlib.Path(out) / "html/index.html").exists()
    lines = [line.removeprefix(f"{ROOT}/") for line in done.stderr.splitlines() if line.strip()]
    return lines if made else [*lines, "doxygen made no reference"]


def main():
    found = faults()
    print("\n".join(found) or "every public name is documented")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
