"""Every icon shows something, inside its square."""

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from dictrace.widgets.icons import Icon, button_icon, icon_path, paint_icon
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import picture, share_of


@pytest.mark.parametrize("icon", Icon)
def test_icon_is_inside_its_square_and_seen(qapp: QApplication, icon: Icon) -> None:
    assert QRectF(0, 0, 1, 1).contains(icon_path(icon).boundingRect())
    image = picture(lambda painter, rect: paint_icon(painter, rect, icon, LIGHT.text), 40, 40, LIGHT.panel)
    assert 0.05 < share_of(image, LIGHT.text) < 0.8


def test_icons_differ(qapp: QApplication) -> None:
    images = [picture(lambda p, r, i=icon: paint_icon(p, r, i, LIGHT.text), 24, 24, LIGHT.panel) for icon in Icon]
    assert all(one != other for n, one in enumerate(images) for other in images[:n])


def test_button_icon_is_pale_where_the_button_is_disabled(qapp: QApplication) -> None:
    icon = button_icon(Icon.STOP, LIGHT.text, LIGHT.border)
    enabled = icon.pixmap(QSize(32, 32)).toImage()
    disabled = icon.pixmap(QSize(32, 32), QIcon.Mode.Disabled).toImage()
    assert enabled.pixelColor(16, 16) == LIGHT.text
    assert disabled.pixelColor(16, 16) == LIGHT.border
