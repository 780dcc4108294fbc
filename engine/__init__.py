"""Run, record, analyse and explain shared-dict races. Imports no Qt."""


def program_version() -> str:
    """Version of the installed dictrace, ``0`` where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # takes longer to load than most of the engine

    try:
        return version("dictrace")
    except PackageNotFoundError:
        return "0"
