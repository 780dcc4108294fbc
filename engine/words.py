"""The language of everything a person reads: gettext catalogues, English as written in the source.

`_` looks a sentence up in the chosen catalogue at the moment it is called.
"""

import gettext
from collections.abc import Iterable
from functools import reduce

from dictrace import resources

LANGUAGES = {"en": "English", "zh": "简体中文"}

_chosen: gettext.NullTranslations = gettext.NullTranslations()


def choose_language(language: str | None) -> None:
    """Use the catalogue of `language` (a key of `LANGUAGES`; None: the environment's) from now on in this process."""
    global _chosen
    folder = str(resources.FOLDER / "locale")
    _chosen = gettext.translation("dictrace", folder, [language] if language else None, fallback=True)


def _(sentence: str) -> str:
    return _chosen.gettext(sentence)


def N_(sentence: str) -> str:
    """The sentence as it is, for `_` to look up later: a language is chosen only after modules are loaded."""
    return sentence


def chosen_language() -> str:
    """The language in use, a key of `LANGUAGES`."""
    language: str = _chosen.info().get("language", "en")
    return language


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other, with what the chosen language puts between them."""
    said = [sentence for sentence in sentences if sentence]
    return reduce(lambda one, other: _("{one} {other}").format(one=one, other=other), said) if said else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form of a sentence for `n` things in the chosen language."""
    return _chosen.ngettext(one, many, n)
