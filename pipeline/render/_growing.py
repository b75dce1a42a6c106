"""Files that hold all days of a listing and grow: what is said of a day is written once.

Such a file is an opening, the days that say something, newest first, and a closing. A run that renews
some days takes the others from the file as it is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet

from msgspec import Struct

from pipeline.archive import Listing
from pipeline.artefact import Artefact, Kept, Layout, Piece, size_of
from pipeline.model import Digest, ListingKind, Site


class Growing(Struct, frozen=True, kw_only=True):
    """One kind of file that grows."""

    file: str
    """Its name in a folder."""
    kinds: tuple[ListingKind, ...]
    """The listings that have one."""
    day: Callable[[Site, Listing, Digest], bytes]
    """Write one day of a listing; nothing where it has nothing to say."""
    opening: Callable[[Site, Listing], bytes]
    """Write what stands before the first day."""
    closing: Callable[[Site, Listing], bytes]
    """Write what stands behind the last."""
    between: bytes = b""
    """What parts two days."""


class Standing(Struct, frozen=True, kw_only=True):
    """What files that grow hold already, and what of it is still so."""

    layout: Callable[[str], Layout]
    """Return where the days of a file stand, by its path; nothing of a file that is not as published."""
    changed: AbstractSet[dt.date]
    """The days of which something else is to be said."""


NOTHING_STANDS = Standing(layout=lambda _: Layout(), changed=frozenset())


def grown(form: Growing, site: Site, listing: Listing, standing: Standing = NOTHING_STANDS) -> Artefact:
    """Return a file that grows, as much of it kept as still holds."""
    path = listing.path + form.file
    layout = standing.layout(path)
    dates = listing.digests.dates
    came = len(dates) - len(layout.days)
    opening = form.opening(site, listing)
    if layout.days and dates[came:] == layout.days and standing.changed.isdisjoint(layout.days):
        pieces = [_day(form, site, listing, date) for date in dates[:came]]
        sizes = (*map(size_of, pieces), *layout.sizes)
        pieces.append(_all_days(form, layout))
    else:
        kept = dict(zip(layout.days, _stretches(form, layout), strict=True))
        pieces = [
            (date not in standing.changed and kept.get(date)) or _day(form, site, listing, date)
            for date in dates
        ]
        sizes = tuple(map(size_of, pieces))
    return Artefact(
        path=path,
        pieces=(opening, *_joined(pieces, form.between), form.closing(site, listing)),
        layout=Layout(opening=len(opening), days=dates, sizes=sizes),
    )


def _day(form: Growing, site: Site, listing: Listing, date: dt.date) -> Piece:
    return form.day(site, listing, listing.digests.on(date))


def _all_days(form: Growing, layout: Layout) -> Kept:
    """Return all days of a file as one piece: an archive of many years is not looked through for one day."""
    said = len(layout.sizes) - layout.sizes.count(0)
    return Kept(layout.opening, sum(layout.sizes) + max(said - 1, 0) * len(form.between))


def _stretches(form: Growing, layout: Layout) -> Iterator[Kept]:
    """Give where each day of a file stands."""
    start = layout.opening
    for size in layout.sizes:
        yield Kept(start, size)
        start += size + len(form.between) if size else 0


def _joined(pieces: Iterable[Piece], between: bytes) -> list[Piece]:
    """Return the days that say something, parted; those kept side by side are one piece."""
    joined: list[Piece] = []
    for piece in filter(size_of, pieces):
        match joined[-1:], piece:
            case [Kept(start, size)], Kept(further, more) if start + size + len(between) == further:
                joined[-1] = Kept(start, size + len(between) + more)
            case _:
                joined += filter(None, (between if joined else b"", piece))
    return joined
