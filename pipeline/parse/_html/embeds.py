"""What is done with the elements of a post that are not its words: one table, read by class.

The classes are those of Substack's editor; the names that other sites use as well count only
with ``data-attrs``, which that editor writes.
"""

from __future__ import annotations

from typing import Literal

from lxml import etree
from msgspec import Struct

from pipeline.parse._html.markup import attributes, classes, link_address

Action = Literal["drop", "count", "link", "picture", "formula", "name", "stop"]


class Embed(Struct, frozen=True, kw_only=True):
    """One kind of element."""

    name: str
    """What a report calls it; empty for furniture, which is no loss."""
    action: Action
    """``drop`` it; ``count`` it as left out; keep its ``link``, its ``formula``, its ``name``; ``stop``."""
    classes: frozenset[str]
    """Any of these classes marks it."""
    ours: bool = False
    """The class counts only with ``data-attrs``."""


def _embed(name: str, action: Action, marks: str, *, ours: bool = False) -> Embed:
    return Embed(name=name, action=action, classes=frozenset(marks.split()), ours=ours)


EMBEDS: tuple[Embed, ...] = (
    _embed("", "drop", "header-anchor-parent header-anchor-widget button-wrapper captioned-button-wrap"),
    _embed("", "drop", "subscription-widget-wrap subscription-widget-wrap-editor subscription-widget"),
    _embed("", "drop", "subscribe-widget install-substack-app-embed community-chat like-button-container"),
    _embed("", "drop", "share-dialog post-ufi image-link-expand visibility-check sr-only"),
    _embed("", "stop", "paywall-jump paywall"),
    _embed("formula", "formula", "latex-rendered"),
    _embed("mention", "name", "mention-wrap"),
    _embed("post", "link", "tweet twitter-embed", ours=True),
    _embed("comment", "link", "comment", ours=True),
    _embed("video", "link", "youtube-wrap vimeo-wrap tiktok-wrap"),
    _embed("file", "link", "file-embed-wrapper"),
    _embed("post", "link", "embedded-post-wrap digest-post-embed bluesky-wrap instagram"),
    _embed("sound", "link", "spotify-wrap apple-podcast-container soundcloud-wrap"),
    _embed("video", "count", "native-video-embed"),
    _embed("sound", "count", "native-audio-embed"),
    _embed("poll", "count", "poll-embed"),
    _embed("publication", "count", "embedded-publication-wrap"),
    _embed("picture", "picture", "image-gallery-embed"),
)
_BY_CLASS = {mark: embed for embed in EMBEDS for mark in embed.classes}
_DROPPED = frozenset(
    "head script style template noscript svg button form input select textarea label iframe object embed "
    "canvas audio video map nav footer dialog math title meta link base".split()
)
_COUNTED = {"iframe": "frame", "object": "object", "audio": "sound", "video": "video", "math": "formula"}
_FURNITURE = Embed(name="", action="drop", classes=frozenset())


def embed(element: etree._Element) -> Embed | None:
    """Return what an element is beside words, None where it is words."""
    if element.tag in _DROPPED:
        name = _COUNTED.get(str(element.tag))
        return Embed(name=name, action="count", classes=frozenset()) if name else _FURNITURE
    if element.get("hidden") is not None:
        return _FURNITURE
    for mark in classes(element):
        found = _BY_CLASS.get(mark)
        if found and (not found.ours or element.get("data-attrs") or _tweet(element)):
            return found
    return None


def embedded_address(element: etree._Element, base: str | None) -> str | None:
    """Return the address of what is embedded: as ``data-attrs`` says it, else its first link."""
    said = attributes(element)
    if said.video:
        return link_address(f"https://www.youtube.com/watch?v={said.video}", base)
    first = next((link for link in element.iter("a", "iframe") if link.get("href") or link.get("src")), None)
    found = first.get("href") or first.get("src") if first is not None else None
    return link_address(said.url or said.canonical_url or found, base)


def _tweet(element: etree._Element) -> bool:
    first = element.find("a")
    return first is not None and "tweet-link-top" in classes(first)
