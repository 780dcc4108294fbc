"""Data files: icon, desktop entry, translations."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where they are: real files, because Qt and gettext open them by name."""
