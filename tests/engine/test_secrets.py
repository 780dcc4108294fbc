"""What a run opens can be reached by its own user only, and the key to it is told nobody."""

import base64
import json
import sys
from pathlib import Path

import pytest

from dictrace.engine.launch import Run
from dictrace.engine.order import Order, Script
from tests.engine.runs import PROGRAMS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], bytes]:
    """What a program tells of its own run, and the lines of the recording."""
    path = tmp_path_factory.mktemp("told") / "secrets.json"
    with Run(Order(script=Script(str(PROGRAMS / "tells_secrets.py"), (str(path),)))) as run:
        lines = b"".join(run.lines())
    assert b'"outcome":"finished"' in lines, lines
    return json.loads(path.read_text()), lines


def test_sockets_are_files_in_a_private_folder(told: tuple[dict[str, object], bytes]) -> None:
    secrets, _lines = told
    assert str(secrets["address"]).startswith("/")
    assert 0o700 in secrets["modes"]  # type: ignore[operator]
    assert not Path(str(secrets["address"])).parent.exists()


def test_nothing_listens_on_the_network(told: tuple[dict[str, object], bytes]) -> None:
    assert told[0]["listening"] == 0


def test_the_key_is_in_no_recording_environment_or_command_line(told: tuple[dict[str, object], bytes]) -> None:
    secrets, lines = told
    key = bytes.fromhex(str(secrets["key"]))
    shown = json.dumps([secrets["environments"], secrets["command_lines"]]) + lines.decode()
    assert len(key) >= 16
    for text in (key.hex(), base64.b64encode(key).decode(), repr(key)[2:-1], str(list(key))[1:-1]):
        assert text not in shown
