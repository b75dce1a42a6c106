"""Give every entry what is permanent: tag URI, anchor, citation key, dates; and its earlier days.

Everything here follows from the digests, taken in the order of their days, and from the ledger, so
that a build from scratch and a build day by day agree. Tag URIs: RFC 4151, section 2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, MutableMapping
from collections.abc import Set as AbstractSet

from dateutil import tz
from msgspec import structs

from pipeline.model import Digest, Earlier, Entry, Ledger, LedgerEntry, Site
from pipeline.paths import entry_id
from pipeline.refine._keys import candidates
from pipeline.refine._papers import Register, own_links
from pipeline.refine._past import Past
from pipeline.refine._slugs import digest_of, slug

_NOTHING = Ledger()


def refine(
    digests: tuple[Digest, ...],
    site: Site,
    ledger: Ledger = _NOTHING,
    gone: tuple[Entry, ...] = (),
    past: Past | None = None,
) -> tuple[Digest, ...]:
    """Return the digests, which come one a day and oldest first, with the identity of every entry.

    What the ledger holds of an entry is given to it, the others yield. What was published and is no
    more, ``gone`` just now or withdrawn before, keeps its anchors and keys from other entries and papers.
    ``past`` is where the days before these have led, and is carried on.
    """
    history = _History(ledger, gone)
    records = tuple(map(history.records, digests))
    past = past or Past()
    if "papers" not in past.counts:
        _begin(past, (*gone, *_keyed(digests, records)), ledger)
    papers = _Papers(past)
    return tuple(
        _identified(digest, papers, history, held, site)
        for digest, held in zip(digests, records, strict=True)
    )


def scratch_anchors(digest: Digest) -> tuple[str, ...]:
    """Return the anchors of a day as a build without ledger gives them: how the ledger names entries."""
    names = _Names()
    return tuple(names.take(*_anchors(entry), mark="-") for entry in digest.entries)


def paper_slug(entry: Entry) -> str:
    """Return the slug of a title with a hash of title and authors: of one paper on any day the same."""
    return _anchors(entry)[1]


_Records = tuple[LedgerEntry | None, ...]


def _keyed(digests: tuple[Digest, ...], records: tuple[_Records, ...]) -> Iterator[Entry]:
    """Give the entries whose keys the ledger holds, with these keys."""
    for digest, held in zip(digests, records, strict=True):
        for entry, record in zip(digest.entries, held, strict=True):
            if record and record.key:
                yield structs.replace(entry, key=record.key)


class _History:
    """What the ledger and the entries that are gone say of each day."""

    def __init__(self, ledger: Ledger, gone: tuple[Entry, ...]) -> None:
        self._of: dict[dt.date, dict[str, LedgerEntry]] = {}
        self._anchors: dict[dt.date, set[str]] = {}
        self._moments: dict[dt.date, set[dt.datetime]] = {}
        for record in ledger.entries:
            self._of.setdefault(record.day, {})[record.slug] = record
            if record.anchor:
                self._anchors.setdefault(record.day, set()).add(record.anchor)
            if record.published:
                self._moments.setdefault(record.day, set()).add(record.published)
        for past in ledger.withdrawn:
            self._anchors.setdefault(past.day, set()).add(past.anchor)
            self._moments.setdefault(past.day, set()).add(past.published)
        for entry in gone:
            self._anchors.setdefault(entry.date, set()).add(entry.anchor)
            if entry.published:
                self._moments.setdefault(entry.date, set()).add(entry.published)

    def anchors(self, date: dt.date) -> AbstractSet[str]:
        """Return the anchors of a day that no newcomer may take."""
        return self._anchors.get(date, frozenset())

    def moments(self, date: dt.date) -> AbstractSet[dt.datetime]:
        """Return the moments of a day that no newcomer may take."""
        return self._moments.get(date, frozenset())

    def records(self, digest: Digest) -> _Records:
        """Return what the ledger holds of each entry of a day."""
        known = self._of.get(digest.date)
        if not known:
            return (None,) * len(digest.entries)
        return tuple(map(known.get, scratch_anchors(digest)))


class _Names:
    """Names that are taken, each for ever; what is wanted again gets a number from 2."""

    def __init__(self, taken: MutableMapping[str, bool] | None = None) -> None:
        self._taken: MutableMapping[str, bool] = {} if taken is None else taken
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
        self._taken[name] = True
        return name


def _begin(past: Past, keyed: tuple[Entry, ...], ledger: Ledger) -> None:
    """Note what holds before the first day: the keys of the ledger, and of entries that have theirs.

    A paper whose key is known from a later day, or from one that is gone, keeps it.
    """
    past.counts["papers"] = 0
    recorded = (record.key for record in ledger.entries if record.key)
    has = {entry.key for entry in keyed}
    past.taken.update(dict.fromkeys((*recorded, *has, *(gone.key for gone in ledger.withdrawn)), True))
    # What an entry has again is not to be given to another.
    cited = (gone for gone in reversed(ledger.withdrawn) if gone.key not in has and not gone.became)
    past.cited.update({gone.slug: gone.key for gone in cited})
    held = Register(past.held_of, past.held_arxiv)
    for number, entry in enumerate(keyed):
        past.held_keys[number] = entry.key
        held.add(entry, number)


class _Papers:
    """What the days before have settled: which key each paper has, and where it was discussed."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._register = Register(past.paper_of, past.arxiv_of)
        self._held = Register(past.held_of, past.held_arxiv)
        self._names = _Names(past.taken)

    def meet(self, entry: Entry, anchor: str, key: str | None) -> tuple[str, tuple[Earlier, ...]]:
        """Return the key of the entry's paper and the days on which it was discussed before.

        ``key`` is the one that the ledger holds of the entry.
        """
        past = self._past
        same = self._register.find(entry) or (self._new_paper(key or self._new_key(entry)),)
        known = {day: None for paper in same for day in past.days_of[paper] if day.date < entry.date}
        self._register.add(entry, same[0])
        past.days_of[same[0]] = (*past.days_of[same[0]], Earlier(date=entry.date, anchor=anchor))
        return key or past.key_of[same[0]], tuple(sorted(known, key=lambda day: day.date))

    def _new_paper(self, key: str) -> int:
        number = self._past.counts["papers"]
        self._past.counts["papers"] = number + 1
        self._past.key_of[number] = key
        self._past.days_of[number] = ()
        return number

    def _new_key(self, entry: Entry) -> str:
        for number in self._held.find(entry):
            return self._past.held_keys[number]
        # A withdrawn paper that comes on another day has the key that was cited.
        cited = self._past.cited.get(paper_slug(entry))
        if cited:
            self._past.cited[paper_slug(entry)] = ""
        return cited or self._names.take(*candidates(entry), mark="x")


def _identified(digest: Digest, papers: _Papers, history: _History, records: _Records, site: Site) -> Digest:
    names = _Names(dict.fromkeys(history.anchors(digest.date), True))
    entries: list[Entry] = []
    moments = _moments(_moment(digest.date, site), records, history.moments(digest.date))
    for entry, record, published in zip(digest.entries, records, moments, strict=True):
        anchor = (record and record.anchor) or names.take(*_anchors(entry), mark="-")
        key, earlier = papers.meet(entry, anchor, record.key if record else None)
        updated = record.updated if record and record.updated else published
        entries.append(
            structs.replace(
                entry,
                id=entry_id(site.authority, digest.date, anchor),
                anchor=anchor,
                key=key,
                published=published,
                updated=max(published, updated),
                earlier=earlier,
            )
        )
    return structs.replace(digest, entries=tuple(entries))


def _moments(
    start: dt.datetime, records: _Records, reserved: AbstractSet[dt.datetime]
) -> Iterator[dt.datetime]:
    """Give the moment of each entry of a day: that of the ledger, else the first free from its place on.

    Readers sort by date: a second less for each paper keeps the digest's order in all of them.
    """
    taken = set(reserved)
    for position, record in enumerate(records):
        moment = start - dt.timedelta(seconds=position)
        if record and record.published:
            moment = record.published
        else:
            while moment in taken:
                moment -= dt.timedelta(seconds=1)
            taken.add(moment)
        yield moment


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
