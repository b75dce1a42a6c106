"""One feed for Atom and RSS alike, built on feedgen, with what feedgen cannot say added to its tree.

The two extensions below are the only place that touches feedgen's trees. Each mend names its reason;
upstream: https://github.com/lkiesow/python-feedgen (1.0.0).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from pipeline.model import Entry, Listing, Site
from pipeline.render._addresses import author_line, display_title, further_links, page_url, paper_link
from pipeline.render._content import feed_content, summary

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DC = "http://purl.org/dc/elements/1.1/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class FeedMends(BaseExtension):
    """Mend what feedgen writes of the feed itself."""

    def extend_ns(self) -> dict[str, str]:
        """Declare the namespace of ``dc:creator``."""
        return {"dc": _DC}

    def extend_atom(self, feed: Element) -> Element:
        """Write dates in UTC with ``Z``: elfeed takes any numeric offset for UTC."""
        _zulu(feed)
        return feed


class EntryMends(BaseEntryExtension):
    """Mend what feedgen writes of an entry."""

    def __init__(self) -> None:
        self.related: tuple[tuple[str, str, str], ...] = ()
        self.language: str | None = None
        self.creator: str = ""
        self.description: str = ""

    def extend_atom(self, entry: Element) -> Element:
        """Add links with their rel, which feedgen drops (issue 135), the language, and ``Z`` dates."""
        from lxml.etree import SubElement

        _zulu(entry)
        if self.language:
            entry.set(_XML_LANG, self.language)
        for rel, url, title in self.related:
            SubElement(entry, "link", {"rel": rel, "href": url, "title": title})
        return entry

    def extend_rss(self, item: Element) -> Element:
        """Add all names as one ``dc:creator``: several lose all but one in six readers (pull 57)."""
        from lxml.etree import SubElement

        if self.creator:
            SubElement(item, f"{{{_DC}}}creator").text = self.creator
        found = item.find("description")
        if found is not None:
            # RSS readers take the description for HTML, so plain text must be escaped once more.
            found.text = html.escape(self.description, quote=False)
        return item


def build_feed(site: Site, listing: Listing, file: str) -> FeedGenerator:
    """Return feedgen's feed of a listing, entries newest first and every date set.

    ``file`` is the name under which this feed is published, for its ``self`` link.
    """
    feed = FeedGenerator()
    feed.register_extension("mends", FeedMends, EntryMends)
    entries = listing.entries[: site.feed_entries] if listing.kind == "site" else listing.entries
    updated = max(entry.updated for entry in entries if entry.updated)
    home = site.base_url + listing.path
    feed.id(feed_id(site, listing))
    feed.title(listing.title)
    feed.description(site.description or listing.title)
    feed.subtitle(site.description or listing.title)
    feed.author({"name": site.author or site.title})
    feed.language(listing.language)
    feed.generator("digest-pipeline")
    feed.updated(updated)
    feed.lastBuildDate(updated)
    feed.link(href=home + file, rel="self")
    # RSS takes the last link for the channel's, whatever its rel, so the page comes last.
    feed.link(href=home, rel="alternate", type="text/html")
    for entry in entries:
        _add_entry(feed, entry, site)
    return feed


def feed_id(site: Site, listing: Listing) -> str:
    """Return the permanent id of a listing's feed, the same in every format."""
    return f"tag:{site.authority}:feed/{listing.path}".rstrip("/")


def related_links(entry: Entry, site: Site) -> tuple[tuple[str, str, str], ...]:
    """Return rel, address and title of every link beside the alternate: RFC 4287, section 4.2.7.2."""
    links: list[tuple[str, str, str]] = [("related", link.url, link.kind) for link in further_links(entry)]
    if paper_link(entry):
        links.append(("via", page_url(site, entry), "digest"))
    links += [("related", page_url(site, day), f"discussed on {day.date}") for day in entry.earlier]
    return tuple(links)


def entry_language(entry: Entry) -> str | None:
    """Return the one language of an entry's commentary, if it has just one."""
    languages = {passage.language for passage in entry.commentary}
    return languages.pop() if len(languages) == 1 else None


def _add_entry(feed: FeedGenerator, entry: Entry, site: Site) -> None:
    own = paper_link(entry)
    item = feed.add_entry(order="append")
    item.id(entry.id)
    item.guid(entry.id, permalink=False)
    item.title(display_title(entry))
    item.link(href=own.url if own else page_url(site, entry), rel="alternate")
    item.content(feed_content(entry, site), type="html")
    item.summary(summary(entry))
    item.published(entry.published)
    item.updated(entry.updated)
    for author in entry.authors:
        item.author({"name": author.name})
    for tag in entry.tags:
        item.category({"term": tag})
    item.mends.related = related_links(entry, site)
    item.mends.language = entry_language(entry)
    item.mends.creator = author_line(entry)
    item.mends.description = summary(entry)


def _zulu(element: Element) -> None:
    for child in element:
        if child.tag in {"updated", "published"} and child.text:
            child.text = child.text.replace("+00:00", "Z")
