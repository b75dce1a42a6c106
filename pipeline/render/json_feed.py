"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the same entries as the Atom feed."""

from __future__ import annotations

import datetime as dt

import msgspec
from msgspec import Struct

from pipeline.render._items import Item
from pipeline.render._window import Feed

FILE = "feed.json"


class JsonName(Struct, frozen=True, kw_only=True):
    """One author."""

    name: str


class JsonHub(Struct, frozen=True, kw_only=True):
    """Where a program may ask to be told of changes."""

    type: str
    url: str


class JsonItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry; ``url`` is its page here, ``external_url`` the paper."""

    id: str
    url: str
    external_url: str | None = None
    title: str
    content_html: str
    summary: str
    date_published: dt.datetime
    date_modified: dt.datetime
    authors: tuple[JsonName, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None


class JsonFeed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The feed."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str | None = None
    authors: tuple[JsonName, ...]
    language: str
    hubs: tuple[JsonHub, ...] = ()
    items: tuple[JsonItem, ...]


def render(feed: Feed) -> bytes:
    """Return a feed as JSON Feed in UTF-8."""
    made = JsonFeed(
        version="https://jsonfeed.org/version/1.1",
        title=feed.title,
        home_page_url=feed.home,
        feed_url=feed.folder + FILE,
        description=feed.description,
        authors=(JsonName(name=feed.author),),
        language=feed.language,
        hubs=(JsonHub(type="WebSub", url=feed.hub),) if feed.hub else (),
        items=tuple(map(_item, feed.items)),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def _item(item: Item) -> JsonItem:
    return JsonItem(
        id=item.id,
        url=item.page,
        external_url=item.paper,
        title=item.title,
        content_html=item.content,
        summary=item.summary,
        date_published=item.published,
        date_modified=item.updated,
        authors=tuple(JsonName(name=name) for name in item.authors),
        tags=item.tags,
        language=item.language,
    )
