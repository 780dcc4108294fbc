"""Turn recording on in this process: from now on every `SyncManager` serves recorded objects."""

from multiprocessing import managers
from threading import Lock, RLock

from dictrace.engine.recorder.proxies import AcquirerProxy, DictProxy
from dictrace.engine.recorder.referents import RecordedDict, RecordedLock


def recorded_lock() -> RecordedLock:
    """A recorded `threading.Lock`."""
    return RecordedLock("Lock", Lock())


def recorded_rlock() -> RecordedLock:
    """A recorded `threading.RLock`."""
    return RecordedLock("RLock", RLock())


def install() -> None:
    """Register the recorded types under the names of the plain ones."""
    managers.SyncManager.register("dict", RecordedDict, DictProxy)
    managers.SyncManager.register("Lock", recorded_lock, AcquirerProxy)
    managers.SyncManager.register("RLock", recorded_rlock, AcquirerProxy)
