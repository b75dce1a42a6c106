"""RSS 2.0 (RSS Advisory Board profile): the same entries as the Atom feed."""

from __future__ import annotations

from pipeline.render import _feed
from pipeline.render._window import Feed

FILE = "rss.xml"


def render(feed: Feed) -> bytes:
    """Return a feed as RSS 2.0 in UTF-8."""
    return _feed.rss(feed, FILE)
