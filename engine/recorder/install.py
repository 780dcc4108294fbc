"""Turn recording on in this process: from now on every manager serves recorded objects, over stamped connections."""

from collections.abc import Callable
from multiprocessing import managers
from typing import Any

from dictrace.engine.recorder.referents import UNWATCHED, recorded
from dictrace.engine.recorder.wire import Listening, client

_managers: Any = managers


class Making:
    """What a manager server calls to make an object of a registered type; `make` as in `BaseManager.register`."""

    def __init__(self, typeid: str, make: Callable[..., Any] | None) -> None:
        self._typeid = typeid
        self._make = make

    def __call__(self, *args: Any, **kwds: Any) -> Any:
        if self._make is not None:
            return recorded(self._typeid, self._make(*args, **kwds))
        if kwds or len(args) != 1:
            raise ValueError("Without callable, must have one non-keyword argument")
        return recorded(self._typeid, args[0])


def install() -> None:
    """Have the types of all managers recorded, those registered already and those to come."""
    _managers.listener_client["pickle"] = Listening, client
    register = managers.BaseManager.register.__func__  # type: ignore[attr-defined]

    def recording_register(cls: Any, typeid: str, *args: Any, **kwds: Any) -> None:
        register(cls, typeid, *args, **kwds)
        _watch(cls._registry, typeid)

    for manager in (managers.BaseManager, *managers.BaseManager.__subclasses__()):
        for typeid in getattr(manager, "_registry", ()):
            _watch(manager._registry, typeid)  # type: ignore[attr-defined]
    managers.BaseManager.register = classmethod(recording_register)  # type: ignore[assignment]


def _watch(registry: dict[str, Any], typeid: str) -> None:
    make, *rest = registry[typeid]
    if typeid not in UNWATCHED and not isinstance(make, Making):
        registry[typeid] = (Making(typeid, make), *rest)
