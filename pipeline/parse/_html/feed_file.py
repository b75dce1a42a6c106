"""A saved feed with the whole text of its posts: RSS 2.0, RSS 1.0, Atom (RFC 4287)."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from html import escape, unescape

from lxml import etree
from msgspec import structs

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse._blocks import Page
from pipeline.parse._html.markup import line_of, link_address, parse_html, parse_xml, text_of
from pipeline.parse._html.posts import Post, Posts, post_pages
from pipeline.parse._html.saved_page import moment
from pipeline.problems import problem

_HTML = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE
)
_ROOTS = frozenset({"rss", "RDF", "feed"})
# The end of a post that only subscribers read on: a line with one link and these words.
_CUT = re.compile(
    r"<p>\s*<a\b[^<>]*>\s*(?:read more|continue reading|계속 읽기)\s*(?:&\w+;|…|→)?\s*</a>\s*</p>\s*\Z",
    re.IGNORECASE,
)


def feed_posts(source: Source) -> Posts:
    """Return the posts of a saved feed in its order.

    Raise SourceError where it is a web page, broken XML, no feed, or a feed without posts.
    """
    if _HTML.match(source.text.lstrip()):
        raise SourceError("this is a web page, not a feed", subject=source.name, code="challenge-page")
    root = parse_xml(source.text, source.name)
    if _local(root) not in _ROOTS:
        raise SourceError("this XML is no feed", subject=source.name, code="broken-feed")
    posts = tuple(
        _post(item, source.name) for item in root.iter(etree.Element) if _local(item) in {"item", "entry"}
    )
    if not posts:
        raise SourceError("this feed holds no posts", subject=source.name, code="no-entries")
    cut = [post for post in posts if _is_cut(post.html)]
    return Posts(
        posts=tuple(_without_cut(post) for post in posts),
        problems=tuple(problem("paywalled", post.name, post.line) for post in cut),
    )


def _post(item: etree._Element, name: str) -> Post:
    parts = {_key(child): child for child in reversed(_parts(item))}
    link = _link(item)
    content = next(
        (parts[key] for key in ("encoded", "content", "description", "summary") if key in parts), None
    )
    sent = next(
        (_said(parts[key]) for key in ("pubDate", "published", "date", "updated") if key in parts), None
    )
    return Post(
        name=name,
        title=_title(parts.get("title")),
        slug=(link or "").rstrip("/").rpartition("/")[2],
        url=link_address(link, None),
        posted=_time(sent),
        html=_content(content) if content is not None else "",
        line=line_of(content if content is not None else item) or 1,
    )


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _key(element: etree._Element) -> str:
    """Return the name of a part; media:title, media:description and the like are not the post's."""
    space = etree.QName(element).namespace
    return "" if space and ("mrss" in space or "itunes" in space) else _local(element)


def _parts(item: etree._Element) -> list[etree._Element]:
    """Return the elements inside an item; an entity between them is none."""
    return list(item.iterchildren(tag=etree.Element))


def _link(item: etree._Element) -> str | None:
    """Return the post's address: RSS writes it as text, Atom as the alternate link."""
    for link in (child for child in _parts(item) if _key(child) == "link"):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return link.get("href")
        if link.text and link.text.strip():
            return link.text.strip()
    guid = next((child for child in _parts(item) if _key(child) in {"guid", "id"}), None)
    said = _said(guid) if guid is not None else None
    return said if said and said.startswith("http") else None


def _title(title: etree._Element | None) -> str | None:
    """Return a title as plain text: Substack writes entities into CDATA, Atom may hold HTML."""
    if title is None:
        return None
    said = text_of(title)
    if title.get("type") in {"html", "xhtml"}:
        root = parse_html(said, "")
        said = text_of(root) if root is not None else ""
    return " ".join(unescape(said).split()) or None


def _content(content: etree._Element) -> str:
    """Return the body as HTML: as text in RSS and ``type=html``, as elements in ``type=xhtml``."""
    if content.get("type") == "xhtml":
        return "".join(etree.tostring(child, encoding="unicode", method="html") for child in content)
    text = text_of(content)
    return escape(text, quote=False).replace("\n", "<br>") if content.get("type") == "text" else text


def _said(element: etree._Element) -> str:
    return text_of(element).strip()


def _time(text: str | None) -> dt.datetime | None:
    """Return a time of RFC 822 or ISO 8601 as UTC."""
    try:
        return parsedate_to_datetime(text or "").astimezone(dt.UTC)
    except (ValueError, OverflowError, TypeError):
        return moment(text)


def _is_cut(html: str) -> bool:
    return _CUT.search(html, max(len(html) - 2_000, 0)) is not None


def _without_cut(post: Post) -> Post:
    found = _CUT.search(post.html, max(len(post.html) - 2_000, 0))
    if not found:
        return post
    return structs.replace(post, html=post.html[: found.start()])


def read_feed(source: Source) -> tuple[Page, ...]:
    """Return the posts of a saved feed as pages; raise SourceError as `feed_posts` does."""
    return post_pages(feed_posts(source))
