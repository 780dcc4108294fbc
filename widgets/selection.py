"""What a person has picked out: one value that all views share, so that they show the same thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """At most one of each; None: nothing.

    Attributes:
        event: number of an event, as in `Frame.event`.
        loss: index of a loss, as in `Frame.losses` and for `History.certificate`.
        process: index of a process, as in `Frame.processes`.
    """

    event: int | None = None
    loss: int | None = None
    process: int | None = None


NOTHING = Selection()
