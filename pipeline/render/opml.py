"""OPML 2.0 (http://opml.org/spec2.opml): all feeds that go on, to be subscribed to at once."""

from __future__ import annotations

from email.utils import format_datetime
from itertools import groupby

from lxml.etree import Element, SubElement, tostring
from lxml.etree import _Element as Outline

from pipeline.archive import Listing
from pipeline.model import Site
from pipeline.render._characters import clean
from pipeline.render._items import defused
from pipeline.render._window import feed_addresses

FILE = "feeds.opml"
_FEED = "atom.xml"


def render(site: Site, listing: Listing) -> bytes:
    """Return the list of the site's feeds in UTF-8: those of tags as a group.

    Days and months have no part in it: what they hold is in the site's own feed.
    """
    root = Element("opml", version="2.0")
    head, body = SubElement(root, "head"), SubElement(root, "body")
    SubElement(head, "title").text = defused(clean(site.title))
    if listing.updated:
        SubElement(head, "dateModified").text = format_datetime(listing.updated, usegmt=True)
    feeds = (listing, *listing.of_kind("days", "language", "tag"))
    for is_tag, group in groupby(feeds, key=lambda feed: feed.kind == "tag"):
        # Without a type a group has no title: the W3C validator would take it for a feed without one.
        parent = SubElement(body, "outline", text="Tags") if is_tag else body
        for feed in group:
            _add_feed(parent, site, feed)
    return tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_feed(parent: Outline, site: Site, listing: Listing) -> None:
    folder, home = feed_addresses(site, listing)
    title = defused(clean(listing.title)) or home
    # The version is the validator's word for any feed: it knows no other than those of RSS.
    SubElement(
        parent,
        "outline",
        type="rss",
        text=title,
        title=title,
        version="RSS",
        xmlUrl=folder + _FEED,
        htmlUrl=home,
    )
