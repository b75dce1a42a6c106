"""The whole way of one run: find -> parse -> refine -> render -> store, and what to say of it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pipeline import find, store
from pipeline.changes import changes_of
from pipeline.errors import NothingParsedError, SourceError
from pipeline.ledger import load as load_ledger
from pipeline.ledger import written
from pipeline.model import Artefact, Digest, Ledger, Problem, Report, Rules, Site
from pipeline.parse import BY_LOOKING, SUFFIXES, parse, parse_export
from pipeline.paths import day_folder
from pipeline.problems import problem
from pipeline.published import day_of, read_published
from pipeline.refine import NOTHING_KNOWN, refine, settle


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


class History(Struct, frozen=True, kw_only=True):
    """What a run is told of the past."""

    ledger: Path
    """The file of the ledger; it need not be there."""
    now: dt.datetime
    """The time of the run, UTC, whole seconds: from now on what has changed counts as updated."""


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
    folder: Path,
    site: Site,
    ledger: Ledger = NOTHING_KNOWN,
    *,
    rules: Rules = BY_LOOKING,
    only: str | None = None,
) -> tuple[tuple[Digest, ...], tuple[Problem, ...]]:
    """Return the refined days of a folder, oldest first, and the problems of files that gave none.

    ``only`` is the name of a single source to read instead of all. Raise SourceError where the
    folder cannot be listed.
    """
    reading = _read(folder, rules, only)
    return refine(reading.digests, site, ledger), reading.problems


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
    history: History | None = None,
    dry_run: bool = False,
    prune: bool = False,
    wait: float = 0,
) -> Report:
    """Build the digests of a folder into ``out``; in a dry run say what would change.

    A day outside ``selection`` keeps its folder as it is; the files of the whole site always show
    all days. With ``history``, what was published keeps its identity, and the ledger holds what no
    digest says of it. A file that was published and now is broken or cut short counts as it was then.
    Nor is more than one day and more than a tenth of the days ever removed. With ``prune`` the digests
    are believed in both. Another run at work there is waited for, for ``wait`` seconds. Raise
    PipelineError where nothing can be published; then the old site stands.
    """
    # Read under the lock: who waited must not publish what was there before another's newer reading.
    with contextlib.nullcontext() if dry_run else store.locked(out, wait):
        ledger = load_ledger(history.ledger) if history else NOTHING_KNOWN
        reading = _read(folder, rules) if prune else _with_last_good(_read(folder, rules), out)
        digests = refine(reading.digests, site, ledger)
        before, settled = read_published(out, site) if history else (), ledger
        if history:
            digests, settled = settle(digests, before, ledger, site, history.now)
        shown = shown_days(digests, folder)
        keep = _kept(shown, out, selection, lost=bool(reading.unread))
        if not prune:
            _guard(shown, out, keep)
        artefacts = tuple(_artefacts(shown, site, selection, _problems_shown(reading, digests)))
        if history and settled != ledger and not dry_run:
            # Before the site: what is published must never be more than what can be built again.
            store.write(history.ledger, written(settled))
        stored = (store.compare if dry_run else store.store)(out, artefacts, keep)
    kept = _kept_files(reading)
    noticed = (found for digest in digests for found in digest.problems if found.file not in kept)
    recorded = tuple(record for record in settled.entries if record not in ledger.entries)
    return Report(
        digests=shown,
        problems=_ordered((*reading.problems, *noticed)),
        stored=stored,
        recorded=recorded,
        changes=changes_of(before, shown),
        dry_run=dry_run,
    )


def _problems_shown(reading: Reading, digests: tuple[Digest, ...]) -> tuple[Problem, ...]:
    """Return the problems that the site shows: of a file that is kept as it was, those that it had then."""
    kept = _kept_files(reading)
    lost = (found for found in reading.problems if found.file not in kept)
    return _ordered((*lost, *(found for digest in digests for found in digest.problems)))


def _kept_files(reading: Reading) -> frozenset[str]:
    return frozenset(found.file for found in reading.problems if found.code == "kept-day")


def _ordered(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda found: (found.file, found.line, found.code)))


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


def shown_days(digests: tuple[Digest, ...], folder: Path) -> tuple[Digest, ...]:
    """Return the days that have papers; raise SourceError where none has."""
    shown = tuple(digest for digest in digests if digest.entries)
    if not shown:
        raise NothingParsedError("no paper to publish; what was published stays", subject=str(folder))
    return shown


def _artefacts(
    digests: tuple[Digest, ...], site: Site, selection: Selection, problems: tuple[Problem, ...]
) -> Iterator[Artefact]:
    """Give the files of the days first, then those that name them."""
    # feedgen, pybtex and Jinja take longer to import than a small site to build.
    from pipeline.render import day_listing, listings, make_once, render

    made = make_once(site)
    for digest in digests:
        if selection.includes(digest.date):
            yield from render(day_listing(digest, site), site, made)
    for listing in listings(digests, site, problems):
        yield from render(listing, site, made)


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
        if (not folders.get(day_of(path), not (lost or not selection.everything())) if day_of(path) else lost)
    )


def _guard(digests: tuple[Digest, ...], out: Path, keep: frozenset[str]) -> None:
    """Refuse to remove many days at once: rather a folder was moved than an archive given up."""
    before = {day_of(path) for path in store.published(out) - keep} - {""}
    gone = before - {day_folder(digest.date) for digest in digests}
    if len(gone) > 1 and len(gone) * 10 > len(before):
        raise SourceError(
            f"{len(gone)} of {len(before)} published days are gone; nothing is changed without --prune",
            subject=min(gone),
        )
