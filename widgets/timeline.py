"""The timeline as a view: what every process did and when, by the true clock, with the server above them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QToolTip, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.lane_texts import event_text, lane_text
from dictrace.engine.lanes import LaneData, Lanes
from dictrace.engine.recording import Recording
from dictrace.engine.words import _
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.timeline_geometry import LEAST_SPAN_NS, TimelineGeometry
from dictrace.widgets.timeline_painter import Highlights, copy_band, paint_cursor, paint_lanes, paint_no_timeline

SLICE_EVENTS = 20_000
"""Events taken in at a time, so that the window stays awake."""

_WHEEL_NOTCH = 120
_ZOOM_FACTOR = 1.25
_NEAR = 6.0


class Timeline(QWidget):
    """One lane per process below one for the manager server. Wheel: zoom; drag: move; double click or Home: all of it.

    Lanes are hidden in the context menu, and moved by dragging their names or, the selected one, by Alt+Up and
    Alt+Down. Both stay when another recording is shown.

    Signals:
        seek_requested: position, by event, that the person went to.
        selected: the `Selection` that the person made.
    """

    seek_requested = Signal(float)
    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._lanes: Lanes | None = None
        self._data: LaneData | None = None
        self._frame: Frame | None = None
        self._selection = NOTHING
        self._order: list[int] = []
        self._hidden: set[int] = set()
        self._range: tuple[float, float] | None = None
        self._rows = 0
        self._stale = False
        self._picture: tuple[object, QPixmap] | None = None
        self._pressed: QPointF | None = None
        self._pressed_range = (0.0, 1.0)
        self._moved = False
        self._dragged: int | None = None
        self._target = 0
        self._loader = QTimer(self, singleShot=True, interval=0)
        self._loader.timeout.connect(self._load)
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
        if recording is None:
            self._lanes = self._data = self._range = None
        elif self._lanes is None or self._lanes.recording is not recording:
            self._lanes, self._data, self._range = Lanes(recording), None, None
        elif recording.rows == self._rows:
            return
        self._rows = recording.rows if recording is not None else 0
        self._stale = False
        self._load()

    def set_frame(self, frame: Frame | None) -> None:
        """Show the position; where only a part is shown and the position leaves it, the part follows."""
        moved = frame is not None and (self._frame is None or frame.time_ns != self._frame.time_ns)
        self._frame = frame
        self.setAccessibleDescription(frame.happened if frame else "")
        if frame is not None and moved and self._range is not None and self._pressed is None:
            left, right = self._range
            if not left <= frame.time_ns <= right:
                self._show(frame.time_ns - 0.2 * (right - left), right - left)
        self.update()

    def set_selection(self, selection: Selection) -> None:
        self._selection = selection
        self.update()

    @property
    def lanes(self) -> tuple[int, ...]:
        """Indices of the processes whose lanes are shown, from the top."""
        return tuple(worker for worker in self._order if worker not in self._hidden and worker < self._workers)

    def geometry_now(self) -> TimelineGeometry:
        """Where things are, in base units."""
        zoom = self._theme.zoom
        rect = QRectF(0, 0, self.width() / zoom, self.height() / zoom)
        left, right = self._range or self._whole
        return TimelineGeometry(rect, self.lanes, left, right)

    def menu(self) -> QMenu:
        """A new context menu: the lanes, and the whole run."""
        menu = QMenu(self)
        menu.addAction(_("Show the whole run"), self._fit)
        menu.addAction(_("Show all lanes"), self._show_all).setEnabled(bool(self._hidden))
        menu.addSeparator()
        for worker in self._order[: self._workers]:
            action = QAction(self._label(worker), menu, checkable=True, checked=worker not in self._hidden)
            action.toggled.connect(lambda shown, worker=worker: self._set_shown(worker, shown))
            menu.addAction(action)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(860), self._theme.px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._refresh()
        painter = QPainter(self)
        zoom = self._theme.zoom
        if self._data is None:
            painter.fillRect(self.rect(), self._theme.panel)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(zoom, zoom)
            invitation = _(
                "Each process gets a lane here: its copies from fetch to commit, locks, requests and replies."
            )
            text = invitation if self._lanes is None else _("Laying out the lanes…")
            paint_no_timeline(painter, self.geometry_now().rect, self._theme, text)
            return
        painter.drawPixmap(0, 0, self._lanes_picture(self._data))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        paint_cursor(painter, self.geometry_now(), self._data, self._theme, self._highlights())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; sideways, move."""
        turned = event.angleDelta()
        geometry = self.geometry_now()
        if abs(turned.x()) > abs(turned.y()):
            span = geometry.right_ns - geometry.left_ns
            self._show(geometry.left_ns - turned.x() / _WHEEL_NOTCH * 0.1 * span, span)
        else:
            at_ns = geometry.ns_of(event.position().x() / self._theme.zoom)
            self._zoom(_ZOOM_FACTOR ** (-turned.y() / _WHEEL_NOTCH), at_ns)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._data is None:
            return
        geometry, place = self.geometry_now(), self._place(event)
        self._pressed, self._moved = place, False
        self._pressed_range = geometry.left_ns, geometry.right_ns
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
            left, right = self._pressed_range
            shift = (place.x() - self._pressed.x()) * geometry.ns_per_unit
            self._show(left - shift, right - left)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, moved = self._dragged, self._moved
        self._pressed = self._dragged = None
        if dragged is None:
            if not moved:
                self._click(self._place(event))
        elif moved:
            self._place_lane(dragged, self._target)
        else:
            self.selected.emit(Selection(process=dragged))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._fit()

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
            QToolTip.showText(event.globalPos(), self.text_at(QPointF(event.pos()) / self._theme.zoom), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home: the whole run; plus and minus: zoom at the position; Up and Down: another lane, with Alt: move it."""
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def text_at(self, place: QPointF) -> str:
        """Everything about what is at a place, base units; empty where there is nothing."""
        geometry, data = self.geometry_now(), self._data
        row = geometry.row_at(place.y())
        if data is None or self._lanes is None or row is None:
            return ""
        recording = self._lanes.recording
        at_ns, within_ns = geometry.ns_of(place.x()), _NEAR * geometry.ns_per_unit
        if place.x() < geometry.plot.left():
            return self._name_text(recording, None if row < 0 else geometry.lanes[row])
        if row < 0:
            event = data.nearest_event(at_ns)
            near = event and abs(int(data.event_ns[event - 1]) - at_ns) <= within_ns
            return event_text(recording, event) if near else ""
        worker = geometry.lanes[row]
        on_locks = place.y() > copy_band(geometry.lane(row)).bottom()
        return lane_text(recording, data, worker, at_ns, within_ns, on_locks)

    @property
    def _workers(self) -> int:
        return len(self._data.lanes) if self._data is not None else 0

    @property
    def _whole(self) -> tuple[float, float]:
        """The time that the whole run takes, and a little around it."""
        first, last = self._data.bounds_ns if self._data is not None else (0, 0)
        around = 0.01 * max(last - first, LEAST_SPAN_NS)
        return max(first - around, 0.0), max(last + around, first + LEAST_SPAN_NS)

    def _label(self, worker: int) -> str:
        assert self._lanes is not None
        return self._lanes.recording.workers[worker].label

    def _name_text(self, recording: Recording, worker: int | None) -> str:
        if worker is None:
            return _("The manager server: what it served, in its own order, and the losses")
        process = recording.workers[worker]
        return _("{label} · {name} · PID {pid}").format(label=process.label, name=process.name, pid=process.pid)

    def _load(self) -> None:
        """Take in the next slice of the recording."""
        if self._lanes is None:
            self._loader.stop()
        elif self._lanes.advance(SLICE_EVENTS):
            self._stale = True
        else:
            self._loader.start()
        self.update()

    def _refresh(self) -> None:
        """Lay out what was taken in; new processes come last."""
        if self._stale and self._lanes is not None:
            self._data, self._stale, self._picture = self._lanes.data(), False, None
            self._order += range(len(self._order), self._workers)

    def _lanes_picture(self, data: LaneData) -> QPixmap:
        """All but the cursor, painted anew only where it differs."""
        geometry, ratio = self.geometry_now(), self.devicePixelRatioF()
        key = geometry, self._theme, ratio
        if self._picture is None or self._picture[0] != key:
            pixmap = QPixmap(self.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(self._theme.panel)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._theme.zoom, self._theme.zoom)
            paint_lanes(painter, geometry, data, [self._label(worker) for worker in range(self._workers)], self._theme)
            painter.end()
            self._picture = key, pixmap
        return self._picture[1]

    def _highlights(self) -> Highlights:
        chosen, frame = self._selection, self._frame
        dragged = self._dragged if self._moved else None
        return Highlights(frame.time_ns if frame else None, chosen.event, chosen.process, dragged, self._target)

    def _place(self, event: QMouseEvent) -> QPointF:
        return event.position() / self._theme.zoom

    def _click(self, place: QPointF) -> None:
        """Go to the nearest event of the lane, or of all on the server's, and select it."""
        geometry, data = self.geometry_now(), self._data
        row = geometry.row_at(place.y())
        if data is None or self._lanes is None or row is None or place.x() < geometry.plot.left():
            return
        at_ns = geometry.ns_of(place.x())
        if row >= 0:
            event = data.nearest_event(at_ns, data.lanes[geometry.lanes[row]].events)
        else:
            event = data.nearest_event(at_ns, data.losses)
            if not event or abs(int(data.event_ns[event - 1]) - at_ns) > _NEAR * geometry.ns_per_unit:
                event = data.nearest_event(at_ns)
        if event:
            worker = int(data.workers[event - 1])
            loss = data.loss_of(event, as_culprit=row < 0)
            self.seek_requested.emit(float(event))
            self.selected.emit(Selection(event, loss, worker if worker >= 0 else None))

    def _act_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does here."""
        if self._data is None:
            return None
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        left, right = self._range or self._whole
        at_ns = min(max(self._frame.time_ns if self._frame else left, left), right)
        match event.key():
            case Qt.Key.Key_Home:
                return self._fit
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                return lambda: self._zoom(1 / _ZOOM_FACTOR, at_ns)
            case Qt.Key.Key_Minus:
                return lambda: self._zoom(_ZOOM_FACTOR, at_ns)
            case Qt.Key.Key_Up | Qt.Key.Key_Down as key:
                step = -1 if key == Qt.Key.Key_Up else 1
                return lambda: self._step_lane(step, move=bool(alt))
        return None

    def _step_lane(self, step: int, *, move: bool) -> None:
        """Select the next lane above or below, or move the selected one there."""
        lanes, process = self.lanes, self._selection.process
        if not lanes:
            return
        if process not in lanes:
            self.selected.emit(Selection(process=lanes[0 if step > 0 else -1]))
            return
        row = lanes.index(process) + step
        if not 0 <= row < len(lanes):
            return
        if move:
            self._place_lane(process, row + (step > 0))
        else:
            self.selected.emit(Selection(process=lanes[row]))

    def _place_lane(self, worker: int, row: int) -> None:
        """Put a lane before the one that is at this place from the top."""
        lanes = self.lanes
        before = lanes[row] if row < len(lanes) else None
        if before != worker:
            self._order.remove(worker)
            self._order.insert(self._order.index(before) if before is not None else len(self._order), worker)
        self.update()

    def _set_shown(self, worker: int, shown: bool) -> None:
        (self._hidden.discard if shown else self._hidden.add)(worker)
        self.update()

    def _show_all(self) -> None:
        self._hidden.clear()
        self.update()

    def _fit(self) -> None:
        self._range = None
        self.update()

    def _zoom(self, factor: float, at_ns: float) -> None:
        geometry = self.geometry_now()
        first, last = self._whole
        span = geometry.right_ns - geometry.left_ns
        wanted = min(max(span * factor, LEAST_SPAN_NS), last - first)
        self._show(at_ns - (at_ns - geometry.left_ns) * wanted / span, wanted)

    def _show(self, left_ns: float, span_ns: float) -> None:
        """Show a stretch of the run, never beyond its ends; all of it where it is that long."""
        first, last = self._whole
        left_ns = min(max(left_ns, first), max(last - span_ns, first))
        self._range = (left_ns, left_ns + span_ns) if span_ns < last - first else None
        self.update()
