"""Say in which language each passage is: by its script, and within Latin script as configured."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import structs

from pipeline.model import Digest, Entry, Passage, Site
from pipeline.urls import find_addresses

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ko", re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")),
    ("ja", re.compile("[\u3041-\u309f\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]")),
    ("zh", re.compile("[\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
    ("ru", re.compile("[\u0400-\u052f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]{3,}")),
    ("he", re.compile("[\u0590-\u05ff]{3,}")),
)
# Letters of these stand as symbols inside other text: words of them must outweigh it.
_SYMBOLIC = frozenset({"el", "he"})
_NOT_LATIN = re.compile("[^\x00-\u024f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
# Judged over the whole passage: a Korean comment may begin with, and mostly be, English terms.
_SHARE = 60
# Chinese text borrows a kana now and then; in Japanese every few characters are kana.
_KANA = 10


def refine(digest: Digest, site: Site) -> Digest:
    """Fill the language of every passage, and of the digest as that of most of its commentary."""
    entries = tuple(_refined(entry, site) for entry in digest.entries)
    return structs.replace(
        digest,
        entries=entries,
        introduction=tuple(_passage(passage, site) for passage in digest.introduction),
        language=main_language(entries, site),
    )


def language_of(text: str, latin: str) -> str:
    """Return the language of a text as a BCP 47 tag; ``latin`` is that of text in Latin script."""
    if not _NOT_LATIN.search(text):
        return latin
    text = _without_addresses(text)
    found = {language: sum(map(len, script.findall(text))) for language, script in _SCRIPTS}
    if found["ja"] and found["ja"] * _KANA >= found["zh"]:
        found["ja"] += found.pop("zh")
    latins = len(_LATIN.findall(text))
    enough = {
        language: letters
        for language, letters in found.items()
        if letters and letters * (1 if language in _SYMBOLIC else _SHARE) >= latins
    }
    # Of two alike it is the one that is first in the table: dictionaries keep their order.
    return max(enough, key=enough.__getitem__, default=latin)


def main_language(entries: Iterable[Entry], site: Site) -> str:
    """Return the language of most of the commentary, that of the site where there is none."""
    letters: Counter[str] = Counter()
    for entry in entries:
        for passage in entry.commentary:
            letters[passage.language] += len(passage.text)
    return max(letters, key=lambda language: (letters[language], language), default=site.language)


def _without_addresses(text: str) -> str:
    """Drop addresses, whose letters are of no language."""
    kept: list[str] = []
    at = 0
    for address in find_addresses(text):
        kept.append(text[at : address.start])
        at = address.end
    return "".join((*kept, text[at:]))


def _refined(entry: Entry, site: Site) -> Entry:
    commentary = tuple(_passage(passage, site) for passage in entry.commentary)
    abstract = language_of(entry.abstract, "en") if entry.abstract else None
    return structs.replace(entry, commentary=commentary, abstract_language=abstract)


def _passage(passage: Passage, site: Site) -> Passage:
    return structs.replace(passage, language=language_of(passage.text, site.language))
