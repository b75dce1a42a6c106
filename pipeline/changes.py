"""What subscribers see change: days as they are published beside the same days as they will be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from pipeline.model import Digest, Entry
from pipeline.refine._recognition import visible
from pipeline.report import Correction, DayChange, EntryName

_FIELDS = ("title", "authors", "abstract", "commentary", "tags", "links")  # of what `visible` gives


def changes_of(before: Iterable[Digest], after: Iterable[Digest]) -> tuple[DayChange, ...]:
    """Return what changes from the published days to the refined ones, oldest first.

    The days are paired by date; a day on one side alone is wholly new or wholly gone. Only days that
    may have changed need to be given, then on both sides. Days without a change are left out.
    """
    published = {digest.date: digest.entries for digest in before}
    refined = {digest.date: digest.entries for digest in after}
    dates = sorted(published.keys() | refined.keys())
    found = (_change(date, published.get(date, ()), refined.get(date, ())) for date in dates)
    return tuple(change for change in found if change != DayChange(date=change.date))


def day_change(before: Digest | None, after: Digest | None) -> DayChange | None:
    """Return what changes from a day as published to the same day as refined; None where nothing does.

    None stands for a day that is not there.
    """
    changes = changes_of((before,) if before else (), (after,) if after else ())
    return changes[0] if changes else None


def _change(date: dt.date, published: tuple[Entry, ...], refined: tuple[Entry, ...]) -> DayChange:
    """Pair entries by id. Another order or introduction is no change that a reader of feeds would see."""
    before = {entry.id: entry for entry in published}
    after = {entry.id for entry in refined}
    added = [entry for entry in refined if entry.id not in before]
    stayed = ((before[entry.id], entry) for entry in refined if entry.id in before)
    return DayChange(
        date=date,
        new=tuple(_name(entry) for entry in added if not entry.earlier),
        corrected=tuple(_correction(*pair) for pair in stayed if visible(pair[0]) != visible(pair[1])),
        discussed_again=tuple(_name(entry) for entry in added if entry.earlier),
        removed=tuple(_name(entry) for entry in published if entry.id not in after),
    )


def _name(entry: Entry) -> EntryName:
    return EntryName(id=entry.id, title=entry.title)


def _correction(before: Entry, after: Entry) -> Correction:
    pairs = zip(_FIELDS, visible(before), visible(after), strict=True)
    return Correction(
        id=after.id,
        title=after.title,
        fields=tuple(name for name, was, now in pairs if was != now),
        before=plain_text(before),
        after=plain_text(after),
    )


def plain_text(entry: Entry) -> str:
    """Return what a reader sees of an entry as lines: each name, tag and link on one, texts as written."""
    return "".join(f"{line}\n" for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    for name, value in zip(_FIELDS, visible(entry), strict=True):
        values = value if isinstance(value, tuple) else (value,) if value else ()
        if values:
            yield f"{name}:"
            yield from (f"  {line}" for text in values for line in text.splitlines())


def counted(changes: Sequence[DayChange]) -> str:
    """Return in words how many entries of all the days are new, corrected, discussed again and removed."""
    new = sum(len(change.new) for change in changes)
    corrected = sum(len(change.corrected) for change in changes)
    again = sum(len(change.discussed_again) for change in changes)
    removed = sum(len(change.removed) for change in changes)
    return f"{new} new, {corrected} corrected, {again} discussed again, {removed} removed"
