"""Puts the pictures that were made into what is written: HTML, LaTeX, and plain text for the rest."""

import posixpath
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes

from dictrace.app.sphinx.asked import Made, made_in
from dictrace.app.sphinx.directive import PictureNode


def _html(writer: Any, node: PictureNode) -> None:
    """An image of each theme, the right one shown by ``dictrace.css``; pressed, it fills the window."""
    made = _made(writer, node)
    folder = Path(writer.builder.outdir, writer.builder.imagedir)
    for theme, name in made.files.items():
        _copy(writer, name, folder)
        address = posixpath.join(writer.builder.imgpath, name)
        size = {"width": node["width"], "height": node["height"]}
        image = {"src": address, "alt": node["alt"] or made.alt, **size, "loading": "lazy"}
        look = f"dictrace-{theme}" if len(made.files) > 1 else ""
        writer.body.append(writer.starttag(node, "a", "", href=address, CLASS=f"image-reference {look}".strip()))
        writer.body.append(writer.emptytag(node, "img", "", **image) + "</a>")
    raise nodes.SkipNode


def _latex(writer: Any, node: PictureNode) -> None:
    for name in _made(writer, node).files.values():
        _copy(writer, name, Path(writer.builder.outdir))
        writer.body.append(rf"\sphinxincludegraphics[width=\linewidth]{{{name}}}")
    raise nodes.SkipNode


def _text(writer: Any, node: PictureNode) -> None:
    writer.add_text(f"[{node['alt'] or _made(writer, node).alt}]")
    raise nodes.SkipNode


def _typeset(writer: Any, node: PictureNode) -> None:
    writer.body.append(f"[{node['alt'] or _made(writer, node).alt}]")
    raise nodes.SkipNode


VISITORS: dict[str, Any] = {
    "html": (_html, None),
    "latex": (_latex, None),
    "text": (_text, None),
    "man": (_typeset, None),
    "texinfo": (_typeset, None),
}
"""By format, as `Sphinx.add_node` takes them."""


def _made(writer: Any, node: PictureNode) -> Made:
    """What was made; where that failed, of which there was a warning, nothing is written."""
    made = made_in(writer.builder.env).get(node["key"])
    if made is None:
        raise nodes.SkipNode
    return made


def _copy(writer: Any, name: str, folder: Path) -> None:
    """Put a picture there, where it was made."""
    source = Path(writer.builder.doctreedir, "dictrace", name)
    if source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
