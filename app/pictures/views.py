"""Paints each view of a recording into a rectangle, with the painters of the window. Base units throughout.

Views whose modules take long to load are imported only when they are painted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.app.pictures.picture import View
from dictrace.app.pictures.subject import Subject
from dictrace.engine.frame import Frame
from dictrace.engine.words import _
from dictrace.widgets.text import draw_invitation, draw_paragraph
from dictrace.widgets.theme import UNIT, Theme


@dataclass(frozen=True, slots=True)
class Moment:
    """What a view is painted from: the subject, its frame at the position, and how everything looks."""

    subject: Subject
    frame: Frame
    theme: Theme


def paint_view(painter: QPainter, rect: QRectF, view: View, moment: Moment) -> None:
    """Paint one view; the background is left as it is."""
    _PAINTERS[view](painter, rect, moment)


def _stage(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.stage_painter import paint_stage

    paint_stage(painter, rect.adjusted(0, 2 * UNIT, 0, 0), moment.frame, moment.theme, moment.subject.context)


def _timeline(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.engine.lane_texts import lane_name
    from dictrace.widgets.timeline_geometry import TimelineGeometry, whole_run
    from dictrace.widgets.timeline_painter import Highlights, paint_timeline

    lanes = moment.subject.lanes
    geometry = TimelineGeometry(rect, lanes.there, *whole_run(lanes.bounds_ns), lanes.places)
    names = {process: lane_name(moment.subject.recording, process) for _row, process in geometry.placed}
    fates, marks = lanes.fates.at(moment.frame.event), Highlights(moment.frame.time_ns)
    paint_timeline(painter, geometry, lanes, fates, names, moment.theme, marks)


def _history(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.history_painter import ROW, RowsState, paint_graph, paint_keys

    graphs, state, room = moment.subject.graphs, RowsState(moment.frame.event), _padded(rect)
    room.setHeight(max(room.height() // ROW, 1) * ROW)  # no row is cut
    if not graphs.count_at(moment.frame.event):
        draw_invitation(painter, room, _("Nothing has been committed yet."), moment.theme)
    elif len(graphs.slots) == 1:
        paint_graph(painter, room, graphs.graph(0), state, moment.theme)
    else:
        paint_keys(painter, room, graphs, state, moment.theme)


def _losses(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.losses_painter import paint_losses_plot

    subject = moment.subject
    expected = subject.session.expected_updates
    paint_losses_plot(painter, _padded(rect), subject.curve, moment.frame, moment.theme, expected)


def _code(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.code_painter import lines_of, paint_code

    lines = lines_of(moment.subject.recording.header.source)
    if lines:
        paint_code(painter, _padded(rect), lines, moment.frame.processes, moment.theme)
    else:
        draw_paragraph(painter, _padded(rect), _("The source is not in this recording."), moment.theme.muted)


def _blame(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.blame_bars import blames_at, paint_blame

    paint_blame(painter, _padded(rect), blames_at(moment.subject.recording, moment.frame), moment.theme)


def _dict(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.dict_painter import paint_dict

    model = moment.subject.keys
    model.set_theme(moment.theme)
    model.set_frame(moment.frame)
    paint_dict(painter, _padded(rect), model, moment.theme)


def _why(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.engine.story import newest_story
    from dictrace.widgets.story_painter import paint_story

    told = newest_story(moment.subject.recording, moment.frame.event)
    paint_story(painter, _padded(rect), told, moment.frame.position, moment.theme)


def _log(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    from dictrace.widgets.log_model import Column, LogModel
    from dictrace.widgets.table_painter import TableColumn, paint_rows, rows_in

    model, room = LogModel(), _padded(rect)
    model.set_theme(moment.theme)
    model.set_recording(moment.subject.recording)
    model.set_current(moment.frame.event)
    shown = rows_in(room.height())
    first = max(0, min(moment.frame.event - shown * 2 // 3, model.rowCount() - shown))
    columns = (
        TableColumn(Column.EVENT, 52.0),
        TableColumn(Column.TIME, 72.0),
        TableColumn(Column.PROCESS, 60.0),
        TableColumn(Column.TASK, 48.0),
        TableColumn(Column.HAPPENED),
    )
    rows = range(first, min(first + shown, model.rowCount()))
    paint_rows(painter, room, model, rows, columns, moment.theme)


def _padded(rect: QRectF) -> QRectF:
    return rect.adjusted(3 * UNIT, 2 * UNIT, -3 * UNIT, -2 * UNIT)


_PAINTERS: dict[View, Callable[[QPainter, QRectF, Moment], None]] = {
    View.STAGE: _stage,
    View.TIMELINE: _timeline,
    View.HISTORY: _history,
    View.LOSSES: _losses,
    View.DICT: _dict,
    View.CODE: _code,
    View.WHY: _why,
    View.LOG: _log,
    View.BLAME: _blame,
}
