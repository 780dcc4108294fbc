"""The verdict on a recording, its diagnoses and certificates, as one object for programs and as text for people."""

from textwrap import indent
from unicodedata import east_asian_width

import msgspec

from dictrace.engine.certificate import Certificate, Culprit, LossKind
from dictrace.engine.diagnoses.diagnosis import Diagnosis, Kind
from dictrace.engine.diagnoses.finding import diagnoses_of
from dictrace.engine.diagnoses.sentences import cure_of, nothing_found
from dictrace.engine.diagnoses.sentences import text_of as diagnosis_text
from dictrace.engine.explain import certificate_text, kind_name, unheard
from dictrace.engine.frame import Counts
from dictrace.engine.harmless import harmless, harmless_line
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Outcome
from dictrace.engine.verdicts import breakdown, verdict
from dictrace.engine.words import _, ngettext

FORMAT = 1
SHOWN_CERTIFICATES = 10


class ReportCertificate(msgspec.Struct, frozen=True):
    """The evidence for one lost update; see `certificate.Certificate`. `text` says it in one sentence, `reason` is the
    exception of a task that raised, or empty.
    """

    kind: LossKind
    object: str | None
    key: str | None
    task: int | None
    process: str | None
    fetched_version: int | None
    version: int | None
    line: int | None
    culprit: Culprit | None
    text: str
    reason: str


class ReportDiagnosis(msgspec.Struct, frozen=True):
    """What went wrong; see `diagnoses.diagnosis.Diagnosis`. `lines` are ``file:line``, `event` is 0 for none."""

    kind: Kind
    text: str
    cure: str
    code: str
    lines: tuple[str, ...]
    count: int
    lost: int
    event: int


class Report(msgspec.Struct, frozen=True):
    """What ``--json`` prints; fields and their order are the format."""

    format: int
    what: str
    start_method: str
    python: str
    processes: int
    workers_seen: int
    tasks: int
    attempted: int
    survived: int
    overwritten: int
    never_sent: int
    never_ran: int
    blind_writes: int
    events: int
    dropped: int
    dropped_bytes: int
    unheard: int
    duration_ns: int
    complete: bool
    outcome: Outcome | None
    certificates: tuple[ReportCertificate, ...]
    diagnoses: tuple[ReportDiagnosis, ...]


def report_of(recording: Recording) -> Report:
    """The report on what has been recorded so far."""
    history, header, end = recording.history, recording.header, recording.end
    counts = history.counts_at(len(recording.events))
    return Report(
        format=FORMAT,
        what=header.what,
        start_method=recording.start_methods or header.start_method,
        python=header.python,
        processes=_number(header.parameters.get("processes"), len(recording.workers)),
        workers_seen=recording.workers_seen,
        tasks=_number(header.parameters.get("tasks"), len(recording.task_worker)),
        attempted=counts.attempted,
        survived=counts.survived,
        overwritten=counts.overwritten,
        never_sent=counts.never_sent,
        never_ran=counts.never_ran,
        blind_writes=counts.blind_writes,
        events=len(recording.events),
        dropped=end.dropped if end is not None else 0,
        dropped_bytes=end.dropped_bytes if end is not None else 0,
        unheard=end.unheard if end is not None else 0,
        duration_ns=end.duration_ns if end is not None else recording.duration_ns,
        complete=recording.complete,
        outcome=end.outcome if end is not None else None,
        certificates=tuple(_certificate(history.certificate(loss)) for loss in history.standing()),
        diagnoses=tuple(map(_diagnosis, diagnoses_of(recording))),
    )


def text_of(report: Report) -> str:
    """The report for a terminal."""
    counts = Counts(
        report.attempted, report.survived, report.overwritten, report.never_sent, report.never_ran, report.blind_writes
    )
    lines = [verdict(counts), breakdown(counts), "", _run_line(report), *_notes(report)]
    lines += ["", *_diagnoses(report.diagnoses, bool(counts.lost) or report.outcome is Outcome.FAILED)]
    if report.certificates:
        lines += ["", *_table(report.certificates)]
    return harmless("\n".join(lines))


def _diagnoses(diagnoses: tuple[ReportDiagnosis, ...], wrong: bool) -> list[str]:
    """Each with its place and its cure."""
    if not diagnoses:
        return [nothing_found(wrong)]
    lines = []
    for diagnosis in diagnoses:
        parts = [harmless_line(", ".join(diagnosis.lines)), diagnosis.cure, indent(diagnosis.code, "    ")]
        lines += [f"• {harmless_line(diagnosis.text)}", *(indent(part, "  ") for part in parts if part)]
    return lines


def _run_line(report: Report) -> str:
    took_part = ngettext(
        "{seen} of {n} process took part", "{seen} of {n} processes took part", report.processes
    ).format(seen=report.workers_seen, n=report.processes)
    return _("{what} · {start_method} · Python {python} · {took_part} · {ms} ms").format(
        what=harmless_line(report.what),
        start_method=harmless_line(report.start_method),
        python=harmless_line(report.python),
        took_part=took_part,
        ms=f"{report.duration_ns / 1e6:,.1f}",
    )


def _notes(report: Report) -> list[str]:
    notes = []
    if report.workers_seen < report.processes:
        notes.append(_("Not every process took part: with fewer of them a wrong program can look right."))
    if report.dropped:
        notes.append(
            ngettext(
                "{n} row is missing because a limit was reached.",
                "{n} rows are missing because a limit was reached.",
                report.dropped,
            ).format(n=f"{report.dropped:,}")
        )
    if report.dropped_bytes:
        notes.append(
            ngettext(
                "{n} byte of output is missing because a limit was reached.",
                "{n} bytes of output are missing because a limit was reached.",
                report.dropped_bytes,
            ).format(n=f"{report.dropped_bytes:,}")
        )
    if report.unheard:
        notes.append(unheard(report.unheard))
    if not report.complete:
        notes.append(_("This recording is incomplete."))
    return notes


def _table(certificates: tuple[ReportCertificate, ...]) -> list[str]:
    """Columns of the first certificates, and how many more there are."""
    shown: list[tuple[str, ...]] = [(_("update"), _("how"), _("task"), _("process"), _("by"))]
    shown += [_table_row(certificate) for certificate in certificates[:SHOWN_CERTIFICATES]]
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]
    more = len(certificates) - SHOWN_CERTIFICATES
    return [*lines, _("… and {n} more").format(n=f"{more:,}")] if more > 0 else lines


def _width(text: str) -> int:
    """Columns of a terminal that `text` takes: Chinese characters take two."""
    return sum(1 + (east_asian_width(character) in "WF") for character in text)


def _table_row(certificate: ReportCertificate) -> tuple[str, ...]:
    by = certificate.reason
    if certificate.culprit is not None:
        by = _("{process}: v{version} from v{base}").format(
            process=certificate.culprit.process or _("the main program"),
            version=certificate.culprit.version,
            base=certificate.culprit.fetched_version,
        )
    return (
        harmless_line(certificate.key or ""),
        kind_name(certificate.kind),
        "" if certificate.task is None else str(certificate.task),
        certificate.process or "",
        harmless_line(by),
    )


def _diagnosis(diagnosis: Diagnosis) -> ReportDiagnosis:
    return ReportDiagnosis(
        kind=diagnosis.kind,
        text=diagnosis_text(diagnosis),
        cure=cure_of(diagnosis),
        code=diagnosis.code,
        lines=tuple(map(str, diagnosis.places)),
        count=diagnosis.count,
        lost=diagnosis.lost,
        event=diagnosis.event,
    )


def _certificate(certificate: Certificate) -> ReportCertificate:
    return ReportCertificate(
        kind=certificate.kind,
        object=certificate.object,
        key=certificate.key,
        task=certificate.task,
        process=certificate.process,
        fetched_version=certificate.fetched_version,
        version=certificate.version,
        line=certificate.line,
        culprit=certificate.culprit,
        text=certificate_text(certificate),
        reason=certificate.reason,
    )


def _number(given: object, counted: int) -> int:
    """A setting where it is a number, else what was counted."""
    return given if type(given) is int else counted
