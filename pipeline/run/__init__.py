"""The whole way of one run: find -> parse -> refine -> render -> store, as much of it as is needed.

Where sources and published files are as the last run left them, `pipeline.run.watch` is all that is
needed; `pipeline.run.build` does the rest, and takes longer to import than that takes to run.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import msgspec

from pipeline import store
from pipeline.model import BY_LOOKING, Rules, Site
from pipeline.report import Report
from pipeline.run import watch
from pipeline.run.cache import Cache, Memory, remove
from pipeline.run.order import History, Order, Selection

__all__ = ["ALL_DAYS", "History", "Selection", "run"]

ALL_DAYS = Selection()


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
    order = Order(
        folder=folder,
        out=out,
        site=site,
        rules=rules,
        selection=selection,
        history=history,
        dry_run=dry_run,
        prune=prune,
    )
    # Read under the lock: who waited must not publish what was there before another's newer reading.
    with contextlib.nullcontext() if dry_run else store.locked(out, wait):
        cache = _opened(order)
        if cache is None:
            return _remembering_nothing(order)
        try:
            with contextlib.closing(cache):
                return _remembering(order, cache)
        except (sqlite3.Error, msgspec.MsgspecError):
            # A damaged cache is worth as much as none.
            if not dry_run:
                remove(cache.path.parent)
            return _remembering_nothing(order)


def _opened(order: Order) -> Cache | None:
    """Return the cache; none for a run that does not end with the whole site as the digests say."""
    state = order.history.state if order.history else None
    if state is None:
        return None
    try:
        cache = Cache(state, read_only=order.dry_run)
    except (OSError, sqlite3.Error):
        # Where no state can be kept each run does all.
        if not order.dry_run:
            remove(state)
        return None
    if order.selection.everything():
        return cache
    with contextlib.closing(cache), contextlib.suppress(sqlite3.Error):
        cache.forget()
    return None


def _remembering(order: Order, cache: Cache) -> Report:
    memory, inputs = cache.memory(), watch.inputs_mark(order)
    if memory and not watch.is_of(order, memory, inputs):
        memory = None
    looked = watch.look(order, inputs, memory)
    return (memory and watch.unchanged(order, cache, memory, looked)) or _build(order, looked, cache, memory)


def _remembering_nothing(order: Order) -> Report:
    return _build(order, watch.look(order, b"", None), None, None)


def _build(order: Order, looked: watch.Looked, cache: Cache | None, memory: Memory | None) -> Report:
    from pipeline.run.build import build

    return build(order, looked, cache, memory)
