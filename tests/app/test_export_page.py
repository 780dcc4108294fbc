"""The page in Chromium, from a file: it shows what the frames hold, answers to keys, fingers and sizes, and asks for
nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from dictrace.engine.experiment import LockChoice
from dictrace.engine.export.page import page_of
from dictrace.engine.frame import CellState, Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.verdicts import breakdown, verdict_at
from tests.app.browser import Browser
from tests.engine.histories import Simulation
from tests.engine.races import race

OPEN_KEYS = "for (const details of document.querySelectorAll('details')) details.open = true"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator["Page"]:
    """Pages that made no error and asked for nothing but themselves."""
    browser.errors.clear()
    browser.requests.clear()
    browser.size(1280, 720)
    browser.prefer(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    yield Page(browser, tmp_path / "page.html")
    assert browser.errors == []
    assert {address.partition("#")[0] for address in browser.requests} == {(tmp_path / "page.html").as_uri()}


class Page:
    """A recording's page."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.browser = browser
        self.path = path

    def show(self, recording: Recording, event: int = 0, **limits: int) -> None:
        self.path.write_bytes(page_of(recording, **limits))
        self.browser.open("about:blank")
        self.browser.requests.clear()
        self.seek(event)

    def seek(self, event: int) -> None:
        self.browser.open(f"{self.path.as_uri()}#at={event}")

    @property
    def event(self) -> int:
        return int(self.browser.evaluate("document.getElementById('scrubber').valueAsNumber"))


def compare(browser: Browser, frame: Frame) -> None:
    """What the page says is what the frame holds."""
    assert browser.text("#verdict") == verdict_at(frame)
    assert browser.text("#breakdown") == breakdown(frame.counts)
    assert browser.text("#happened") == (frame.happened or "Nothing has been served yet.")
    assert browser.text("#place") == f"event {frame.event} of {frame.events} · {frame.time_ns / 1e6:.3f} ms"
    labels = [process.label for process in frame.processes]
    assert browser.texts(".process .name") == labels
    assert browser.texts(".process .state") == [process.state.value for process in frame.processes]
    assert browser.texts(".process .behind") == [
        f"{process.copy.behind} behind" for process in frame.processes if process.copy and process.copy.behind
    ]
    assert browser.texts(".process .base") == [
        f"copy of v{process.copy.base_version}" for process in frame.processes if process.copy
    ]
    assert browser.texts(".process .holds") == [
        f"holds {frame.locks[process.holds].label}" if process.holds is not None else "" for process in frame.processes
    ]
    assert [text.strip("▸◂ ") for text in browser.texts(".packet")] == [packet.text for packet in by_process(frame)]
    assert browser.texts(".field:not([hidden]) .label") == [field.label for field in frame.fields]
    assert browser.texts(".field:not([hidden]) .version") == [f"v{field.version}" for field in frame.fields]
    assert browser.texts(".field:not([hidden]) .value") == [field.value or "" for field in frame.fields]
    written = {CellState.PRESENT.value: "{}: written by {}", CellState.LOST.value: "{}: update by {} lost"}
    assert [text for text in browser.texts(".field:not([hidden]) .keys li") if not text.endswith(": absent")] == [
        written[state].format(label, labels[writer] if writer >= 0 else "the main program")
        for field in range(len(frame.fields))
        for state, writer, place, label in zip(
            frame.cells.states.tolist(),
            frame.cells.writers.tolist(),
            frame.cells.fields.tolist(),
            frame.cells.labels,
            strict=False,
        )
        if place == field and state != CellState.EMPTY.value
    ]
    for lock, text in zip(frame.locks, browser.texts(".lock:not([hidden])"), strict=True):
        held = "free" if lock.holder is None else f"held by {labels[lock.holder]}"
        queue = " · waiting: " + ", ".join(labels[worker] for worker in lock.queue) if lock.queue else ""
        assert text == f"{lock.label}: {held}{queue}"


def by_process(frame: Frame) -> list:  # type: ignore[type-arg]
    return sorted(frame.packets, key=lambda packet: packet.process)


@pytest.mark.parametrize(
    "recording",
    [race(tasks=40), race(tasks=20, lock=LockChoice.SHARED), race(tasks=20, counter=True)],
    ids=["race", "lock", "counter"],
)
def test_it_shows_what_the_frames_hold(recording: Recording, page: Page) -> None:
    events = len(recording.events)
    page.show(recording, events // 3)
    page.browser.evaluate(OPEN_KEYS)
    for event in (events // 3, 0, events, events // 2, events // 2 + 1, 5):
        page.seek(event)
        page.browser.evaluate("new Promise(requestAnimationFrame)")
        compare(page.browser, frame_at(recording, event))


def test_a_value_without_parts_is_a_number_and_no_field(page: Page) -> None:
    page.show(race(tasks=20, counter=True), 30)
    height = "document.querySelector('.field canvas').offsetHeight"
    assert page.browser.evaluate(height) == 0
    page.show(race(tasks=20), 30)
    assert page.browser.evaluate(height) > 0


def test_keys_step_and_jump(page: Page) -> None:
    recording = race(tasks=40)
    events, losses = len(recording.events), sorted(set(recording.history.losses.events))
    page.show(recording)
    seen = []
    for key in ("ArrowRight", "PageDown", "ArrowLeft", "End", "Home", "n", "n", "p"):
        page.browser.press(key)
        seen.append(page.event)
    assert seen == [1, 2, 1, events, 0, losses[0], losses[1], losses[0]]


def test_it_plays_and_stops_at_the_end(page: Page) -> None:
    recording = race(tasks=3)
    page.show(recording)
    page.browser.press(" ")
    assert page.browser.evaluate("document.getElementById('play').getAttribute('aria-label')") == "Pause"
    page.browser.evaluate("document.getElementById('speed').value = 1000")
    page.browser.evaluate(
        "new Promise(done => { const look = () => document.querySelector('#play.playing')"
        " ? requestAnimationFrame(look) : done(); look(); })"
    )
    assert page.event == len(recording.events)


def test_a_list_entry_leads_to_its_event(page: Page) -> None:
    recording = race(tasks=40)
    page.show(recording)
    page.browser.evaluate("document.querySelector('#losses button').click()")
    assert page.event == recording.history.losses.events[recording.history.standing()[0]]
    assert page.browser.texts("#losses [aria-current] .text")[0].startswith("d['test'][")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (375, 553), (844, 390), (1280, 720), (1920, 1080)])
def test_nothing_is_wider_than_the_screen_and_fingers_find_the_buttons(width: int, height: int, page: Page) -> None:
    page.browser.size(width, height, touch=min(width, height) < 600)
    page.show(race(workers=8, tasks=40), 60)
    assert page.browser.evaluate("document.documentElement.scrollWidth") == width
    boxes = page.browser.evaluate(
        "[...document.querySelectorAll('#transport button, #transport select')].map(element => {"
        " const box = element.getBoundingClientRect();"
        " return [box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight, box.width, box.height]; })"
    )
    assert len(boxes) == 6
    assert all(inside and wide >= 40 and high >= 40 for inside, wide, high in boxes)


def test_every_control_has_a_name(page: Page) -> None:
    page.show(race(tasks=10), 10)
    nodes = page.browser.ask("Accessibility.getFullAXTree")["nodes"]
    roles = ("button", "slider", "combobox", "img")
    controls = [node for node in nodes if node.get("role", {}).get("value") in roles and not node["ignored"]]
    assert {node["role"]["value"] for node in controls} >= {"button", "slider", "combobox"}
    assert [node for node in controls if not node["name"]["value"]] == []


def test_dark_where_dark_is_preferred(page: Page) -> None:
    page.show(race(tasks=10), 10)
    corner = []
    for scheme in ("light", "dark"):
        page.browser.prefer(prefers_color_scheme=scheme)
        image = QImage.fromData(page.browser.picture())
        corner.append(image.pixelColor(2, 2).name().upper())
    assert corner == ["#EEF0F4", "#12151A"]


def test_less_motion_where_that_is_preferred(page: Page) -> None:
    page.show(race(tasks=10), 10)
    duration = "getComputedStyle(document.querySelector('.packet')).transitionDuration"
    assert page.browser.evaluate(duration) == "0.18s, 0.18s"
    page.browser.prefer(prefers_reduced_motion="reduce")
    assert page.browser.evaluate(duration) in ("0s", "0s, 0s")


def test_what_a_program_says_stays_text(page: Page) -> None:
    evil = "</script><img src=x onerror=\"document.title='done'\">"
    run = Simulation(name=evil)
    run.commit(0, None, {}, None, evil)
    run.fetch(1, 0, evil)
    run.fetch(2, 1, evil)
    run.commit(1, 0, {evil: evil}, 1, evil)
    run.commit(2, 1, {"1": evil}, 1, evil)
    run.raised(2, 2, evil)
    recording = run.finish()
    page.show(recording, 5)
    page.browser.evaluate(OPEN_KEYS)
    assert page.browser.evaluate("document.images.length") == 0
    assert page.browser.evaluate("document.title") == "test: lost updates of a shared dict"
    assert page.browser.texts(".field:not([hidden]) .label")[-1] == f"{evil}[{evil}]"
    assert page.browser.text("#happened") == frame_at(recording, 5).happened


def test_the_end_of_a_long_run_is_left_out_and_said_to_be(page: Page) -> None:
    recording = race(tasks=40)
    page.show(recording, 60, max_events=50)
    assert page.event == 50
    assert page.browser.text("#notes").startswith(f"This page shows the first 50 of {len(recording.events)} events;")
