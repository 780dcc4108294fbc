"""Claims that a document makes about a run, such as ``overwritten > 0``, and whether they hold. None is ever run."""

import ast
import operator
from collections.abc import Callable, Mapping

from dictrace.engine.recording import Recording
from dictrace.engine.words import _, joined

MOST_LETTERS = 400

COUNTS = (
    *("attempted", "survived", "overwritten", "never_sent", "never_ran", "lost", "blind_writes"),
    *("processes", "workers_seen", "tasks", "events", "dropped"),
)
"""What a claim may name: as in the report, and ``lost``, all that did not survive."""

Counts = Mapping[str, int]

_COMPARE: dict[type, Callable[[float, float], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SUMS: dict[type, Callable[[float, float], float]] = {ast.Add: operator.add, ast.Sub: operator.sub}


class ClaimError(ValueError):
    """A text that is no claim; one plain sentence."""


class Claim:
    """Comparisons of counts, numbers, and sums of these, with ``and``, ``or``, ``not`` and brackets.

    Attributes:
        text: as the author wrote it.
        names: the counts in it, each once, in their order.

    Raises:
        ClaimError: it is no such thing, or names a count that does not exist.
    """

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        try:
            if len(text) > MOST_LETTERS:
                raise SyntaxError
            tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self._no_claim() from None
        self._is_true = self._truth(tree)
        found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        self.names = tuple(dict.fromkeys(found))
        for name in self.names:
            if name not in COUNTS:
                sentence = _("There is no count called “{name}”; choose of {names}.")
                raise ClaimError(sentence.format(name=name, names=", ".join(COUNTS)))

    def holds(self, counts: Counts) -> bool:
        """Whether it is true of these counts."""
        return self._is_true(counts)

    def refuted(self, counts: Counts) -> str:
        """What is said where it does not hold: the real numbers."""
        real = [_("{name} is {n}").format(name=name, n=f"{counts[name]:,}") for name in self.names]
        return joined((_("“{claim}” is not true:").format(claim=self.text), ", ".join(real) + "."))

    def _truth(self, node: ast.expr) -> Callable[[Counts], bool]:
        match node:
            case ast.BoolOp():
                parts, decide = [self._truth(part) for part in node.values], all if type(node.op) is ast.And else any
                return lambda counts: decide(part(counts) for part in parts)
            case ast.UnaryOp(op=ast.Not()):
                opposite = self._truth(node.operand)
                return lambda counts: not opposite(counts)
            case ast.Compare() if all(type(sign) in _COMPARE for sign in node.ops):
                sides = [self._number(side) for side in (node.left, *node.comparators)]
                signs = [_COMPARE[type(sign)] for sign in node.ops]
                steps = list(zip(signs, sides, sides[1:], strict=False))
                return lambda counts: all(sign(left(counts), right(counts)) for sign, left, right in steps)
        raise self._no_claim()

    def _number(self, node: ast.expr) -> Callable[[Counts], float]:
        match node:
            case ast.Name(id=name):
                return lambda counts: counts[name]
            case ast.Constant(value=int() | float() as number) if type(number) is not bool:
                return lambda _counts: number
            case ast.BinOp() if type(node.op) in _SUMS:
                add, left, right = _SUMS[type(node.op)], self._number(node.left), self._number(node.right)
                return lambda counts: add(left(counts), right(counts))
            case ast.UnaryOp(op=ast.USub()):
                positive = self._number(node.operand)
                return lambda counts: -positive(counts)
        raise self._no_claim()

    def _no_claim(self) -> ClaimError:
        text = _("“{claim}” is no claim; write one as “overwritten > 0 and survived < attempted”.")
        return ClaimError(text.format(claim=self.text))


def counts_of(recording: Recording) -> dict[str, int]:
    """What claims are about, of the whole run."""
    from dictrace.engine.report import report_of

    report = report_of(recording)
    lost = report.overwritten + report.never_sent + report.never_ran
    return {name: lost if name == "lost" else getattr(report, name) for name in COUNTS}
