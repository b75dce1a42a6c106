"""A page saved from the web: its title, its address and its day stand outside the post."""

from __future__ import annotations

import datetime as dt
import re

from lxml import etree

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse._blocks import Page
from pipeline.parse._dates import file_date
from pipeline.parse._html.body import body_element
from pipeline.parse._html.markup import classes, link_address, parse_html, text_of
from pipeline.parse._html.posts import Post, post_page

# What stands on a page that a robot was shown instead of the post.
_CHALLENGE_TITLE = re.compile(
    r"\s*(?:just a moment|attention required|access denied|verify(?:ing)? you are human|are you a robot|"
    r"security check|403 forbidden|429 too many requests|too many requests|checking your browser)\b",
    re.IGNORECASE,
)
_CHALLENGE_ID = re.compile(r"cf-|challenge-|px-captcha|captcha")


def read_saved_page(source: Source) -> Page:
    """Return the blocks of a saved page.

    Raise SourceError where it is a robot check or a login form instead.
    """
    return post_page(saved_post(source))


def saved_post(source: Source) -> Post:
    """Return a saved page as a post; the day of its file name counts before that of its address."""
    root = parse_html(source.text, source.name)
    if root is None:
        return Post(name=source.name, slug=source.name, html="")
    if is_challenge(root):
        message = "this is a login page or a robot check, not a post"
        raise SourceError(message, subject=source.name, code="challenge-page")
    url = link_address(_address(root), None)
    return Post(
        name=source.name,
        title=_title(root),
        slug=source.name if file_date(source.name) or not url else url.rstrip("/").rpartition("/")[2],
        url=url,
        posted=_posted(root),
        html=source.text,
    )


def is_challenge(root: etree._Element) -> bool:
    """Tell whether a page asks its reader to log in or to prove to be human, and holds no post."""
    title = root.find("head/title")
    if title is not None and _CHALLENGE_TITLE.match(title.text or ""):
        return True
    asks = any(field.get("type", "").lower() == "password" for field in root.iter("input")) or any(
        _CHALLENGE_ID.match(form.get("id", "")) for form in root.iter("form", "div")
    )
    return asks and not any(_is_post(element) for element in root.iter("div", "article"))


def _is_post(element: etree._Element) -> bool:
    return element.tag == "article" or not {"available-content", "markup"}.isdisjoint(classes(element))


def _title(root: etree._Element) -> str | None:
    """Return the headline, else what the page tells other sites, else the title of its window."""
    body = body_element(root)
    for heading in root.iter("h1"):
        if "post-title" in classes(heading) and body not in heading.iterancestors():
            return text_of(heading).strip() or None
    said = _meta(root, "og:title")
    window = root.find("head/title")
    return said or (window.text if window is not None else None)


def _address(root: etree._Element) -> str | None:
    canonical = (link.get("href") for link in root.iter("link") if link.get("rel", "").lower() == "canonical")
    return next(canonical, None) or _meta(root, "og:url")


def _posted(root: etree._Element) -> dt.datetime | None:
    times = (time.get("datetime") for time in root.iter("time") if time.get("datetime"))
    return moment(_meta(root, "article:published_time") or next(times, None))


def moment(text: str | None) -> dt.datetime | None:
    """Return an ISO 8601 time as UTC; a time without zone is taken for UTC."""
    try:
        value = dt.datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    zoned = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    try:
        return zoned.astimezone(dt.UTC)
    except OverflowError:
        return None


def _meta(root: etree._Element, name: str) -> str | None:
    found = (
        meta.get("content") for meta in root.iter("meta") if name in {meta.get("property"), meta.get("name")}
    )
    return next((value.strip() for value in found if value and value.strip()), None)
