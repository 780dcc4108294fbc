"""For all tests of the window: one that is complete, and closed after the test."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.app.watched import Watched


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    made = Watched(qtbot)
    yield made
    made.window.close()
