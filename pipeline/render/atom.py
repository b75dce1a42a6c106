"""Atom (RFC 4287): the feed to subscribe to first."""

from __future__ import annotations

from pipeline.render import _feed
from pipeline.render._window import Feed

FILE = "atom.xml"


def render(feed: Feed) -> bytes:
    """Return a feed as Atom in UTF-8."""
    return _feed.atom(feed, FILE)
