"""Tells, in the file that is its argument, what can't be seen from outside: address, key, environments, sockets."""

import json
import multiprocessing
import os
import sys
from contextlib import suppress
from pathlib import Path


def put(d):
    d["x"] = 1
    return os.getpid(), dict(os.environ)


def listening_on_the_network(pids):
    """How many sockets of these processes listen on a network address."""
    lines = Path("/proc/self/net/tcp").read_text().splitlines()[1:]
    lines += Path("/proc/self/net/tcp6").read_text().splitlines()[1:] if Path("/proc/self/net/tcp6").exists() else []
    listening = {f"socket:[{fields[9]}]" for fields in map(str.split, lines) if fields[3] == "0A"}
    found = 0
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found += os.readlink(entry) in listening
    return found


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        d = manager.dict()
        worker, environment = pool.apply(put, (d,))
        pids = [os.getpid(), os.getppid(), worker, manager._process.pid]
        told = {
            "address": manager.address,
            "key": multiprocessing.current_process().authkey.hex(),
            "environments": [environment, dict(os.environ)],
            "command_lines": [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids],
            "modes": [
                os.stat(folder).st_mode & 0o777
                for folder in (Path(manager.address).parent, Path(manager.address).parent.parent)
            ],
            "listening": listening_on_the_network(pids),
        }
        Path(sys.argv[1]).write_text(json.dumps(told))
