"""How Sphinx builds these documents; ``make docs`` does it."""

from dictrace.engine import program_version

project = "dictrace"
copyright = "dictrace developers"
release = version = program_version()
extensions = ["dictrace.app.sphinx", "myst_parser", "sphinx_click"]
myst_heading_anchors = 3
highlight_language = "text"
nitpicky = True
html_theme = "furo"
html_title = "dictrace"
html_favicon = "../resources/icons/dictrace.svg"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_copy_source = False
smartquotes = False  # it makes one dash of the two that begin an option
# Furo's red for names belongs to lost updates here.
html_theme_options = {
    "light_css_variables": {"color-api-name": "#0a4f8a", "color-api-pre-name": "#0a4f8a"},
    "dark_css_variables": {"color-api-name": "#8fc3f0", "color-api-pre-name": "#8fc3f0"},
}
