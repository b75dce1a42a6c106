"""The archive of all days: each in short, and what reads one of them whole.

What is said of the days in short fits in memory for an archive of many years; so a run that renews one
day reads of the others those only that it shows.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import overload

from msgspec import Struct

from pipeline.model import Digest, Entry, ListingKind, Problem, Withdrawn

ReadDay = Callable[[dt.date], Digest]


class Outline(Struct, frozen=True, kw_only=True, array_like=True):
    """One day in short: what the folders of the site depend on."""

    date: dt.date
    """The day."""
    language: str
    """Language of most of its commentary."""
    papers: int
    """How many entries it has."""
    tags: tuple[tuple[str, int, str], ...]
    """Its tags, folded, in the order met; how many entries have each; how it was spelled first."""
    languages: tuple[tuple[str, int], ...]
    """Languages of commentary, and how many entries have some in each."""
    keys: tuple[str, ...]
    """Citation keys of its entries in lower case: two that differ in nothing else are one to BibTeX."""
    updated: dt.datetime | None
    """When what it says last changed, UTC."""


def outline(digest: Digest) -> Outline:
    """Return a refined day in short."""
    counts = Counter(tag for entry in digest.entries for tag in entry.folded_tags)
    spelled: dict[str, str] = {}
    for entry in digest.entries:
        for tag, folded in zip(entry.tags, entry.folded_tags, strict=False):
            spelled.setdefault(folded, tag)
    languages = Counter(
        language for entry in digest.entries for language in {said.language for said in entry.commentary}
    )
    return Outline(
        date=digest.date,
        language=digest.language,
        papers=len(digest.entries),
        tags=tuple((tag, count, spelled.get(tag, tag)) for tag, count in counts.items()),
        languages=tuple(sorted(languages.items())),
        keys=tuple(entry.key.lower() for entry in digest.entries),
        updated=max((entry.updated for entry in digest.entries if entry.updated), default=None),
    )


def main_language(days: Iterable[Outline]) -> str:
    """Return the language of most days; of several the first in the order of their codes."""
    languages = Counter(day.language for day in days)
    return min(languages, key=lambda language: (-languages[language], language))


class Days(Sequence[Digest]):
    """Days of an archive, newest first, each read when it is asked for."""

    def __init__(
        self,
        days: Iterable[tuple[dt.date, int]],
        read: ReadDay,
        met_again: Mapping[str, tuple[dt.date, ...]],
    ) -> None:
        """Take days with the number of entries that belong here, and what reads one of them.

        ``met_again`` names, oldest first, the days of the keys that have several.
        """
        counts = dict(days)
        self.dates = tuple(counts)
        self.papers = sum(counts.values())
        """How many entries belong here on all days."""
        self._counts = counts
        self._read = read
        self._met_again = met_again
        # A day of thousands must not be searched for each of them; only the last days asked for are kept.
        self._by_key = functools.lru_cache(maxsize=8)(self._keyed)

    @classmethod
    def of(cls, digests: Iterable[Digest]) -> Days:
        """Return days that are at hand, newest first."""
        archive = Archive.of(sorted(digests, key=lambda digest: digest.date))
        return archive.days(archive.outlines)

    def __len__(self) -> int:
        return len(self.dates)

    @overload
    def __getitem__(self, index: int) -> Digest: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Digest, ...]: ...
    def __getitem__(self, index: int | slice) -> Digest | tuple[Digest, ...]:
        if isinstance(index, slice):
            return tuple(map(self._read, self.dates[index]))
        return self._read(self.dates[index])

    def on(self, date: dt.date) -> Digest:
        """Return one of the days."""
        return self._read(date)

    def discussions(self, entry: Entry) -> tuple[Entry, ...]:
        """Return what was said here of the paper of an entry, oldest first."""
        key = entry.key.lower()
        dates = (date for date in self._met_again.get(key, (entry.date,)) if date in self._counts)
        return tuple(each for date in dates for each in self._by_key(date).get(key, ()))

    def _keyed(self, date: dt.date) -> dict[str, list[Entry]]:
        keyed: dict[str, list[Entry]] = {}
        for entry in self._read(date).entries:
            keyed.setdefault(entry.key.lower(), []).append(entry)
        return keyed


class Archive(Struct, frozen=True, kw_only=True):
    """All days of a site."""

    outlines: tuple[Outline, ...]
    """Each in short, oldest first."""
    read: ReadDay
    """Read one of them whole, refined."""
    met_again: Mapping[str, tuple[dt.date, ...]]
    """Citation keys in lower case that were met on several days, and these, oldest first."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """The entries that are gone."""
    problems: tuple[Problem, ...] = ()
    """What the author should know, by file and line."""

    @classmethod
    def of(cls, digests: Iterable[Digest], withdrawn: tuple[Withdrawn, ...] = ()) -> Archive:
        """Return the archive of refined days, which come oldest first."""
        known = {digest.date: digest for digest in digests}
        return cls.lying(tuple(map(outline, known.values())), known.__getitem__, withdrawn)

    @classmethod
    def lying(
        cls,
        outlines: tuple[Outline, ...],
        read: ReadDay,
        withdrawn: tuple[Withdrawn, ...] = (),
        problems: tuple[Problem, ...] = (),
    ) -> Archive:
        """Return the archive of days that lie elsewhere and are read one by one; they come oldest first."""
        first: dict[str, dt.date] = {}
        again: dict[str, dict[dt.date, None]] = defaultdict(dict)
        for day in outlines:
            for key in day.keys:
                met = first.setdefault(key, day.date)
                if met != day.date:
                    again[key] |= {met: None, day.date: None}
        return cls(
            outlines=outlines,
            read=read,
            met_again={key: tuple(dates) for key, dates in again.items()},
            withdrawn=withdrawn,
            problems=problems,
        )

    def days(self, outlines: Sequence[Outline]) -> Days:
        """Return some of its days whole; ``outlines`` come oldest first."""
        return Days(((day.date, day.papers) for day in reversed(outlines)), self.read, self.met_again)

    def parts(self, counts: Sequence[tuple[dt.date, int]], part_of: Callable[[Digest], Digest]) -> Days:
        """Return some of its days in part; ``counts`` come oldest first and say how many entries are left."""

        def read(date: dt.date) -> Digest:
            return part_of(self.read(date))

        return Days(reversed(counts), read, self.met_again)


class Listing(Struct, frozen=True, kw_only=True):
    """What one folder of ``out/`` shows: a day, a month, a tag, a language, or the whole site."""

    kind: ListingKind
    """What the folder stands for."""
    path: str
    """Folder below ``out/``: empty for the site, else ending in a slash."""
    title: str
    """Title of its pages and feeds."""
    language: str
    """Language of most of its commentary."""
    digests: Days
    """Its days, newest first, each with the entries that belong here."""
    updated: dt.datetime | None = None
    """When what it shows last changed, UTC."""
    previous: str | None = None
    """Of a month: the folder of the month before it that has entries."""
    following: str | None = None
    """Of the oldest month alone: the folder of the month after it."""
    parts: tuple[Listing, ...] = ()
    """Of the whole site: the other folders of several days."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """The entries that are gone from here, newest first."""
    problems: tuple[Problem, ...] = ()
    """Of the whole site alone: those of its days and of files that gave none, by file and line."""

    @property
    def entries(self) -> Iterator[Entry]:
        """All entries, newest day first, within a day in the digest's order."""
        return (entry for digest in self.digests for entry in digest.entries)

    def of_kind(self, *kinds: ListingKind) -> tuple[Listing, ...]:
        """Return the other folders of some kinds."""
        return tuple(part for part in self.parts if part.kind in kinds)
