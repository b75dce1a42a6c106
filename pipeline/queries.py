"""What can be asked of digests without publishing: bibliographies of a selection, the feeds there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pipeline.model import Digest, Ledger, Listing, Rules, Site
from pipeline.parse import BY_LOOKING
from pipeline.refine import NOTHING_KNOWN
from pipeline.run import read_all, shown_days


def bibliography(digests: tuple[Digest, ...], site: Site, form: str) -> bytes:
    """Return the papers of digests, oldest first, in one of `render.ON_REQUEST`; of none an empty one."""
    from pipeline.render import ON_REQUEST, make_once

    listing = Listing(
        kind="site", path="", title=site.title, language=site.language, digests=tuple(reversed(digests))
    )
    return make_once(site).bibliography_of(dict(ON_REQUEST)[form], listing)


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
    from pipeline.render import day_listing, listings, make_once, render_feeds, with_withdrawn

    shown = shown_days(read_all(folder, site, ledger, rules=rules)[0], folder)
    made = make_once(site)
    days = (with_withdrawn(day_listing(digest, site), ledger.withdrawn) for digest in shown)
    for listing in reversed((*days, *listings(shown, site, ledger.withdrawn))):
        for artefact, entries in render_feeds(listing, site, made):
            address = site.base_url + artefact.path
            yield PublishedFeed(address=address, entries=entries, size=len(artefact.content))
