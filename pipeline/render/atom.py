"""Atom (RFC 4287): the feed to subscribe to first."""

from __future__ import annotations

from pipeline.model import Listing, Site
from pipeline.render._feed import build_feed

FILE = "atom.xml"


def render(site: Site, listing: Listing) -> bytes:
    """Return the Atom feed of a listing as UTF-8."""
    content: bytes = build_feed(site, listing, FILE).atom_str(pretty=True)
    return content
