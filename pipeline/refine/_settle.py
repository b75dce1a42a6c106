"""Compare what is about to be published with what was, and let the published keep its identity.

What then differs from a build from scratch goes into the ledger, and nothing else: the smallest set
of values from which a build without the published site gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import count

from msgspec import structs

from pipeline.model import Digest, Entry, Ledger, LedgerEntry, Site, Withdrawn
from pipeline.refine import _withdrawal, backlinks, identity
from pipeline.refine._recognition import recognised, visible

_Place = tuple[dt.date, str]


def settle(
    digests: tuple[Digest, ...], before: tuple[Digest, ...], ledger: Ledger, site: Site, now: dt.datetime
) -> tuple[tuple[Digest, ...], Ledger]:
    """Return the digests with the identity that was published, and the ledger that says so.

    ``digests`` were refined with ``ledger``; ``before`` is what is published, its entries with
    anchors, keys and dates. An entry whose visible content is other than before is updated ``now``
    (UTC, whole seconds), but never before it was published.
    """
    if _unchanged(digests, before) and not _withdrawal.may_be_back(digests, ledger):
        return digests, ledger
    pinned, gone = _pinned(digests, _withdrawal.under_names_of_now(before, ledger), ledger, now)
    worn = {(record.day, record.worn) for record in pinned}
    places = frozenset(map(_place, pinned))
    others = [r for r in ledger.entries if _place(r) not in places and (r.day, r.worn) not in worn]
    known = Ledger(entries=(*pinned, *others), withdrawn=ledger.withdrawn)
    settled = backlinks.refine(identity.refine(digests, site, known, gone), site)
    new = tuple(_withdrawal.withdrawn(entry, site, now) for entry in gone)
    past = _withdrawal.still_gone(ledger.withdrawn, new, settled)
    base = Ledger(entries=_absent(settled, others, past), withdrawn=past)
    return settled, _exceptions(settled, site, base, places.union(map(_place, others)))


def _absent(
    settled: tuple[Digest, ...], others: list[LedgerEntry], past: tuple[Withdrawn, ...]
) -> tuple[LedgerEntry, ...]:
    """Return what the ledger holds of entries that no day has, and that were not published."""
    shown = {(digest.date, slug) for digest in settled for slug in identity.scratch_anchors(digest)}
    gone = {(entry.day, entry.anchor) for entry in past}
    return tuple(r for r in others if _place(r) not in shown and (r.day, r.worn) not in gone)


def as_recorded(
    digest: Digest, slugs: tuple[str, ...], anchors: Mapping[tuple[dt.date, str], str | None]
) -> tuple[Entry, ...]:
    """Return the entries of a day, each with the anchor that the ledger tells of its slug, or none."""
    return tuple(
        structs.replace(entry, anchor=anchors.get((digest.date, slug)) or "")
        for entry, slug in zip(digest.entries, slugs, strict=True)
    )


def _pinned(
    digests: tuple[Digest, ...], before: tuple[Digest, ...], ledger: Ledger, now: dt.datetime
) -> tuple[tuple[LedgerEntry, ...], tuple[Entry, ...]]:
    """Return what each entry that was published keeps or has again, and the published ones that are gone."""
    anchors = {(record.day, record.slug): record.anchor for record in ledger.entries}
    published = {digest.date: digest.entries for digest in before}
    # Readers may take two entries of one moment for one: validators warn of them.
    moments = (now - dt.timedelta(seconds=number) for number in count())
    pinned: list[LedgerEntry] = []
    gone: list[Entry] = []
    for digest in digests:
        slugs = identity.scratch_anchors(digest)
        entries = as_recorded(digest, slugs, anchors)
        were = published.pop(digest.date, ())
        found = recognised(entries, were)
        pinned += (_kept(slugs[n], entries[n], were[other], now, moments) for n, other in found.items())
        # A record whose anchor another entry wears says nothing of this one.
        worn = {were[other].anchor for other in found.values()}
        known = {r.slug for r in ledger.entries if r.day == digest.date and r.worn not in worn}
        newcomers = {slugs[n]: e for n, e in enumerate(entries) if n not in found and slugs[n] not in known}
        pinned += _withdrawal.come_back(newcomers, digest.date, ledger, now)
        gone += (entry for n, entry in enumerate(were) if n not in found.values())
    gone += (entry for entries in published.values() for entry in entries)
    return tuple(pinned), tuple(gone)


def _unchanged(digests: tuple[Digest, ...], before: tuple[Digest, ...]) -> bool:
    """Tell whether everything published is there and unchanged; there may be more."""
    entries = {(entry.date, entry.anchor): entry for digest in digests for entry in digest.entries}
    return all(
        (now := entries.get((was.date, was.anchor))) is not None
        and (now.key, now.published, now.updated) == (was.key, was.published, was.updated)
        and visible(now) == visible(was)
        for digest in before
        for was in digest.entries
    )


def _kept(
    slug: str, entry: Entry, was: Entry, now: dt.datetime, moments: Iterator[dt.datetime]
) -> LedgerEntry:
    """Return all that an entry was published with; the next moment where other content is shown.

    One that is told to be of a time to come stays so.
    """
    updated = was.updated or now
    if updated < now and visible(entry) != visible(was):
        updated = max(next(moments), updated + dt.timedelta(seconds=1))
    return as_published(slug, was, updated)


def as_published(slug: str, was: Entry, updated: dt.datetime | None) -> LedgerEntry:
    """Return what lets the entry of a slug have all names and the moment of one that was published."""
    return LedgerEntry(
        day=was.date,
        slug=slug,
        anchor=was.anchor,
        key=was.key,
        published=was.published,
        updated=updated,
    )


def _exceptions(settled: tuple[Digest, ...], site: Site, base: Ledger, known: frozenset[_Place]) -> Ledger:
    """Return the smallest ledger from which the digests are settled as they are; all of ``base`` is in it.

    A value in it may move what others get, so it grows until nothing moves: once for each value at
    most, seldom more than twice. Where the ``known`` have what is theirs, most newcomers yield by
    themselves.
    """
    records = {_place(record): record for record in _namesakes(settled, base.withdrawn)}
    while True:
        entries = tuple(sorted((*base.entries, *records.values()), key=_place))
        ledger = structs.replace(base, entries=entries)
        built = identity.refine(settled, site, ledger)
        found = [record for pair in zip(settled, built, strict=True) for record in _differences(*pair)]
        if not found:
            return ledger
        for record in [record for record in found if _place(record) in known] or found:
            values = {name: value for name, value in structs.asdict(record).items() if value is not None}
            records[_place(record)] = structs.replace(records.get(_place(record), record), **values)


def _namesakes(settled: tuple[Digest, ...], past: tuple[Withdrawn, ...]) -> Iterator[LedgerEntry]:
    """Give the anchors of entries that a build would take for withdrawn ones of their day come back."""
    known = {(withdrawn.day, withdrawn.slug) for withdrawn in past if not withdrawn.became}
    days = {day for day, _ in known}
    for digest in settled:
        slugs = identity.scratch_anchors(digest) if digest.date in days else ()
        for slug, entry in zip(slugs, digest.entries, strict=bool(slugs)):
            if (digest.date, identity.paper_slug(entry)) in known:
                yield LedgerEntry(day=digest.date, slug=slug, anchor=entry.anchor)


def _differences(digest: Digest, built: Digest) -> Iterator[LedgerEntry]:
    """Give what the entries of a day have otherwise than a build gave them."""
    if digest.entries == built.entries:
        return
    slugs = identity.scratch_anchors(digest)
    for slug, entry, other in zip(slugs, digest.entries, built.entries, strict=True):
        moved = entry.published != other.published
        # Without a value of its own the one follows the other.
        follows = moved and entry.updated == entry.published
        record = LedgerEntry(
            day=digest.date,
            slug=slug,
            anchor=None if entry.anchor == slug == other.anchor else entry.anchor,
            key=entry.key if entry.key != other.key else None,
            published=entry.published if moved else None,
            updated=entry.updated if entry.updated != other.updated and not follows else None,
        )
        if entry.anchor != other.anchor or any((record.key, record.published, record.updated)):
            yield record


def _place(record: LedgerEntry) -> _Place:
    return record.day, record.slug
