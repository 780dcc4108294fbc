"""The report, for programs exactly as documented, and for people."""

from unicodedata import east_asian_width

import msgspec
import pytest

from dictrace.engine.recording import Recording
from dictrace.engine.report import SHOWN_CERTIFICATES, report_of, text_of
from dictrace.engine.rows import ExaminedRow, Outcome, ProcessRow, Role
from dictrace.engine.words import choose_language
from tests.engine.histories import MAIN_PID, Simulation

FIELDS = (
    "format what start_method python processes workers_seen tasks attempted survived overwritten never_sent never_ran "
    "blind_writes events dropped dropped_bytes unheard duration_ns complete outcome certificates diagnoses"
)
CERTIFICATE_FIELDS = "kind object key task process fetched_version version line culprit text reason"
DIAGNOSIS_FIELDS = "kind text cure code lines count lost event"
CULPRIT_FIELDS = "task process fetched_version version line"


def race(pairs: int = 1, **parameters: object) -> Simulation:
    """As many times, P1 and P2 change the same version and P2 is the last."""
    run = Simulation(**parameters)
    run.commit(0, None, {}, None)
    for pair in range(pairs):
        base = run.fetch(1, 2 * pair)
        run.fetch(2, 2 * pair + 1)
        run.update(1, 2 * pair, base, **{f"{2 * pair}": "1"})
        run.update(2, 2 * pair + 1, base, **{f"{2 * pair + 1}": "1"})
    return run


class TestJson:
    """`--json`."""

    def test_fields_and_their_order_are_the_format(self) -> None:
        recording = race(processes=4, tasks=2).finish(dropped=3)
        report = msgspec.json.decode(msgspec.json.encode(report_of(recording)))
        assert " ".join(report) == FIELDS
        (certificate,) = report.pop("certificates")
        (diagnosis,) = report.pop("diagnoses")
        assert report == {
            "format": 1,
            "what": "test",
            "start_method": "fork",
            "python": "3.11.2",
            "processes": 4,
            "workers_seen": 2,
            "tasks": 2,
            "attempted": 2,
            "survived": 1,
            "overwritten": 1,
            "never_sent": 0,
            "never_ran": 0,
            "blind_writes": 0,
            "events": 6,
            "dropped": 3,
            "dropped_bytes": 0,
            "unheard": 0,
            "duration_ns": 5000,
            "complete": True,
            "outcome": "finished",
        }
        assert " ".join(certificate) == CERTIFICATE_FIELDS
        assert " ".join(certificate["culprit"]) == CULPRIT_FIELDS
        assert certificate["text"].startswith("P2 wrote back a copy of v1 (line 5)")
        del certificate["text"]
        assert certificate == {
            "kind": "overwritten",
            "object": "d",
            "key": "d['test'][0]",
            "task": 0,
            "process": "P1",
            "fetched_version": 1,
            "version": 2,
            "line": 5,
            "culprit": {"task": 1, "process": "P2", "fetched_version": 1, "version": 3, "line": 5},
            "reason": "",
        }

        assert " ".join(diagnosis) == DIAGNOSIS_FIELDS
        assert diagnosis == {
            "kind": "stale_write_back",
            "text": "d['test'] is fetched, changed and written back, and others can commit in between. "
            "1 update was overwritten by a copy that was out of date.",
            "cure": "Hold one shared lock from the fetch to the commit.",
            "code": "",
            "lines": ["test.py:2", "test.py:5"],
            "count": 1,
            "lost": 1,
            "event": 5,
        }

    def test_of_a_run_that_has_not_ended(self) -> None:
        report = report_of(race(2).recording)
        assert (report.complete, report.dropped, report.duration_ns) == (False, 0, 9000)

    def test_the_start_method_is_the_one_that_was_used(self) -> None:
        run = Simulation(workers=0)
        assert report_of(run.recording).start_method == "fork"
        run.rows.append(ProcessRow(50, Role.WORKER, "Process-1", 5, MAIN_PID, "spawn"))
        assert report_of(run.recording).start_method == "spawn"

    def test_of_nothing(self) -> None:
        report = report_of(Recording(Simulation(workers=0).header))
        assert (report.attempted, report.events, report.duration_ns, report.certificates) == (0, 0, 0, ())

    @pytest.mark.parametrize("given", ["many", None, True, 2.5])
    def test_what_the_header_does_not_say_is_counted(self, given: object) -> None:
        run = race(processes=given, tasks=given)
        for worker, task in ((1, 0), (2, 1), (1, 2)):
            run.begin(worker, task)
        run.unreturned(3)
        report = report_of(run.recording)
        assert (report.processes, report.tasks) == (2, 4)


class TestText:
    """For a terminal."""

    def test_all_of_it(self) -> None:
        run = race(processes=4)
        run.unsent(1, 5, {"x": "1"}, 1)
        run.raised(2, 6)
        assert text_of(report_of(run.finish(dropped=1))).splitlines() == [
            "1 of 4 updates survived",
            "1 overwritten · 1 never sent · 1 never ran",
            "",
            "test · fork · Python 3.11.2 · 2 of 4 processes took part · 0.0 ms",
            "Not every process took part: with fewer of them a wrong program can look right.",
            "1 row is missing because a limit was reached.",
            "",
            "• 1 task raised, and nobody looked at its result: ValueError: no",
            "  test.py:3",
            "  Ask each task for its result: that raises what the task raised.",
            "      result = pool.apply_async(task, arguments)",
            "      result.get()",
            "• 1 change was made to a private copy of d['test'] and never sent: "
            "a fetch gives a copy, and what is done to that, nobody else sees.",
            "  test.py:2",
            "  Write the copy back, or put a nested manager.dict() or manager.list() in its place.",
            "• d['test'] is fetched, changed and written back, and others can commit in between. "
            "1 update was overwritten by a copy that was out of date.",
            "  test.py:2, test.py:5",
            "  Hold one shared lock from the fetch to the commit.",
            "",
            "update        how          task  process  by",
            "d['test'][0]  overwritten  0     P1       P2: v3 from v1",
            "d['test'][x]  never sent   5     P1",
            "              never ran    6     P2       ValueError: no",
        ]

    def test_nothing_else_is_wrong_where_a_task_raised_and_that_was_looked_at(self) -> None:
        run = race()
        run.rows = run.rows[:1]
        run.raised(1, 1, "ValueError: two\nlines")
        run.rows.append(ExaminedRow(1, 9000))
        assert text_of(report_of(run.finish())).splitlines()[5:] == [
            "Nothing else that is wrong was seen in this run; another run may go differently.",
            "",
            "update  how        task  process  by",
            "        never ran  1     P1       ValueError: two\\nlines",
        ]

    def test_nor_where_the_program_failed(self) -> None:
        text = text_of(report_of(Simulation().finish(Outcome.FAILED)))
        assert text.endswith("Nothing else that is wrong was seen in this run; another run may go differently.")

    def test_without_losses_it_is_short(self) -> None:
        run = Simulation(processes=1)
        run.update(1, 1, run.commit(0, None, {}, None), a="1")
        assert text_of(report_of(run.finish())).splitlines() == [
            "The one update survived this run",
            "0 overwritten · 0 never sent · 0 never ran",
            "",
            "test · fork · Python 3.11.2 · 1 of 1 process took part · 0.0 ms",
            "",
            "Nothing wrong was seen in this run; another run may go differently.",
        ]

    def test_an_incomplete_recording_says_so(self) -> None:
        assert text_of(report_of(race(processes=2).recording)).splitlines()[4] == "This recording is incomplete."

    def test_many_certificates_are_counted(self) -> None:
        run = race(SHOWN_CERTIFICATES + 5, processes=2)
        lines = text_of(report_of(run.finish(Outcome.FINISHED))).splitlines()
        table = lines[lines.index("") + 3 :]
        assert len([line for line in table if line.startswith("d['test']")]) == SHOWN_CERTIFICATES
        assert "… and 5 more" in table

    def test_the_main_program_as_a_culprit(self) -> None:
        run = race()
        run.update(0, None, 1, x="1")
        lines = text_of(report_of(run.finish())).splitlines()
        assert [line.split("  ")[-1].strip() for line in lines if line.startswith("d['test']")] == [
            "P2: v3 from v1",
            "the main program: v4 from v1",
        ]


def test_columns_stay_in_line_in_chinese() -> None:
    choose_language("zh")
    try:
        table = text_of(report_of(race().finish())).splitlines()
    finally:
        choose_language("en")
    head, row = (line for line in table if "P1" in line or line.startswith("更新"))
    assert columns(head, "进程") == columns(row, "P1")


def columns(line: str, word: str) -> int:
    """Columns of a terminal to the left of `word`."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line[: line.index(word)])
