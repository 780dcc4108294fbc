"""The output of a program: whole lines, what stderr got marked, nothing left out without a word."""

from dictrace.engine.rows import EndRow, Outcome, OutputRow
from dictrace.widgets.output_view import MOST, ending, output_text


def test_lines_of_two_streams_are_never_mixed() -> None:
    rows = [OutputRow("stdout", "one", 1), OutputRow("stderr", "bad\nworse", 2), OutputRow("stdout", " two\nthree", 3)]
    assert output_text(rows) == "stderr: bad\none two\nthree\nstderr: worse"


def test_what_is_left_out_is_counted() -> None:
    rows = [OutputRow("stdout", f"{number:09}\n", number) for number in range(5000)]
    first, *lines = output_text(rows).splitlines()
    assert len(lines) == MOST // 10
    assert lines[-1] == "000004999"
    assert first == f"({5000 * 10 - MOST:,} characters before this are in the recording.)"


def test_how_it_ended() -> None:
    assert ending(EndRow(Outcome.FINISHED, 1, 0, status=3)) == "(exit status 3)"
    assert ending(EndRow(Outcome.STOPPED, 1, 0, status=-9)) == "(ended by signal 9)"
    text = ending(EndRow(Outcome.FINISHED, 1, 0, status=0, dropped_bytes=12_000))
    assert text.endswith("(12,000 bytes of output are missing: a limit was reached.)")
