"""The engine works without Qt: importing all of it brings in neither Qt nor the layers above."""

import json
import subprocess
import sys

IMPORT_ALL = """
import importlib, json, pkgutil, sys
import dictrace.engine
names = [m.name for m in pkgutil.walk_packages(dictrace.engine.__path__, "dictrace.engine.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(json.dumps([names, sorted(sys.modules)]))
"""


def test_engine_imports_no_qt_and_nothing_above_it() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    engine, loaded = json.loads(done.stdout)
    assert "dictrace.engine.rows" in engine
    above = ("PySide6", "shiboken6", "pyqtgraph", "dictrace.widgets", "dictrace.app")
    assert [name for name in loaded if name.startswith(above)] == []
