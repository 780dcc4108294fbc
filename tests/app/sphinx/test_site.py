"""A site is built: the pictures, their alt text and both variants, what warns, and what is not made anew."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dictrace.app.pictures.picture import View
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text
from tests.app.browser import Browser
from tests.app.pictures.subjects import file_of_race
from tests.app.sphinx.site import Site

RACE = """\
.. dictrace:: race.dictrace
   :view: stage
   :at: first-loss
   :size: 480x300
   :expect: overwritten > 0
   :caption: The *first* loss
   :name: first
"""


SCRIPT = """\
import sys
from multiprocessing import Manager, Process

def task(shared, word):
    shared[word] = 1

if __name__ == "__main__":
    with Manager() as manager:
        shared = manager.dict()
        for word in [*sys.argv[1:]]:
            process = Process(target=task, args=(shared, word))
            process.start()
            process.join()
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site of one page with one picture, built with warnings as errors."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.write("index", RACE + "\nSee :ref:`first`.\n")
    assert site.build("-W") == (0, "")
    return site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def copy_of(built: Site, folder: Path) -> Site:
    """The same site elsewhere, to be changed."""
    site = Site(folder)
    shutil.copytree(built.source, site.source, dirs_exist_ok=True)
    return site


def test_a_picture_has_both_variants_with_the_same_alt_text(built: Site) -> None:
    light, dark = built.page().images
    assert (light["look"], dark["look"]) == ("image-reference dictrace-light", "image-reference dictrace-dark")
    assert light["src"] != dark["src"]
    subject = Subject.opened(built.source / "race.dictrace")
    words = alt_text(subject, float(subject.losses[0]), View.STAGE)
    assert light["alt"] == dark["alt"] == words
    assert (light["width"], light["height"]) == ("480", "300")


def test_the_pictures_carry_their_recording_and_differ_in_their_theme(built: Site) -> None:
    shown = [Subject.opened(built.page().path.parent / str(image["src"])).shown for image in built.page().images]
    assert [each.picture.dark for each in shown if each] == [False, True]
    assert [each.picture.view for each in shown if each] == [View.STAGE, View.STAGE]


def test_a_picture_has_a_caption_and_can_be_referred_to(built: Site) -> None:
    text = built.page().text
    assert '<figure class="dictrace align-default" id="first">' in text
    assert '<span class="caption-text">The <em>first</em> loss</span>' in text
    assert 'href="#first"><span class="std std-ref">The first loss</span>' in text


@pytest.mark.parametrize("place", ["documentElement", "body"])
@pytest.mark.parametrize(
    ("theme", "system", "seen"),
    [
        ("auto", "light", "light"),
        ("auto", "dark", "dark"),
        ("light", "dark", "light"),
        ("dark", "light", "dark"),
        ("dark", "dark", "dark"),
    ],
)
def test_one_variant_is_seen(built: Site, browser: Browser, place: str, theme: str, system: str, seen: str) -> None:
    browser.open("about:blank")
    browser.open(built.page().path)
    browser.prefer(prefers_color_scheme=system)
    browser.evaluate(f"document.{place}.dataset.theme = '{theme}'")
    visible = "[...document.querySelectorAll('figure a.image-reference')].filter(a => a.offsetParent)"
    assert browser.evaluate(f"{visible}.map(a => a.className)") == [f"image-reference dictrace-{seen}"]


def test_nothing_is_made_anew_that_did_not_change(built: Site, tmp_path: Path) -> None:
    site = copy_of(built, tmp_path)
    site.build()
    before = site.made()
    site.write("index", "Other words.\n\n" + RACE + "\n" + RACE.replace("480", "500").replace("first\n", "second\n"))
    assert site.build("-W") == (0, "")
    after = site.made()
    assert len(after) == len(before) + 2
    assert {name: after[name] for name in before} == before


def test_another_recording_of_the_same_name_is_shown_without_a_change_of_the_document(
    built: Site, tmp_path: Path
) -> None:
    site = copy_of(built, tmp_path)
    site.build()
    before = site.page().images
    file_of_race(site.source, tasks=12)
    assert site.build("-W") == (0, "")
    assert [image["src"] for image in site.page().images] != [image["src"] for image in before]


def test_a_claim_that_is_not_true_fails_the_build_where_it_stands(built: Site, tmp_path: Path) -> None:
    site = copy_of(built, tmp_path)
    site.write("index", RACE.replace("overwritten > 0", "overwritten == 0"))
    status, said = site.build("-W")
    assert status == 1
    assert "index.rst:4: WARNING: “overwritten == 0” is not true: overwritten is" in said
    assert "[dictrace.claim]" in said
    assert len(site.page().images) == 2


def test_a_claim_is_checked_again_where_nothing_changed(built: Site, tmp_path: Path) -> None:
    site = copy_of(built, tmp_path)
    site.write("index", RACE.replace("overwritten > 0", "overwritten == 0"))
    assert site.build()[1] == site.build()[1] != ""
    site.write("index", "Nothing to claim.\n")
    assert site.build() == (0, "")


def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path) -> None:
    site = Site(tmp_path)
    said = {
        ".. dictrace:: no-such-preset\n": "There is no preset called “no-such-preset”",
        ".. dictrace:: counter\n   :tasks: 0\n": "The number of tasks must be from 1",
        ".. dictrace:: counter\n   :lock: golden\n": '"golden" unknown',
        ".. dictrace:: counter\n   :expect: lost or found\n": "no claim",
        ".. dictrace:: counter\n   :size: large\n": "“large” is no size",
        ".. dictrace:: race.dictrace\n   :tasks: 3\n": "Settings are for presets only",
        ".. dictrace:: counter\n   :arguments: 3\n": "Arguments are for scripts only",
        ".. dictrace:: missing.py\n": "There is no file",
        ".. dictrace:: raises.py\n": "The run of “raises.py” failed.",
        ".. dictrace:: race.dictrace\n   :at: 5000\n": "“5000” is after the end",
        ".. dictrace:: missing.dictrace\n": "There is no file",
    }
    (site.source / "raises.py").write_text("raise ValueError\n")
    for number, directive in enumerate(said):
        site.write(f"page{number}", ":orphan:\n\n" + directive)
    site.write("index", RACE)
    status, warned = site.build("-W", builder="text")
    assert status == 1
    for number, sentence in enumerate(said.values()):
        _before, said_there = warned.split(f"page{number}.rst:6: ")
        assert sentence in said_there.split(".rst:")[0]
    assert "index.rst" not in warned


def test_a_preset_is_run_once_for_all_pictures_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    own_key = ".. dictrace:: own-key\n   :tasks: 6\n   :processes: 2\n   :expect: survived == 6\n"
    site.write("index", f"{own_key}\n{own_key}   :view: history\n   :no-embed:\n\n.. toctree::\n\n   other\n")
    site.write("other", f"{own_key}   :view: log\n")
    assert site.build("-W", "-j", "2") == (0, "")
    runs = [name for name in site.made() if name.endswith(".dictrace")]
    assert len(runs) == 1
    assert len(site.page().images) == 4
    assert len(site.page("other").images) == 2
    before = site.made()
    assert site.build("-W", "-E", "-j", "2") == (0, "")
    assert site.made() == before


def test_a_script_is_run_with_its_arguments_and_again_when_it_changes(tmp_path: Path) -> None:
    site = Site(tmp_path)
    script = site.source / "script.py"
    script.write_text(SCRIPT)
    site.write("index", ".. dictrace:: script.py\n   :arguments: 'a b' c\n   :expect: attempted == 2\n   :view: log\n")
    assert site.build("-W") == (0, "")
    (before,) = [name for name in site.made() if name.endswith(".dictrace")]
    script.write_text(SCRIPT.replace("[1:]]", "[1:], 3]"))
    status, said = site.build("-W")
    assert status == 1
    assert "“attempted == 2” is not true: attempted is 3." in said
    assert len([name for name in site.made() if name.endswith(".dictrace") and name != before]) == 1


def test_only_the_themes_that_are_wanted_are_made(tmp_path: Path) -> None:
    site = Site(tmp_path, 'dictrace_themes = ["light"]\n')
    site.write("index", RACE + "   :alt: Someone's words\n")
    assert site.build("-W") == (0, "")
    (image,) = site.page().images
    assert (image["look"], image["alt"]) == ("image-reference", "Someone's words")


def test_other_builders_get_a_pdf_or_the_alt_text(built: Site, tmp_path: Path) -> None:
    site = copy_of(built, tmp_path)
    assert site.build("-W", builder="latex") == (0, "")
    (picture,) = (site.out / "latex").glob("dictrace-*.pdf")
    assert picture.read_bytes().startswith(b"%PDF")
    assert f"{{{picture.name}}}" in next((site.out / "latex").glob("*.tex")).read_text()
    assert site.build("-W", builder="text") == (0, "")
    assert "[Stage: a run of" in (site.out / "text" / "index.txt").read_text()


def test_pictures_speak_the_language_of_the_documents(built: Site, tmp_path: Path) -> None:
    site = copy_of(built, tmp_path)
    assert site.build("-W", "-D", "language=zh_CN") == (0, "")
    assert "舞台" in str(site.page().images[0]["alt"])
