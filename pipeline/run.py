"""The whole way of one run: find -> parse -> refine -> render -> store, and what to say of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pipeline import find, store
from pipeline.errors import SourceError
from pipeline.model import Artefact, Digest, Problem, Report, Site
from pipeline.parse import SUFFIXES, parse, parse_export
from pipeline.paths import day_folder
from pipeline.problems import problem
from pipeline.refine import refine

_DAY = re.compile("[0-9]{4}/[0-9]{2}/[0-9]{2}/")


class Selection(Struct, frozen=True, kw_only=True):
    """The days whose folders a run renews; all where nothing is said."""

    since: dt.date | None = None
    until: dt.date | None = None

    def includes(self, date: dt.date) -> bool:
        """Tell whether a day is meant."""
        return (self.since is None or self.since <= date) and (self.until is None or date <= self.until)

    def everything(self) -> bool:
        """Tell whether all days are meant."""
        return self.since is None and self.until is None


ALL_DAYS = Selection()


def read_all(
    folder: Path, site: Site, *, only: str | None = None
) -> tuple[tuple[Digest, ...], tuple[Problem, ...]]:
    """Return the refined days of a folder, oldest first, and the problems of files that gave none.

    ``only`` is the name of a single source to read instead of all. Raise SourceError where the
    folder cannot be listed.
    """
    found = find.Found(names=(only,), problems=()) if only else find.find(folder, SUFFIXES)
    digests: list[Digest] = []
    lost = list(found.problems)
    for name in (*found.names, *found.exports):
        try:
            digests += _read_one(folder, name, export=name in found.exports)
        except SourceError as error:
            lost.append(problem(error.code, error.subject, error.line, reason=error.message))
    return refine(digests, site), tuple(lost)


def _read_one(folder: Path, name: str, *, export: bool) -> tuple[Digest, ...]:
    if export:
        return parse_export(find.read_export(folder, name))
    return parse(find.read(folder, name))


def run(
    folder: Path,
    out: Path,
    site: Site,
    *,
    selection: Selection = ALL_DAYS,
    dry_run: bool = False,
    prune: bool = False,
) -> Report:
    """Build the digests of a folder into ``out``; in a dry run say what would change.

    A day outside ``selection`` keeps its folder as it is; the files of the whole site always show
    all days. Without ``prune``, more than one day and more than a tenth of the days is never
    removed. Raise PipelineError where nothing can be published; then the old site stands.
    """
    digests, lost = read_all(folder, site)
    shown = _shown(digests, folder)
    with contextlib.nullcontext() if dry_run else store.locked(out):
        keep = _kept(shown, out, selection, lost=bool(lost))
        if not prune:
            _guard(shown, out, keep)
        publish = store.compare if dry_run else store.store
        stored = publish(out, tuple(_artefacts(shown, site, selection)), keep)
    noticed = (found for digest in digests for found in digest.problems)
    problems = tuple(sorted((*lost, *noticed), key=lambda p: (p.file, p.line, p.code)))
    return Report(digests=shown, problems=problems, stored=stored, dry_run=dry_run)


class PublishedFeed(Struct, frozen=True, kw_only=True):
    """A feed as a build would publish it."""

    address: str
    """Published address."""
    entries: int
    """How many entries it holds."""
    size: int
    """Bytes of the file."""


def feeds(folder: Path, site: Site) -> Iterator[PublishedFeed]:
    """Give the feeds that a build of a folder would publish: those that go on first, then days, newest first.

    Raise SourceError where the folder cannot be listed or has no paper.
    """
    from pipeline.render import day_listing, items_of, listings, render_feeds

    shown = _shown(read_all(folder, site)[0], folder)
    item_of = items_of(site)
    days = (day_listing(digest, site) for digest in shown)
    for listing in reversed((*days, *listings(shown, site))):
        for artefact, entries in render_feeds(listing, site, item_of):
            address = site.base_url + artefact.path
            yield PublishedFeed(address=address, entries=entries, size=len(artefact.content))


def _shown(digests: tuple[Digest, ...], folder: Path) -> tuple[Digest, ...]:
    """Return the days that have papers; raise SourceError where none has."""
    shown = tuple(digest for digest in digests if digest.entries)
    if not shown:
        raise SourceError("no paper to publish; what was published stays", subject=str(folder))
    return shown


def _artefacts(digests: tuple[Digest, ...], site: Site, selection: Selection) -> Iterator[Artefact]:
    """Give the files of the days first, then those that name them."""
    # feedgen, pybtex and Jinja take longer to import than a small site to build.
    from pipeline.render import day_listing, items_of, listings, render

    item_of = items_of(site)
    for digest in digests:
        if selection.includes(digest.date):
            yield from render(day_listing(digest, site), site, item_of)
    for listing in listings(digests, site):
        yield from render(listing, site, item_of)


def _kept(digests: tuple[Digest, ...], out: Path, selection: Selection, *, lost: bool) -> frozenset[str]:
    """Return the published files that stay without being renewed.

    Those are the days outside the selection; and, if a file could not be read, all days that are
    gone, and what names nothing but them: it may hold one of them.
    """
    before = store.published(out)
    folders = {day_folder(digest.date): selection.includes(digest.date) for digest in digests}
    return frozenset(
        path
        for path in before
        if (
            not folders.get(_day_of(path), not (lost or not selection.everything()))
            if _day_of(path)
            else lost
        )
    )


def _guard(digests: tuple[Digest, ...], out: Path, keep: frozenset[str]) -> None:
    """Refuse to remove many days at once: rather a folder was moved than an archive given up."""
    before = {_day_of(path) for path in store.published(out) - keep} - {""}
    gone = before - {day_folder(digest.date) for digest in digests}
    if len(gone) > 1 and len(gone) * 10 > len(before):
        raise SourceError(
            f"{len(gone)} of {len(before)} published days are gone; nothing is changed without --prune",
            subject=min(gone),
        )


def _day_of(path: str) -> str:
    """Return the folder of the day that a published file belongs to, empty for one of the site."""
    folder = path[:11]
    return folder if _DAY.fullmatch(folder) else ""
