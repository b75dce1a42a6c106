"""A bibliography is its records, one after another, whatever the format.

What a record is, and how each format writes it, is the same on its day and in the whole site's file;
so both are remembered for the length of a run.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from msgspec import Struct

from pipeline.model import Listing, ListingKind, Site
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


BibliographyOf = Callable[[Bibliography, Listing], bytes]


def bibliographies_of(site: Site) -> BibliographyOf:
    """Return what writes the bibliography of a listing and remembers its records, for one run."""
    make = functools.cache(record_maker(site))

    @functools.cache
    def written(form: Bibliography, record: Record) -> str:
        return form.write(record)

    def write(form: Bibliography, listing: Listing) -> bytes:
        texts = (written(form, record) for record in records(listing, make))
        # A lone surrogate cannot be read from a file, but a caller may bring one.
        return (form.opening + form.between.join(texts) + form.closing).encode("utf-8", "replace")

    return write


def render(form: Bibliography, site: Site, listing: Listing) -> bytes:
    """Return the bibliography of one listing alone."""
    return bibliographies_of(site)(form, listing)
