"""What a run reads: the sources that it has to, and of broken ones what was published of them."""

from __future__ import annotations

from msgspec import Struct

from pipeline import find
from pipeline.model import Digest
from pipeline.published import last_good
from pipeline.reading import Reading, read, with_last_good
from pipeline.refine import refine_digest
from pipeline.run.cache import Memory, Seen
from pipeline.run.order import Order
from pipeline.run.watch import Looked


class Sources(Struct, frozen=True, kw_only=True):
    """The sources of a run, and what was read of them in it."""

    looked: Looked
    """What was seen of all of them before."""
    seen: dict[str, Seen]
    """All of them, those that were read as they were just before."""
    reading: Reading
    """Those that had to be read."""
    refined: dict[str, tuple[Digest, ...]]
    """What these told, after the passes over single digests."""
    restored: tuple[Digest, ...]
    """What was published of those that are broken, after the same."""


def read_sources(order: Order, looked: Looked, memory: Memory | None, left: Memory | None) -> Sources:
    """Read the sources that are not as the last run saw them, or that it could not believe.

    ``memory`` is what that run knew, ``left`` the same where the site is as it left it.
    """
    known = memory.sources if memory else {}
    fresh = {
        # Before it is read: what is written meanwhile is noticed by the next run.
        name: Seen(
            find.mark(order.folder, name) or (0, 0, 0, 0),
            find.content_mark(order.folder, name) if order.history and order.history.state else b"",
            known[name].dates if name in known else (),
        )
        for name, each in looked.seen.items()
        if each is None or not each.content
    }
    reading = _read(order, looked, fresh, left)
    return Sources(
        looked=looked,
        seen={n: fresh[n] if n in fresh or not each else each for n, each in looked.seen.items()},
        reading=reading,
        refined={
            name: tuple(refine_digest(digest, order.site) for digest in digests)
            for name, digests in reading.digests.items()
        },
        restored=tuple(refine_digest(digest, order.site) for digest in reading.restored),
    )


def _read(order: Order, looked: Looked, fresh: dict[str, Seen], left: Memory | None) -> Reading:
    reading = read(order.folder, looked.found, fresh.keys(), order.rules)
    if order.prune:
        return reading
    # What is gone may only be out of sight, or be found under another name.
    gone = looked.found.problems or not left or left.sources.keys() - looked.seen.keys()
    dates = None if gone else {date for each in fresh.values() for date in each.dates}
    return with_last_good(reading, last_good(order.out, dates))
