"""Every method of every type of a manager, by itself and where it fails; prints what each gives."""

import multiprocessing
import queue
import re
import threading
from collections import Counter, OrderedDict, defaultdict
from multiprocessing import managers

SHARED = {"kept": 1}


class Account:
    """A type of somebody's own."""

    def __init__(self, balance=0):
        self.balance = balance

    def pay(self, amount, *, twice=False):
        """Change it."""
        if amount < 0:
            raise ValueError(f"no {amount}")
        self.balance += 2 * amount if twice else amount
        return self.balance

    def look(self, other):
        """Do something with another argument."""
        return type(other).__name__

    def same(self):
        """Hand itself out: a copy."""
        return self

    def __lt__(self, other):
        return self.balance < other

    def __len__(self):
        return self.balance

    def __call__(self, x):
        return x + 1

    def contents(self):
        """A name that the recorder uses too."""
        return "mine"


class Odd:
    """Equal to everything, and without a hash."""

    def __eq__(self, other):
        return True


class Angry:
    """Can't be compared or hashed."""

    def __eq__(self, other):
        raise ArithmeticError("no comparison")

    def __hash__(self):
        raise ArithmeticError("no hash")


class OddDict(dict):
    """A dict with a will of its own."""

    def __getitem__(self, key):
        return key * 2


class Unsent:
    """Can't be pickled."""

    def __reduce__(self):
        raise TypeError("not to be sent")


class Unanswered:
    """A type whose answers can't be pickled."""

    def lock(self):
        """Give a lock."""
        return threading.Lock()

    def wrong(self):
        """Fail inside."""
        return self.nothing


class OwnProxy(managers.BaseProxy):
    """A proxy of somebody's own."""

    _exposed_ = ("__getattribute__", "pay", "__lt__", "__len__", "__call__")

    def __getattr__(self, name):
        if name[0] == "_":
            return object.__getattribute__(self, name)
        return object.__getattribute__(self, "_callmethod")("__getattribute__", (name,))

    def pay(self, amount):
        """Through the proxy."""
        return self._callmethod("pay", (amount,))

    def __lt__(self, other):
        return self._callmethod("__lt__", (other,))

    def __len__(self):
        return self._callmethod("__len__")

    def __call__(self, x):
        return self._callmethod("__call__", (x,))


class Wide(managers.SyncManager):
    """A manager of somebody's own."""


WIDE_DICT = (*managers.DictProxy._exposed_, "__or__", "__ior__", "__reversed__", "__eq__", "move_to_end", "subtract")
WideDict = managers.MakeProxyType("WideDict", WIDE_DICT)
SetProxy = managers.MakeProxyType("SetProxy", ("add", "discard", "pop", "__len__", "__contains__", "union", "update"))
LongArray = managers.MakeProxyType("LongArray", ("append", "extend", "pop", "__getitem__", "__setitem__", "__len__"))


def shared():
    """The same object each time."""
    return SHARED


Wide.register("Account", Account)
Wide.register("OwnAccount", Account, OwnProxy)
Wide.register("Unanswered", Unanswered, exposed=("lock", "wrong", "missing"))
Wide.register("shared", shared, managers.DictProxy)
Wide.register("defaultdict", defaultdict, managers.DictProxy)
Wide.register("OrderedDict", OrderedDict, WideDict)
Wide.register("Counter", Counter, WideDict)
Wide.register("wide_dict", dict, WideDict)
Wide.register("OddDict", OddDict, managers.DictProxy)
Wide.register("members", set, SetProxy)
Wide.register("auto", list)
Wide.register("LongArray", managers.Array, LongArray)
Wide.register("Bounded", threading.BoundedSemaphore, managers.AcquirerProxy)


def tried(name, act):
    """Print what `act` gives, or how it fails."""
    try:
        result = act()
    except Exception as error:
        text = f"{type(error).__module__}.{type(error).__name__}: {error}"
        result = re.sub(r"\s+", " ", text)
    text = result if isinstance(result, str) else repr(result)
    print(name, re.sub(r"0x[0-9a-f]+|line \d+|exposed={.*?}", "#", text))


def calls(name, proxy, *tries):
    """Print what each of (method, *arguments) gives, and what the object is after it."""
    for method, *arguments in tries:
        tried(f"{name}.{method}{arguments!r} ->", lambda m=method, a=arguments: proxy._callmethod(m, tuple(a)))
        tried("   ", lambda: str(proxy))


def dicts(manager):
    """Dicts and their kin."""
    d = manager.dict({"a": 1}, b=2)
    common = (
        *(
            ("__getitem__", "a"),
            ("__getitem__", "no"),
            ("__getitem__", []),
            ("get", "a"),
            ("get", "no"),
            ("get", "no", 5),
        ),
        *(("get",), ("__setitem__", "c", [1]), ("__setitem__", 1, "int"), ("__setitem__", 1.0, "float")),
        *(("__setitem__", True, "bool"), ("__setitem__", (1, Account), 2), ("__setitem__", [], 1)),
        *(("__contains__", "a"), ("__contains__", {}), ("__len__",), ("keys",), ("items",), ("values",), ("copy",)),
        *(
            ("setdefault", "a", 9),
            ("setdefault", "new", []),
            ("setdefault", "none"),
            ("setdefault", {}),
            ("setdefault",),
        ),
        *(("pop", "a"), ("pop", "a"), ("pop", "a", 3), ("pop", []), ("pop",), ("popitem",), ("__delitem__", "b")),
        *(("__delitem__", "b"), ("update", {"u": 1}), ("update", [("v", 2), ("w",)]), ("update", 5), ("update", "xy")),
        *(("update", {}, {}), ("update", [("x", 1), ([], 2)]), ("update",), ("nothing",), ("clear",), ("popitem",)),
    )
    calls("dict", d, *common)
    d.update(k=1, l=2)
    d.update(manager.dict(m=3))
    d["n"] = d.get("n", 0)
    d["n"] += 1
    tried("iteration", lambda: (sorted(d), dict(d), list(d.items()), "n" in d, len(d)))
    tried("self", lambda: d.update(d))
    inner = manager.dict(x=1)
    d["inner"] = inner
    d["inner"]["x"] += 1
    tried("nested", lambda: (d["inner"]["x"], type(d["inner"]).__name__, str(inner)))
    del d["inner"]
    d["odd"], d["angry"] = Odd(), [Angry()]
    tried("odd", lambda: (type(d["odd"]).__name__, len(d["angry"])))
    tried("angry", lambda: d.__setitem__(Angry(), 1))
    tried("unsent", lambda: d.__setitem__("x", Unsent()))
    tried("lambda", lambda: d.__setitem__("x", lambda: 0))
    d.clear()
    for name in ("wide_dict", "OrderedDict", "Counter", "defaultdict", "OddDict"):
        made = getattr(manager, name)(*((int, {"a": 1, "b": 2}) if name == "defaultdict" else ({"a": 1, "b": 2},)))
        calls(name, made, *common)
        made.update({"a": 1, "z": 26})
        wide = (("__or__", {"y": 1}), ("__ior__", {"o": 1}), ("__ior__", [("p", 2)]), ("__ior__", 5), ("__eq__", {}))
        calls(
            name, made, *wide, ("__reversed__",), ("move_to_end", "a"), ("subtract", {"a": 3}), ("__getitem__", "new")
        )
    tried("shared", lambda: (str(manager.shared()), manager.shared().update(more=1), str(manager.shared())))


def lists(manager):
    """Lists, arrays and sets."""
    numbers = manager.list([3, 1, 2])
    tries = (
        *(("__getitem__", 0), ("__getitem__", -1), ("__getitem__", 7), ("__getitem__", -7), ("__getitem__", "a")),
        *(("__getitem__", True), ("__getitem__", slice(0, 2)), ("__getitem__", slice(None)), ("__setitem__", 0, 5)),
        *(("__setitem__", -1, 6), ("__setitem__", 9, 1), ("__setitem__", "a", 1), ("append", 4), ("append",)),
        *(("extend", [7, 8]), ("extend", "ab"), ("extend", 5), ("__len__",), ("__contains__", 4), ("count", 4)),
        *(("index", 4), ("index", 99), ("insert", 0, 0), ("insert", "a", 0), ("remove", 4), ("remove", 99), ("pop",)),
        *(("pop", 0), ("pop", 99), ("pop", -1), ("reverse",), ("sort",), ("__add__", [1]), ("__mul__", 2)),
        *(("__rmul__", 2), ("__imul__", 2), ("__setitem__", slice(0, 2), [9, 9, 9]), ("__setitem__", slice(0, 2), [])),
        *(("__setitem__", slice(None, None, 2), [0, 0]), ("__setitem__", slice(5, 2), [1]), ("__delitem__", 0)),
        *(("__setitem__", slice(0, 1), 5), ("__delitem__", slice(0, 1)), ("__delitem__", 99), ("__reversed__",)),
    )
    calls("list", numbers, *tries)
    del numbers[:]
    numbers += [1, 2]
    numbers *= 2
    numbers[0] += 1
    numbers.append(manager.list([1]))
    numbers[-1].append(2)
    tried("list", lambda: (numbers[:4], len(numbers), str(numbers[-1]), [str(n)[:1] for n in numbers]))
    mixed = manager.list([2, "a", 1])
    tried("mixed", mixed.sort)
    tried("keyed", lambda: (mixed.sort(key=str, reverse=True), str(mixed)))
    tried("auto", lambda: (manager.auto([1]).append(2), manager.auto([2, 1]).copy()))
    calls("array", manager.Array("i", [3, 1, 2]), *tries[:13], ("__len__",), ("__setitem__", 0, 2**80))
    halves = manager.Array("f", [0.1, 0.2])
    halves[0] += 0.1
    tried("halves", lambda: (halves[0], halves[:], str(halves)))
    long = manager.LongArray("i", [1])
    calls("array", long, ("append", 2), ("extend", [3, 4]), ("extend", [5, "a"]), ("pop",), ("pop", 0))
    calls("array", long, ("__setitem__", slice(0, 1), [1]), ("__getitem__", slice(0, 2)))
    members = manager.members([1])
    calls("set", members, ("add", 2), ("add", 2), ("add", []), ("discard", 1), ("__contains__", 2), ("union", [3]))
    calls("set", members, ("update", [5]), ("__len__",), ("pop",))


def values(manager):
    """Values, namespaces, types of somebody's own."""
    value = manager.Value("i", 1)
    value.value += 1
    value.set(value.get() + 1)
    tried("value", lambda: (value.value, str(value), repr(value)[:11]))
    space = manager.Namespace(x=1)
    space.y = space.x
    space.y += 1
    space._private = 1
    tried("space", lambda: (space.x, space.y, str(space), hasattr(space, "z")))
    tried("space", lambda: space.z)
    del space.x
    tried("space", lambda: space.__delattr__("x"))
    account = manager.Account(5)
    tried("account", lambda: (account.pay(3), account.pay(1, twice=True), account.look(account), account.contents()))
    tried("account", lambda: account.pay(-1))
    tried("account", lambda: account.pay())
    tried("account", lambda: account.same().balance)
    tried("account", lambda: sorted(account._exposed_))
    own = manager.OwnAccount(5)
    tried("own", lambda: (own.balance, own.pay(2), own < 8, own < 3, len(own), own(1)))
    tried("own", lambda: own.nothing)
    other = manager.Unanswered()
    for method in ("lock", "wrong", "missing", "hidden"):
        tried(method, lambda method=method: other._callmethod(method))
    tried("create", lambda: manager.Account(1, 2, 3))
    tried("create", lambda: manager.dict(5))


def locks(manager):
    """Locks and what else one waits for."""
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Bounded", "Condition"):
        lock = getattr(manager, name)()
        tried(name, lambda lock=lock: (lock.acquire(), lock.acquire(False), lock.acquire(True, 0.01)))
        tried(name, lambda lock=lock: lock.acquire(False, 1))
        tried(name, lambda lock=lock: lock.acquire(True, -5))
        tried(name, lambda lock=lock: [lock.release() for _ in range(4)])
        tried(name, lambda lock=lock: lock.__enter__())
        tried(name, lambda lock=lock: (lock.__exit__(None, None, None), str(lock).split()[0]))
    condition = manager.Condition()
    tried("condition", lambda: condition.wait(0.01))
    tried("condition", condition.notify)
    with condition:
        tried("condition", lambda: (condition.wait(0.01), condition.notify(1), condition.notify_all()))
        tried("condition", lambda: condition.wait_for(lambda: True, 0.01))
    event = manager.Event()
    tried("event", lambda: (event.is_set(), event.wait(0.01), event.set(), event.wait(), event.clear()))
    barrier = manager.Barrier(1)
    tried("barrier", lambda: (barrier.parties, barrier.n_waiting, barrier.broken, barrier.wait(), barrier.reset()))
    tried("barrier", lambda: (barrier.abort(), barrier.broken))
    tried("barrier", barrier.wait)
    for name in ("Queue", "JoinableQueue"):
        items = getattr(manager, name)(2)
        tried(name, lambda items=items: (items.put([1, {}]), items.put_nowait(2), items.full(), items.qsize()))
        tried(name, lambda items=items: items.put(3, timeout=0.01))
        tried(name, lambda items=items: (items.get(), items.get(True, 1), items.empty(), items.task_done()))
        tried(name, lambda items=items: (items.task_done(), items.join()))
        tried(name, items.get_nowait)
        tried(name, lambda items=items: items.get(timeout=0.01))
        tried(name, lambda items=items: (items.task_done(), queue.Empty))
    with manager.Pool(1) as pool:
        tried("pool", lambda: (pool.apply(abs, (-1,)), pool.map(abs, [-2]), pool.apply_async(abs, (-3,)).get()))
        tried("pool", lambda: (list(pool.imap(abs, [-4])), pool.starmap(pow, [(2, 3)])))
        tried("pool", lambda: pool.apply(abs, ("a",)))


if __name__ == "__main__":
    with Wide(ctx=multiprocessing.get_context("fork")) as manager:  # a proxy type made here can't be pickled
        for part in (dicts, lists, values, locks):
            part(manager)
