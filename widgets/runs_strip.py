"""The runs of this session: one dot each at the share of updates that it lost, grouped by what was run."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dictrace.engine.experiment import Experiment, LockChoice, Target
from dictrace.engine.frame import Counts
from dictrace.engine.words import _, ngettext
from dictrace.widgets.focus import paint_focus
from dictrace.widgets.text import draw_invitation, draw_text, text_width
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme
from dictrace.widgets.tips import show_tip

ROW = 40.0
DOT = 4.5
AXIS = 18.0
_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Run:
    """A run that came to its end: what ran, an experiment or a script of this name, and the fate of its updates."""

    made: Experiment | str
    counts: Counts

    @property
    def share(self) -> float:
        """Share of the attempted updates that was lost, 0 to 1."""
        return self.counts.lost / max(self.counts.attempted, 1)

    @property
    def sentence(self) -> str:
        """Result and settings in words."""
        made = self.made
        if isinstance(made, str):
            return _("{lost} of {n} updates lost · {group}").format(
                lost=f"{self.counts.lost:,}", n=f"{self.counts.attempted:,}", group=made
            )
        return _("{lost} of {n} updates lost · {group} · {processes} processes · {think:g} ms · {method}").format(
            lost=f"{self.counts.lost:,}",
            n=f"{self.counts.attempted:,}",
            group=group_title(made),
            processes=made.processes,
            think=made.think_ms,
            method=made.start_method,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of the same kind, in the order they were made."""

    title: str
    runs: tuple[Run, ...]

    @property
    def summary(self) -> str:
        """How many runs and how far apart they are; no share without the number of runs it comes from."""
        low, high = (percent(bound(run.share for run in self.runs)) for bound in (min, max))
        share = _("{low} to {high} %") if low != high else "{low} %"
        lost = _("{share} lost").format(share=share.format(low=low, high=high))
        runs = ngettext("{n} run", "{n} runs", len(self.runs)).format(n=len(self.runs))
        return _("{lost} in {runs}").format(lost=lost, runs=runs)


def percent(share: float) -> int:
    """A share in whole percent; 0 only where nothing was lost, and 100 only where everything was."""
    return round(share * 100) if share in (0, 1) else min(max(round(share * 100), 1), 99)


def group_title(made: Experiment | str) -> str:
    """What is compared: a script, or the lock, and before it what the tasks change where that is not the usual."""
    if isinstance(made, str):
        return made
    lock = {
        LockChoice.NONE: _("no lock"),
        LockChoice.SHARED: _("shared lock"),
        LockChoice.PRIVATE: _("private locks"),
        LockChoice.IGNORED: _("one ignores the lock"),
    }[made.lock]
    match made:
        case Experiment(target=Target.COUNTER):
            return _("counter, {lock}").format(lock=lock)
        case Experiment(target=Target.PROXY):
            return _("nested proxy, {lock}").format(lock=lock)
        case Experiment(nested=False):
            return _("own key, {lock}").format(lock=lock)
        case Experiment(write_back=False):
            return _("in place, {lock}").format(lock=lock)
        case _:
            return lock


def groups_of(runs: Sequence[Run]) -> tuple[Group, ...]:
    """The runs by title, the group of the newest run last."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        title = group_title(run.made)
        groups[title] = [*groups.pop(title, ()), run]
    return tuple(Group(title, tuple(members)) for title, members in groups.items())


class RunsStrip(QWidget):
    """Compares the runs of this session at a glance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._groups: tuple[Group, ...] = ()
        self.setAccessibleName(_("Runs of this session"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Show these runs, oldest first."""
        self._groups = groups_of(runs)
        told = (f"{group.title}: {group.summary}." for group in self._groups)
        self.setAccessibleDescription(" ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(260), self._theme.px(3 * ROW + AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(170), self._theme.px(ROW + AXIS))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._theme.zoom, self._theme.zoom)
        paint_runs(painter, self._room(), self._groups, self._theme)
        if self.hasFocus():
            paint_focus(painter, self._room(), self._theme)

    def event(self, event: QEvent) -> bool:
        """Tells the run under the pointer in words."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            show_tip(event, self._text_at(QPointF(event.pos()) / self._theme.zoom), self)
            return True
        return super().event(event)

    def _text_at(self, point: QPointF) -> str:
        shown = shown_groups(self._room(), self._groups)
        for number, group in enumerate(shown):
            row = _row(self._room(), number)
            if row.contains(point):
                near = [r for n, r in enumerate(group.runs) if _reaches(_dot(row, r.share, n), point)]
                return "\n".join(run.sentence for run in near) or f"{group.title}: {group.summary}"
        return ""

    def _room(self) -> QRectF:
        return QRectF(0, 0, self.width() / self._theme.zoom, self.height() / self._theme.zoom)


def shown_groups(rect: QRectF, groups: Sequence[Group]) -> Sequence[Group]:
    """The newest groups, as many as have room."""
    return groups[-max(int((rect.height() - AXIS) // ROW), 1) :]


def paint_runs(painter: QPainter, rect: QRectF, groups: Sequence[Group], theme: Theme) -> None:
    """Paint into `rect`, base units: a row per group over one axis from 0 to 100 % lost."""
    if not groups:
        text = _("Each run leaves a dot here. Run it again, with and without a lock, and compare.")
        draw_invitation(painter, rect, text, theme)
        return
    shown = shown_groups(rect, groups)
    for number, group in enumerate(shown):
        _paint_group(painter, _row(rect, number), group, theme, newest=number == len(shown) - 1)
    axis = QRectF(rect.left() + 2 * UNIT, _row(rect, len(shown)).top(), rect.width() - 4 * UNIT, AXIS)
    draw_text(painter, axis, _("none lost"), theme.muted, TextSize.SMALL)
    draw_text(painter, axis, _("{share} lost").format(share="100 %"), theme.muted, TextSize.SMALL, _RIGHT)
    others = len(groups) - len(shown)
    if others:
        text = ngettext("and {n} other group", "and {n} other groups", others).format(n=others)
        draw_text(painter, axis, text, theme.muted, TextSize.SMALL, Qt.AlignmentFlag.AlignHCenter)


def _paint_group(painter: QPainter, row: QRectF, group: Group, theme: Theme, *, newest: bool) -> None:
    head = QRectF(row.left() + 2 * UNIT, row.top() + 2, row.width() - 4 * UNIT, 16)
    # Whatever room there is, how many runs a share comes from is never cut off.
    draw_text(painter, head, group.summary, theme.muted, TextSize.SMALL, _RIGHT)
    head.setRight(head.right() - text_width(group.summary, TextSize.SMALL) - 2 * UNIT)
    draw_text(painter, head, group.title, theme.text, TextSize.SMALL, bold=newest)
    shares = [run.share for run in group.runs]
    low, high, middle = (_dot(row, share, 0) for share in (min(shares), max(shares), median(shares)))
    line = low.y()
    painter.setPen(QPen(theme.border, 1))
    painter.drawLine(QPointF(_dot(row, 0, 0).x(), line), QPointF(_dot(row, 1, 0).x(), line))
    if len(shares) > 1:
        painter.setPen(QPen(theme.muted, 3))
        painter.drawLine(QPointF(low.x(), line), QPointF(high.x(), line))
        painter.setPen(QPen(theme.text, 2))
        painter.drawLine(QPointF(middle.x(), line - 9), QPointF(middle.x(), line + 9))
    for number, run in enumerate(group.runs):
        last = newest and number == len(group.runs) - 1
        painter.setPen(QPen(theme.text, 2) if last else QPen(theme.panel, 1))
        painter.setBrush(theme.lost if run.counts.lost else theme.text)
        painter.drawEllipse(_dot(row, run.share, number), DOT, DOT)


def _row(rect: QRectF, number: int) -> QRectF:
    return QRectF(rect.left(), rect.top() + number * ROW, rect.width(), ROW)


def _dot(row: QRectF, share: float, number: int) -> QPointF:
    """Centre of the dot of the group's run of this number: later ones a little above or below, not to hide others."""
    left, right = row.left() + 3 * UNIT, row.right() - 3 * UNIT
    return QPointF(left + share * (right - left), row.top() + 27 + (0, -5, 5, -2.5, 2.5)[number % 5])


def _reaches(dot: QPointF, point: QPointF) -> bool:
    return (dot - point).manhattanLength() <= 2 * DOT
