"""Atom and RSS alike, written by feedgen, with what feedgen cannot say added to its trees.

This is the only file that touches feedgen. Each mend names its reason and, where there is one, the
upstream issue at https://github.com/lkiesow/python-feedgen (1.0.0).
"""

from __future__ import annotations

import html

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement
from lxml.etree import _Element as Element

from pipeline.render._items import Item, defused, media_type
from pipeline.render._window import Feed

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_DC = "http://purl.org/dc/elements/1.1/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class FeedMends(BaseExtension):
    """Mend what feedgen writes of the feed itself."""

    feed: Feed
    file: str

    def extend_ns(self) -> dict[str, str]:
        """Declare the namespaces of ``dc:creator`` and, where there is one, of a feed's history."""
        return {"dc": _DC, "fh": _HISTORY} if self.feed.history else {"dc": _DC}

    def extend_atom(self, feed: Element) -> Element:
        """Write dates in UTC with ``Z``: elfeed takes any numeric offset for UTC."""
        _zulu(feed)
        self._extend(feed, "link")  # feedgen's own elements have no namespace before they are written
        return feed

    def extend_rss(self, feed: Element) -> Element:
        """Name the author, whom feedgen drops for want of a mail address (pull 57)."""
        channel = feed[0]
        _defuse(channel, "title", "description")
        SubElement(channel, f"{{{_DC}}}creator").text = self.feed.author
        self._extend(channel, f"{{{_ATOM}}}link")
        return feed

    def _extend(self, parent: Element, link: str) -> None:
        """Add hub, neighbours and history: feedgen writes no link but ``self`` into RSS."""
        links = [(rel, folder + self.file) for rel, folder in self.feed.neighbours]
        if self.feed.hub:
            links.append(("hub", self.feed.hub))
        for rel, href in links:
            SubElement(parent, link, {"rel": rel, "href": href})
        if self.feed.history:
            SubElement(parent, f"{{{_HISTORY}}}{self.feed.history}")


class Tombstones(BaseExtension):
    """Tell what was withdrawn (RFC 6721): RSS has nothing of the kind."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Declare the namespace of deleted entries."""
        return {"at": _TOMBSTONES}

    def extend_atom(self, feed: Element) -> Element:
        """Add an element for each; the grammar of RFC 4287 wants them before the entries."""
        for past in self.feed.tombstones:
            when = past.when.isoformat().replace("+00:00", "Z")
            SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", {"ref": past.id, "when": when})
        return feed


class EntryMends(BaseEntryExtension):
    """Mend what feedgen writes of an entry."""

    item: Item

    def extend_atom(self, entry: Element) -> Element:
        """Add what feedgen drops of links, rel and type (issue 135), the language, and ``Z`` dates."""
        _zulu(entry)
        if self.item.language:
            entry.set(_XML_LANG, self.item.language)
        alternate = entry.find("link")
        if alternate is not None:
            alternate.set("rel", "alternate")
            _set_type(alternate, media_type(self.item.paper) if self.item.paper else "text/html")
        for link in self.item.references:
            made = SubElement(entry, "link", {"rel": link.rel, "href": link.url, "title": link.title})
            _set_type(made, link.media_type)
        return entry

    def extend_rss(self, item: Element) -> Element:
        """Add all names as one ``dc:creator``: of several, six readers keep but one (pull 57)."""
        _defuse(item, "title")
        if self.item.creator:
            SubElement(item, f"{{{_DC}}}creator").text = self.item.creator
        description = item.find("description")
        if description is not None:
            # Readers take an item's description for HTML: a plain summary must be escaped once more.
            description.text = html.escape(self.item.summary, quote=False)
        return item


def atom(feed: Feed, file: str) -> bytes:
    """Return a feed as Atom in UTF-8; ``file`` is the name that it is published under."""
    return _styled(_generator(feed, file, "application/atom+xml").atom_str(pretty=True), feed)


def rss(feed: Feed, file: str) -> bytes:
    """Return a feed as RSS 2.0 in UTF-8; ``file`` is the name that it is published under."""
    return _styled(_generator(feed, file, "application/rss+xml").rss_str(pretty=True), feed)


def _styled(document: bytes, feed: Feed) -> bytes:
    """Name the style sheet below the XML declaration: feedgen writes nothing outside its root (pull 124)."""
    declaration, line, root = document.partition(b"\n")
    href = html.escape(feed.stylesheet)
    return declaration + f'\n<?xml-stylesheet type="text/css" href="{href}"?>'.encode() + line + root


def _generator(feed: Feed, file: str, type_: str) -> FeedGenerator:
    """Return feedgen's feed, with every date set: what is not, feedgen takes from the clock."""
    made = FeedGenerator()
    made.register_extension("mends", FeedMends, EntryMends)
    made.mends.feed, made.mends.file = feed, file
    if feed.tombstones:
        made.register_extension("tombstones", Tombstones, rss=False)
        made.tombstones.feed = feed
    made.id(feed.id)
    made.title(feed.title)
    made.description(feed.description or feed.title)
    made.subtitle(feed.description or feed.title)
    made.author({"name": feed.author})
    made.language(feed.language)
    made.generator("digest-pipeline")
    made.updated(feed.updated)
    made.lastBuildDate(feed.updated)
    made.link(href=feed.folder + file, rel="self", type=type_)
    # RSS takes the last link for the channel's, whatever its rel: the page comes last.
    made.link(href=feed.home, rel="alternate", type="text/html")
    for item in feed.items:
        _add_entry(made, item)
    return made


def _add_entry(made: FeedGenerator, item: Item) -> None:
    entry = made.add_entry(order="append")  # the default puts each before the last
    entry.id(item.id)
    entry.guid(item.id, permalink=False)
    entry.title(item.title)
    entry.link(href=item.paper or item.page, rel="alternate")
    entry.content(item.content, type="html")
    entry.summary(item.summary)
    entry.published(item.published)
    entry.updated(item.updated)
    # All at once: one by one feedgen goes through those before again each time.
    entry.author([{"name": name} for name in item.authors])
    entry.category([{"term": tag} for tag in item.tags])
    entry.mends.item = item


def _defuse(element: Element, *names: str) -> None:
    for name in names:
        found = element.find(name)
        if found is not None and found.text:
            found.text = defused(found.text)


def _set_type(link: Element, type_: str | None) -> None:
    if type_:
        link.set("type", type_)


def _zulu(element: Element) -> None:
    for child in element:
        if child.tag in {"updated", "published"} and child.text:
            child.text = child.text.replace("+00:00", "Z")
