"""A paper as every bibliography tells it: the facts once, so that the formats cannot disagree."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from pipeline.archive import Listing
from pipeline.model import Author, Digest, Entry, Site
from pipeline.render._addresses import display_title, page_url, paper_link
from pipeline.render._characters import INVISIBLE, clean
from pipeline.render._names import Name, read_name
from pipeline.render._tex import on_one_line, readable, readable_title

_ARXIV_MONTH = re.compile(r"(?:[a-z-]+(?:\.[A-Z]{2})?/)?([0-9]{2})(0[1-9]|1[0-2])[0-9.]+")
_ARXIV_DOI = "10.48550/arxiv."
# Scripts that belong to one language; Latin letters do not tell English from German.
_SCRIPT = ((re.compile("[\uac00-\ud7a3]"), "ko"), (re.compile("[\u3040-\u30ff]"), "ja"))


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """One paper of a bibliography, its texts readable: no TeX, one line each but the commentary."""

    key: str
    """Citation key."""
    title: str
    """Title, or what names a paper that has none."""
    authors: tuple[Name, ...]
    """Authors in order."""
    more_authors: bool
    """Further authors are not named."""
    year: int
    """Year of the paper's arXiv identifier, else of the day."""
    month: int
    """Month of the same, 1 to 12."""
    arxiv: str | None
    """arXiv identifier without version."""
    doi: str | None
    """The paper's DOI; that of arXiv where it has no other."""
    url: str
    """The paper's own link, else the page on which it is discussed."""
    seen: dt.date
    """Day of the first discussion."""
    abstract: str | None
    """Abstract."""
    keywords: tuple[str, ...]
    """Tags of all days, each once."""
    commentary: str | None
    """What was said on all days, oldest first, paragraphs parted by an empty line."""
    language: str | None
    """Language of the title (BCP 47) where its script tells."""


RecordOf = Callable[[tuple[Entry, ...]], Record]


def record_maker(site: Site) -> RecordOf:
    """Return what makes the record of the discussions of one paper, which come oldest first."""
    return functools.partial(_record, site)


def records(listing: Listing, digest: Digest, record_of: RecordOf) -> Iterator[Record]:
    """Give the records that stand at a day of a listing: of the papers first discussed on it.

    A paper stands where its first discussion stands, so that a later one moves no record.
    """
    keys = dict.fromkeys(entry.key.lower() for entry in digest.entries)
    for entry in digest.entries:
        discussions = listing.digests.discussions(entry)
        if discussions[0].date == digest.date and keys.pop(entry.key.lower(), entry) is None:
            yield record_of(discussions)


def _record(site: Site, entries: tuple[Entry, ...]) -> Record:
    """Return the record of discussions, oldest first; each fact is the oldest one given."""
    first = entries[0]
    ids = [entry.identifiers for entry in entries]
    arxiv = next((each.arxiv for each in ids if each.arxiv), None)
    year, month = _month(arxiv, first.date)
    named = max(entries, key=lambda entry: len(entry.authors))
    title = next(filter(None, (readable_title(clean(entry.title or "")) for entry in entries)), None)
    return Record(
        key=first.key,
        title=title or readable_title(clean(display_title(msgspec.structs.replace(first, title=None)))),
        authors=tuple(_names(named.authors)),
        more_authors=named.more_authors,
        year=year,
        month=month,
        arxiv=arxiv,
        doi=_doi(arxiv, next((each.doi for each in ids if each.doi), None)),
        url=next(filter(None, (_own_url(entry) for entry in entries)), page_url(site, first)),
        seen=first.date,
        abstract=next(
            (on_one_line(readable(clean(entry.abstract))) for entry in entries if entry.abstract), None
        ),
        keywords=tuple(_keywords(tag for entry in entries for tag in entry.tags)),
        commentary=_commentary(entries),
        language=next((code for script, code in _SCRIPT if script.search(title or "")), None),
    )


def _names(authors: Iterable[Author]) -> Iterator[Name]:
    return (name for name in map(read_name, authors) if name)


def _month(arxiv: str | None, day: dt.date) -> tuple[int, int]:
    """Return year and month of an arXiv identifier, which holds them (info.arxiv.org), else of a day."""
    found = _ARXIV_MONTH.fullmatch(arxiv or "")
    if not found:
        return day.year, day.month
    year = int(found[1])
    return (1900 if year >= 91 else 2000) + year, int(found[2])


def _doi(arxiv: str | None, doi: str | None) -> str | None:
    """Return a DOI as registered: arXiv's capital X is part of how it prints its own."""
    if doi is None:
        return f"10.48550/arXiv.{arxiv}" if arxiv else None
    return f"10.48550/arXiv.{doi[len(_ARXIV_DOI) :]}" if doi.lower().startswith(_ARXIV_DOI) else doi


def _own_url(entry: Entry) -> str | None:
    link = paper_link(entry)
    if link:
        return link.url
    return f"https://arxiv.org/abs/{entry.identifiers.arxiv}" if entry.identifiers.arxiv else None


def _keywords(tags: Iterable[str]) -> Iterator[str]:
    """Give each tag once, whatever its case; the signs that part keywords do not stay inside one."""
    seen: set[str] = set()
    for tag in tags:
        visible = INVISIBLE.sub("", readable(clean(tag)))
        keyword = on_one_line(visible.replace(",", " ").replace(";", " "))
        if keyword and keyword.casefold() not in seen:
            seen.add(keyword.casefold())
            yield keyword


def _commentary(entries: tuple[Entry, ...]) -> str | None:
    """Join the passages of all days; with more than one day, each day says which it is."""
    spoken = [entry for entry in entries if entry.commentary]
    days = [
        (entry.date.isoformat(), [readable(clean(passage.text)) for passage in entry.commentary])
        for entry in spoken
    ]
    if len(days) == 1:
        return "\n\n".join(days[0][1])
    return "\n\n".join(f"{day}: " + "\n\n".join(passages) for day, passages in days) or None
