"""The page as text: nothing of a program can be taken for markup, and its policy names its own script and style."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from dictrace.engine.export.page import page_of
from dictrace.engine.frame import ProcessState
from dictrace.engine.words import choose_language
from tests.engine.histories import Simulation
from tests.engine.races import race

EVIL = "</script><img src=x onerror=alert(1)><!--<script>"


class Tags(HTMLParser):
    """Collects the tags of a page and the content of its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.content: dict[str, list[str]] = {"script": [], "style": []}
        self.policy = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in self.content:
            self._inside = tag
            self.content[tag].append("")
        named = dict(attributes)
        assert not [name for name in named if name.startswith("on") or name in ("src", "href", "style")]
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.content[self._inside][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""


def evil_page() -> str:
    """A page of a run whose keys, values, names and errors are markup."""
    run = Simulation(name=EVIL)
    run.commit(0, None, {}, None, EVIL)
    run.fetch(1, 0, EVIL)
    run.fetch(2, 1, EVIL)
    run.commit(1, 0, {EVIL: EVIL}, 1, EVIL)
    run.commit(2, 1, {"1": EVIL}, 1, EVIL)
    run.commit(2, 1, EVIL, 3, EVIL)
    run.raised(2, 2, EVIL)
    return page_of(run.finish()).decode()


def test_what_a_program_says_is_never_markup() -> None:
    page, plain = Tags(evil_page()), Tags(page_of(race(tasks=3)).decode())
    assert page.tags == plain.tags
    film, script = page.content["script"]
    assert "<" not in film
    assert json.loads(film)["film"]["cell_labels"][0] == EVIL
    assert script == plain.content["script"][1]


def test_every_state_of_a_process_has_a_word() -> None:
    words = json.loads(Tags(page_of(race(tasks=3)).decode()).content["script"][0])["words"]
    assert set(words["states"]) == {state.value for state in ProcessState}


def test_the_script_puts_text_on_the_screen_as_text_only() -> None:
    script = Tags(page_of(race(tasks=3)).decode()).content["script"][1]
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|fetch\(|import", script)
        == []
    )


def test_the_policy_allows_its_script_and_its_style_and_nothing_else() -> None:
    page = Tags(page_of(race(tasks=3)).decode())
    script, style = (
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (page.content["script"][1], page.content["style"][0])
    )
    assert page.policy == (
        f"default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_left_open_in_the_template() -> None:
    page = page_of(race(tasks=3)).decode()
    before_script, _script = page.rsplit("<script>", 1)
    assert re.findall(r"\$\w+", before_script.split("</style>", 1)[1]) == []
    assert "://" not in page


def test_the_same_recording_gives_the_same_bytes() -> None:
    assert page_of(race(tasks=20)) == page_of(race(tasks=20))


def test_it_speaks_the_chosen_language() -> None:
    try:
        choose_language("zh")
        assert '<html lang="zh">' in page_of(race(tasks=3)).decode()
    finally:
        choose_language("en")
