"""RSS 2.0 (RSS Advisory Board profile): the same entries as the Atom feed."""

from __future__ import annotations

from pipeline.model import Listing, Site
from pipeline.render._feed import build_feed

FILE = "rss.xml"


def render(site: Site, listing: Listing) -> bytes:
    """Return the RSS feed of a listing as UTF-8."""
    content: bytes = build_feed(site, listing, FILE).rss_str(pretty=True)
    return content
