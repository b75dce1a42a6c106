"""Entries that were published and are gone: what the ledger keeps of them, and how they come back.

Their names are given to no other, and feeds tell of them as long as they would have held them (RFC 6721).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import structs

from pipeline.model import Digest, Entry, Ledger, LedgerEntry, Site, Withdrawn
from pipeline.paths import language_folder, tag_folder
from pipeline.refine import identity, tags

_SECOND = dt.timedelta(seconds=1)


def may_be_back(digests: tuple[Digest, ...], ledger: Ledger) -> bool:
    """Tell whether some day has a paper that was withdrawn from it."""
    known = {(past.day, past.slug) for past in ledger.withdrawn if not past.became}
    days = {day for day, _ in known}
    return any(
        (digest.date, identity.paper_slug(entry)) in known
        for digest in digests
        if digest.date in days
        for entry in digest.entries
    )


def come_back(
    newcomers: dict[str, Entry], date: dt.date, ledger: Ledger, now: dt.datetime
) -> Iterator[LedgerEntry]:
    """Give what newcomers of a day that were withdrawn from it have again; they count as updated ``now``.

    ``newcomers`` come by their slugs. Who was told that an entry is gone believes only what was
    updated after that (RFC 6721, section 3). What became another entry does not come back.
    """
    past = {was.slug: was for was in ledger.withdrawn if was.day == date and not was.became}
    for slug, entry in newcomers.items():
        was = past.pop(identity.paper_slug(entry), None) if past else None
        if was:
            yield LedgerEntry(
                day=date,
                slug=slug,
                anchor=was.anchor,
                key=was.key,
                published=was.published,
                updated=after(was, now),
            )


def after(was: Withdrawn, now: dt.datetime) -> dt.datetime:
    """Return as of when what comes back ``now`` is updated: later than readers were told that it is gone."""
    return max(now, was.published, was.when + _SECOND)


def withdrawn(entry: Entry, site: Site, now: dt.datetime) -> Withdrawn:
    """Return what is kept of an entry that was published, with its dates, and is found gone ``now``."""
    folded = tags.folded_tags(entry, site)
    languages = {passage.language for passage in entry.commentary} - {"und"}
    published = entry.published or now
    return Withdrawn(
        day=entry.date,
        anchor=entry.anchor,
        slug=identity.paper_slug(entry),
        key=entry.key,
        published=published,
        when=max(now, entry.updated or published),
        feeds=tuple(sorted((*map(language_folder, languages), *map(tag_folder, folded)))),
    )


def still_gone(
    known: tuple[Withdrawn, ...], new: tuple[Withdrawn, ...], digests: tuple[Digest, ...]
) -> tuple[Withdrawn, ...]:
    """Return, by day and anchor, all that are withdrawn and whose anchor no entry has again.

    What is found gone once more, since its page was kept, was told before.
    """
    places = {(past.day, past.anchor): past for past in (*new, *known)}
    for digest in digests:
        for entry in digest.entries:
            places.pop((digest.date, entry.anchor), None)
    return tuple(past for _, past in sorted(places.items()))


def under_names_of_now(before: tuple[Digest, ...], ledger: Ledger) -> tuple[Digest, ...]:
    """Return what is published, the entries that have become others under the names of these.

    Of these names, those that a build gives by itself are missing.
    """
    became = {(past.day, past.anchor): past.became for past in ledger.withdrawn if past.became}
    if not became:
        return before
    days = {day for day, _ in became}
    records = {(record.day, record.worn): record for record in ledger.entries}
    return tuple(
        structs.replace(digest, entries=tuple(_renamed(digest, became, records)))
        if digest.date in days
        else digest
        for digest in before
    )


def _renamed(
    digest: Digest, became: dict[tuple[dt.date, str], str], records: dict[tuple[dt.date, str], LedgerEntry]
) -> Iterator[Entry]:
    """Give the entries of a day under their names of now; those that are published under both, once."""
    shown = {entry.anchor for entry in digest.entries}
    for entry in digest.entries:
        anchor, left = entry.anchor, dict(became)
        while (digest.date, anchor) in left:
            anchor = left.pop((digest.date, anchor))
        if anchor == entry.anchor:
            yield entry
        elif anchor not in shown:
            record = records.get((digest.date, anchor), LedgerEntry(day=digest.date, slug=anchor))
            yield structs.replace(
                entry,
                anchor=anchor,
                key=record.key or "",
                published=record.published,
                updated=record.updated,
            )
