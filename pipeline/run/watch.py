"""Look whether anything changed: nothing that renders or parses is imported for that."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from pipeline import find, store
from pipeline.report import Report, Stored
from pipeline.run.cache import Cache, Memory, Seen
from pipeline.run.order import Order

_PACKAGE = Path(__file__).parent.parent
_PROGRAM = frozenset({".py", ".html", ".css", ".json"})
_RACE = 2_000_000_000
"""Nanoseconds; an edit within that time of a look may leave time and size as they were."""


class Looked(Struct, frozen=True, kw_only=True):
    """What a run sees before it reads anything."""

    inputs: bytes
    """Hash of what all that is published depends on, but digests and ledger."""
    ledger: bytes
    """Hash of the ledger."""
    found: find.Found
    """What lies in the folder of digests."""
    seen: dict[str, Seen | None]
    """All sources, with what is known of those that are as the last run saw them."""


def look(order: Order, inputs: bytes, memory: Memory | None) -> Looked:
    """Look at ledger and sources; raise SourceError where the folder of digests cannot be listed."""
    ledger = ledger_mark(order)  # before it is read: what is written meanwhile is noticed by the next run
    found = find.find(order.folder, memory.suffixes if memory else _suffixes())
    seen = known_sources(order.folder, found, memory.sources if memory else {})
    return Looked(inputs=inputs, ledger=ledger, found=found, seen=seen)


def unchanged(order: Order, cache: Cache, memory: Memory, looked: Looked) -> Report | None:
    """Return what the last run reported, where it left nothing to do; else None."""
    # What a killed run left is cleared away by one that publishes.
    if order.prune or store.begun(order.out) or looked.ledger != memory.ledger:
        return None
    if (looked.found.exports, looked.found.problems) != (memory.exports, memory.unlisted):
        return None
    known = {name: seen for name, seen in looked.seen.items() if seen}
    if len(known) < len(looked.seen) or known.keys() != memory.sources.keys():
        return None
    if next(store.not_as_left(order.out, cache.left()), None) is not None:
        return None
    if known != memory.sources and not order.dry_run:
        # What cannot be remembered costs the next run time and nothing else.
        with contextlib.suppress(sqlite3.Error, OSError):
            remember(cache, memory, known)
    return Report(
        days=memory.days,
        papers=memory.papers,
        newest=memory.newest,
        noticed=memory.noticed,
        stored=Stored(unchanged=memory.files),
        dry_run=order.dry_run,
    )


def is_of(order: Order, memory: Memory, inputs: bytes) -> bool:
    """Tell whether the last run that is remembered is the last that published there, and as is asked now.

    A cache may be older than the site: put back, or its run was killed before it was saved.
    """
    return (
        memory.inputs == inputs
        and not store.interrupted(order.out)
        and next(store.not_as_left(order.out, [("", memory.told)]), None) is None
    )


def inputs_mark(order: Order) -> bytes:
    """Return a hash of what all that is published depends on, but digests and ledger."""
    folders = {path for path in map(Path, sys.path) if path.name.endswith("-packages")}
    libraries = [(str(path), path.stat().st_mtime_ns) for path in sorted(folders) if path.is_dir()]
    program = [
        (str(path), status.st_size, status.st_mtime_ns)
        for path in sorted(_PACKAGE.rglob("*"))
        if path.suffix in _PROGRAM
        for status in (path.stat(),)
    ]
    places = [str(path.absolute()) for path in (order.folder, order.out)]
    known = (sys.version, libraries, program, places, order.site, order.rules)
    return hashlib.sha256(msgspec.msgpack.encode(known)).digest()


def ledger_mark(order: Order) -> bytes:
    """Return a hash of the ledger, empty where there is none to be read."""
    try:
        return hashlib.sha256(order.history.ledger.read_bytes()).digest() if order.history else b""
    except OSError:
        return b""


def _suffixes() -> frozenset[str]:
    # What knows them takes longer to import than a run that changes nothing.
    from pipeline.parse import SUFFIXES

    return SUFFIXES


def known_sources(folder: Path, found: find.Found, known: dict[str, Seen]) -> dict[str, Seen | None]:
    """Return all sources that were found, those with what is known of them that are as they were seen."""
    sources: dict[str, Seen | None] = {}
    for name in (*found.names, *found.exports):
        seen = known.get(name)
        mark = find.mark(folder, name) if seen else None
        if seen and mark != seen.mark:
            same = bool(mark and seen.content) and find.content_mark(folder, name) == seen.content
            seen = structs.replace(seen, mark=mark) if same else None
        sources[name] = seen
    return sources


def remember(cache: Cache, memory: Memory, sources: dict[str, Seen]) -> None:
    """Remember what the run knew and saw, but no mark so young that an edit could still leave the same."""
    young = cache.clock() - _RACE
    settled = {
        name: seen if max(seen.mark[2:]) < young else structs.replace(seen, mark=(0, 0, 0, 0))
        for name, seen in sources.items()
    }
    with cache.saving():
        cache.put("fact", {"memory": structs.replace(memory, sources=settled)})
