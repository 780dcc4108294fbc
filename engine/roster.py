"""Which processes took part in a run and how each ended, out of what they and their parents tell. Runs in the host."""

import os
from dataclasses import dataclass

from dictrace.engine.rows import AnyRow, DiedRow, LeftRow, ProcessRow, Role

_ROLES = {"main": Role.MAIN, "manager": Role.MANAGER}


@dataclass(slots=True)
class Member:
    """A process; times and exit code are None before they are known.

    Attributes:
        well: it said goodbye, or ended with the run.
        asked: its parent was about to end it, and may have come too late.
        early: it was gone before the run was over.
    """

    role: Role
    connected: bool = False
    well: bool = False
    asked: bool = False
    early: bool = False
    gone_ns: int | None = None
    exit_code: int | None = None
    exited_ns: int | None = None


class Roster:
    """See the module. Times count from `origin_ns`; rows are appended to `rows`.

    A process that did not end well *died*. That is sure once its connection is closed, and told as soon as its parent
    has its exit code, or when the run is over. What a process and its parent tell comes over two connections, so either
    may come first.

    Attributes:
        seen: number of processes so far.
    """

    def __init__(self, origin_ns: int, rows: list[AnyRow]) -> None:
        self._origin_ns = origin_ns
        self._rows = rows
        self._members: dict[int, Member] = {}
        self._at: dict[int, Member] = {}
        self._pids: dict[int, int] = {}
        self._over = False
        self.seen = 0

    @property
    def working(self) -> bool:
        """Whether a process that is neither the main program nor a manager server goes on."""
        return any(
            m.role is Role.WORKER and m.gone_ns is None and (m.connected or _is_there(pid))
            for pid, m in self._members.items()
        )

    def is_main(self, pid: int) -> bool:
        """Whether that is the main program."""
        return pid in self._members and self._members[pid].role is Role.MAIN

    def came(self, pid: int, name: str, ns: int, role: str, parent: int, method: str) -> None:
        """A process was started. What it tells of itself may come after what its parent tells of its end; only one
        that started later than that is another one, with the same number.
        """
        known = self._members.get(pid)
        if known is None or (known.exited_ns is not None and known.exited_ns < ns):
            self.seen += 1
            self._members[pid] = Member(_ROLES.get(role, Role.WORKER), well=self._over)
            shown = self._members[pid].role
            self._rows.append(ProcessRow(pid, shown, name, ns - self._origin_ns, parent or None, method or None))

    def said_hello(self, source: int, pid: int) -> None:
        """The process itself speaks, over connection `source`."""
        member = self._at[source] = self._members[pid]
        member.connected, member.gone_ns = True, None
        self._pids[source] = pid

    def left(self, pid: int) -> None:
        """It said goodbye."""
        if pid in self._members:
            self._members[pid].well = True

    def is_asked(self, pid: int) -> None:
        """Its parent is about to end it."""
        if pid in self._members:
            self._members[pid].asked = True

    def all_are_asked(self) -> None:
        """The run is over: who still goes on is ended."""
        self._over = True
        for member in self._members.values():
            member.well = member.well or member.gone_ns is None

    def exited(self, pid: int, exit_code: int, ns: int) -> None:
        """Its parent has its exit code."""
        member = self._members.get(pid)
        if member is not None:
            member.exit_code, member.exited_ns = exit_code, ns
            if member.gone_ns is not None:
                self._tell_end(pid, member)
            elif not member.connected and exit_code:
                member.gone_ns = ns  # as far as is known: what it told itself may still be on its way

    def gone(self, source: int, ns: int) -> None:
        """Connection `source` is closed."""
        member = self._at.pop(source, None)
        if member is not None:
            member.gone_ns, member.early = ns, not self._over
            if member.well and member.early:
                self._rows.append(LeftRow(self._pids[source], ns - self._origin_ns))
            if member.exit_code is not None:
                self._tell_end(self._pids[source], member)

    def finish(self) -> None:
        """Nothing will come any more."""
        for pid, member in self._members.items():
            if member.gone_ns is not None:
                self._tell_end(pid, member)

    def _tell_end(self, pid: int, member: Member) -> None:
        """One that was to be ended has died all the same where it has an exit code of its own."""
        if member.well:
            return
        member.well = True
        ns = (member.gone_ns or 0) - self._origin_ns
        if not member.asked or (member.exit_code or 0) > 0:
            self._rows.append(DiedRow(pid, member.exit_code, ns))
        elif member.early:
            self._rows.append(LeftRow(pid, ns))


def _is_there(pid: int) -> bool:
    """Whether a process that was started, and has not said hello, is still about to."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
