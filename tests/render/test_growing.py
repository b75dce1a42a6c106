"""Files that grow: what is kept of the one that is published, and what is written anew."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.archive import Days, Listing
from pipeline.artefact import Artefact, Kept, Layout
from pipeline.model import Digest, Site
from pipeline.render._growing import Growing, Standing, grown

Days_ = dict[int, str]
"""Days of a month and what is said of each."""


def file_of(days: Days_, standing: Standing | None = None, between: bytes = b", ") -> Artefact:
    digests = (Digest(date=date(day), title=said) for day, said in days.items())
    listing = Listing(kind="site", path="", title="T", language="en", digests=Days.of(digests))
    form = Growing(
        file="grows",
        kinds=("site",),
        day=lambda _, __, digest: (digest.title or "").encode(),
        opening=lambda _, listing: b"%d[" % len(listing.digests),
        closing=lambda *_: b"]",
        between=between,
    )
    return grown(form, Site(), listing, standing) if standing else grown(form, Site(), listing)


def date(day: int) -> dt.date:
    return dt.date(2024, 2, day)


def spliced(artefact: Artefact, published: bytes) -> bytes:
    return b"".join(
        published[piece.start : piece.start + piece.size] if isinstance(piece, Kept) else piece
        for piece in artefact.pieces
    )


# Pieces as they are to be: bytes as written anew, text as kept.
SPLICES = {
    "nothing changed": ({1: "one", 2: "two"}, {1: "one", 2: "two"}, (), [b"2[", "two, one", b"]"]),
    "a later day": ({1: "one"}, {1: "one", 2: "two"}, (2,), [b"2[", b"two", b", ", "one", b"]"]),
    "two later days": (
        {1: "one"},
        {1: "one", 2: "two", 3: "three"},
        (2, 3),
        [b"3[", b"three", b", ", b"two", b", ", "one", b"]"],
    ),
    "a later day with nothing to say": ({1: "one"}, {1: "one", 2: ""}, (2,), [b"2[", "one", b"]"]),
    "a later day after ones that say nothing": (
        {1: "", 2: ""},
        {1: "", 2: "", 3: "x"},
        (3,),
        [b"3[", b"x", b"]"],
    ),
    "one between": (
        {1: "one", 3: "three"},
        {1: "one", 2: "two", 3: "three"},
        (2,),
        [b"3[", "three", b", ", b"two", b", ", "one", b"]"],
    ),
    "one before": ({2: "two"}, {1: "one", 2: "two"}, (1,), [b"2[", "two", b", ", b"one", b"]"]),
    "one corrected, its neighbours in one piece": (
        {1: "one", 2: "two", 3: "three", 4: "four"},
        {1: "one", 2: "2", 3: "three", 4: "four"},
        (2,),
        [b"4[", "four, three", b", ", b"2", b", ", "one", b"]"],
    ),
    "one gone": (
        {1: "one", 2: "two", 3: "three"},
        {1: "one", 3: "three"},
        (2,),
        [b"2[", "three", b", ", "one", b"]"],
    ),
    "the last gone": ({1: "one", 2: "two"}, {1: "one"}, (2,), [b"1[", "one", b"]"]),
    "one falls silent": (
        {1: "one", 2: "two", 3: "three"},
        {1: "one", 2: "", 3: "three"},
        (2,),
        [b"3[", "three", b", ", "one", b"]"],
    ),
    "one that said nothing speaks": (
        {1: "one", 2: "", 3: "three"},
        {1: "one", 2: "two", 3: "three"},
        (2,),
        [b"3[", "three", b", ", b"two", b", ", "one", b"]"],
    ),
    "one says nothing all the time": (
        {1: "one", 2: "", 3: "three"},
        {1: "1", 2: "", 3: "three"},
        (1,),
        [b"3[", "three", b", ", b"1", b"]"],
    ),
    "all changed": ({1: "one"}, {1: "1"}, (1,), [b"1[", b"1", b"]"]),
}


@pytest.mark.parametrize("between", [b", ", b""], ids=["parted", "not parted"])
@pytest.mark.parametrize(("before", "after", "changed", "pieces"), SPLICES.values(), ids=SPLICES)
def test_what_still_holds_is_kept(
    before: Days_, after: Days_, changed: tuple[int, ...], pieces: list[bytes | str], between: bytes
) -> None:
    published = file_of(before, between=between)
    assert published.layout
    layout = published.layout
    standing = Standing(layout=lambda _: layout, changed=frozenset(map(date, changed)))
    renewed, anew = file_of(after, standing, between), file_of(after, between=between)
    assert spliced(renewed, published.content) == anew.content
    assert renewed.layout == anew.layout
    if between:
        shown = [spliced(Artefact(path="", pieces=(p,)), published.content) for p in renewed.pieces]
        kept = [isinstance(piece, Kept) for piece in renewed.pieces]
        assert shown == [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
        assert kept == [isinstance(piece, str) for piece in pieces]


def test_a_layout_says_where_each_day_stands() -> None:
    layout = file_of({1: "one", 2: "", 3: "three"}).layout
    assert layout == Layout(opening=2, days=(date(3), date(2), date(1)), sizes=(5, 0, 3))
