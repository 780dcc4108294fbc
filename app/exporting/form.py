"""The settings of an export: what, which moment, how large, how it looks."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from dictrace.app.exporting.plan import Source, in_unit, obstacle, size_of, view_of
from dictrace.app.exporting.texts import kind_choice, part_name, sizing_name, stills_name, when_name
from dictrace.app.exporting.wish import ANIMATIONS, PAINTED, PICTURES, Kind, Part, Sizing, When, Wish
from dictrace.app.pictures.motion import LEAST_S, MOST_S
from dictrace.app.pictures.picture import LEAST_PX, MOST_PX, PX_PER_MM, SCALES, ZOOMS, View
from dictrace.app.pictures.texts import view_name
from dictrace.engine.words import _
from dictrace.widgets.choice import Choice
from dictrace.widgets.style import named
from dictrace.widgets.switch import Switch
from dictrace.widgets.theme import UNIT, Theme

_STORYBOARD = (Kind.STORYBOARD,)
_OPENS_AGAIN = (Kind.PNG, Kind.SVG, *_STORYBOARD)
_MOST_STILLS = 60


class ExportForm(QWidget):
    """Shows a `Wish` and changes it as the person wants; what does not matter for the kind of file is not there.

    Signals:
        changed: the `Wish`, after the person changed it.
    """

    changed = Signal(object)

    def __init__(self, wish: Wish, source: Source, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish, self._source, self._theme = wish, source, theme
        self._build_choices()
        self._build_numbers()
        self._build_look()
        self._build_layout()
        self._connect()
        self._show()

    def wish(self) -> Wish:
        """What is set now."""
        return self._wish

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the texts have their size: the labels take the same room, whichever of them are there."""
        super().showEvent(event)
        labels = [label for label in self.findChildren(QLabel) if label.parent() is self]
        for label in labels:
            label.ensurePolished()
        width = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(width)

    def _build_choices(self) -> None:
        self._kind, self._view, self._when = Choice(_("Kind of file")), Choice(_("View")), Choice(_("Moment"))
        self._part, self._sizing, self._unit = Choice(_("Part of the run")), Choice(_("Size")), Choice(_("Unit"))
        self._scale, self._colours, self._spread = Choice(_("Sharpness")), Choice(_("Colours")), Choice(_("Moments"))
        for every_loss in (False, True):
            self._spread.addItem(stills_name(every_loss))
        for kind in Kind:
            if kind in (Kind.GIF, Kind.TRACE):
                self._kind.insertSeparator(self._kind.count())
            self._kind.addItem(kind_choice(kind), kind)
            _set_possible(self._kind, self._kind.count() - 1, obstacle(kind))
        for view in View:
            self._view.addItem(view_name(view), view)
        for when in When:
            self._when.addItem(when_name(when, self._source), when)
        if not self._source.has_losses:
            for choice, index in ((self._when, tuple(When).index(When.FIRST_LOSS)), (self._spread, 1)):
                _set_possible(choice, index, _("No update is lost in this recording."))
        for part in Part:
            self._part.addItem(part_name(part), part)
        for sizing in Sizing:
            self._sizing.addItem(sizing_name(sizing), sizing)
        self._unit.addItems([_("px"), _("mm")])
        for scale in range(round(SCALES[0]), round(SCALES[1]) + 1):
            self._scale.addItem(_("{n}×").format(n=scale), scale)
        self._colours.addItems([_("Light"), _("Dark")])

    def _build_numbers(self) -> None:
        self._event = QSpinBox(minimum=0, maximum=self._source.events)
        self._event.setAccessibleName(_("Number of the event"))
        self._event.setGroupSeparatorShown(True)
        self._stills = QSpinBox(minimum=1, maximum=_MOST_STILLS)
        self._stills.setAccessibleName(_("Number of moments"))
        self._seconds = QDoubleSpinBox(maximum=MOST_S, decimals=0, suffix=_(" s"))
        self._seconds.setSpecialValueText(_("as it needs"))
        self._seconds.setAccessibleName(_("Length"))
        self._width, self._height = QDoubleSpinBox(decimals=0), QDoubleSpinBox(decimals=0)
        self._width.setAccessibleName(_("Width"))
        self._height.setAccessibleName(_("Height"))
        self._zoom = QSpinBox(minimum=round(100 * ZOOMS[0]), maximum=round(100 * ZOOMS[1]), singleStep=10)
        self._zoom.setSuffix(_(" %"))
        self._zoom.setAccessibleName(_("Text size"))
        for box in (self._event, self._stills, self._width, self._height):
            box.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _build_look(self) -> None:
        self._transparent = Switch(_("Transparent background"))
        self._provenance = Switch(_("Say where it comes from"))
        self._embed = Switch(_("Embed the recording"))
        self._embed.setToolTip(_("dictrace opens the picture at this moment again."))
        self._caption = named(QLineEdit(self._wish.caption), "field")
        self._caption.setAccessibleName(_("Caption"))
        for choice in self._choices():
            choice.set_theme(self._theme)
        for switch in (self._transparent, self._provenance, self._embed):
            switch.set_theme(self._theme)

    def _choices(self) -> tuple[Choice, ...]:
        return (
            self._kind, self._view, self._when, self._part, self._spread, self._sizing, self._unit, self._scale,
            self._colours,
        )  # fmt: skip

    def _build_layout(self) -> None:
        px = self._theme.px
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, px(2 * UNIT), 0)
        self._rows.setHorizontalSpacing(px(4 * UNIT))
        self._rows.setVerticalSpacing(px(2 * UNIT))
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for choice in self._choices():
            choice.setMinimumContentsLength(6)
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for box in (self._width, self._height):
            box.setMinimumWidth(px(14 * UNIT))
        self._unit.setFixedWidth(px(19 * UNIT))
        self._switch_rows: dict[Switch, QWidget] = {}
        for number in (self._event, self._stills):
            number.setFixedWidth(px(20 * UNIT))
        for left in (self._seconds, self._zoom):
            left.lineEdit().setTextMargins(px(UNIT), 0, 0, 0)  # where texts of lists begin
        self._stills_row = _side_by_side(self._spread, self._stills, px(2 * UNIT))
        self._moment_row = _side_by_side(self._when, self._event, px(2 * UNIT))
        self._size_row = _side_by_side(self._width, QLabel("×"), self._height, self._unit, px(UNIT))
        for text, field in (
            (_("&File"), self._kind),
            (_("&View"), self._view),
            (_("&Moment"), self._moment_row),
            (_("Mo&ments"), self._stills_row),
            (_("&Part"), self._part),
            (_("&Length"), self._seconds),
            (_("Si&ze"), self._sizing),
            ("", self._size_row),
            (_("Te&xt size"), self._zoom),
            (_("Sh&arpness"), self._scale),
            (_("&Colours"), self._colours),
            (_("Capt&ion"), self._caption),
        ):
            self._rows.addRow(text, field)
        for text, switch in (
            (_("&Transparent background"), self._transparent),
            (_("Say &where it comes from"), self._provenance),
            (_("&Embed the recording"), self._embed),
        ):
            self._switch_rows[switch] = _switch_row(text, switch)
            self._rows.addRow(self._switch_rows[switch])
        for row, control in ((self._moment_row, self._when), (self._stills_row, self._spread)):
            label = self._rows.labelForField(row)
            assert isinstance(label, QLabel)
            label.setBuddy(control)

    def _connect(self) -> None:
        self._kind.activated.connect(lambda _index: self._change(kind=Kind(self._kind.currentData())))
        self._view.activated.connect(lambda _index: self._change(view=self._view.currentData()))
        self._when.activated.connect(lambda _index: self._change(when=When(self._when.currentData())))
        self._spread.activated.connect(lambda index: self._change(every_loss=index == 1))
        self._stills.valueChanged.connect(lambda value: self._change(stills=value))
        self._part.activated.connect(lambda _index: self._change(part=Part(self._part.currentData())))
        self._sizing.activated.connect(lambda _index: self._choose_sizing(Sizing(self._sizing.currentData())))
        self._scale.activated.connect(lambda _index: self._change(scale=self._scale.currentData()))
        self._colours.activated.connect(lambda index: self._change(dark=index == 1))
        self._unit.activated.connect(lambda index: self._choose_unit(index == 1))
        self._event.valueChanged.connect(lambda value: self._change(event=value))
        self._seconds.valueChanged.connect(self._on_seconds_value_changed)
        self._width.valueChanged.connect(lambda value: self._change_size(width=value))
        self._height.valueChanged.connect(lambda value: self._change_size(height=value))
        self._zoom.valueChanged.connect(lambda value: self._change_size(zoom=value / 100))
        self._transparent.clicked.connect(lambda on: self._change(transparent=on))
        self._provenance.clicked.connect(lambda on: self._change(provenance=on))
        self._embed.clicked.connect(lambda on: self._change(embed=on))
        self._caption.textEdited.connect(lambda text: self._change(caption=text))

    def _on_seconds_value_changed(self, seconds: float) -> None:
        """The least length follows on none at all."""
        self._change(seconds=max(seconds, LEAST_S) if seconds else 0.0)

    def _choose_sizing(self, sizing: Sizing) -> None:
        if sizing is Sizing.OWN:
            self._change_size()
        else:
            self._change(sizing=sizing)

    def _choose_unit(self, in_mm: bool) -> None:
        """The same size, told in the other unit."""
        size, _zoom = size_of(self._wish)
        if size.in_mm is not in_mm:
            self._change_size(width=in_unit(size.width, in_mm), height=in_unit(size.height, in_mm), in_mm=in_mm)

    def _change_size(self, **lengths: float) -> None:
        """A size of one's own begins as the one that was shown."""
        size, zoom = size_of(self._wish)
        own = {"width": size.width, "height": size.height, "in_mm": size.in_mm, "zoom": zoom}
        self._change(**(own | lengths | {"sizing": Sizing.OWN}))

    def _change(self, **settings: object) -> None:
        changed = msgspec.structs.replace(self._wish, **settings)
        if changed != self._wish:
            self._wish = changed
            self._show()
            self.changed.emit(changed)

    def _show(self) -> None:
        """Make every control show the wish; no control tells of it."""
        wish, kind = self._wish, self._wish.kind
        size, zoom = size_of(wish)
        boxes = (self._event, self._stills, self._seconds, self._width, self._height, self._zoom)
        for box in boxes:
            box.blockSignals(True)
        for side in (self._width, self._height):
            per_unit = PX_PER_MM if size.in_mm else 1.0
            side.setRange(-(-LEAST_PX // per_unit), MOST_PX // per_unit)
        for choice, value in (
            (self._kind, kind), (self._view, view_of(wish)), (self._when, wish.when), (self._part, wish.part),
            (self._sizing, wish.sizing), (self._scale, wish.scale),
        ):  # fmt: skip
            choice.setCurrentIndex(max(choice.findData(value), 0))
        self._unit.setCurrentIndex(size.in_mm)
        self._spread.setCurrentIndex(wish.every_loss)
        self._stills.setValue(wish.stills)
        self._stills.setVisible(not wish.every_loss)
        self._colours.setCurrentIndex(wish.dark)
        self._event.setValue(wish.event)
        self._seconds.setValue(wish.seconds)
        self._width.setValue(size.width)
        self._height.setValue(size.height)
        self._zoom.setValue(round(100 * zoom))
        for box in boxes:
            box.blockSignals(False)
        self._transparent.setChecked(wish.transparent)
        self._provenance.setChecked(wish.provenance)
        self._embed.setChecked(wish.embed)
        self._event.setVisible(wish.when is When.EVENT)
        self._show_rows(kind)

    def _show_rows(self, kind: Kind) -> None:
        for fields, kinds in (
            ((self._moment_row, self._switch_rows[self._transparent]), PICTURES),
            ((self._part, self._seconds), ANIMATIONS),
            ((self._stills_row,), _STORYBOARD),
            ((self._switch_rows[self._embed],), _OPENS_AGAIN),
            ((self._scale,), (Kind.PNG, *_STORYBOARD)),
            ((self._view, self._sizing, self._size_row, self._zoom, self._colours, self._caption), PAINTED),
            ((self._switch_rows[self._provenance],), PAINTED),
        ):
            for field in fields:
                self._rows.setRowVisible(field, kind in kinds)


def _side_by_side(*parts: QWidget | int) -> QWidget:
    """A row of controls; the number at the end is the space between them."""
    *widgets, space = parts
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
    assert isinstance(space, int)
    row.setSpacing(space)
    for widget in widgets:
        assert isinstance(widget, QWidget)
        row.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return made


def _switch_row(text: str, switch: Switch) -> QWidget:
    """A switch at the right of its label."""
    label, made = QLabel(text), QWidget()
    label.setBuddy(switch)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label, 1)
    row.addWidget(switch)
    return made


def _set_possible(choice: Choice, index: int, reason: str) -> None:
    """Grey an entry, with the reason in words."""
    if reason:
        model = choice.model()
        item = model.item(index)  # type: ignore[attr-defined]
        item.setEnabled(False)
        item.setToolTip(reason)
