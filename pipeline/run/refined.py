"""What a run makes of its sources: the days of the site, each entry with its identity."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator

from msgspec import Struct

from pipeline.archive import Outline, outline
from pipeline.model import Digest, Entry, Ledger, Problem
from pipeline.published import read_published
from pipeline.refine import Past, refine_archive, settle
from pipeline.report import Noticed
from pipeline.run.cache import Cache, Memory
from pipeline.run.order import Order
from pipeline.run.sources import Sources


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


def refine_sources(
    order: Order, sources: Sources, known: Ledger, cache: Cache | None, left: Memory | None
) -> Refined:
    """Return what becomes of all sources, given the ledger.

    ``left`` is what the last run knew, where the site is as it left it: then only later days are
    refined where nothing else came.
    """
    added = cache and left and _added(order, sources, known, cache, left)
    return added or _refined(order, sources, known, cache, left)


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
        or memory.ledger != sources.looked.ledger
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
