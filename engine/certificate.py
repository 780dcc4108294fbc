"""The evidence for one lost update, as data; `explain` puts it into words."""

from dataclasses import dataclass
from enum import StrEnum


class LossKind(StrEnum):
    """The three ways to lose an update; they give the same wrong number and need different cures."""

    OVERWRITTEN = "overwritten"
    NEVER_SENT = "never_sent"
    NEVER_RAN = "never_ran"


@dataclass(frozen=True, slots=True)
class Culprit:
    """The commit that overwrote an update: who made it, from which version, as which version, on which line."""

    task: int | None
    process: str | None
    fetched_version: int | None
    version: int
    line: int | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """The evidence for one lost update.

    Attributes:
        kind: the way it was lost.
        event: number of the event at which it was lost.
        victim_event: number of the event that shows the update itself (its commit, unsent, raised … row).
        object, slot, key: label of the referent (``d``), of the key in it (``d['test']``) and of the part of that key's
            value (``d['test'][46]``; equal to `slot` where the value has no parts); None where the task never ran.
        task: number of the task whose update it is, or None.
        process: label of the process that ran the task (``P4``), or None where no worker did.
        fetched_version: version that the task's copy was made from, or None.
        version: version that its commit made, or None where it made none.
        line: line of the commit, of the fetch (never sent) or of the exception (never ran), or None.
        culprit: the commit that overwrote it, only where `kind` is `LossKind.OVERWRITTEN`.
        reason: text of the exception where the task raised, else empty.
        exit_code: exit code of the process where it died, else None.
        gone: the update is the removal of the key.
        by_removal: the culprit removed the key.
        file, culprit_file: names of the files of `line` and of the culprit's; None where one file is all there is.
    """

    kind: LossKind
    event: int
    victim_event: int
    object: str | None
    slot: str | None
    key: str | None
    task: int | None
    process: str | None
    fetched_version: int | None
    version: int | None
    line: int | None
    culprit: Culprit | None = None
    reason: str = ""
    exit_code: int | None = None
    gone: bool = False
    by_removal: bool = False
    file: str | None = None
    culprit_file: str | None = None
