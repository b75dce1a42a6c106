"""Stage 4: listings become files. A format is one file here and one row of `FORMATS`.

Renderers return bytes and know neither clock nor disk: the same listing gives the same bytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from msgspec import Struct

from pipeline.archive import Archive, Listing
from pipeline.artefact import Artefact, whole
from pipeline.errors import PipelineError, RenderError
from pipeline.model import ListingKind, Site
from pipeline.render import atom, bibtex, csl, html, json_dump, json_feed, opml, ris, rss, status
from pipeline.render._bibliography import Bibliography, GrowingOf, bibliographies_of
from pipeline.render._growing import NOTHING_STANDS, Growing, Standing, grown
from pipeline.render._items import ItemOf, items_of
from pipeline.render._listings import changed_folders, day_listing, site_listing
from pipeline.render._window import Feed, make_feed

__all__ = [
    "BIBLIOGRAPHIES",
    "FEEDS",
    "FORMATS",
    "GROWING",
    "NOTHING_STANDS",
    "Standing",
    "changed_folders",
    "day_listing",
    "files_of",
    "listings",
    "make_once",
    "render",
    "render_feeds",
    "site_listing",
    "with_withdrawn",
]

Renderer = Callable[[Site, Listing], bytes]
FeedRenderer = Callable[[Feed], bytes]
_LASTING: tuple[ListingKind, ...] = ("site", "tag", "language", "days")


class Format(Struct, frozen=True):
    """One kind of file: its name in a folder, the listings that have one, and how it is made."""

    file: str
    kinds: tuple[ListingKind, ...]
    render: Renderer


class FeedFormat(Struct, frozen=True):
    """One kind of feed: its name in a folder, and how it is made."""

    file: str
    kinds: tuple[ListingKind, ...]
    render: FeedRenderer


# Data first, then the feeds and pages that name it: the order in which they are published.
BIBLIOGRAPHIES: tuple[Bibliography, ...] = (bibtex.PLAIN, bibtex.BIBLATEX, csl.CSL, ris.RIS)
GROWING: tuple[Growing, ...] = (json_dump.ARCHIVE, html.TAG_PAGE)
FORMATS: tuple[Format, ...] = (
    Format(json_dump.DAY_FILE, ("day",), json_dump.render),
    Format(json_dump.SCHEMA_FILE, ("site",), json_dump.render_schema),
    Format(html.STYLESHEET, ("site",), html.render_stylesheet),
    Format(html.FEED_STYLE, ("site",), html.render_feed_stylesheet),
    Format(html.FILE, ("day", "month"), html.render),
    Format(html.FILE, ("site",), html.render_site),
    Format(html.TAGS_FILE, ("site",), html.render_tags),
    Format(opml.FILE, ("site",), opml.render),
    Format(status.FILE, ("site",), status.render),
)
# Those of a folder say one and the same. JSON Feed has no archives.
FEEDS: tuple[FeedFormat, ...] = (
    FeedFormat(atom.FILE, (*_LASTING, "day", "month"), atom.render),
    FeedFormat(rss.FILE, (*_LASTING, "day", "month"), rss.render),
    FeedFormat(json_feed.FILE, _LASTING, json_feed.render),
)
# What `bib` writes on request, by the name of its format.
ON_REQUEST: tuple[tuple[str, Bibliography], ...] = (
    ("bibtex", bibtex.PLAIN),
    ("biblatex", bibtex.BIBLATEX),
    ("ascii", bibtex.ASCII),
    ("csl", csl.CSL),
    ("ris", ris.RIS),
)


def listings(archive: Archive, site: Site) -> Iterator[Listing]:
    """Give what folders the site has beside those of its days, the whole site last: it names the rest."""
    whole_site = site_listing(archive, site)
    yield from whole_site.parts
    yield whole_site


def files_of(kind: ListingKind) -> tuple[str, ...]:
    """Return the names of the files in a folder, in the order of publication."""
    forms: tuple[Bibliography | Growing | Format | FeedFormat, ...]
    forms = (*BIBLIOGRAPHIES, *GROWING, *FORMATS, *FEEDS)
    return tuple(form.file for form in forms if kind in form.kinds)


class Made(Struct, frozen=True):
    """What a run makes of entries once, for all listings that hold them."""

    item_of: ItemOf
    """The item of an entry in feeds."""
    bibliography_of: GrowingOf
    """A bibliography as a file that grows."""


def make_once(site: Site) -> Made:
    """Return what a run of `render` over several listings shares."""
    return Made(items_of(site), bibliographies_of(site))


def render(
    listing: Listing, site: Site, made: Made, standing: Standing = NOTHING_STANDS
) -> Iterator[Artefact]:
    """Give every file of a listing's folder, in the order of publication.

    ``made`` comes from `make_once`, so that no entry is rendered twice; ``standing`` is what files
    that grow may keep. Raise RenderError, naming the file, where one cannot be made.
    """
    for growing in (*map(made.bibliography_of, BIBLIOGRAPHIES), *GROWING):
        if listing.kind in growing.kinds:
            with _named(listing.path + growing.file):
                artefact = grown(growing, site, listing, standing)
            yield artefact
    for form in FORMATS:
        if listing.kind in form.kinds:
            path = listing.path + form.file
            with _named(path):
                content = form.render(site, listing)
            yield whole(path, content)
    for artefact, _ in render_feeds(listing, site, made):
        yield artefact


def render_feeds(listing: Listing, site: Site, made: Made) -> Iterator[tuple[Artefact, int]]:
    """Give every feed of a listing's folder, and how many entries it holds; arguments as for `render`."""
    with _named(listing.path + FEEDS[0].file):
        feed = make_feed(site, listing, made.item_of)
    for form in FEEDS:
        if listing.kind in form.kinds:
            path = listing.path + form.file
            with _named(path):
                content = form.render(feed)
            yield whole(path, content), len(feed.items)


@contextlib.contextmanager
def _named(path: str) -> Iterator[None]:
    """Say of what goes wrong inside which file it concerns."""
    try:
        yield
    except PipelineError:
        raise
    except (ValueError, TypeError, LookupError) as error:
        raise RenderError("cannot be made", subject=path) from error
