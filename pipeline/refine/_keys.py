"""Citation keys: first author, year, first significant word of the title, in lower-case ASCII."""

from __future__ import annotations

import functools
import re
from urllib.parse import urlsplit

from pipeline.model import Author, Entry
from pipeline.names import AT_HAND, INITIALS, bare
from pipeline.refine._papers import own_links
from pipeline.refine._slugs import compact, digest_of

_STOP_WORDS = frozenset(
    "a an and are as at be by can could do does for from has have how if in into is it its no not of on "
    "or over our should so than that the their then there these they this to toward towards under via was "
    "we what when where which while who why will with without you your".split()
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_LONGEST_WORD = 24


def candidates(entry: Entry) -> tuple[str, ...]:
    """Return the keys of an entry in order of preference.

    The first is ``cideron2024musicrl``; in each of the others one more word of the title follows.
    """
    family = _family(entry.authors[0]) if entry.authors else "anon"
    words = _significant(entry.title) if entry.title else (_unnamed(entry),)
    stem = f"{family}{year_of(entry)}"
    return tuple(stem + "".join(words[:count]) for count in range(1, min(len(words), 4) + 1))


def year_of(entry: Entry) -> int:
    """Return the year of the paper: of its own arXiv identifier, else of the digest."""
    arxiv = (entry.identifiers.arxiv or "").rpartition("/")[2]
    if not arxiv:
        return entry.date.year
    two = int(arxiv[:2])
    return two + (1900 if two >= 91 else 2000)


def _family(author: Author) -> str:
    """Return the family name, of an organisation all its name; it begins with a letter."""
    named = (
        (author.name,) if author.kind == "organisation" else (_last(bare(author.name)), _last(author.name))
    )
    compacted = (compact(name)[:_LONGEST_WORD] for name in named)
    short = next(filter(None, compacted), "x" + digest_of(author.name, 6))
    return "x" + short if short[0].isdigit() else short


def _last(name: str) -> str:
    """Return the last word of a person's family name, which a comma or initials may follow."""
    words = name.partition(",")[0].split()
    while len(words) > 1 and (_SUFFIX.fullmatch(words[-1]) or INITIALS.fullmatch(words[-1])):
        words.pop()
    return "".join(words[-1:])


@functools.lru_cache(AT_HAND)
def _significant(title: str) -> tuple[str, ...]:
    words = [compact(word)[:_LONGEST_WORD] for word in title.split()]
    words = [word for word in words if word]
    return tuple([word for word in words if word not in _STOP_WORDS] or words or ["x" + digest_of(title, 6)])


def _unnamed(entry: Entry) -> str:
    if entry.identifiers.arxiv:
        return compact(entry.identifiers.arxiv)
    link = next((link.url for link in own_links(entry)), None)
    if link is None:
        return "note" + digest_of("".join(passage.text for passage in entry.commentary), 6)
    host = (urlsplit(link).hostname or "").removeprefix("www.")
    return compact(host.split(".")[0])[:_LONGEST_WORD] + digest_of(link, 6)
