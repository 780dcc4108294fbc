"""Starts another program, and a Python of its own."""

import subprocess
import sys

print(subprocess.run(["echo", "hello"], capture_output=True, text=True, check=True).stdout)
code = "import multiprocessing as m\nwith m.Manager() as manager: print(manager.dict(a=1))"
print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
try:
    subprocess.run(["there is no such program"], check=False)
except FileNotFoundError as error:
    print(error)
