"""The dict as a table in a picture: as many keys as have room, and how many more there are."""

import re

import pytest

from dictrace.engine.framing import frame_at
from dictrace.widgets.dict_model import DictModel
from dictrace.widgets.dict_painter import paint_dict
from dictrace.widgets.theme import LIGHT
from tests.engine.races import race
from tests.widgets.texts import texts_of

pytestmark = pytest.mark.usefixtures("qapp")
KEYS = 60


@pytest.fixture
def model() -> DictModel:
    recording = race(tasks=KEYS)
    made = DictModel()
    made.set_recording(recording)
    made.slices.finish()
    made.set_frame(frame_at(recording, len(recording.events)))
    return made


@pytest.mark.parametrize(
    ("width", "height", "parts"), [(400, 2000, 1), (400, 300, 1), (600, 500, 2), (1200, 340, 4), (300, 60, 1)]
)
def test_every_key_is_shown_or_counted(model: DictModel, width: int, height: int, parts: int) -> None:
    texts = texts_of(lambda painter, rect: paint_dict(painter, rect, model, LIGHT), width, height)
    assert texts.count("key") == parts
    shown = [int(text) for text in texts if text.isdecimal()]
    more = [int(found[1]) for text in texts if (found := re.fullmatch(r"and (\d+) more keys?", text))]
    assert shown == list(range(len(shown)))
    assert len(shown) + sum(more) == KEYS


def test_what_became_of_a_key_is_beside_it(model: DictModel) -> None:
    texts = texts_of(lambda painter, rect: paint_dict(painter, rect, model, LIGHT), 400, 2000)
    assert texts.count("overwritten") + texts.count("present") == KEYS
    assert texts.count("nothing") == texts.count("overwritten") > 0
