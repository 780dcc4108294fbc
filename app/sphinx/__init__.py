"""A Sphinx extension: pictures of real runs in documents, made while these are built. Needs the extra ``docs``."""

from typing import TYPE_CHECKING

from dictrace import resources
from dictrace.engine import program_version

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


def setup(app: "Sphinx") -> "ExtensionMetadata":
    """What Sphinx calls for ``extensions = ["dictrace.app.sphinx"]``."""
    from sphinx.config import ENUM

    from dictrace.app.sphinx.directive import PictureDirective, PictureNode
    from dictrace.app.sphinx.making import make_pictures
    from dictrace.app.sphinx.writing import VISITORS

    app.add_config_value("dictrace_themes", ["light", "dark"], "env", ENUM("light", "dark"))
    app.add_directive("dictrace", PictureDirective)
    app.add_node(PictureNode, **VISITORS)
    app.add_css_file("dictrace.css")
    app.connect("builder-inited", _find_style)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", make_pictures)
    return {"version": program_version(), "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _find_style(app: "Sphinx") -> None:
    app.config.html_static_path.append(str(resources.FOLDER / "sphinx"))


def _purge(_app: "Sphinx", env: "BuildEnvironment", docname: str) -> None:
    from dictrace.app.sphinx.asked import asked_in

    asked_in(env).pop(docname, None)


def _merge(_app: "Sphinx", env: "BuildEnvironment", docnames: list[str], other: "BuildEnvironment") -> None:
    from dictrace.app.sphinx.asked import asked_in

    found = asked_in(other)
    asked_in(env).update({docname: found[docname] for docname in docnames if docname in found})
