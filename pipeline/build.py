"""What a run does where something changed: read it, refine it, render what shows it, publish that.

Whatever a run knows from earlier ones, the same digests and the same ledger give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from msgspec import Struct, structs

from pipeline import find, ledger, restore, store
from pipeline.archive import Archive, Outline, ReadDay, outline
from pipeline.cache import Cache, Memory, Seen, remove
from pipeline.changes import changes_of
from pipeline.errors import NothingParsedError
from pipeline.model import Digest, Entry, Ledger, Noticed, Problem, Report, Stored
from pipeline.order import Order
from pipeline.parse import SUFFIXES
from pipeline.paths import day_folder
from pipeline.publication import Publication
from pipeline.published import read_published
from pipeline.reading import Reading, read, with_last_good
from pipeline.refine import NOTHING_KNOWN, Past, refine_archive, refine_digest, settle
from pipeline.render.json_dump import DAY_FILE, JsonDigest
from pipeline.watch import ledger_mark, look, remember


class Sources(Struct, frozen=True, kw_only=True):
    """The sources of a run, and what was read of them in it."""

    found: find.Found
    seen: dict[str, Seen]
    """All of them, as they were seen before they were read."""
    reading: Reading
    """Those that had to be read."""
    refined: dict[str, tuple[Digest, ...]]
    """What these told, after the passes over single digests."""
    restored: tuple[Digest, ...]
    """What was published of those that are broken, after the same."""
    ledger: bytes
    """Hash of the ledger, taken before it was read too."""


class Refined(Struct, frozen=True, kw_only=True):
    """What a run makes of its sources."""

    outlines: tuple[Outline, ...]
    """All days of the site in short, oldest first."""
    digests: dict[dt.date, Digest]
    """The days that came or say something else."""
    before: dict[dt.date, Digest]
    """What was published of these, and of the days that are no more."""
    noticed: tuple[Noticed, ...]
    """All that is to be said, by file and line."""
    problems: tuple[Problem, ...]
    """What of it the site says: of a file that is kept as it was, what was said of it then."""
    ledger: Ledger
    """The ledger from which the same is built."""
    resettled: bool
    """It is another than before."""


def build(order: Order, cache: Cache | None, memory: Memory | None, inputs: bytes) -> Report:
    """Build what changed since the last run, everything where none is known, and publish it."""
    damaged = frozenset(store.not_as_left(order.out, cache.left())) if cache and memory else frozenset()
    # A run that was killed published what it could not remember: then the site itself tells what it was.
    left = None if damaged else memory
    sources = _read(order, memory, left)
    known = ledger.load(order.history.ledger) if order.history else NOTHING_KNOWN
    refined = cache and left and _added(order, sources, known, cache, left)
    refined = refined or _refined(order, sources, known, cache, left)
    if not refined.outlines:
        raise NothingParsedError("no paper to publish; what was published stays", subject=str(order.folder))
    publication = Publication(
        order=order,
        before=cache.outlines() if cache and memory else (),
        archive=Archive.lying(
            refined.outlines,
            _reader(refined.digests, cache),
            refined.ledger.withdrawn,
            refined.problems,
        ),
        changed=frozenset(refined.digests),
        damaged=damaged,
        cache=cache if memory and memory.ledger == sources.ledger else None,
        lost=bool(sources.reading.unread),
    )
    stored = publication.publish(
        # Before the site: what is published must never be more than what can be built again.
        lambda: _write_ledger(order, refined)
    )
    if cache and not order.dry_run:
        _save(order, cache, memory, inputs, sources, refined, publication, stored)
    return Report(
        days=len(refined.outlines),
        papers=sum(day.papers for day in refined.outlines),
        newest=refined.outlines[-1].date,
        noticed=refined.noticed,
        stored=stored,
        recorded=tuple(record for record in refined.ledger.entries if record not in known.entries),
        withdrawn=tuple(past for past in refined.ledger.withdrawn if past not in known.withdrawn),
        changes=changes_of(refined.before.values(), refined.digests.values()),
        dry_run=order.dry_run,
    )


def _read(order: Order, memory: Memory | None, left: Memory | None) -> Sources:
    """Read the sources that are not as the last run saw them, or that it could not believe.

    ``left`` is the memory where the site is as that run left it.
    """
    ledger_seen = ledger_mark(order)
    found = find.find(order.folder, SUFFIXES)
    known = memory.sources if memory else {}
    seen = look(order.folder, found, known)
    fresh = {
        # Before it is read: what is written meanwhile is noticed by the next run.
        name: Seen(
            find.mark(order.folder, name) or (0, 0, 0, 0),
            find.content_mark(order.folder, name) if order.history and order.history.state else b"",
            known[name].dates if name in known else (),
        )
        for name, each in seen.items()
        if each is None or not each.content
    }
    reading = read(order.folder, found, fresh.keys(), order.rules)
    if not order.prune:
        # What is gone may only be out of sight, or be found under another name.
        gone = found.problems or not left or left.sources.keys() - seen.keys()
        dates = None if gone else {date for each in fresh.values() for date in each.dates}
        reading = with_last_good(reading, _published(order, dates))
    site = order.site
    return Sources(
        found=found,
        seen={name: fresh[name] if name in fresh or not each else each for name, each in seen.items()},
        reading=reading,
        refined={
            name: tuple(refine_digest(digest, site) for digest in digests)
            for name, digests in reading.digests.items()
        },
        restored=tuple(refine_digest(digest, site) for digest in reading.restored),
        ledger=ledger_seen,
    )


def _published(order: Order, dates: AbstractSet[dt.date] | None) -> tuple[JsonDigest, ...]:
    """Return the dumps of some published days, of all where a dump of a day does not serve, newest first."""
    if dates is not None:
        newest = sorted(dates, reverse=True)
        dumps = (store.read_published(order.out, day_folder(date) + DAY_FILE) for date in newest)
        days = tuple(day for dump in dumps for day in restore.published_day(dump))
        if len(days) == len(dates):
            return days
    return restore.published_days(store.read_published(order.out, restore.DUMP))


def _added(order: Order, sources: Sources, known: Ledger, cache: Cache, memory: Memory) -> Refined | None:
    """Return what becomes of the sources where all that changed is that later days came; else None.

    No earlier day says anything of a later one, so these alone are refined, from where the last run ended.
    """
    before = cache.outlines()
    days = {digest.date for digests in sources.refined.values() for digest in digests}
    told = {*(record.day for record in known.entries), *(gone.day for gone in known.withdrawn)}
    came = memory.sources.keys() <= sources.seen.keys() and memory.sources.keys().isdisjoint(sources.refined)
    if (
        not (came and days and before and min(days) > before[-1].date and days.isdisjoint(told))
        or sources.reading.problems
        or memory.ledger != sources.ledger
    ):
        return None
    single = (digest for name in sorted(sources.refined) for digest in sources.refined[name])
    digests = refine_archive(single, order.site, known, Past(cache.shelf))
    shown = {digest.date: digest for digest in digests if digest.entries}
    noticed = _in_order((*memory.noticed, *_noticed((), digests)))
    return Refined(
        outlines=(*before, *map(outline, shown.values())),
        digests=shown,
        before={},
        noticed=noticed,
        problems=tuple(each.problem for each in noticed),
        ledger=known,
        resettled=False,
    )


def _refined(
    order: Order, sources: Sources, known: Ledger, cache: Cache | None, left: Memory | None
) -> Refined:
    """Return what becomes of all sources, with the identity of what was published."""
    single = tuple(_single(sources, cache))
    past = Past(cache.new_shelf) if cache else Past()
    digests, settled = refine_archive(single, order.site, known, past), known
    before = {day.date: cache.day(day.date) for day in cache.outlines()} if cache and left else None
    known_days = before or {}
    if order.history:
        published = read_published(order.out, order.site, before)
        digests, settled = settle(digests, published.days, known, order.site, order.history.now)
        known_days = {digest.date: digest for digest in published.shown}
    if cache and settled is not known:
        # The next days go on from where the days as settled lead.
        refine_archive(single, order.site, settled, Past(cache.new_shelf))
    shown = {digest.date: digest for digest in digests if digest.entries}
    changed = {d: digest for d, digest in shown.items() if before is None or before.get(d) != digest}
    broken = sources.reading.broken
    said = tuple(each for each in _noticed((), digests) if each.problem.file not in broken)
    lost = tuple(found for found in sources.reading.problems if found.file not in broken)
    return Refined(
        outlines=tuple(map(outline, shown.values())),
        digests=changed,
        before={date: was for date, was in known_days.items() if date in changed or date not in shown},
        noticed=_in_order((*_noticed(sources.reading.problems, ()), *said)),
        problems=tuple(each.problem for each in _in_order(tuple(_noticed(lost, digests)))),
        ledger=settled,
        resettled=settled != known,
    )


def _single(sources: Sources, cache: Cache | None) -> Iterator[Digest]:
    """Give what all sources tell, in the order of their names."""
    for name in sources.seen:
        known = sources.refined.get(name)
        if known is None and cache and name not in sources.reading.unread:
            known = cache.source(name)
            if known is None:
                raise sqlite3.DatabaseError(f"{name} is missing")
        yield from known or ()
    yield from sources.restored


def _noticed(problems: tuple[Problem, ...], digests: tuple[Digest, ...]) -> Iterator[Noticed]:
    """Give problems of no day, and those of digests with the entries that they concern."""
    yield from (Noticed(problem=found) for found in problems)
    for digest in digests:
        for found in digest.problems:
            entry = next((each for each in digest.entries if _concerns(found, each)), None)
            yield Noticed(
                problem=found,
                day=digest.date,
                entry=entry.id if entry else None,
                title=entry.title if entry else None,
            )


def _concerns(found: Problem, entry: Entry) -> bool:
    return found.file == entry.file and entry.first_line <= found.line <= entry.last_line


def _in_order(noticed: tuple[Noticed, ...]) -> tuple[Noticed, ...]:
    return tuple(sorted(noticed, key=lambda each: (each.problem.file, each.problem.line, each.problem.code)))


def _reader(digests: Mapping[dt.date, Digest], cache: Cache | None) -> ReadDay:
    """Return what reads a day: as it is now, else as it was published."""

    def read_day(date: dt.date) -> Digest:
        return cache.day(date) if cache and date not in digests else digests[date]

    return read_day


def _write_ledger(order: Order, refined: Refined) -> None:
    if order.history and refined.resettled:
        store.write(order.history.ledger, ledger.written(refined.ledger))


def _save(  # noqa: PLR0917 - all of them are what a run knows
    order: Order,
    cache: Cache,
    memory: Memory | None,
    inputs: bytes,
    sources: Sources,
    refined: Refined,
    publication: Publication,
    stored: Stored,
) -> None:
    """Remember what the run knows; what cannot be remembered costs the next run time and nothing else."""
    gone_sources = (memory.sources.keys() if memory else set()) - sources.seen.keys()
    gone_days = {day.date for day in publication.before} - {day.date for day in refined.outlines}
    try:
        with cache.saving():
            if memory is None:
                cache.forget()
            cache.put("source", {**sources.refined, **dict.fromkeys(gone_sources)})
            cache.put("day", {date.isoformat(): digest for date, digest in refined.digests.items()})
            cache.put("day", {date.isoformat(): None for date in gone_days})
            cache.put("folder", publication.left())
            cache.put("growing", publication.layouts())
            cache.put("fact", {"outlines": refined.outlines})
            cache.put_past()
        remember(cache, _memory(order, inputs, sources, refined, stored), _seen(sources))
    except (sqlite3.Error, OSError):
        remove(cache.path.parent)


def _memory(order: Order, inputs: bytes, sources: Sources, refined: Refined, stored: Stored) -> Memory:
    return Memory(
        inputs=inputs,
        ledger=ledger_mark(order) if refined.resettled else sources.ledger,
        told=store.marks(order.out, "", (store.MANIFEST, restore.DUMP)),
        suffixes=SUFFIXES,
        sources={},
        exports=sources.found.exports,
        unlisted=sources.found.problems,
        days=len(refined.outlines),
        papers=sum(day.papers for day in refined.outlines),
        files=stored.unchanged + len(stored.written),
        newest=refined.outlines[-1].date,
        noticed=refined.noticed,
    )


def _seen(sources: Sources) -> dict[str, Seen]:
    """Return what was seen of all sources; those that were not believed are to be read again."""
    files = map(PurePosixPath, sources.reading.broken | sources.reading.unread)
    # What is broken in an export makes all of it doubtful.
    doubtful = {str(place) for file in files for place in (file, *file.parents)}
    seen = dict(sources.seen)
    for name in (*sources.refined, *sources.reading.unread.intersection(seen)):
        dates = {digest.date for digest in sources.refined.get(name, ())}
        if name in doubtful:
            known = {digest.date for digest in sources.restored}
            seen[name] = structs.replace(seen[name], content=b"", dates=(*{*seen[name].dates, *known},))
        else:
            seen[name] = structs.replace(seen[name], dates=tuple(sorted(dates)))
    return seen
