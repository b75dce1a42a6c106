"""A bibliography is its records, one after another, whatever the format.

What a record is, and how each format writes it, is the same on its day and in the whole site's file;
so the last of both are remembered for the length of a run.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from msgspec import Struct

from pipeline.archive import Listing
from pipeline.model import Digest, ListingKind, Site
from pipeline.render._growing import Growing, grown
from pipeline.render._record import Record, record_maker, records


class Bibliography(Struct, frozen=True):
    """One format of bibliographies."""

    file: str
    """Its name in a folder."""
    write: Callable[[Record], str]
    """Write one record, with the end of its last line."""
    kinds: tuple[ListingKind, ...] = ("day", "site")
    """The listings that have one."""
    opening: str = ""
    """What stands before the first record."""
    between: str = "\n"
    """What parts two records."""
    closing: str = ""
    """What stands behind the last."""


_AT_HAND = 8192
"""How many records are remembered, and how many texts of these: all of an archive of a few years."""

GrowingOf = Callable[[Bibliography], Growing]


def bibliographies_of(site: Site) -> GrowingOf:
    """Return what makes of a format a file that grows, and remembers its records for one run."""
    make = functools.lru_cache(_AT_HAND)(record_maker(site))

    @functools.lru_cache(_AT_HAND)
    def written(form: Bibliography, record: Record) -> bytes:
        return _encoded(form.write(record))

    def growing(form: Bibliography) -> Growing:
        between = _encoded(form.between)

        def day(_: Site, listing: Listing, digest: Digest) -> bytes:
            return between.join(written(form, record) for record in records(listing, digest, make))

        return Growing(
            file=form.file,
            kinds=form.kinds,
            day=day,
            opening=lambda *_: _encoded(form.opening),
            closing=lambda *_: _encoded(form.closing),
            between=between,
        )

    return functools.cache(growing)


def render(form: Bibliography, site: Site, listing: Listing) -> bytes:
    """Return the bibliography of one listing alone."""
    return grown(bibliographies_of(site)(form), site, listing).content


def _encoded(text: str) -> bytes:
    # A lone surrogate cannot be read from a file, but a caller may bring one.
    return text.encode("utf-8", "replace")
