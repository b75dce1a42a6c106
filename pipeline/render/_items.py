"""What a feed says, whatever its format: plain clean values from which Atom, RSS and JSON Feed are written.

An item is made once a run, however many feeds hold its entry: most of the cost of a feed is the HTML
of its entries.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pipeline.archive import Listing
from pipeline.model import Digest, Entry, ListingKind, Site, Withdrawn
from pipeline.paths import day_folder, entry_id, month_folder
from pipeline.render._addresses import (
    as_uri,
    author_line,
    display_title,
    further_links,
    page_url,
    paper_link,
)
from pipeline.render._characters import clean
from pipeline.render._content import environment, feed_content, shortened, summary

BYTES = 1_000_000
"""How large a feed that goes on may become, unless its newest entry alone is larger."""
STYLESHEET = "feed.css"
_TOMBSTONES = 100
"""How many withdrawn entries a feed that goes on tells of at most."""

# Their feeds are done with their time: they hold all of it, whatever its size.
_CLOSED: tuple[ListingKind, ...] = ("day", "month")
_PAGES: tuple[ListingKind, ...] = ("day", "site", "tag")

# What reads as a tag or a character reference where plain text is taken for HTML.
_LIKE_HTML = re.compile(r"<(?=[A-Za-z/!?])|&(?=#|\w{2,31};)")
_WORD_JOINER = "\u2060"
_PDF = re.compile(
    r"https?://(?:[^/?#]+/[^?#]*\.pdf|(?:www\.)?arxiv\.org/pdf/[^?#]+)(?:[?#].*)?", re.IGNORECASE
)


class Reference(Struct, frozen=True, kw_only=True):
    """A link beside the main one, as Atom (RFC 4287, section 4.2.7) writes it."""

    rel: str
    """``related`` or ``via``."""
    url: str
    """Address in ASCII."""
    title: str
    """What is there."""
    media_type: str | None = None
    """Its type, where the address tells."""


class Item(Struct, frozen=True, kw_only=True):
    """One entry as feeds show it."""

    id: str
    """Permanent tag URI."""
    title: str
    """Plain text."""
    page: str
    """Address of the entry on its day's page."""
    paper: str | None
    """Address of the paper, where the entry has one."""
    references: tuple[Reference, ...]
    """Further links."""
    authors: tuple[str, ...]
    """Names as printed."""
    creator: str
    """All names in one line, empty where there are none."""
    tags: tuple[str, ...]
    """Tags as spelled, without ``#``."""
    language: str | None
    """Language of the commentary, where it is one."""
    published: dt.datetime
    """When it appeared, UTC."""
    updated: dt.datetime
    """When what it says last changed, UTC."""
    content: str
    """HTML with nothing active and no relative address."""
    summary: str
    """Plain text of at most 300 characters."""


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


ItemOf = Callable[[Entry], Item]


def items_of(site: Site) -> ItemOf:
    """Return what makes the item of an entry and remembers it, for one run."""
    return functools.cache(functools.partial(make_item, site))


def make_feed(site: Site, listing: Listing, item_of: ItemOf) -> Feed:
    """Return the feed of a listing: all of a day or month, else the newest within the two bounds.

    Raise ValueError for a listing without entries: a feed would have no date.
    """
    gone = tuple(_gone(site, listing))
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


def make_item(site: Site, entry: Entry) -> Item:
    """Return what feeds say of an entry; ``entry`` has been through every pass.

    Raise ValueError for one that has no dates: feedgen would put the clock's in their place.
    """
    if entry.published is None or entry.updated is None:
        raise ValueError(f"the entry {display_title(entry)!r} has no date")
    own = paper_link(entry)
    languages = {passage.language for passage in entry.commentary}
    return Item(
        id=entry.id,
        title=clean(display_title(entry)) or entry.id,
        page=as_uri(page_url(site, entry)),
        paper=as_uri(own.url) if own else None,
        references=tuple(_references(site, entry)),
        authors=_clean_all(author.name for author in entry.authors),
        creator=clean(author_line(entry)),
        tags=_clean_all(entry.tags),
        language=languages.pop() if len(languages) == 1 else None,
        published=entry.published,
        updated=entry.updated,
        content=clean(feed_content(entry, site)),
        summary=clean(summary(entry)),
    )


def make_day_item(site: Site, item_of: ItemOf, digest: Digest) -> Item:
    """Return a whole day as one item: its papers below each other, each linked to its place on the page.

    Raise ValueError for a day without entries or dates.
    """
    items = tuple(map(item_of, digest.entries))
    day = digest.date.isoformat()
    template = environment().get_template("digest.html")
    return Item(
        id=day_id(site, digest.date),
        title=clean(f"{day}: {digest.title}" if digest.title else day),
        page=as_uri(site.base_url + day_folder(digest.date)),
        paper=None,
        references=(),
        authors=(),
        creator="",
        tags=tuple(dict.fromkeys(chain.from_iterable(item.tags for item in items))),
        language=None,
        published=max(item.published for item in items),
        updated=max(item.updated for item in items),
        content=clean(template.render(digest=digest, items=items).strip()),
        summary=shortened("; ".join(item.title for item in items)),
    )


def day_id(site: Site, date: dt.date) -> str:
    """Return the permanent tag URI of a whole day."""
    return f"tag:{site.authority}:{date.isoformat()}"


def media_type(url: str) -> str | None:
    """Return the media type that an address itself tells: that of a PDF."""
    return "application/pdf" if _PDF.fullmatch(url) else None


def _items(site: Site, listing: Listing, item_of: ItemOf, gone: tuple[Tombstone, ...]) -> tuple[Item, ...]:
    if listing.kind in _CLOSED:
        return tuple(map(item_of, listing.entries))
    items = map(item_of, listing.entries)
    if listing.kind == "days":
        items = map(functools.partial(_dated_day_item, site, item_of, listing.withdrawn), listing.digests)
    return _newest(site, items, sum(len(past.id) + 100 for past in gone))


def _dated_day_item(site: Site, item_of: ItemOf, withdrawn: tuple[Withdrawn, ...], digest: Digest) -> Item:
    """Return a day as one item, updated too when one of its papers was withdrawn."""
    item = make_day_item(site, item_of, digest)
    moments = (past.when for past in withdrawn if past.day == digest.date)
    return structs.replace(item, updated=max((item.updated, *moments)))


def _gone(site: Site, listing: Listing) -> Iterator[Tombstone]:
    """Give what was withdrawn from a listing, newest first; of days those of which nothing is left."""
    if listing.kind != "days":
        most = None if listing.kind in _CLOSED else _TOMBSTONES
        for past in listing.withdrawn[:most]:
            id_ = entry_id(site.authority, past.day, past.anchor)
            yield Tombstone(id=id_, published=past.published, when=past.when)
        return
    gone = {past.day for past in listing.withdrawn} - set(listing.digests.dates)
    for day in sorted(gone, reverse=True)[:_TOMBSTONES]:
        of_day = [past for past in listing.withdrawn if past.day == day]
        published, when = max(past.published for past in of_day), max(past.when for past in of_day)
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


def weight(item: Item) -> int:
    """Return at least the bytes of an item in any format: every feed holds the same, so one count for all.

    JSON escapes quotes and backslashes, which XML leaves; XML escapes markup, which JSON leaves, and
    RSS that of the summary twice. The numbers are those of the elements around what is counted.
    """
    written = msgspec.json.encode(item)
    escapes = 3 * sum(map(written.count, (b"<", b">", b"&"))) + written.count(b"&")
    twice = 4 * sum(map(item.summary.count, "<>&"))
    elements = 300 + 50 * len(item.authors) + 30 * len(item.tags) + 20 * len(item.references)
    return len(written) + escapes + twice + elements


def _references(site: Site, entry: Entry) -> Iterator[Reference]:
    """Give the links beside the main one, each address once."""
    links = {as_uri(link.url): link for link in further_links(entry)}
    for url, link in links.items():
        yield Reference(rel="related", url=url, title=link.kind, media_type=media_type(url))
    if paper_link(entry):
        page = as_uri(page_url(site, entry))
        yield Reference(rel="via", url=page, title="digest", media_type="text/html")
    for day in entry.earlier:
        page = as_uri(page_url(site, day))
        yield Reference(rel="related", url=page, title=f"discussed on {day.date}", media_type="text/html")


def defused(text: str) -> str:
    """Return a plain text that stays plain: an invisible joiner parts ``<`` from what would make it a tag.

    Nothing in RSS and OPML says whether a title is text or HTML. Liferea and rss2email drop ``<think>``
    from one, others would show a second escaping; the joiner shows the title as written in all.
    """
    return _LIKE_HTML.sub(rf"\g<0>{_WORD_JOINER}", text)


def _clean_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(clean, texts)))
