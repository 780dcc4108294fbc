"""Fixtures that several tests of the stage's painters share."""

from collections.abc import Callable
from types import ModuleType

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.recording import Recording
from dictrace.widgets import stamps, text
from tests.engine.races import race


@pytest.fixture(autouse=True, scope="session")
def application(request: pytest.FixtureRequest) -> None:
    """There is one before anything is painted, whichever test comes first."""
    request.getfixturevalue("qapp")


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


@pytest.fixture
def elisions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that were cut because their room was too short."""
    cut: list[str] = []
    fits = text._fitted
    monkeypatch.setattr(stamps, "kept", stamps.Kept(0))

    def watched(whole: str, width: float, size: text.TextSize, bold: bool, mono: bool) -> tuple[str, float]:
        shown, needed = fits(whole, width, size, bold, mono)
        if shown != whole:
            cut.append(whole)
        return shown, needed

    monkeypatch.setattr(text, "_fitted", watched)
    return cut


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModuleType], list[str]]:
    """Makes a list of every text that a module draws from now on."""
    draw_text = text.draw_text
    monkeypatch.setattr(stamps, "kept", stamps.Kept(0))

    def listen_to(module: ModuleType) -> list[str]:
        drawn: list[str] = []

        def watched(painter: QPainter, rect: QRectF, said: str, *args: object, **more: object) -> float:
            drawn.append(said)
            return draw_text(painter, rect, said, *args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "draw_text", watched)
        return drawn

    return listen_to
