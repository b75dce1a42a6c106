"""Pages to land on: one a day, where every entry has its anchor, and one for the site.

No script, no inline style, nothing from elsewhere; the pages say so in their own policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.model import Digest, Listing, Site
from pipeline.render._content import environment

FILE, STYLESHEET = "index.html", "style.css"


def render(site: Site, listing: Listing) -> bytes:
    """Return the page of a listing as UTF-8."""
    newest, older = _split(listing, site.feed_entries)
    page = (
        environment()
        .get_template("day.html" if listing.kind == "day" else "site.html")
        .render(
            site=site,
            listing=listing,
            digest=listing.digests[0],
            newest=newest,
            older=tuple(_by_month(older)),
            root="../" * listing.path.count("/"),
            page_language=listing.language if listing.kind == "day" else site.language,
        )
    )
    return page.encode()


def render_stylesheet(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - one signature for all
    """Return the one stylesheet of all pages and feeds."""
    return environment().get_template(STYLESHEET).render().encode()


def _split(listing: Listing, count: int) -> tuple[tuple[Digest, ...], tuple[Digest, ...]]:
    """Part the newest days, as many as hold about ``count`` entries, from the days before them."""
    shown = 0
    for index, digest in enumerate(listing.digests):
        if shown >= count:
            return listing.digests[:index], listing.digests[index:]
        shown += len(digest.entries)
    return listing.digests, ()


def _by_month(digests: tuple[Digest, ...]) -> Iterator[tuple[str, tuple[Digest, ...]]]:
    for month, days in groupby(digests, key=lambda digest: digest.date.strftime("%Y-%m")):
        yield month, tuple(days)
