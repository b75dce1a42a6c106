"""Which items a feed holds, and what it says of itself: all of a day or month, else the newest in bounds."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from msgspec import Struct, structs

from pipeline.archive import Listing
from pipeline.model import Digest, ListingKind, Site, Withdrawn
from pipeline.paths import entry_id, month_folder
from pipeline.render._addresses import as_uri
from pipeline.render._characters import clean
from pipeline.render._items import Item, ItemOf, day_id, make_day_item, weight

BYTES = 1_000_000
"""How large a feed that goes on may become, unless its newest entry alone is larger."""
STYLESHEET = "feed.css"
_TOMBSTONES = 100
"""How many withdrawn entries a feed that goes on tells of at most."""

# Their feeds are done with their time: they hold all of it, whatever its size.
_CLOSED: tuple[ListingKind, ...] = ("day", "month")
_PAGES: tuple[ListingKind, ...] = ("day", "site", "tag")


class Tombstone(Struct, frozen=True, kw_only=True):
    """An entry that is gone (RFC 6721)."""

    id: str
    """Its permanent tag URI."""
    published: dt.datetime
    """When it had appeared, UTC: its place in the feed."""
    when: dt.datetime
    """When readers were told that it is gone, UTC."""


class Feed(Struct, frozen=True, kw_only=True):
    """One feed: what it says of itself, and its items."""

    id: str
    """Permanent tag URI, the same in every format."""
    title: str
    """Plain text."""
    description: str | None
    """Plain text."""
    author: str
    """Who stands for the entries that name nobody."""
    language: str
    """BCP 47 language of most items."""
    home: str
    """Address of the page to land on, ending in a slash."""
    folder: str
    """Address of the folder that the feed lies in, ending in a slash: mostly that of the page."""
    stylesheet: str
    """Address of the style sheet for those who open the feed in a browser."""
    hub: str | None = None
    """Address of the WebSub hub that is told of changes."""
    history: Literal["archive", "complete"] | None = None
    """RFC 5005: ``archive``, a part that stays as it is; ``complete``, there is no more than this."""
    neighbours: tuple[tuple[str, str], ...] = ()
    """Relation (RFC 5005, section 4) and folder of other parts, where the same format has the same name."""
    updated: dt.datetime
    """When its newest item last changed or one was withdrawn, UTC: never the time of the run."""
    items: tuple[Item, ...]
    """Newest first."""
    tombstones: tuple[Tombstone, ...] = ()
    """What it would hold had it not been withdrawn, newest first."""


def make_feed(site: Site, listing: Listing, item_of: ItemOf) -> Feed:
    """Return the feed of a listing: all of a day or month, else the newest within the two bounds.

    Raise ValueError for a listing without entries: a feed would have no date.
    """
    gone = _gone(site, listing)
    items = _items(site, listing, item_of, gone)
    tombstones = _in_window(listing, items, gone)
    folder, home = feed_addresses(site, listing)
    title = clean(listing.title) or home
    # An archive is a part of the site's feed: RFC 5005, section 4, has one id for both.
    name = "" if listing.kind == "month" else listing.path
    return Feed(
        id=f"tag:{site.authority}:feed/{name}".rstrip("/"),
        title=title,
        description=clean(site.description or "") or None,
        author=clean(site.author or site.title) or title,
        language=listing.language,
        home=home,
        folder=folder,
        stylesheet=as_uri(site.base_url + STYLESHEET),
        hub=as_uri(site.hub) if site.hub else None,
        history=_history(site, listing, items),
        neighbours=tuple(
            (rel, as_uri(site.base_url + path)) for rel, path in _neighbours(listing, len(items))
        ),
        updated=max((*(item.updated for item in items), *(past.when for past in tombstones))),
        items=items,
        tombstones=tombstones,
    )


def feed_addresses(site: Site, listing: Listing) -> tuple[str, str]:
    """Return the address of the folder that a listing's feeds lie in, and of the page to land on."""
    folder = as_uri(site.base_url + listing.path)
    return folder, folder if listing.kind in _PAGES else as_uri(site.base_url)


def _items(site: Site, listing: Listing, item_of: ItemOf, gone: tuple[Tombstone, ...]) -> tuple[Item, ...]:
    if listing.kind in _CLOSED:
        return tuple(map(item_of, listing.entries))
    items = map(item_of, listing.entries)
    if listing.kind == "days":
        items = map(functools.partial(_dated_day_item, site, item_of, listing.withdrawn), listing.digests)
    return _newest(site, items, sum(len(past.id) + 100 for past in gone))


def _dated_day_item(site: Site, item_of: ItemOf, withdrawn: tuple[Withdrawn, ...], digest: Digest) -> Item:
    """Return a day as one item: it appeared with the first of its papers, though this one is gone by now.

    It is updated too when one of them was withdrawn.
    """
    item = make_day_item(site, item_of, digest)
    gone = [past for past in withdrawn if past.day == digest.date]
    return structs.replace(
        item,
        published=max((item.published, *(past.published for past in gone))),
        updated=max((item.updated, *(past.when for past in gone))),
    )


def _gone(site: Site, listing: Listing) -> tuple[Tombstone, ...]:
    """Return what was withdrawn from a listing, newest first: of a day or month all, else the newest."""
    gone = _gone_days(site, listing) if listing.kind == "days" else _gone_entries(site, listing)
    return tuple(gone if listing.kind in _CLOSED else islice(gone, _TOMBSTONES))


def _gone_entries(site: Site, listing: Listing) -> Iterator[Tombstone]:
    for past in listing.withdrawn:
        id_ = entry_id(site.authority, past.day, past.anchor)
        yield Tombstone(id=id_, published=past.published, when=past.when)


def _gone_days(site: Site, listing: Listing) -> Iterator[Tombstone]:
    """Give the days of which nothing is left; each came with its first paper and went with its last."""
    for day in sorted({past.day for past in listing.withdrawn} - set(listing.digests.dates), reverse=True):
        papers = [past for past in listing.withdrawn if past.day == day]
        published, when = max(past.published for past in papers), max(past.when for past in papers)
        yield Tombstone(id=day_id(site, day), published=published, when=when)


def _in_window(
    listing: Listing, items: tuple[Item, ...], gone: tuple[Tombstone, ...]
) -> tuple[Tombstone, ...]:
    """Return what of the withdrawn a feed would still hold: nothing older than all that it shows."""
    if len(items) == (len(listing.digests) if listing.kind == "days" else listing.digests.papers):
        return gone
    oldest = min(item.published for item in items)
    return tuple(past for past in gone if past.published >= oldest)


def _history(site: Site, listing: Listing, items: tuple[Item, ...]) -> Literal["archive", "complete"] | None:
    """Return what a feed is of the site's: the one month of a young site is no archive of it yet.

    Nothing leads to it as long as the site's feed holds all of it, and it still grows.
    """
    if listing.kind == "month":
        alone = not (listing.previous or listing.following)
        return None if alone and len(_newest(site, items)) == len(items) else "archive"
    return "complete" if listing.kind == "site" and len(items) == listing.digests.papers else None


def _neighbours(listing: Listing, shown: int) -> Iterator[tuple[str, str]]:
    """Give the relations and folders of the other parts of the site's feed.

    The feed itself names the newest archive that holds more than it does: mostly one that is past,
    since readers go back until they meet an archive that they know, and take it for unchanged.
    """
    if listing.kind == "site":
        yield from (
            ("prev-archive", month_folder(entry.date)) for entry in islice(listing.entries, shown, shown + 1)
        )
    if listing.kind == "month":
        yield "current", ""
        if listing.previous:
            yield "prev-archive", listing.previous
        if listing.following:
            yield "next-archive", listing.following


def _newest(site: Site, items: Iterable[Item], taken: int = 0) -> tuple[Item, ...]:
    """Return the newest items, as many as both bounds allow beside the bytes taken, and at least one."""
    kept: list[Item] = []
    size = 2_000 + taken  # what the feed says of itself
    for item in islice(items, site.feed_entries):
        size += weight(item)
        if kept and size > BYTES:
            break
        kept.append(item)
    return tuple(kept)
