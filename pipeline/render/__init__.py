"""Stage 4: listings become files. A format is one file here and one row of `FORMATS`.

Renderers return bytes and know neither clock nor disk: the same listing gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from pipeline.errors import PipelineError, RenderError
from pipeline.model import Artefact, Digest, Listing, ListingKind, Site
from pipeline.paths import day_folder
from pipeline.render import atom, bibtex, csl, html, json_dump, json_feed, rss

Renderer = Callable[[Site, Listing], bytes]
_BOTH: tuple[ListingKind, ...] = ("day", "site")


class Format(Struct, frozen=True):
    """One kind of file: its name in a folder, the listings that have one, and how it is made."""

    file: str
    kinds: tuple[ListingKind, ...]
    render: Renderer


# Data first, then the feeds and pages that name it: the order in which they are published.
FORMATS: tuple[Format, ...] = (
    Format(json_dump.DAY_FILE, ("day",), json_dump.render),
    Format(json_dump.SITE_FILE, ("site",), json_dump.render_archive),
    Format(json_dump.SCHEMA_FILE, ("site",), json_dump.render_schema),
    Format(bibtex.FILE, _BOTH, bibtex.render),
    Format(csl.FILE, _BOTH, csl.render),
    Format(html.STYLESHEET, ("site",), html.render_stylesheet),
    Format(html.FILE, _BOTH, html.render),
    Format(atom.FILE, _BOTH, atom.render),
    Format(rss.FILE, _BOTH, rss.render),
    Format(json_feed.FILE, _BOTH, json_feed.render),
)


def day_listing(digest: Digest, site: Site) -> Listing:
    """Return the listing of one day."""
    title = f"{site.title}, {digest.date.isoformat()}"
    return Listing(
        kind="day",
        path=day_folder(digest.date),
        title=f"{title}: {digest.title}" if digest.title else title,
        language=digest.language,
        digests=(digest,),
    )


def site_listing(digests: tuple[Digest, ...], site: Site) -> Listing:
    """Return the listing of all days; ``digests`` come oldest first."""
    languages = [digest.language for digest in digests]
    return Listing(
        kind="site",
        path="",
        title=site.title,
        language=max(sorted(set(languages)), key=languages.count),
        digests=tuple(reversed(digests)),
    )


def render(listing: Listing, site: Site) -> Iterator[Artefact]:
    """Give every file of a listing's folder, in the order of publication.

    Raise RenderError, naming the file, where one cannot be made.
    """
    for form in FORMATS:
        if listing.kind in form.kinds:
            path = listing.path + form.file
            try:
                content = form.render(site, listing)
            except PipelineError:
                raise
            except (ValueError, TypeError, LookupError) as error:
                raise RenderError("cannot be made", subject=path) from error
            yield Artefact(path=path, content=content)
