"""Switches recording on in every Python process of a watched program; the first thing of dictrace that runs in it.

The program must find its interpreter as it would unwatched, so nothing is loaded here that is not loaded already. The
recorder itself is loaded when the program itself loads a part of the standard library that is to be watched, and from
the standard library alone: a `queue.py` beside the script stays the script's own.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WATCHED = {
    "multiprocessing.util": "processes",
    "multiprocessing.popen_fork": "launching",
    "multiprocessing.managers": "serving",
    "multiprocessing.pool": "tasks",
    "multiprocessing.synchronize": "mutexes",
    "concurrent.futures.process": "executors",
    "subprocess": "ghosts",
}
HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.dirname(os.__file__)


class Finder:
    """Finds the watched modules as the others find them, and has each completed by the recorder once it has run."""

    @classmethod
    def find_spec(cls, name: str, path: "Any" = None, target: "Any" = None) -> "Any":
        if name not in WATCHED:
            return None
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if finder is not cls else None
            if spec is not None:
                break
        else:
            return None
        if spec.origin == place_in_library(name):
            follow(spec.loader)
        return spec


def place_in_library(name: str) -> str:
    """The file of a module of the standard library."""
    return os.path.join(LIBRARY, *name.split(".")) + ".py"


def follow_loaded() -> None:
    """Have the recorder act on what was loaded before: by a tool that is switched on in every process, as we are."""
    for name, part in WATCHED.items():
        module = sys.modules.get(name)
        if module is not None and module.__file__ == place_in_library(name):
            recorder_module(part).install(module)


def follow(loader: "Any") -> None:
    """Have the recorder act on the module when `loader` has run it."""
    plain = loader.exec_module

    def exec_module(module: "Any") -> None:
        del loader.exec_module
        plain(module)
        recorder_module(WATCHED[module.__name__]).install(module)

    # A traceback through an import leaves out what is importlib's; this stands in for a part of it.
    exec_module.__code__ = exec_module.__code__.replace(co_filename="<frozen importlib._bootstrap_external>")
    loader.exec_module = exec_module


def recorder_module(name: str) -> "Any":
    """A module of the recorder; what it needs of the standard library comes from there and nowhere else."""
    full_name = "dictrace.engine.recorder." + name
    if full_name in sys.modules:
        return sys.modules[full_name]
    before, path = set(sys.modules), sys.path[:]
    sys.path[:] = library_path
    try:
        __import__(full_name)
    finally:
        sys.path[:] = path
    for loaded in set(sys.modules) - before:
        if is_beside_the_script(loaded.partition(".")[0], path):
            del sys.modules[loaded]
    return sys.modules[full_name]


def is_beside_the_script(name: str, path: list[str]) -> bool:
    """Whether the program, unwatched, would find `name` in its own folder before it looks in the standard library."""
    if name in ("dictrace", "multiprocessing") or not path:
        return False
    place = os.path.join(path[0], name)
    return os.path.exists(place + ".py") or os.path.isdir(place)


def name_package() -> None:
    """Make `dictrace` importable, without its installation: only the folder that holds it is made known."""
    package: Any = type(sys)("dictrace")
    package.__path__ = [os.path.dirname(os.path.dirname(os.path.dirname(HERE)))]
    sys.modules["dictrace"] = package


def make_way() -> None:
    """Leave the search path as it would be, and run the `sitecustomize` that would have been run."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != HERE]
    this = sys.modules.pop(__name__)
    try:
        __import__(__name__)
    except ImportError as error:
        if error.name != __name__:
            raise
    finally:
        sys.modules.setdefault(__name__, this)


if "DICTRACE_CHANNEL" in os.environ:
    if "multiprocessing.resource_tracker" in sys.orig_argv[-1] and hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # so it is not killed with the others, but ends after them and removes what they leave
    make_way()
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    library_path = [entry for entry in sys.path if entry not in given and "site-packages" not in entry]
    name_package()
    sys.meta_path.insert(0, Finder)
    follow_loaded()
