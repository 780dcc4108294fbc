"""What went wrong in a run, as its view shows it."""

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from dictrace.engine.diagnoses.diagnosis import Diagnosis, Kind, Place
from dictrace.widgets.findings import Findings

NARROW_PX = 240


def test_places_are_told_file_by_file_and_never_make_the_view_wider(qtbot: QtBot) -> None:
    view = Findings()
    qtbot.addWidget(view)
    long = "a_file_with_a_rather_long_name_for_so_narrow_a_view.py"
    places = (Place(long, 10), Place(long, 12), Place("helper.py", 3))
    view.set_diagnoses((Diagnosis(Kind.STALE_WRITE_BACK, 1, 1, 5, places=places, what="d"),))
    (button,) = view.findChildren(QPushButton)
    assert button.text() == f"{long}:10, 12\nhelper.py:3"
    assert view.minimumSizeHint().width() < NARROW_PX


def test_without_a_diagnosis_nothing_else_is_wrong_where_something_is(qtbot: QtBot) -> None:
    view = Findings()
    qtbot.addWidget(view)
    for wrong, said in ((False, "Nothing wrong"), (True, "Nothing else that is wrong")):
        view.set_diagnoses((), wrong)
        assert any(label.text().startswith(f"{said} was seen") for label in view.findChildren(QLabel))
