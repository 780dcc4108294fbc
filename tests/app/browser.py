"""Chromium without a screen, driven over its debugging pipe: what a page shows, how it looks, what it answers to."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
ANSWER_S = 30
# Chromium reads commands from descriptor 3 and writes answers to 4.
LAUNCHER = """
import fcntl, os, sys
ours = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
os.dup2(ours[0], 3), os.dup2(ours[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One page in a new profile. Use as a context manager.

    Attributes:
        errors: what the page threw, was refused by its own policy, or printed as an error.
        requests: addresses that it asked for.
    """

    def __init__(self) -> None:
        command = next(filter(None, map(shutil.which, COMMANDS)), None)
        if command is None:
            pytest.skip("Chromium is not installed; as root, .ci/prepare tests installs it.")
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._events: deque[dict[str, Any]] = deque()
        self._rest = b""
        self._asked = 0
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        launcher = [sys.executable, "-c", LAUNCHER, str(theirs_in), str(theirs_out)]
        self._process = subprocess.Popen(
            [*launcher, command, *FLAGS, f"--user-data-dir={self._profile.name}"],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._session: str | None = None

    def __enter__(self) -> "Browser":
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _place: TracebackType | None
    ) -> None:
        self._session = None
        os.close(self._out)  # it ends with its pipe
        try:
            self._process.wait(ANSWER_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        self._profile.cleanup()

    def open(self, address: str | Path) -> None:
        """Go to a page and wait until it is loaded; to another place in the same page, at once."""
        self._events.clear()
        answer = self.ask("Page.navigate", url=address.as_uri() if isinstance(address, Path) else address)
        if "loaderId" in answer:
            self.wait_for("Page.loadEventFired")

    def evaluate(self, script: str) -> Any:
        """Value of a JavaScript expression, awaited where it is a promise."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """Text of the first element that a selector finds, blanks made one."""
        return " ".join(self.evaluate(f"document.querySelector({json.dumps(selector)}).textContent").split())

    def texts(self, selector: str) -> list[str]:
        """Text of all elements that a selector finds, blanks made one."""
        found = self.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")
        return [" ".join(text.split()) for text in found]

    def press(self, key: str) -> None:
        """Press and release a key, named as in KeyboardEvent.key."""
        text = {"text": key} if len(key) == 1 else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def size(self, width: int, height: int, scale: float = 1, *, touch: bool = False) -> None:
        """Lay the page out for a screen of this size, CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": touch}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.ask("Emulation.setTouchEmulationEnabled", enabled=touch)

    def prefer(self, **features: str) -> None:
        """Emulate media features, such as prefers_color_scheme="dark"."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.ask("Emulation.setEmulatedMedia", features=wanted)

    def picture(self) -> bytes:
        """What is on the screen, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Result of a command of the DevTools protocol."""
        self._asked += 1
        command = {"id": self._asked, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        os.write(self._out, json.dumps(command).encode() + b"\0")
        while (message := self._read()).get("id") != self._asked:
            self._note(message)
        assert "error" not in message, (method, message["error"])
        result: dict[str, Any] = message["result"]
        return result

    def wait_for(self, event: str) -> None:
        """Wait until the page has told of this event."""
        while True:
            while self._events:
                if self._events.popleft()["method"] == event:
                    return
            self._note(self._read())

    def _note(self, message: dict[str, Any]) -> None:
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(str(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(parameters["entry"]["text"])
        elif method is not None:
            self._events.append(message)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], ANSWER_S)
            assert ready, "Chromium does not answer"
            data = os.read(self._in, 1 << 20)
            assert data, "Chromium has ended"
            self._rest += data
        line, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        return message
