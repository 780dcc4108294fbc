"""Nothing is left of a run, however it ends: no process, socket, folder, shared memory, descriptor or thread."""

import os
import signal
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from dictrace.engine.experiment import start_methods
from tests.engine import leftovers
from tests.engine.cycles import ENDINGS, cycle
from tests.engine.faulty import POINTS, struck
from tests.engine.leftovers import apart, assert_nothing_left, inventory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux has them")

CYCLES = 20


def test_nothing_is_left_of_many_runs() -> None:
    with apart() as folder:
        cycle(Random(0), "whole", start_methods()[0])
        before = inventory(folder)
        for number in range(CYCLES):
            ending, start_method = list(ENDINGS)[number % len(ENDINGS)], start_methods()[number % len(start_methods())]
            cycle(Random(number), ending, start_method)
        assert_nothing_left(folder, before)


@pytest.mark.parametrize("name", POINTS)
def test_nothing_is_left_after_a_fault(name: str) -> None:
    with apart() as folder:
        before = inventory(folder)
        struck(POINTS[name], "spawn", signal.SIGKILL)
        assert_nothing_left(folder, before)


def test_a_folder_may_go_while_it_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "stays").mkdir()
    goes, plain = tmp_path / "goes", os.scandir
    goes.mkdir()

    def scandir(path: str | Path) -> Any:
        if Path(path) == goes:
            goes.rmdir()
        return plain(path)

    with patch.object(os, "scandir", scandir):
        assert "stays" in inventory(tmp_path).files
    assert not goes.exists()


def test_shared_memory_that_stays_is_noticed(tmp_path: Path) -> None:
    with apart() as folder, patch.object(leftovers, "SHARED_MEMORY", tmp_path):
        before = inventory(folder)
        (tmp_path / "psm_1").touch()
        with pytest.raises(AssertionError, match="psm_1"):
            assert_nothing_left(folder, before, within_s=0.2)
        (tmp_path / "psm_1").unlink()
        assert_nothing_left(folder, before)


def test_what_other_programs_share_meanwhile_is_not_taken_for_ours() -> None:
    with apart() as folder:
        now, names = inventory(folder), count()

        def at_any_time(_folder: object) -> leftovers.Inventory:
            return replace(now, shared=now.shared | {f"psm_{next(names)}"})

        with patch.object(leftovers, "inventory", at_any_time):
            assert_nothing_left(folder, now, within_s=5)
