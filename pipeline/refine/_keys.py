"""Citation keys: first author, year, first significant word of the title, in lower-case ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.model import Author, Entry
from pipeline.refine._slugs import compact, digest_of

_STOP_WORDS = frozenset(
    "a an and are as at be by can could do does for from has have how if in into is it its no not of on "
    "or over our should so than that the their then there these they this to toward towards under via was "
    "we what when where which while who why will with without you your".split()
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_LONGEST_WORD = 24


def candidates(entry: Entry) -> Iterator[str]:
    """Give the keys of an entry in order of preference, without end.

    The first is ``cideron2024musicrl``; while it is taken, further title words follow, one by one,
    and then a number from 2.
    """
    stem = _family(entry.authors[0]) if entry.authors else "anon"
    stem += str(year_of(entry))
    words = _significant(entry.title) if entry.title else [_unnamed(entry)]
    key = stem + words[0]
    yield key
    for word in words[1:4]:
        key += word
        yield key
    number = 2
    while True:
        yield f"{key}x{number}"
        number += 1


def year_of(entry: Entry) -> int:
    """Return the year of the paper: of its own arXiv identifier, else of the digest."""
    arxiv = (entry.identifiers.arxiv or "").rpartition("/")[2]
    if not arxiv:
        return entry.date.year
    two = int(arxiv[:2])
    return two + (1900 if two > 90 else 2000)


def _family(author: Author) -> str:
    words = author.name.split()
    if author.kind == "organisation":
        return compact(author.name)[:_LONGEST_WORD] or "x" + digest_of(author.name, 6)
    while len(words) > 1 and _SUFFIX.fullmatch(words[-1].strip(",")):
        words.pop()
    return compact(words[-1])[:_LONGEST_WORD] or "x" + digest_of(author.name, 6)


def _significant(title: str) -> list[str]:
    words = [compact(word)[:_LONGEST_WORD] for word in title.split()]
    words = [word for word in words if word]
    return [word for word in words if word not in _STOP_WORDS] or words or ["x" + digest_of(title, 6)]


def _unnamed(entry: Entry) -> str:
    if entry.identifiers.arxiv:
        return compact(entry.identifiers.arxiv)
    first = entry.links[0].url if entry.links else "".join(p.text for p in entry.commentary)
    host = (urlsplit(first).hostname or "").removeprefix("www.") if entry.links else "note"
    return compact(host.split(".")[0])[:_LONGEST_WORD] + digest_of(first, 6)
