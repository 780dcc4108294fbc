"""Frames for tests of views, taken from simulated runs; and pictures of them, to look at their pixels."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from dictrace.engine.frame import CellState, Frame, Opening, Packet, ProcessState, ServerState
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.widgets.stage_painter import StageContext, paint_stage
from dictrace.widgets.theme import LIGHT, Theme

PRESENT, LOST = CellState.PRESENT.value, CellState.LOST.value
WIDTH, HEIGHT = 1240, 520
SOURCE = {2: "row = d['test']", 5: "d['test'] = row"}


def frame_with_loss(recording: Recording, share: float = 0.5) -> Frame:
    """The frame of the first loss after this share of the recording."""
    events = recording.history.losses.events
    return frame_at(recording, next(event for event in events if event >= share * len(recording.events)))


def frame_where(recording: Recording, wanted: Callable[[Frame], bool]) -> Frame:
    """The first frame for which `wanted` holds."""
    frames = (frame_at(recording, event) for event in range(len(recording.events) + 1))
    return next(frame for frame in frames if wanted(frame))


def crowded(frame: Frame, keys: int) -> Frame:
    """The frame with so many keys, by all its processes, each third one lost."""
    numbers = np.arange(keys)
    states = np.where(numbers % 3, PRESENT, LOST).astype(np.uint8)
    writers = (numbers % len(frame.processes)).astype(np.int16)
    labels = tuple(str(number) for number in range(keys))
    cells = replace(frame.cells, states=states, writers=writers, fields=np.zeros(keys, np.int16), labels=labels)
    return replace(frame, cells=cells, losses=())


def context_of(recording: Recording) -> StageContext:
    """What the stage looks up in a recording."""
    history = recording.history
    keys = 0 if recording.header.parameters["target"] == "counter" else int(recording.header.parameters["tasks"])
    return StageContext(
        lambda line, _file: SOURCE.get(line, ""), history.certificate, lambda loss: history.losses.cells[loss], keys
    )


def picture(paint: Callable[[QPainter, QRectF], object], width: int, height: int, background: QColor) -> QImage:
    """What `paint` paints into a picture of this size."""
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(background)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(image.rect()))
    painter.end()
    return image


UNMIXED = QColor("#FF00FF")
"""A corner of the cube of colours: no blending of others gives it."""


def share_of(image: QImage, colour: QColor, room: QRectF | None = None) -> float:
    """Share of the pixels, in `room` or everywhere, that have this colour, give or take what blending rounds."""
    part = image.copy(room.toAlignedRect()) if room is not None else image
    part = part.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.width(), 4)
    off = np.abs(pixels[:, :, :3].astype(int) - (colour.blue(), colour.green(), colour.red()))
    return float(np.mean(off.max(axis=2) <= 3))


def painted(
    frame: Frame, recording: Recording, width: int = WIDTH, height: int = HEIGHT, theme: Theme = LIGHT
) -> QImage:
    """The whole stage, painted without a widget."""

    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_stage(painter, rect, frame, theme, context_of(recording))

    return picture(paint, width, height, theme.panel)


def opening_frame(recording: Recording, server: ServerState, packet: Packet | None) -> Frame:
    """A frame of the recording, as if it were only beginning."""
    first = frame_at(recording, 0)
    absent = tuple(replace(view, state=ProcessState.ABSENT, connected=False) for view in first.processes)
    return replace(first, processes=absent, opening=Opening(1000, server, packet))
