"""What a run does where something changed: read it, refine it, render what shows it, publish that.

Whatever a run knows from earlier ones, the same digests and the same ledger give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct, structs

from pipeline import ledger, store
from pipeline.archive import Archive, ReadDay
from pipeline.changes import changes_of
from pipeline.errors import NothingParsedError
from pipeline.model import Digest, Ledger
from pipeline.parse import SUFFIXES
from pipeline.refine import NOTHING_KNOWN
from pipeline.render.json_dump import SITE_FILE
from pipeline.report import Report, Stored
from pipeline.run.cache import Cache, Memory, Seen, remove
from pipeline.run.order import Order
from pipeline.run.publication import Publication
from pipeline.run.refined import Refined, refine_sources
from pipeline.run.sources import Sources, read_sources
from pipeline.run.watch import Looked, ledger_mark, remember


class _Done(Struct, frozen=True, kw_only=True):
    """What a run did."""

    order: Order
    sources: Sources
    refined: Refined
    publication: Publication
    stored: Stored


def build(order: Order, looked: Looked, cache: Cache | None, memory: Memory | None) -> Report:
    """Build what changed since the last run, everything where none is known, and publish it.

    ``memory`` is what that run knew. Raise PipelineError where nothing can be published.
    """
    damaged = frozenset(store.not_as_left(order.out, cache.left())) if cache and memory else frozenset()
    # A run that was killed published what it could not remember: then the site itself tells what it was.
    left = None if damaged else memory
    sources = read_sources(order, looked, memory, left)
    known = ledger.load(order.history.ledger) if order.history else NOTHING_KNOWN
    refined = refine_sources(order, sources, known, cache, left)
    if not refined.outlines:
        raise NothingParsedError("no paper to publish; what was published stays", subject=str(order.folder))
    publication = Publication(
        order=order,
        before=cache.outlines() if cache and memory else (),
        archive=_archive(refined, cache),
        changed=frozenset(refined.digests),
        damaged=damaged,
        cache=cache if memory and memory.ledger == looked.ledger else None,
        lost=bool(sources.reading.unread) and not order.prune,
    )
    killed = store.begun(order.out)
    stored = publication.publish(
        # Before the site: what is published must never be more than what can be built again.
        lambda: _write_ledger(order, refined, killed=killed)
    )
    done = _Done(order=order, sources=sources, refined=refined, publication=publication, stored=stored)
    if cache and not order.dry_run:
        _save(done, cache, memory)
    return _report(done, known)


def _archive(refined: Refined, cache: Cache | None) -> Archive:
    read = _reader(refined.digests, cache)
    return Archive.lying(refined.outlines, read, refined.ledger.withdrawn, refined.problems)


def _reader(digests: Mapping[dt.date, Digest], cache: Cache | None) -> ReadDay:
    """Return what reads a day: as it is now, else as it was published."""

    def read_day(date: dt.date) -> Digest:
        return cache.day(date) if cache and date not in digests else digests[date]

    return read_day


def _write_ledger(order: Order, refined: Refined, *, killed: bool) -> None:
    if not order.history:
        return
    if refined.resettled:
        store.write(order.history.ledger, ledger.written(refined.ledger))
    elif killed:
        store.unwrite(order.history.ledger)


def _report(done: _Done, known: Ledger) -> Report:
    refined = done.refined
    return Report(
        days=len(refined.outlines),
        papers=sum(day.papers for day in refined.outlines),
        newest=refined.outlines[-1].date,
        noticed=refined.noticed,
        stored=done.stored,
        recorded=tuple(record for record in refined.ledger.entries if record not in known.entries),
        withdrawn=tuple(past for past in refined.ledger.withdrawn if past not in known.withdrawn),
        changes=changes_of(refined.before.values(), refined.digests.values()),
        dry_run=done.order.dry_run,
    )


def _save(done: _Done, cache: Cache, memory: Memory | None) -> None:
    """Remember what the run knows; what cannot be remembered costs the next run time and nothing else."""
    sources, refined, publication = done.sources, done.refined, done.publication
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
        remember(cache, _memory(done), _seen(sources, refined))
    except (sqlite3.Error, OSError):
        remove(cache.path.parent)


def _memory(done: _Done) -> Memory:
    looked, refined, stored = done.sources.looked, done.refined, done.stored
    return Memory(
        inputs=looked.inputs,
        ledger=ledger_mark(done.order) if refined.resettled else looked.ledger,
        told=store.marks(done.order.out, "", (store.MANIFEST, SITE_FILE)),
        suffixes=SUFFIXES,
        sources={},
        exports=looked.found.exports,
        unlisted=looked.found.problems,
        days=len(refined.outlines),
        papers=sum(day.papers for day in refined.outlines),
        files=stored.unchanged + len(stored.written),
        newest=refined.outlines[-1].date,
        noticed=refined.noticed,
    )


def _seen(sources: Sources, refined: Refined) -> dict[str, Seen]:
    """Return what was seen of all sources; those that were not believed are to be read again."""
    files = map(PurePosixPath, sources.reading.broken | sources.reading.unread)
    # What is broken in an export makes all of it doubtful.
    doubtful = {str(place) for file in files for place in (file, *file.parents)}
    seen, shown = dict(sources.seen), {day.date for day in refined.outlines}
    for name in (*sources.refined, *sources.reading.unread.intersection(seen)):
        dates = {digest.date for digest in sources.refined.get(name, ())}
        if name in doubtful:
            known = {*seen[name].dates, *(digest.date for digest in sources.restored)}
            seen[name] = structs.replace(seen[name], content=b"", dates=tuple(sorted(known & shown)))
        else:
            seen[name] = structs.replace(seen[name], dates=tuple(sorted(dates)))
    return seen
