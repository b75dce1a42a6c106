"""Let an entry be one that was published: what its author knows and no comparison can see.

The entry has the names and dates of the other again. Where a run has published it under names of its
own meanwhile, readers are told that the entry of these is gone, and no entry ever gets them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import PurePath

from msgspec import Struct, structs

from pipeline.errors import LedgerError
from pipeline.model import Digest, Entry, Ledger, Site, Withdrawn
from pipeline.paths import entry_id
from pipeline.refine import _withdrawal, identity
from pipeline.refine._recognition import recognised
from pipeline.refine._settle import as_published, as_recorded

_LINE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+)")
_MOST = 5


class _Day(Struct, frozen=True, kw_only=True):
    """One day of the digests beside what was published of it."""

    date: dt.date
    entries: tuple[Entry, ...]
    slugs: tuple[str, ...]
    """By which the ledger finds them."""
    recorded: tuple[Entry, ...]
    """The same entries with the anchors that it tells of them."""
    published: tuple[Entry, ...]
    """Under the names that they have now."""

    def still_there(self, ledger: Ledger, now: dt.datetime) -> frozenset[str]:
        """Return the anchors of what was published and is there, or comes back by itself."""
        found = recognised(self.recorded, self.published)
        fresh = [place for place, e in enumerate(self.recorded) if place not in found and not e.anchor]
        newcomers = {self.slugs[place]: self.entries[place] for place in fresh}
        back = _withdrawal.come_back(newcomers, self.date, ledger, now)
        return frozenset(
            (*(self.published[other].anchor for other in found.values()), *(r.worn for r in back))
        )

    def worn(self, place: int) -> Entry | None:
        """Return as what an entry was published, whatever the ledger tells of it; else what it tells."""
        asked = (structs.replace(e, anchor="") if n == place else e for n, e in enumerate(self.recorded))
        other, known = recognised(tuple(asked), self.published).get(place), self.entries[place]
        if other is None:
            return known if self.recorded[place].anchor else None
        was = self.published[other]
        return structs.replace(was, key=was.key or known.key, published=was.published or known.published)


def rename(
    old: str,
    new: str,
    *,
    digests: tuple[Digest, ...],
    before: tuple[Digest, ...],
    ledger: Ledger,
    site: Site,
    now: dt.datetime,
) -> Ledger:
    """Return the ledger that says that ``new``, an entry of a digest, is ``old``, a published one.

    All but the names are as for `settle`. Each is named by id, key, anchor, ``DAY/ANCHOR`` or title,
    ``new`` by ``FILE:LINE`` too. Raise LedgerError for a name of nothing or of several, for an ``old``
    that is still there or is of another day, and where both were published side by side.
    """
    days = _days(digests, before, ledger)
    there = {date: day.still_there(ledger, now) for date, day in days.items()}
    was = _gone(old, _published(before, ledger, site, now), there)
    place = _place(new, was, days)
    slug, meanwhile = days[was.date].slugs[place], days[was.date].worn(place)
    shown = {entry.anchor for day in before if day.date == was.date for entry in day.entries}
    if meanwhile and {was.anchor, meanwhile.anchor} <= shown:
        raise LedgerError(f"was published side by side with {was.id}, so it is another", subject=new)
    became = {past.anchor: past.became for past in ledger.withdrawn if past.day == was.date}.get(was.anchor)
    if became and was.anchor in shown and (not meanwhile or meanwhile.anchor != became):
        raise LedgerError(f"the site still shows it, though it became {became}; run first", subject=old)
    given = {was.anchor, meanwhile.anchor if meanwhile else was.anchor}
    withdrawn = [past for past in ledger.withdrawn if past.day != was.date or past.anchor not in given]
    if meanwhile:
        withdrawn.append(structs.replace(_withdrawal.withdrawn(meanwhile, site, now), became=was.anchor))
    entries = [r for r in ledger.entries if r.day != was.date or (r.slug != slug and r.worn not in given)]
    record = as_published(slug, was, was.updated if was.updated != was.published else None)
    return Ledger(
        entries=tuple(sorted((*entries, record), key=lambda record: (record.day, record.slug))),
        withdrawn=tuple(sorted(withdrawn, key=lambda past: (past.day, past.anchor))),
    )


def _days(digests: tuple[Digest, ...], before: tuple[Digest, ...], ledger: Ledger) -> dict[dt.date, _Day]:
    published = {d.date: d.entries for d in _withdrawal.under_names_of_now(before, ledger)}
    anchors = {(record.day, record.slug): record.anchor for record in ledger.entries}
    days: dict[dt.date, _Day] = {}
    for digest in digests:
        slugs = identity.scratch_anchors(digest)
        days[digest.date] = _Day(
            date=digest.date,
            entries=digest.entries,
            slugs=slugs,
            recorded=as_recorded(digest, slugs, anchors),
            published=published.get(digest.date, ()),
        )
    return days


def _published(before: tuple[Digest, ...], ledger: Ledger, site: Site, now: dt.datetime) -> tuple[Entry, ...]:
    """Return all that was published and has names of its own; of the withdrawn what is known of them."""
    were = {(past.day, past.anchor): _returning(past, site, now) for past in ledger.withdrawn}
    were |= {(entry.date, entry.anchor): entry for day in before for entry in day.entries}
    return tuple(were.values())


def _returning(past: Withdrawn, site: Site, now: dt.datetime) -> Entry:
    """Return what is known of a withdrawn entry, updated as it is when it comes back ``now``."""
    return Entry(
        file="",
        date=past.day,
        id=entry_id(site.authority, past.day, past.anchor),
        anchor=past.anchor,
        key=past.key,
        published=past.published,
        updated=_withdrawal.after(past, now),
    )


def _gone(name: str, were: tuple[Entry, ...], there: dict[dt.date, frozenset[str]]) -> Entry:
    """Return the one entry of this name that was published, and that no digest has any more."""
    if not were:
        raise LedgerError("nothing is published to be renamed; run first", subject=name)
    named = [entry for entry in were if name in _names(entry)]
    gone = [entry for entry in named if entry.anchor not in there.get(entry.date, ())]
    if len(gone) == 1:
        return gone[0]
    if gone:
        raise LedgerError(f"names several that are gone: {_listed(e.id for e in gone)}", subject=name)
    if named:
        raise LedgerError(
            "is in the digests as it was published, or so that a run knows it again", subject=name
        )
    lost = [entry.id for entry in were if entry.anchor not in there.get(entry.date, ())]
    which = f"gone are: {_listed(lost)}" if lost else "none is gone from the digests"
    raise LedgerError(f"names no entry that was published; {which}", subject=name)


def _place(name: str, was: Entry, days: dict[dt.date, _Day]) -> int:
    """Return the place of the one entry of this name on the day of ``was``, from 0."""
    day = days.get(was.date)
    found = _places(name, day) if day else []
    if len(found) == 1:
        return found[0]
    if found or not day:
        message = f"names several entries of {was.date}" if found else f"there is no digest of {was.date}"
        raise LedgerError(f"{message}, the day of {was.id}", subject=name)
    elsewhere = next((date for date, other in days.items() if _places(name, other)), None)
    if elsewhere:
        raise LedgerError(f"is of {elsewhere}; an id keeps its day, that of {was.id}", subject=name)
    there = _listed(entry.anchor for entry in day.entries)
    raise LedgerError(f"names no entry of {was.date}, the day of {was.id}, which has: {there}", subject=name)


def _places(name: str, day: _Day) -> list[int]:
    line = _LINE.fullmatch(name)
    if line:
        file, number = PurePath(line["file"]), int(line["line"])
        inside = (
            _same(file, PurePath(e.file)) and e.first_line <= number <= e.last_line for e in day.entries
        )
        return [place for place, held in enumerate(inside) if held]
    return [place for place, entry in enumerate(day.entries) if name in _names(entry)]


def _same(one: PurePath, other: PurePath) -> bool:
    """Tell whether two paths may be of one file, seen from different folders."""
    least = min(len(one.parts), len(other.parts))
    return one.parts[-least:] == other.parts[-least:]


def _names(entry: Entry) -> frozenset[str]:
    names = (entry.id, entry.key, entry.anchor, f"{entry.date}/{entry.anchor}", entry.title or "")
    return frozenset(names) - {""}


def _listed(names: Iterable[str]) -> str:
    """Return a few names in one line."""
    first = list(names)
    return ", ".join(first[:_MOST]) + (f" and {len(first) - _MOST} more" if len(first) > _MOST else "")
