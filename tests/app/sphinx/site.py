"""A small site with pictures, built by Sphinx in a process of its own."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from tests.app.pictures.subjects import file_of_race

CONF = 'extensions = ["dictrace.app.sphinx"]\n'
BUILD_S = 100


class Site:
    """Sources in a folder, with the recording ``race.dictrace``, and what they are built to."""

    def __init__(self, folder: Path, conf: str = "") -> None:
        self.source, self.out, self.cache = folder / "source", folder / "out", folder / "cache"
        self.source.mkdir()
        file_of_race(self.source)
        (self.source / "conf.py").write_text(CONF + conf)

    def write(self, name: str, text: str) -> None:
        """Write a document, in reST; its text begins in the fourth line."""
        heading = f"{name}\n{'=' * len(name)}\n\n"
        (self.source / f"{name}.rst").write_text(heading + text)

    def build(self, *options: str, builder: str = "html") -> tuple[int, str]:
        """Exit status, and what was printed as warnings, relative to the source."""
        folders = [str(self.source), str(self.out / builder)]
        command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", str(self.cache), *options, *folders]
        done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_S)
        return done.returncode, done.stderr.replace(f"{self.source}/", "")

    def page(self, name: str = "index") -> "Page":
        """A page of the built site."""
        return Page(self.out / "html" / f"{name}.html")

    def made(self) -> dict[str, int]:
        """When each run and picture that is kept was made, nanoseconds."""
        return {path.name: path.stat().st_mtime_ns for path in (self.cache / "dictrace").iterdir()}


class Page(HTMLParser):
    """A page: the attributes of its images, each with the class of the link around it as ``look``."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.text = path, path.read_text()
        self.images: list[dict[str, str | None]] = []
        self._look: str | None = ""
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._look = dict(attrs).get("class")
        if tag == "img":
            self.images.append({**dict(attrs), "look": self._look})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
