"""Pages to land on: one a day, where every entry has its anchor, one a month, one a tag, those of the site.

No script, no inline style, nothing from elsewhere; the pages say so in their own policy.
"""

from __future__ import annotations

from markupsafe import Markup

from pipeline.archive import Listing
from pipeline.model import Digest, Site
from pipeline.render._content import environment
from pipeline.render._growing import Growing
from pipeline.render._window import STYLESHEET as _FEED_STYLESHEET

FILE, TAGS_FILE, STYLESHEET = "index.html", "tags/index.html", "style.css"
FEED_STYLE = _FEED_STYLESHEET
# No text of an author can say it: all of them are escaped.
_DAYS = Markup("<!-- days -->\n")


def render(site: Site, listing: Listing) -> bytes:
    """Return the page of a day or month as UTF-8."""
    return _page(f"{listing.kind}.html", site, listing).encode()


def render_site(site: Site, listing: Listing) -> bytes:
    """Return the page of the site as UTF-8: the newest days, and the months of the days before them."""
    newest = _newest(listing, site.feed_entries)
    older = [month for month in listing.of_kind("month") if month.digests.dates[-1] < newest[-1].date]
    return _page("site.html", site, listing, newest=newest, older=older[::-1]).encode()


def render_tags(site: Site, listing: Listing) -> bytes:
    """Return the page of all tags that have one, as UTF-8."""
    return _page("tags.html", site, listing, root="../").encode()


def render_feed_stylesheet(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - one signature for all
    """Return the style sheet that a browser shows a feed with."""
    return environment().get_template(FEED_STYLE).render().encode()


def render_stylesheet(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - one signature for all
    """Return the one stylesheet of all pages."""
    return environment().get_template(STYLESHEET).render().encode()


def _tag_opening(site: Site, listing: Listing) -> bytes:
    return _page("tag.html", site, listing, days=_DAYS).partition(_DAYS)[0].encode()


def _tag_closing(site: Site, listing: Listing) -> bytes:
    return _page("tag.html", site, listing, days=_DAYS).partition(_DAYS)[2].encode()


def _tag_day(site: Site, listing: Listing, digest: Digest) -> bytes:
    template = environment().get_template("titles.html")
    return template.render(site=site, digest=digest, root=_root(listing)).encode()


TAG_PAGE = Growing(file=FILE, kinds=("tag",), opening=_tag_opening, day=_tag_day, closing=_tag_closing)
"""The page of a tag: all its papers."""


def _page(template: str, site: Site, listing: Listing, **more: object) -> str:
    facts = {
        "site": site,
        "listing": listing,
        "root": _root(listing),
        "page_language": listing.language if listing.kind == "day" else site.language,
    }
    return environment().get_template(template).render(facts | more)


def _root(listing: Listing) -> str:
    return "../" * listing.path.count("/")


def _newest(listing: Listing, most: int) -> tuple[Digest, ...]:
    """Return the newest days, as many as hold about ``most`` entries."""
    newest: list[Digest] = []
    for digest in listing.digests:
        newest.append(digest)
        if sum(len(day.entries) for day in newest) >= most:
            break
    return tuple(newest)
