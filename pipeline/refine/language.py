"""Say in which language each passage is: by its script, and within Latin script as configured."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import structs

from pipeline.model import Digest, Entry, Passage, Site

# Judged over the whole passage: a Korean comment may begin with, and mostly be, English terms.
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ko", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# Scripts in which single letters stand as symbols inside Latin text must outweigh it instead.
_SYMBOLIC = frozenset({"el", "he"})
_SHARE = 60


def refine(digest: Digest, site: Site) -> Digest:
    """Fill the language of every passage, and of the digest as that of most of its commentary."""
    entries = tuple(_refined(entry, site) for entry in digest.entries)
    letters: Counter[str] = Counter()
    for entry in entries:
        for passage in entry.commentary:
            letters[passage.language] += len(passage.text)
    main = max(letters, key=lambda language: (letters[language], language), default=site.language)
    introduction = tuple(_passage(passage, site) for passage in digest.introduction)
    return structs.replace(digest, entries=entries, introduction=introduction, language=main)


def language_of(text: str, latin: str) -> str:
    """Return the language of a text as a BCP 47 tag; ``latin`` is that of text in Latin script."""
    latins = len(_LATIN.findall(text))
    for language, script in _SCRIPTS:
        found = len(script.findall(text))
        if found and found * (1 if language in _SYMBOLIC else _SHARE) >= latins:
            return language
    return latin


def _refined(entry: Entry, site: Site) -> Entry:
    commentary = tuple(_passage(passage, site) for passage in entry.commentary)
    abstract = language_of(entry.abstract, "en") if entry.abstract else None
    return structs.replace(entry, commentary=commentary, abstract_language=abstract)


def _passage(passage: Passage, site: Site) -> Passage:
    return structs.replace(passage, language=language_of(passage.text, site.language))
