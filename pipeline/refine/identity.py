"""Give every entry what is permanent: tag URI, anchor, citation key, dates; and its earlier days.

Everything here follows from the digests alone, taken in the order of their days, so that a build
from scratch and a build day by day agree. Tag URIs: RFC 4151, section 2.
"""

from __future__ import annotations

import datetime as dt

from dateutil import tz
from msgspec import structs

from pipeline.model import Digest, Earlier, Entry, Site
from pipeline.refine._keys import candidates
from pipeline.refine._papers import names_of
from pipeline.refine._slugs import digest_of, slug


def refine(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:
    """Return the digests, which come one a day and oldest first, with the identity of every entry."""
    papers = _Papers()
    zone = tz.gettz(site.timezone) or tz.UTC
    return tuple(_identified(digest, site, papers, zone) for digest in digests)


class _Papers:
    """What the days before have settled: which key each paper has, and where it was discussed."""

    def __init__(self) -> None:
        self.key_of: dict[str, str] = {}
        self.arxiv_of: dict[str, str] = {}
        self.days_of: dict[str, tuple[Earlier, ...]] = {}

    def meet(self, entry: Entry, anchor: str) -> tuple[str, tuple[Earlier, ...]]:
        """Return the key of the entry's paper and the days on which it was discussed before."""
        names = names_of(entry)
        arxiv = entry.identifiers.arxiv
        known = (self.key_of[name] for name in names if name in self.key_of)
        key = next((key for key in known if arxiv in {None, self.arxiv_of.get(key, arxiv)}), None)
        if key is None:
            key = next(candidate for candidate in candidates(entry) if candidate not in self.days_of)
        if arxiv:
            self.arxiv_of[key] = arxiv
        for name in names:
            self.key_of.setdefault(name, key)
        earlier = self.days_of.get(key, ())
        self.days_of[key] = (*earlier, Earlier(date=entry.date, anchor=anchor))
        return key, earlier


def _identified(digest: Digest, site: Site, papers: _Papers, zone: dt.tzinfo) -> Digest:
    moment = dt.datetime.combine(digest.date, dt.time(site.hour), zone).astimezone(dt.UTC)
    anchors: set[str] = set()
    entries: list[Entry] = []
    for position, entry in enumerate(digest.entries):
        anchor = _anchor(entry, anchors)
        anchors.add(anchor)
        key, earlier = papers.meet(entry, anchor)
        # Readers sort by date: a second less for each paper keeps the digest's order in all of them.
        published = moment - dt.timedelta(seconds=position)
        entries.append(
            structs.replace(
                entry,
                id=f"tag:{site.authority}:{digest.date.isoformat()}/{anchor}",
                anchor=anchor,
                key=key,
                published=published,
                updated=published,
                earlier=earlier,
            )
        )
    return structs.replace(digest, entries=tuple(entries))


def _anchor(entry: Entry, taken: set[str]) -> str:
    """Return the slug of the title, or of what else names the entry; unique within the day."""
    arxiv = entry.identifiers.arxiv
    header = next((link.url for link in entry.links), None)
    named = entry.title or (f"arxiv {arxiv}" if arxiv else header)
    words = named or " ".join((*entry.tags, *(passage.text for passage in entry.commentary)))
    base = slug(words)
    if base in taken:
        authors = " ".join(author.name for author in entry.authors)
        base = f"{base}-{digest_of(' '.join((words, authors, header or '')))}"
    number = 2
    anchor = base
    while anchor in taken:
        anchor = f"{base}-{number}"
        number += 1
    return anchor
