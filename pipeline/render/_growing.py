"""Files that hold all days of a listing and grow: what is said of a day is written once.

Such a file is an opening, the days that say something, newest first, and a closing. A run that renews
some days takes the others from the file as it is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from msgspec import Struct

from pipeline.archive import Listing
from pipeline.model import Artefact, Digest, Kept, ListingKind, Piece, Site, Stretch, size_of


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

    stretches: Callable[[str], tuple[Stretch, ...]]
    """Return where the days of a file stand, by its path; nothing of a file that is not as published."""
    changed: AbstractSet[dt.date]
    """The days of which something else is to be said."""


NOTHING_STANDS = Standing(stretches=lambda _: (), changed=frozenset())


def grown(form: Growing, site: Site, listing: Listing, standing: Standing = NOTHING_STANDS) -> Artefact:
    """Return a file that grows, as much of it kept as still holds."""
    path = listing.path + form.file
    kept = {date: Kept(start, size) for date, start, size in standing.stretches(path)}
    pieces: list[Piece] = [form.opening(site, listing)]
    days: list[Stretch] = []
    offset = size_of(pieces[0])
    for date in listing.digests.dates:
        known = None if date in standing.changed else kept.get(date)
        piece = known or form.day(site, listing, listing.digests.on(date))
        parted = form.between if size_of(piece) and len(pieces) > 1 else b""
        pieces += filter(size_of, (parted, piece))
        days.append((date, offset + len(parted), size_of(piece)))
        offset += len(parted) + size_of(piece)
    pieces.append(form.closing(site, listing))
    return Artefact(path=path, pieces=tuple(_joined(pieces, form.between)), days=tuple(days))


def _joined(pieces: Iterable[Piece], between: bytes) -> list[Piece]:
    """Make what was kept side by side one piece: most of a file, as a rule."""
    joined: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Kept):
            parted = bool(joined) and bool(between) and joined[-1] == between
            before = joined[-2:-1] if parted else joined[-1:]
            gap = len(between) if parted else 0
            match before:
                case [Kept(start, size)] if start + size + gap == piece.start:
                    del joined[-2 if parted else -1 :]
                    joined.append(Kept(start, size + gap + piece.size))
                    continue
        joined.append(piece)
    return joined
