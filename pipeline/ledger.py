"""``ledger.toml`` <-> a frozen `Ledger`, read strictly: what history knows and no digest says.

The file is TOML 1.0, one table ``[[entry]]`` an entry, sorted by day and slug, with the values that
differ from those of a build from scratch and no others; then one table ``[[withdrawn]]`` for each entry
that is gone, sorted by day and anchor.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from pipeline.errors import LedgerError
from pipeline.model import Ledger, LedgerEntry, Withdrawn

FILE = "ledger.toml"
_HEADER = """\
# What was published and must not change, though its digest did: written by digest-pipeline,
# kept under version control with the digests. Each entry is named by its day and by the slug
# of its title now; below stand only the values that a build without this file would not give.
# What was withdrawn keeps its names: they are given to no other, and feeds tell that it is gone.
"""
_SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile("[a-z][a-z0-9]*")
_FOLDER = re.compile("(?:lang|tags)/[a-z0-9-]+/")


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    entry: tuple[LedgerEntry, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


def load(path: Path) -> Ledger:
    """Return the ledger of a file, an empty one where there is none.

    Raise LedgerError, naming the file, where it cannot be read or says something that cannot be
    meant: an unknown value, a moment without zone, one anchor for two entries of a day.
    """
    try:
        read = msgspec.toml.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise LedgerError("cannot be read", subject=str(path)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LedgerError(str(error), subject=str(path)) from error
    for fault in _faults(read):
        raise LedgerError(fault, subject=str(path))
    return Ledger(entries=tuple(map(_in_utc, read.entry)), withdrawn=tuple(map(_told_in_utc, read.withdrawn)))


def written(ledger: Ledger) -> bytes:
    """Return the file of a ledger in UTF-8, sorted, its meaning told at its top."""
    ordered = sorted(ledger.entries, key=lambda entry: (entry.day, entry.slug))
    gone = sorted(ledger.withdrawn, key=lambda entry: (entry.day, entry.anchor))
    return "\n".join((_HEADER, *map(_table, ordered), *map(_withdrawn_table, gone))).encode()


def _table(entry: LedgerEntry) -> str:
    lines = ["[[entry]]", f"day = {entry.day}", f'slug = "{entry.slug}"']
    lines += (
        f'{name} = "{value}"' for name, value in (("anchor", entry.anchor), ("key", entry.key)) if value
    )
    moments = (("published", entry.published), ("updated", entry.updated))
    lines += (f"{name} = {_zulu(moment)}" for name, moment in moments if moment)
    return "\n".join(lines) + "\n"


def _withdrawn_table(entry: Withdrawn) -> str:
    names = (("anchor", entry.anchor), ("slug", entry.slug), ("key", entry.key))
    lines = ["[[withdrawn]]", f"day = {entry.day}", *(f'{name} = "{value}"' for name, value in names)]
    lines += [f"published = {_zulu(entry.published)}", f"when = {_zulu(entry.when)}"]
    feeds = ", ".join(f'"{folder}"' for folder in entry.feeds)
    lines += [f"feeds = [{feeds}]"] if feeds else []
    return "\n".join((*lines, *([f'became = "{entry.became}"'] if entry.became else []))) + "\n"


def _zulu(moment: dt.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _in_utc(entry: LedgerEntry) -> LedgerEntry:
    """Return an entry with its moments in UTC and whole seconds, as feeds tell them."""
    moments = {"published": entry.published, "updated": entry.updated}
    return structs.replace(entry, **{name: _whole(moment) for name, moment in moments.items() if moment})


def _told_in_utc(entry: Withdrawn) -> Withdrawn:
    return structs.replace(entry, published=_whole(entry.published), when=_whole(entry.when))


def _whole(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _faults(read: _File) -> Iterator[str]:
    for entry in read.entry:
        place = f"entry {entry.day} {entry.slug!r}"
        moments = (entry.published, entry.updated)
        yield from _misspelt(place, (entry.slug, entry.worn), entry.key, moments)
    for gone in read.withdrawn:
        place = f"withdrawn {gone.day} {gone.anchor!r}"
        slugs = (gone.slug, gone.anchor, gone.became or gone.anchor)
        yield from _misspelt(place, slugs, gone.key, (gone.published, gone.when))
        if not all(map(_FOLDER.fullmatch, gone.feeds)):
            yield f"{place}: a feed is the folder of a tag or a language: tags/rlhf/"
    yield from _twice("slug", Counter((entry.day, entry.slug) for entry in read.entry))
    worn = ((entry.day, entry.worn) for entry in read.entry)
    yield from _twice("anchor", Counter((*worn, *((gone.day, gone.anchor) for gone in read.withdrawn))))


def _misspelt(
    place: str, slugs: tuple[str, ...], key: str | None, moments: tuple[dt.datetime | None, ...]
) -> Iterator[str]:
    if not all(map(_SLUG.fullmatch, slugs)):
        yield f"{place}: a slug or an anchor is words of a-z and 0-9 joined by hyphens"
    if key is not None and not _KEY.fullmatch(key):
        yield f"{place}: the key {key!r} is not a letter followed by letters and digits, a-z 0-9"
    if any(moment and moment.utcoffset() is None for moment in moments):
        yield f"{place}: a moment has no zone; write it with a Z: 2024-02-07T12:00:00Z"


def _twice(what: str, counted: Counter[tuple[object, str]]) -> Iterator[str]:
    return (f"{place[0]} has the {what} {place[1]!r} twice" for place, count in counted.items() if count > 1)
