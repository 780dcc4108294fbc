"""Programs of many kinds, bare against watched: prints the table of docs/scripts.md.

A program is timed from its start to its end, its interpreter's start-up included. The ratio is the median of pairs.
Compiled modules are kept, as they are where dictrace is installed.
"""

import argparse
import ast
import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.engine.scripts import KINDS, bare, kinds, watched  # noqa: E402


def line_of(path: Path, pairs: int) -> str:
    """The program's line of the table."""
    about = (ast.get_docstring(ast.parse((KINDS / path).read_text())) or "").splitlines()[0]
    done = [(bare(path), watched(path)[0]) for _ in range(pairs)]
    prints = all(one.stdout == other.stdout and one.stderr == other.stderr for one, other in done)
    alike = prints or all(one.same_as(other) for one, other in done)
    output = "equal" if prints else "equal but for addresses" if alike else "DIFFERS"
    status = f"equal ({done[0][0].status})" if all(one.status == other.status for one, other in done) else "DIFFERS"
    ratio = statistics.median(other.seconds / one.seconds for one, other in done)
    seconds = statistics.median(one.seconds for one, _other in done)
    return f"| `{path.as_posix()}` | {about} | {output} | {status} | {seconds:.2f} s | {ratio:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as compiled:
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        print_table(options.names, options.pairs)


def print_table(names: list[str], pairs: int) -> None:
    """A line for each program, or for those named."""
    print("| program | what it is | output | exit status | bare | watched/bare |")
    print("| --- | --- | --- | --- | --- | --- |")
    for path in kinds():
        if not names or path.stem in names:
            watched(path)  # compiles
            print(line_of(path, pairs), flush=True)


if __name__ == "__main__":
    main()
