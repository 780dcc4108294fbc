"""Places on the stage: kept while a process lives, used again when it has ended and there are many."""

from dictrace.engine.parties import Worker
from dictrace.engine.places import LEAST, Places


def worker(number: int, up_ns: int, gone_ns: int) -> Worker:
    return Worker(f"P{number}", 100 + number, up_ns=up_ns, gone_ns=gone_ns)


def test_processes_that_live_have_a_place_each_however_many() -> None:
    workers = [worker(number, 10 + number, 0) for number in range(LEAST + 5)]
    assert Places().at(workers, 0, 1000) == tuple(range(LEAST + 5))


def test_one_after_the_other_share_the_places() -> None:
    workers = [worker(number, 10 * number + 1, 10 * number + 9) for number in range(40)]
    places = Places()
    assert sorted(places.at(workers, 40, 395)) == list(range(40 - LEAST, 40))
    assert sorted(places.at(workers, 40, 205)) == list(range(21 - LEAST, 21))


def test_nobody_moves_while_he_lives() -> None:
    workers = [worker(0, 1, 0), *(worker(number, 10 * number, 10 * number + 15) for number in range(1, 60))]
    places = Places()
    for ns in range(600, 0, -7):
        shown = places.at(workers, 59, ns)
        assert shown[0] == 0
        living = {n for n, one in enumerate(workers) if one.up_ns <= ns < (one.gone_ns or 1000)}
        assert living <= set(shown)


def test_a_run_that_grows_is_laid_out_again() -> None:
    workers = [worker(number, number, 0) for number in range(LEAST)]
    places = Places()
    assert places.at(workers, 0, 100) == tuple(range(LEAST))
    workers[3].gone_ns = 50
    workers.append(worker(LEAST, 60, 0))
    assert places.at(workers, 1, 100) == (0, 1, 2, LEAST, *range(4, LEAST))
