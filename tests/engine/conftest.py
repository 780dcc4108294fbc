"""For the tests of the engine."""

import pytest


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave unmeasured what started programs cover: many are killed before they tell it, and each takes longer."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
