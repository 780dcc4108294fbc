"""The timeline as a view: what every process did and when, by the true clock, with the server above them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from dictrace.engine.fates import Fates
from dictrace.engine.frame import Frame
from dictrace.engine.lane_texts import event_text, exact_time, lane_description, lane_name, lane_text
from dictrace.engine.lanes import MAIN, LaneData
from dictrace.engine.recording import Recording
from dictrace.engine.words import _
from dictrace.widgets.focus import paint_focus
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.text import draw_invitation
from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.timeline_geometry import TimelineGeometry, copy_band
from dictrace.widgets.timeline_loader import LaneLoader
from dictrace.widgets.timeline_order import LaneOrder
from dictrace.widgets.timeline_painter import Highlights, paint_cursor
from dictrace.widgets.timeline_pictures import TimelinePictures
from dictrace.widgets.timeline_stretch import Stretch
from dictrace.widgets.tips import show_tip

_WHEEL_NOTCH = 120
_ZOOM_FACTOR = 1.25
_STEP = 0.1
_NEAR = 6.0


class Timeline(QWidget):
    """One lane per process below one for the manager server; what lies after the position is only hinted at.

    Of a longer run it shows a part in which single events can be told apart, and turns pages.

    Wheel: zoom; drag: move; double click: all of it, or again a part; Home: all of it. Lanes are hidden in the context
    menu, and moved by dragging their names or, the selected one, by Alt+Up and Alt+Down. Both stay when another
    recording is shown.

    Signals:
        seek_requested: position, by event, that the person went to.
        selected: the `Selection` that the person made.
    """

    seek_requested = Signal(float)
    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._data: LaneData | None = None
        self._frame: Frame | None = None
        self._selection = NOTHING
        self._fates: Fates | None = None
        self._main_chosen = False
        self._order = LaneOrder()
        self._stretch = Stretch()
        self._pictures: TimelinePictures | None = None
        self._pressed: QPointF | None = None
        self._pressed_stretch = (0.0, 1.0)
        self._moved = False
        self._dragged: int | None = None
        self._target = 0
        self._loader = LaneLoader(self)
        self._loader.taken_in.connect(self.update)
        self._loader.laid_out.connect(self._on_loader_laid_out)
        self.setAccessibleName(_("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_recording(self, recording: Recording | None) -> None:
        """Show a recording, or what it has got since; a large one is taken in by and by."""
        if recording is not self._loader.recording:
            self._data = self._fates = self._pictures = None
            self._stretch.begin()
        self._loader.set_recording(recording)
        self.update()

    def set_frame(self, frame: Frame | None) -> None:
        """Show the position; where only a part is shown and the position leaves it, the part follows."""
        moved = frame is not None and (self._frame is None or frame.time_ns != self._frame.time_ns)
        self._frame = frame
        if frame is not None and moved and self._pressed is None:
            self._stretch.follow(frame.time_ns)
        self._show()

    def set_selection(self, selection: Selection) -> None:
        self._selection = selection
        self._main_chosen = self._main_chosen and selection.process is None
        self.update()

    @property
    def lanes(self) -> tuple[int, ...]:
        """Lanes that are shown, from the top, each by its first process, and `MAIN`."""
        return self._order.shown

    @property
    def fates(self) -> Fates | None:
        """What it shows as lost; None before it shows a recording."""
        self._loader.lay_out()
        if self._data is None:
            return None
        event = min(self._frame.event if self._frame else len(self._data.event_ns), len(self._data.event_ns))
        if self._fates is None or self._fates.event != event:
            self._fates = self._data.fates.at(event)
        return self._fates

    def geometry_now(self) -> TimelineGeometry:
        """Where things are, in base units."""
        zoom = self._theme.zoom
        rect = QRectF(0, 0, self.width() / zoom, self.height() / zoom)
        shared = self._data.places if self._data is not None else ()
        return TimelineGeometry(rect, self.lanes, *self._stretch.now, shared)

    def menu(self) -> QMenu:
        """A new context menu: the lanes, and the whole run."""
        menu = QMenu(self)
        menu.addAction(_("Show the whole run"), self._fit)
        menu.addAction(_("Show all lanes"), self._show_all).setEnabled(self.lanes != self._order.there)
        menu.addSeparator()
        for worker in self._order.there:
            action = QAction(self._label(worker), menu, checkable=True, checked=worker in self.lanes)
            action.toggled.connect(lambda shown, worker=worker: self._set_shown(worker, shown))
            menu.addAction(action)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(860), self._theme.px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, fates = QPainter(self), self.fates
        zoom = self._theme.zoom
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        geometry = self.geometry_now()
        if not self._has_lanes or self._data is None or self._pictures is None or fates is None:
            painter.fillRect(geometry.rect, self._theme.panel)
            invitation = _(
                "Each process gets a lane here: its copies from fetch to commit, locks, requests and replies."
            )
            unread = self._data is None and self._loader.recording is not None
            text = invitation if not unread else _("Laying out the lanes…")
            draw_invitation(painter, geometry.rect, text, self._theme)
            return
        time_ns = self._frame.time_ns if self._frame else None
        self._pictures.paint(painter, geometry, fates, self._theme, time_ns)
        paint_cursor(painter, geometry, self._data, self._theme, self._highlights())
        if self.hasFocus():
            paint_focus(painter, geometry.rect, self._theme)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; sideways, or with Shift, move."""
        turned, geometry = event.angleDelta(), self.geometry_now()
        along = turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        if abs(turned.x()) > abs(turned.y()) or along:
            self._move(-(along or turned.x()) / _WHEEL_NOTCH * _STEP)
        else:
            at_ns = geometry.ns_of(event.position().x() / self._theme.zoom)
            self._zoom(_ZOOM_FACTOR ** (-turned.y() / _WHEEL_NOTCH), at_ns)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._data is None:
            return
        geometry, place = self.geometry_now(), self._place(event)
        self._pressed, self._moved = place, False
        self._pressed_stretch = self._stretch.now
        row = geometry.row_at(place.y())
        if place.x() < geometry.plot.left() and row is not None and row >= 0:
            self._dragged, self._target = geometry.lanes[row], row

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        place, geometry = self._place(event), self.geometry_now()
        far_px = (place - self._pressed).manhattanLength() * self._theme.zoom
        self._moved = self._moved or far_px >= QApplication.startDragDistance()
        if not self._moved:
            return
        if self._dragged is not None:
            row = (place.y() - geometry.lane(0).top()) / geometry.lane_height
            self._target = min(max(round(row), 0), len(geometry.lanes))
            self.update()
        elif self._pressed.x() >= geometry.plot.left():
            left, right = self._pressed_stretch
            self._stretch.show(left - (place.x() - self._pressed.x()) * geometry.ns_per_unit, right - left)
            self._show()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, moved = self._dragged, self._moved
        self._pressed = self._dragged = None
        if dragged is None:
            if not moved:
                self._click(self._place(event))
        elif moved:
            self._order.place(dragged, self._target)
        else:
            self._choose(self._process_on(self.lanes.index(dragged)))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._stretch.toggle(self.geometry_now().ns_of(event.position().x() / self._theme.zoom))
            self._show()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Keys of its own come before the window's; a tool tip says what is under the pointer."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_of(event):
            event.accept()
            return True
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event, self.text_at(QPointF(event.pos()) / self._theme.zoom), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home: the whole run; + and -: zoom at the position; Alt+Left and Alt+Right: move in time.

        Up and Down: choose a lane, with Alt: move it.
        """
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def text_at(self, place: QPointF) -> str:
        """Everything about what is at a place, base units; empty where there is nothing."""
        geometry, data, recording = self.geometry_now(), self._data, self._loader.recording
        row = geometry.row_at(place.y())
        if data is None or recording is None or self.fates is None or row is None:
            return ""
        at_ns, within_ns = geometry.ns_of(place.x()), _NEAR * geometry.ns_per_unit
        if place.x() < geometry.plot.left():
            return lane_description(recording, self._process_on(row) if row >= 0 else None)
        if row < 0:
            event = data.nearest_event(at_ns)
            near = event and abs(int(data.event_ns[event - 1]) - at_ns) <= within_ns
            return event_text(recording, event) if near else ""
        on_locks = place.y() > copy_band(geometry.lane(row)).bottom()
        process = geometry.process_at(row, at_ns + within_ns)
        return lane_text(recording, data, self.fates, process, at_ns, within_ns, on_locks)

    @property
    def _has_lanes(self) -> bool:
        """Somebody is there, and something has happened."""
        return self._data is not None and bool(self._order.there) and len(self._data.event_ns) > 0

    @property
    def _chosen(self) -> int | None:
        """The lane that keys act on."""
        return MAIN if self._main_chosen else self._selection.process

    def _label(self, worker: int) -> str:
        assert self._loader.recording is not None
        return lane_name(self._loader.recording, worker)

    def _on_loader_laid_out(self, data: LaneData) -> None:
        """New processes come last."""
        self._data, self._fates = data, None
        self._pictures = TimelinePictures(data, self._label)
        self._order.set_there(data.there)
        self._stretch.set_bounds(*data.bounds_ns, data.event_ns)
        self.update()

    def _highlights(self) -> Highlights:
        chosen, frame = self._selection, self._frame
        dragged = self._dragged if self._moved else None
        return Highlights(frame.time_ns if frame else None, chosen.event, self._chosen, dragged, self._target)

    def _place(self, event: QMouseEvent) -> QPointF:
        return event.position() / self._theme.zoom

    def _click(self, place: QPointF) -> None:
        """Go to the nearest event of the lane, or of all on the server's, and select it."""
        geometry, data = self.geometry_now(), self._data
        row, fates = geometry.row_at(place.y()), self.fates
        if data is None or fates is None or row is None or place.x() < geometry.plot.left():
            return
        at_ns = geometry.ns_of(place.x())
        if row >= 0:
            process = geometry.process_at(row, at_ns + _NEAR * geometry.ns_per_unit)
            event = data.nearest_event(at_ns, data.lanes[process].events)
        else:
            event = data.nearest_event(at_ns, fates.losses(1, fates.event))
            if not event or abs(int(data.event_ns[event - 1]) - at_ns) > _NEAR * geometry.ns_per_unit:
                event = data.nearest_event(at_ns)
        if event:
            worker = int(data.workers[event - 1])
            loss = data.fates.loss_by(event) if row < 0 else data.fates.loss_of(event, fates.event)
            self.seek_requested.emit(float(event))
            self.selected.emit(Selection(event, loss, worker if worker >= 0 else None))

    def _act_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does here."""
        if self._data is None:
            return None
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        left, right = self._stretch.now
        at_ns = min(max(self._frame.time_ns if self._frame else left, left), right)
        match event.key():
            case Qt.Key.Key_Home:
                return self._fit
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                return lambda: self._zoom(1 / _ZOOM_FACTOR, at_ns)
            case Qt.Key.Key_Minus:
                return lambda: self._zoom(_ZOOM_FACTOR, at_ns)
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key if alt:
                return lambda: self._move(-_STEP if key == Qt.Key.Key_Left else _STEP)
            case Qt.Key.Key_Up | Qt.Key.Key_Down as key:
                step = -1 if key == Qt.Key.Key_Up else 1
                return lambda: self._step_lane(step, move=bool(alt))
        return None

    def _step_lane(self, step: int, *, move: bool) -> None:
        """Select the next lane above or below, or move the selected one there."""
        lanes, chosen = self.lanes, self._chosen
        if not lanes:
            return
        at = self.geometry_now().row_of(chosen) if chosen is not None else None
        if at is None:
            self._choose(self._process_on(0 if step > 0 else len(lanes) - 1))
            return
        row = at + step
        if not 0 <= row < len(lanes):
            return
        if move:
            self._order.place(lanes[at], row + (step > 0))
            self.update()
        else:
            self._choose(self._process_on(row))

    def _process_on(self, row: int) -> int:
        """The process that has the lane in this place from the top at the position."""
        return self.geometry_now().process_at(row, self._frame.time_ns if self._frame else 0)

    def _choose(self, lane: int) -> None:
        """Make a lane the one that keys act on; a process's is selected in all views."""
        self._main_chosen = lane == MAIN
        self.selected.emit(NOTHING if lane == MAIN else Selection(process=lane))
        self.update()

    def _set_shown(self, worker: int, shown: bool) -> None:
        self._order.set_shown(worker, shown)
        self.update()

    def _show_all(self) -> None:
        self._order.show_all()
        self.update()

    def _fit(self) -> None:
        self._stretch.fit()
        self._show()

    def _zoom(self, factor: float, at_ns: float) -> None:
        self._stretch.zoom(factor, at_ns)
        self._show()

    def _move(self, share: float) -> None:
        """Show a later (or earlier) stretch, by this share of what is shown."""
        left, right = self._stretch.now
        self._stretch.move(share * (right - left))
        self._show()

    def _show(self) -> None:
        """Paint what is shown now, and say it to a screen reader."""
        happened = self._frame.happened if self._frame else ""
        left, right = (exact_time(round(ns)) for ns in self._stretch.now)
        shown = _("Shown: {left} to {right}.").format(left=left, right=right) if self._data is not None else ""
        self.setAccessibleDescription(" ".join(filter(None, (happened, shown))))
        self.update()
