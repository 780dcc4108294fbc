"""SVG and PDF from a painting: only vectors, texts as texts, the exact size, and nothing that depends on the moment."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape, unescape
from math import ceil

from PySide6.QtCore import QBuffer, QByteArray, QHashSeed, QIODevice, QMarginsF, QRectF, QSize, QSizeF, QUuid
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from dictrace.app.pictures.picture import Size
from dictrace.engine import program_version

PX_PER_INCH = 96
PT_PER_PX = 72 / 96
NAMESPACE = QUuid("{5b0c3f0e-7d53-4f5c-9a3a-0d1c7ace0000}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Paint = Callable[[QPainter], None]


def svg_of(paint: Paint, size: Size, title: str) -> bytes:
    """The painting as an SVG of this size, with `title` for those who can't see it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(PX_PER_INCH)
    generator.setSize(QSize(ceil(size.width_px), ceil(size.height_px)))
    generator.setViewBox(QRectF(0, 0, size.width_px, size.height_px))
    generator.setTitle(title)
    generator.setDescription("dictrace")
    painter = QPainter(generator)
    paint(painter)
    painter.end()
    svg = bytes(buffer.data().data()).decode()
    unit = "mm" if size.in_mm else ""
    head = (
        f'<svg width="{size.width:g}{unit}" height="{size.height:g}{unit}"'
        f' viewBox="0 0 {size.width_px:.6g} {size.height_px:.6g}" role="img"'
    )
    svg = re.sub(r'<svg width="[^"]*" height="[^"]*"\s*viewBox="[^"]*"', lambda _found: head, svg, count=1)
    svg = re.sub(r"<g [^<>]*>\s*</g>\s*", "", re.sub(r"<g [^<>]*>\s*</g>\s*", "", svg))
    return _TEXT.sub(_settled, svg).encode()


def pdf_of(paint: Paint, size: Size, title: str, recorded: str) -> bytes:
    """The painting as a PDF of one page of this size, dated as the recording (ISO 8601)."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    width, height = size.width_px * PT_PER_PX, size.height_px * PT_PER_PX
    writer.setResolution(PX_PER_INCH)
    page = QSizeF(ceil(width), ceil(height))
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator(f"dictrace {program_version()}")
    made = _time_of(recorded)
    writer.setDocumentId(QUuid.createUuidV5(NAMESPACE, f"{title}\n{recorded}\n{size}".encode()))
    writer.setDocumentXmpMetadata(QByteArray(_XMP.format(title=escape(title), made=made.isoformat()).encode()))
    QHashSeed.setDeterministicGlobalSeed()  # fonts come in the order of a hash
    painter = QPainter(writer)
    # Pages end in whole points: the painting stands on the lower edge, and the box leaves out what is above it.
    painter.translate(0, (page.height() - height) / PT_PER_PX)
    paint(painter)
    painter.end()
    QHashSeed.resetRandomGlobalSeed()
    pdf = bytes(buffer.data().data())
    pdf = _PDF_DATE.sub(lambda _found: made.strftime("(D:%Y%m%d%H%M%SZ)").encode(), pdf)
    return _PDF_BOX.sub(lambda found: _box(found, width, height), pdf)


_TEXT = re.compile(
    r'<text ([^>]*?)font-family="([^"]*)" font-size="([\d.]+)" font-weight="(\d+)"([^>]*)>([^<]*)</text>'
)
_PDF_DATE = re.compile(rb"\(D:\d{14}Z\)")
_PDF_BOX = re.compile(rb"(/(?:Media|Trim)Box \[0 0) (\S+) (\S+)\]")
_XMP = """<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>"""


def _settled(found: re.Match[str]) -> str:
    """A text with a font that other programs know, and the width that it has here, whatever font they take."""
    before, family, size, weight, after, text = found.groups()
    font = QFont(unescape(family))
    font.setPixelSize(round(float(size)))
    font.setWeight(QFont.Weight(int(weight)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    info = QFontInfo(font)
    kind = "monospace" if info.fixedPitch() else "sans-serif"
    names = escape(f"'{info.family()}', {kind}")
    width = QFontMetricsF(font).horizontalAdvance(unescape(text))
    return (
        f'<text {before}font-family="{names}" font-size="{size}" font-weight="{weight}" textLength="{width:.2f}"'
        f' lengthAdjust="spacingAndGlyphs"{after}>{text}</text>'
    )


def _time_of(recorded: str) -> datetime:
    try:
        return datetime.fromisoformat(recorded).astimezone(UTC)
    except ValueError:
        return _EPOCH


def _box(found: re.Match[bytes], width: float, height: float) -> bytes:
    """The box in points with fractions, exactly as long as before: what follows keeps its place in the file."""
    numbers = (
        f"{value:.6f}"[: len(old)].ljust(len(old), "0")
        for value, old in zip((width, height), found.groups()[1:], strict=True)
    )
    return b" ".join((found[1], *(number.encode() for number in numbers))) + b"]"
