"""Every sentence has a translation in every catalogue, and the compiled catalogues are those of the texts."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dictrace.engine.words import LANGUAGES

ROOT = Path(__file__).parents[1]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """The singular and plural forms of a sentence, or its only form."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module", params=[language for language in LANGUAGES if language != "en"])
def catalogue(request: pytest.FixtureRequest) -> Path:
    """File of a language's translations, without its suffix."""
    return ROOT / "resources" / "locale" / request.param / "LC_MESSAGES" / "dictrace"


@pytest.fixture(scope="module")
def translations(catalogue: Path) -> Catalog:
    """A language's translations."""
    with catalogue.with_suffix(".po").open("rb") as file:
        return read_po(file)


def test_every_sentence_is_translated_and_nothing_else(translations: Catalog) -> None:
    folders = ("app", "engine", "widgets")
    found = {forms(text) for folder in folders for _, _, text, _, _ in extract_from_dir(ROOT / folder)}
    assert found
    done = {forms(m.id) for m in translations if m.id and all(forms(m.string)) and not m.fuzzy}
    assert sorted(found ^ done) == []


def test_translations_keep_the_places_to_fill(translations: Catalog) -> None:
    place = re.compile(r"{\w+")
    wanted = {m.id: set(place.findall(forms(m.id)[-1])) for m in translations if m.id}
    kept = {m.id: set(place.findall(forms(m.string)[-1])) for m in translations if m.id}
    assert kept == wanted


def test_compiled_catalogue_is_up_to_date(catalogue: Path, translations: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, translations)
    assert catalogue.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run: make messages"
