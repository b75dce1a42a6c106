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
from pipeline.model import Artefact, Digest, Problem, Report, Rules, Site
from pipeline.parse import BY_LOOKING, SUFFIXES, parse, parse_export
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


class Reading(Struct, frozen=True, kw_only=True):
    """What the files of a folder hold, before it is refined."""

    digests: tuple[Digest, ...]
    """In the order of file names."""
    problems: tuple[Problem, ...]
    """Those of files and folders that gave no digest."""
    unread: frozenset[str]
    """The names of these files and folders."""


def read_all(
    folder: Path, site: Site, *, rules: Rules = BY_LOOKING, only: str | None = None
) -> tuple[tuple[Digest, ...], tuple[Problem, ...]]:
    """Return the refined days of a folder, oldest first, and the problems of files that gave none.

    ``only`` is the name of a single source to read instead of all. Raise SourceError where the
    folder cannot be listed.
    """
    reading = _read(folder, rules, only)
    return refine(reading.digests, site), reading.problems


def _read(folder: Path, rules: Rules, only: str | None = None) -> Reading:
    found = find.Found(names=(only,), problems=()) if only else find.find(folder, SUFFIXES)
    digests: list[Digest] = []
    problems = list(found.problems)
    unread = {lost.file for lost in problems}
    for name in (*found.names, *found.exports):
        try:
            digests += _read_one(folder, name, rules, export=name in found.exports)
        except SourceError as error:
            problems.append(problem(error.code, error.subject, error.line, reason=error.message))
            unread.add(name)
    return Reading(digests=tuple(digests), problems=tuple(problems), unread=frozenset(unread))


def _read_one(folder: Path, name: str, rules: Rules, *, export: bool) -> tuple[Digest, ...]:
    if export:
        return parse_export(find.read_export(folder, name), rules)
    return parse(find.read(folder, name), rules)


def run(
    folder: Path,
    out: Path,
    site: Site,
    *,
    rules: Rules = BY_LOOKING,
    selection: Selection = ALL_DAYS,
    dry_run: bool = False,
    prune: bool = False,
    wait: float = 0,
) -> Report:
    """Build the digests of a folder into ``out``; in a dry run say what would change.

    A day outside ``selection`` keeps its folder as it is; the files of the whole site always show
    all days. A file that was published and now is broken or cut short counts as it was then.
    Nor is more than one day and more than a tenth of the days ever removed. With ``prune`` the digests
    are believed in both. Another run at work there is waited for, for ``wait`` seconds. Raise
    PipelineError where nothing can be published; then the old site stands.
    """
    # Read under the lock: who waited must not publish what was there before another's newer reading.
    with contextlib.nullcontext() if dry_run else store.locked(out, wait):
        reading = _read(folder, rules) if prune else _with_last_good(_read(folder, rules), out)
        digests = refine(reading.digests, site)
        shown = tuple(digest for digest in digests if digest.entries)
        if not shown:
            raise SourceError("no paper to publish; what was published stays", subject=str(folder))
        keep = _kept(shown, out, selection, lost=bool(reading.unread))
        if not prune:
            _guard(shown, out, keep)
        publish = store.compare if dry_run else store.store
        stored = publish(out, tuple(_artefacts(shown, site, selection)), keep)
    kept = {found.file for found in reading.problems if found.code == "kept-day"}
    noticed = (found for digest in digests for found in digest.problems if found.file not in kept)
    problems = tuple(sorted((*reading.problems, *noticed), key=lambda p: (p.file, p.line, p.code)))
    return Report(digests=shown, problems=problems, stored=stored, dry_run=dry_run)


def _with_last_good(reading: Reading, out: Path) -> Reading:
    """Put what was published of broken files in the place of what they say now, and say so."""
    # What renders is needed to read it back; it takes longer to import than a small folder to read.
    from pipeline import restore

    days = restore.published_days(store.read_published(out, restore.DUMP))
    broken = restore.broken_files(days, reading.digests, reading.unread)
    if not broken:
        return reading
    whole = (digest for digest in reading.digests if not restore.is_of(digest, broken))
    said = (*restore.say_kept(days, broken), *restore.say_now(reading.digests, broken))
    return Reading(
        digests=(*whole, *restore.restore(days, broken)),
        problems=(*reading.problems, *said),
        unread=reading.unread,
    )


def _artefacts(digests: tuple[Digest, ...], site: Site, selection: Selection) -> Iterator[Artefact]:
    """Give the files of the days first, then those of the site, which name them."""
    # feedgen, pybtex and Jinja take longer to import than a small site to build.
    from pipeline.render import day_listing, make_once, render, site_listing

    made = make_once(site)
    for digest in digests:
        if selection.includes(digest.date):
            yield from render(day_listing(digest, site), site, made)
    yield from render(site_listing(digests, site), site, made)


def _kept(digests: tuple[Digest, ...], out: Path, selection: Selection, *, lost: bool) -> frozenset[str]:
    """Return the published files that stay without being renewed.

    Those are the days outside the selection; and all days that are gone, if a file could not be
    read: it may hold one of them.
    """
    before = store.published(out)
    folders = {day_folder(digest.date): selection.includes(digest.date) for digest in digests}
    return frozenset(
        path
        for path in before
        if _day_of(path) and not folders.get(_day_of(path), not (lost or not selection.everything()))
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
