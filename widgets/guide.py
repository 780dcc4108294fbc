"""The guide: a text in Markdown, set to be read on a projector, in a window of its own."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextTable
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from dictrace.engine.words import _
from dictrace.widgets.style import close_button, resize_within_screen
from dictrace.widgets.theme import UNIT, TextSize, Theme

SIZE = (720.0, 680.0)
_LINE_HEIGHT = 140
_HEADINGS = (TextSize.HEADLINE, TextSize.LARGE)


class Guide(QDialog):
    """Shows a text; links open in the browser, Esc closes."""

    def __init__(self, markdown: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        self._text = QTextBrowser(openExternalLinks=True)
        self._text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._text.setAccessibleName(_("Guide"))
        self._text.setMarkdown(markdown)
        self._text.document().setDocumentMargin(theme.px(6 * UNIT))
        self._text.document().setIndentWidth(theme.px(6 * UNIT))
        self._set_blocks()
        self._set_tables()
        buttons = close_button(self)
        column = QVBoxLayout(self)
        column.addWidget(self._text, 1)
        column.addWidget(buttons)
        resize_within_screen(self, QSize(theme.px(SIZE[0]), theme.px(SIZE[1])))

    def _set_blocks(self) -> None:
        block = self._text.document().begin()
        while block.isValid():
            self._set_block(block)
            block = block.next()

    def _set_block(self, block: QTextBlock) -> None:
        """Air around lines, paragraphs and headings; code in the fixed font at the size of its line."""
        cursor, level = QTextCursor(block), block.blockFormat().headingLevel()
        shape = QTextBlockFormat()
        shape.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin(self._theme.px((4 if level > 1 else 0) * UNIT))
        shape.setBottomMargin(self._theme.px(2 * UNIT))
        cursor.mergeBlockFormat(shape)
        for piece in block.textFormats():
            start = block.position() + piece.start
            cursor.setPosition(start)
            cursor.setPosition(start + piece.length, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(self._letters(piece.format, level))

    def _letters(self, letters: QTextCharFormat, level: int) -> QTextCharFormat:
        mono = letters.fontFixedPitch()
        letters.clearProperty(QTextCharFormat.Property.FontPointSize)
        letters.clearProperty(QTextCharFormat.Property.FontSizeAdjustment)
        if level:
            letters.setProperty(QTextCharFormat.Property.FontPixelSize, self._theme.px(_HEADINGS[min(level, 2) - 1]))
            letters.setFontWeight(QFont.Weight.Bold)
        if mono:
            fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            letters.setFontFamilies(fixed.families())
        return letters

    def _set_tables(self) -> None:
        for frame in self._text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setCellPadding(self._theme.px(1.5 * UNIT))
                shape.setBorderCollapse(True)
                shape.setBorderBrush(self._theme.border)
                shape.setBottomMargin(self._theme.px(2 * UNIT))
                frame.setFormat(shape)
