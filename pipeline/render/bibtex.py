"""Stand-in until the bibliography is in."""

from pipeline.model import Listing, Site

FILE = "papers.bib"


def render(site: Site, listing: Listing) -> bytes:
    """Return nothing yet."""
    return b"[]" if site and listing else b""
