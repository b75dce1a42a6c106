"""What feeds say of an entry, whatever their format: plain clean values for Atom, RSS and JSON Feed.

An item is made once a run, however many feeds hold its entry: most of the cost of a feed is the HTML
of its entries.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import msgspec
from msgspec import Struct

from pipeline.model import Digest, Entry, Site
from pipeline.paths import day_folder
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

# What reads as a tag or a character reference where plain text is taken for HTML.
_LIKE_HTML = re.compile(r"<(?=[A-Za-z/!?])|&(?=#|\w{2,31};)")
_AT_HAND = 4096
"""How many items are remembered: those of a month of its days, those of the newest entries of all feeds."""
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


ItemOf = Callable[[Entry], Item]


def items_of(site: Site) -> ItemOf:
    """Return what makes the item of an entry, and remembers the last ones for one run."""
    return functools.lru_cache(_AT_HAND)(functools.partial(make_item, site))


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
