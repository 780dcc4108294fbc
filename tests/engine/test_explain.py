"""The sentences: what each event was, why an update was lost and what to do."""

import dataclasses

import msgspec
import pytest

from dictrace.engine.certificate import Certificate, LossKind
from dictrace.engine.explain import caution, certificate_text, cure, happened, kind_name
from dictrace.engine.recording import Recording
from dictrace.engine.report import report_of
from dictrace.engine.rows import AnyRow, DiedRow, EndRow, LockRow, NameRow, OpKind, OpRow, Outcome, RaisedRow, Source
from dictrace.engine.story import story as story_of
from tests.engine.histories import MAIN_PID, MANAGER_PID, Simulation


class TestCaution:
    """What is said where nothing was lost."""

    @pytest.mark.parametrize(
        ("tasks", "sentence"),
        [
            (0, ""),
            (1, "1 copy was written back without a shared lock: another run may lose updates."),
            (2, "2 copies were written back without a shared lock: another run may lose updates."),
        ],
    )
    def test_it_could_have_been(self, tasks: int, sentence: str) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        for task in range(tasks):
            run.update(1, task, task + 1, **{str(task): "1"})
        recording = run.recording
        assert caution(recording, recording.history.counts_at(len(recording.events))) == sentence

    def test_nothing_where_updates_were_lost(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.update(1, 1, 1, a="1")
        run.update(2, 2, 1, b="1")
        recording = run.recording
        assert recording.history.unlocked == 2
        assert caution(recording, recording.history.counts_at(3)) == ""

    def test_nothing_where_there_are_locks_that_the_history_does_not_follow(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.update(1, 1, 1, a="1")
        assert caution(run.recording, run.recording.history.counts_at(2))
        run.rows.append(LockRow(MAIN_PID, 1, MAIN_PID, "made", 0))
        assert caution(run.recording, run.recording.history.counts_at(2)) == ""


def certificates() -> dict[LossKind, Certificate]:
    """One of each kind."""
    run = Simulation()
    run.commit(0, None, {}, None)
    run.update(1, 46, 1, **{"46": "46"})
    run.update(2, 47, 1, **{"47": "47"})
    run.unsent(1, 50, {"50": "50"}, 1)
    run.raised(2, 51, "KeyError: 3")
    history = run.recording.history
    found = [history.certificate(loss) for loss in history.standing()]
    return {certificate.kind: certificate for certificate in found}


class TestCertificates:
    """Why an update was lost."""

    def test_overwritten(self) -> None:
        certificate = certificates()[LossKind.OVERWRITTEN]
        assert certificate_text(certificate) == (
            "P2 wrote back a copy of v1 (line 5) when d['test'] was already at v2. "
            "The update of d['test'][46] that P1 committed in task 46 as v2 (line 5) was lost."
        )

    def test_overwritten_by_the_main_program_from_lines_that_are_not_known(self) -> None:
        certificate = certificates()[LossKind.OVERWRITTEN]
        assert certificate.culprit is not None
        culprit = dataclasses.replace(certificate.culprit, process=None, line=None)
        text = certificate_text(dataclasses.replace(certificate, culprit=culprit, line=None))
        assert text == (
            "The main program wrote back a copy of v1 when d['test'] was already at v2. "
            "The update of d['test'][46] that P1 committed in task 46 as v2 was lost."
        )

    def test_never_sent(self) -> None:
        assert certificate_text(certificates()[LossKind.NEVER_SENT]) == (
            "P1 changed d['test'][50] in its private copy of v1 (line 2), in task 50, and never wrote it back."
        )

    def test_never_ran(self) -> None:
        certificate = certificates()[LossKind.NEVER_RAN]
        assert certificate_text(certificate) == ("Task 51 raised before it committed anything (line 3): KeyError: 3")
        died = dataclasses.replace(certificate, reason="", exit_code=-9)
        assert certificate_text(died) == "P2 died (exit code -9) in task 51, before it committed anything."
        assert certificate_text(dataclasses.replace(died, exit_code=None)) == (
            "Task 51 never returned and had committed nothing."
        )

    def test_each_kind_has_its_own_name_and_cure(self) -> None:
        assert [kind_name(kind) for kind in LossKind] == ["overwritten", "never sent", "never ran"]
        assert "lock" in cure(LossKind.OVERWRITTEN)
        assert "nested manager.dict()" in cure(LossKind.NEVER_SENT)
        assert "result" in cure(LossKind.NEVER_RAN)


class TestPlaces:
    """Lines with their files, where a program has several."""

    def recorded(self, *files: str, **parameters: object) -> Recording:
        run = Simulation(**parameters)
        run.header = msgspec.structs.replace(run.header, source=tuple(Source(file, 1, "") for file in files))
        run.commit(0, None, {}, None)
        run.fetch(1, 1)
        run.update(1, 1, 1, a="1")
        run.update(2, 2, 1, b="1")
        run.raised(1, 3)
        known = dict(zip((OpKind.FETCH, OpKind.COMMIT), ("helper.py", "mine.py"), strict=True))
        for place, row in enumerate(run.rows):
            if isinstance(row, OpRow | RaisedRow):
                file = known[row.kind] if isinstance(row, OpRow) else "mine.py"
                run.rows[place] = msgspec.structs.replace(row, file=file)
        return run.recording

    def told(self, recording: Recording) -> list[str]:
        losses = range(len(recording.history.losses.events))
        certificates = [certificate_text(recording.history.certificate(loss)) for loss in losses]
        steps = [step.text for loss in losses for step in story_of(recording, loss)]
        return [happened(recording, event + 1) for event in range(len(recording.events))] + certificates + steps

    def test_with_the_file_where_there_are_several(self) -> None:
        recording = self.recorded("mine.py", "helper.py", script="mine.py")
        told = " ".join(self.told(recording))
        assert "(line" not in told
        assert "P1 fetched d['test'] when it was at v1 (helper.py:2)." in told
        assert "P2 wrote back a copy of v1 (mine.py:5) when d['test'] was already at v2." in told
        assert "committed in task 1 as v2 (mine.py:5) was lost" in told
        assert "Task 3 raised before it committed anything (mine.py:3)" in told

    @pytest.mark.parametrize(
        ("files", "parameters"), [(("mine.py",), {"script": "mine.py"}), (("mine.py", "helper.py"), {})]
    )
    def test_the_line_alone_where_there_is_one_file_or_the_built_in_program(
        self, files: tuple[str, ...], parameters: dict[str, object]
    ) -> None:
        told = " ".join(self.told(self.recorded(*files, **parameters)))
        assert ".py" not in told
        assert "P1 fetched d['test'] when it was at v1 (line 2)." in told

    def test_the_report_has_lines_and_no_files(self) -> None:
        several = self.recorded("mine.py", "helper.py", script="mine.py")
        one = self.recorded("mine.py", script="mine.py")
        for there, here in zip(report_of(several).certificates, report_of(one).certificates, strict=True):
            assert msgspec.structs.replace(there, text="") == msgspec.structs.replace(here, text="")


def story() -> Simulation:
    """A run with one event of each sort."""
    run = Simulation(workers=2)
    run.rows.append(NameRow(2, "lock", 1))
    run.commit(0, None, {}, None)
    run.fetch(1, 1)
    run.update(1, 1, 1, a="1", b="1")
    run.update(2, 2, 1, c="1")
    run.update(2, 2, 1, c="2")
    run.update(2, 2, 3)
    run.acquire(1, 3)
    run.wait(2, 4)
    run.release(1, 3)
    run.read(0)
    run.unsent(1, 3, {}, 3)
    run.raised(2, 4)
    run.died(2)
    run.unreturned(9)
    run.finish()
    return run


class TestHappened:
    """One sentence per event."""

    def test_every_sort_of_event(self) -> None:
        recording = story().recording
        assert [happened(recording, event) for event in range(len(recording.events) + 1)] == [
            "",
            "The main program wrote d['test'] without a fetch, as v1 (line 5).",
            "P1 fetched d['test'] when it was at v1 (line 2).",
            "P1 wrote its copy of v1 of d['test'] back as v2 (line 5).",
            "P2 wrote back a copy of v1 (line 5) when d['test'] was already at v2. 2 updates were overwritten.",
            "P2 wrote back a copy of v1 (line 5) when d['test'] was already at v3. 1 update was overwritten.",
            "P2 wrote back a copy of v3 (line 5) when d['test'] was already at v4. 1 update was overwritten.",
            "P1 acquired lock (line 4).",
            "P2 asks for lock, which is held, and waits (line 4).",
            "P1 released lock (line 4).",
            "The main program called keys of d (line 4).",
            "Task 3 ended: what P1 changed in its private copy of v3 of d['test'] was never sent.",
            "Task 4 raised in P2 (line 3): ValueError: no",
            "P2 died (exit code -9).",
            "Task 9 never returned.",
            "The run finished.",
        ]

    def test_an_old_copy_that_overwrote_nothing(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.commit(0, None, {"x": "0"}, 1)
        run.update(2, 2, 1, c="1")
        assert happened(run.recording, 3) == "P2 wrote back a copy of v1 (line 5) when d['test'] was already at v2."

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (EndRow(Outcome.STOPPED, 1, 0), "The run was stopped."),
            (EndRow(Outcome.FAILED, 1, 0), "The run failed."),
            (EndRow(Outcome.FAILED, 1, 0, "no room"), "The run failed: no room"),
            (DiedRow(MANAGER_PID, 1, 0), "The manager server died (exit code 1)."),
            (DiedRow(MAIN_PID, 1, 0), "The main program died (exit code 1)."),
            (OpRow(1, 1, 77, 1, 5, "put", OpKind.READ), "A process called put of object 5."),
        ],
    )
    def test_others(self, row: AnyRow, sentence: str) -> None:
        run = Simulation()
        run.rows.append(row)
        assert happened(run.recording, 1) == sentence
