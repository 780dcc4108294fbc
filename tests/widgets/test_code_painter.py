"""The code in a picture: where not all of it has room, the lines in play are in sight."""

from dataclasses import replace

import pytest

from dictrace.engine.frame import ProcessView
from dictrace.engine.framing import frame_at
from dictrace.engine.rows import Source
from dictrace.widgets.code_painter import LINE, lines_of, paint_code
from dictrace.widgets.theme import LIGHT
from tests.engine.races import race
from tests.widgets.texts import texts_of

pytestmark = pytest.mark.usefixtures("qapp")
LINES = lines_of([Source("work.py", 11, "\n".join(f"step_{n}()" for n in range(11, 51)))])


def views_at(*lines: int | None) -> list[ProcessView]:
    """A process at each of these lines."""
    recording = race(workers=len(lines), tasks=8)
    return [replace(view, line=line) for view, line in zip(frame_at(recording, 9).processes, lines, strict=True)]


@pytest.mark.parametrize("lines", [(11, 13), (30, 33), (49, 50), (50, None), (None, 11)])
def test_lines_in_play_are_in_sight(lines: tuple[int | None, ...]) -> None:
    views = views_at(*lines)
    texts = texts_of(lambda painter, rect: paint_code(painter, rect, LINES, views, LIGHT), 400, int(8 * LINE))
    numbers = [int(text) for text in texts if text.isdecimal()]
    assert {line for line in lines if line} <= set(numbers)
    assert 7 <= len(numbers) <= 8
    assert sorted(text for text in texts if text in ("P1", "P2")) == [
        view.label for view in views if view.line is not None
    ]


def test_code_that_has_room_is_shown_from_its_file_name_on() -> None:
    texts = texts_of(lambda painter, rect: paint_code(painter, rect, LINES, views_at(40), LIGHT), 400, int(60 * LINE))
    assert texts[0] == "work.py"
    assert sum(text.isdecimal() for text in texts) == 40


@pytest.mark.parametrize(("width", "cut"), [(900, False), (600, False), (200, True)])
def test_long_lines_are_smaller_and_what_is_still_too_long_is_said_to_be(width: int, cut: bool) -> None:
    lines = lines_of([Source("work.py", 1, f"short()\nlonger({', '.join(map(str, range(20)))})")])
    texts = texts_of(lambda painter, rect: paint_code(painter, rect, lines, (), LIGHT), width, 200)
    assert texts.count("…") == cut
