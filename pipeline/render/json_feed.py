"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the same entries as the Atom feed."""

from __future__ import annotations

import datetime as dt

import msgspec
from msgspec import Struct

from pipeline.model import Entry, Listing, Site
from pipeline.render._addresses import display_title, page_url, paper_link
from pipeline.render._content import feed_content, summary
from pipeline.render._feed import entry_language

FILE = "feed.json"


class FeedAuthor(Struct, frozen=True, kw_only=True):
    """One name."""

    name: str


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry; ``url`` is its page here, ``external_url`` the paper."""

    id: str
    url: str
    external_url: str | None = None
    title: str
    content_html: str
    summary: str
    date_published: dt.datetime | None
    date_modified: dt.datetime | None
    authors: tuple[FeedAuthor, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None


class Feed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The feed."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str | None = None
    authors: tuple[FeedAuthor, ...]
    language: str
    items: tuple[Item, ...]


def render(site: Site, listing: Listing) -> bytes:
    """Return the JSON Feed of a listing as UTF-8."""
    entries = listing.entries[: site.feed_entries] if listing.kind == "site" else listing.entries
    home = site.base_url + listing.path
    feed = Feed(
        version="https://jsonfeed.org/version/1.1",
        title=listing.title,
        home_page_url=home,
        feed_url=home + FILE,
        description=site.description,
        authors=(FeedAuthor(name=site.author or site.title),),
        language=listing.language,
        items=tuple(_item(entry, site) for entry in entries),
    )
    return msgspec.json.format(msgspec.json.encode(feed), indent=1) + b"\n"


def _item(entry: Entry, site: Site) -> Item:
    own = paper_link(entry)
    return Item(
        id=entry.id,
        url=page_url(site, entry),
        external_url=own.url if own else None,
        title=display_title(entry),
        content_html=feed_content(entry, site),
        summary=summary(entry),
        date_published=entry.published,
        date_modified=entry.updated,
        authors=tuple(FeedAuthor(name=author.name) for author in entry.authors),
        tags=entry.tags,
        language=entry_language(entry),
    )
