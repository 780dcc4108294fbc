"""What can be asked for, and what is said of what can't."""

import pytest

from dictrace.engine.experiment import (
    MAX_PROCESSES,
    PRESETS,
    Experiment,
    ExperimentError,
    LockChoice,
    Target,
    checked,
    preset,
    start_methods,
)


def test_each_preset_knows_its_name() -> None:
    assert [preset(name).what for name in PRESETS] == list(PRESETS)


def test_settings_that_choose_no_other_function_keep_the_name() -> None:
    assert preset("counter", nested=False, processes=9).preset == "counter"
    assert preset("own-key", write_back=False, tasks=3).preset == "own-key"


def test_toggles_without_a_preset_are_named_by_what_they_add() -> None:
    assert Experiment(target=Target.COUNTER, lock=LockChoice.SHARED).preset is None
    assert Experiment(target=Target.COUNTER, lock=LockChoice.SHARED).what == "counter, shared lock"


@pytest.mark.parametrize(
    "settings",
    [
        {"processes": 0},
        {"processes": MAX_PROCESSES + 1},
        {"processes": 1_000_000},
        {"tasks": -1},
        {"tasks": 0},
        {"think_ms": -0.1},
        {"think_ms": float("nan")},
        {"start_method": "magic"},
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(settings: dict[str, object]) -> None:
    with pytest.raises(ExperimentError) as caught:
        preset("counter", **settings)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text


def test_an_unknown_preset_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ExperimentError, match=r"no preset called “nope”.*own-key.*lock-ignored"):
        preset("nope")


def test_what_can_be_run_is_returned_as_it_is() -> None:
    experiment = Experiment(processes=MAX_PROCESSES, start_method=start_methods()[-1])
    assert checked(experiment) is experiment
