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
from pipeline.refine._papers import Register, own_links
from pipeline.refine._slugs import digest_of, slug


def refine(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:
    """Return the digests, which come one a day and oldest first, with the identity of every entry."""
    papers = _Papers()
    return tuple(_identified(digest, site, papers) for digest in digests)


class _Names:
    """Names that are taken, each for ever; what is wanted again gets a number from 2."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        # The search for a free number starts where the last one ended, or a thousand papers of one
        # name would cost a million steps.
        self._numbered: dict[str, int] = {}

    def take(self, *preferred: str, mark: str) -> str:
        """Take the first name that is free, else the last with a mark and a number behind it."""
        name = next((name for name in preferred if name not in self._taken), preferred[-1])
        number = self._numbered.get(name, 1)
        stem = name
        while name in self._taken:
            number += 1
            name = f"{stem}{mark}{number}"
        self._numbered[stem] = number
        self._taken.add(name)
        return name


class _Papers:
    """What the days before have settled: which key each paper has, and where it was discussed."""

    def __init__(self) -> None:
        self._register = Register()
        self._names = _Names()
        self._keys: list[str] = []
        self._days: list[tuple[Earlier, ...]] = []

    def meet(self, entry: Entry, anchor: str) -> tuple[str, tuple[Earlier, ...]]:
        """Return the key of the entry's paper and the days on which it was discussed before."""
        same = self._register.find(entry)
        if not same:
            same = (len(self._keys),)
            self._keys.append(self._names.take(*candidates(entry), mark="x"))
            self._days.append(())
        known = {day: None for paper in same for day in self._days[paper] if day.date < entry.date}
        self._register.add(entry, same[0])
        self._days[same[0]] += (Earlier(date=entry.date, anchor=anchor),)
        return self._keys[same[0]], tuple(sorted(known, key=lambda day: day.date))


def _identified(digest: Digest, site: Site, papers: _Papers) -> Digest:
    moment = _moment(digest.date, site)
    names = _Names()
    entries: list[Entry] = []
    for position, entry in enumerate(digest.entries):
        anchor = names.take(*_anchors(entry), mark="-")
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


def _moment(date: dt.date, site: Site) -> dt.datetime:
    """Return when the first entry of a day is published, in UTC.

    Seconds are counted down from there: at midnight from the end of that hour, for they would lead
    into the day before.
    """
    # Without a name dateutil would take the zone of the machine.
    zone = (tz.gettz(site.timezone) if site.timezone else None) or tz.UTC
    clock = dt.time(site.hour) if site.hour else dt.time(0, 59, 59)
    return dt.datetime.combine(date, clock, zone).astimezone(dt.UTC)


def _anchors(entry: Entry) -> tuple[str, str]:
    """Return the slug of the title, or of what else names the entry; and a second choice."""
    arxiv = entry.identifiers.arxiv
    link = next((link.url for link in own_links(entry)), None)
    named = entry.title or (f"arxiv {arxiv}" if arxiv else link)
    words = named or " ".join((*entry.tags, *(passage.text for passage in entry.commentary)))
    base = slug(words)
    return base, f"{base}-{digest_of(' '.join((words, *(author.name for author in entry.authors))))}"
