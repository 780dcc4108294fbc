"""What may be dropped on the window."""

from PySide6.QtGui import QDropEvent

SUFFIXES = (".dictrace", ".dictrace.gz", ".png", ".svg", ".py")


def dropped_file(event: QDropEvent) -> str:
    """The path of the one recording or script that is dragged, or empty."""
    paths = [url.toLocalFile() for url in event.mimeData().urls()]
    return paths[0] if len(paths) == 1 and paths[0].endswith(SUFFIXES) else ""
