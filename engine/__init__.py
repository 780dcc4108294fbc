"""Run, record, analyse and explain shared-dict races. Imports no Qt."""

from importlib.metadata import PackageNotFoundError, version

try:
    PROGRAM_VERSION = version("dictrace")
except PackageNotFoundError:
    PROGRAM_VERSION = "0"
