"""What the window needs only after its first frame, loaded step by step, so that it answers in between."""

import gc
from collections.abc import Iterator
from importlib import import_module

from PySide6 import QtCore, QtGui, QtWidgets

_VIEWS = (
    "numpy",
    "dictrace.app.opener",
    "dictrace.app.session",
    "dictrace.widgets.stage_painter",
    "dictrace.widgets.timeline",
    "dictrace.widgets.history_view",
    "dictrace.widgets.why_view",
    "dictrace.widgets.log_view",
    "dictrace.app.views",
)
"""Modules of which each imports a part of what the last, the views, need."""


def load_views() -> Iterator[None]:
    """Import what the views in the panels need."""
    for name in _VIEWS:
        import_module(name)
        yield


def load_plot() -> Iterator[None]:
    """Import what the plot needs.

    pyqtgraph asks Qt for all it has, which Qt's modules make at the first question: these are asked here in many steps,
    and the import after that takes a third of the time.
    """
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            yield
    import_module("dictrace.widgets.losses_picture")
    gc.freeze()  # all that was loaded stays: the collector need not go through it each time, in front of a person
    yield
