"""What can be asked of digests without publishing: bibliographies of a selection, the feeds there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pipeline.archive import Archive, Days, Listing
from pipeline.errors import SourceError
from pipeline.model import BY_LOOKING, Digest, Ledger, Rules, Site
from pipeline.reading import read_all
from pipeline.refine import NOTHING_KNOWN


def bibliography(digests: tuple[Digest, ...], site: Site, form: str) -> bytes:
    """Return the papers of digests, oldest first, in one of `render.ON_REQUEST`; of none an empty one."""
    from pipeline.render import ON_REQUEST
    from pipeline.render._bibliography import render

    listing = Listing(
        kind="site", path="", title=site.title, language=site.language, digests=Days.of(digests)
    )
    return render(dict(ON_REQUEST)[form], site, listing)


class PublishedFeed(Struct, frozen=True, kw_only=True):
    """A feed as a build would publish it."""

    address: str
    """Published address."""
    entries: int
    """How many entries it holds."""
    size: int
    """Bytes of the file."""


def feeds(
    folder: Path, site: Site, ledger: Ledger = NOTHING_KNOWN, *, rules: Rules = BY_LOOKING
) -> Iterator[PublishedFeed]:
    """Give the feeds that a build of a folder would publish: those that go on first, then days, newest first.

    Raise SourceError where the folder cannot be listed or has no paper.
    """
    from pipeline.render import day_listing, listings, make_once, render_feeds

    digests, _ = read_all(folder, site, ledger, rules=rules)
    shown = tuple(digest for digest in digests if digest.entries)
    if not shown:
        raise SourceError("no paper to publish", subject=str(folder))
    made = make_once(site)
    archive = Archive.of(shown, ledger.withdrawn)
    days = (day_listing(digest, site, ledger.withdrawn) for digest in shown)
    for listing in reversed((*days, *listings(archive, site))):
        for artefact, entries in render_feeds(listing, site, made):
            address = site.base_url + artefact.path
            yield PublishedFeed(address=address, entries=entries, size=len(artefact.content))
