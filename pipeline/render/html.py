"""Pages to land on: one a day, where every entry has its anchor, one a tag, and those of the site.

No script, no inline style, nothing from elsewhere; the pages say so in their own policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.model import Digest, Listing, Site
from pipeline.render._content import environment
from pipeline.render._items import STYLESHEET as _FEED_STYLESHEET
from pipeline.render._listings import language_listings, tag_listings

FILE, TAGS_FILE, STYLESHEET = "index.html", "tags/index.html", "style.css"
FEED_STYLE = _FEED_STYLESHEET
_TEMPLATES = {"day": "day.html", "tag": "tag.html", "site": "site.html"}


def render(site: Site, listing: Listing) -> bytes:
    """Return the page of a listing as UTF-8."""
    newest, older = _split(listing, site.feed_entries)
    days = tuple(reversed(listing.digests))
    page = (
        environment()
        .get_template(_TEMPLATES[listing.kind])
        .render(
            site=site,
            listing=listing,
            digest=listing.digests[0],
            newest=newest,
            older=tuple(_by_month(older)),
            languages=language_listings(days, site) if listing.kind == "site" else (),
            root="../" * listing.path.count("/"),
            page_language=listing.language if listing.kind == "day" else site.language,
        )
    )
    return page.encode()


def render_tags(site: Site, listing: Listing) -> bytes:
    """Return the page of all tags that have one, as UTF-8."""
    tags = tag_listings(tuple(reversed(listing.digests)), site)
    template = environment().get_template("tags.html")
    return template.render(
        site=site, listing=listing, tags=tags, root="../", page_language=site.language
    ).encode()


def render_feed_stylesheet(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - one signature for all
    """Return the style sheet that a browser shows a feed with."""
    return environment().get_template(FEED_STYLE).render().encode()


def render_stylesheet(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - one signature for all
    """Return the one stylesheet of all pages."""
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
