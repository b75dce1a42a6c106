"""``ledger.toml`` <-> a frozen `Ledger`, read strictly: what history knows and no digest says.

The file is TOML 1.0, one table ``[[entry]]`` an entry, sorted by day and slug, with the values that
differ from those of a build from scratch and no others.
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
from pipeline.model import Ledger, LedgerEntry

FILE = "ledger.toml"
_HEADER = """\
# What was published and must not change, though its digest did: written by digest-pipeline,
# kept under version control with the digests. Each entry is named by its day and by the slug
# of its title now; below stand only the values that a build without this file would not give.
"""
_SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile("[a-z][a-z0-9]*")


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    entry: tuple[LedgerEntry, ...] = ()


def load(path: Path) -> Ledger:
    """Return the ledger of a file, an empty one where there is none.

    Raise LedgerError, naming the file, where it cannot be read or says something that cannot be
    meant: an unknown value, a moment without zone, one anchor for two entries of a day.
    """
    try:
        entries = msgspec.toml.decode(path.read_bytes(), type=_File).entry
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise LedgerError("cannot be read", subject=str(path)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LedgerError(str(error), subject=str(path)) from error
    for fault in _faults(entries):
        raise LedgerError(fault, subject=str(path))
    return Ledger(entries=tuple(map(_in_utc, entries)))


def written(ledger: Ledger) -> bytes:
    """Return the file of a ledger in UTF-8, sorted, its meaning told at its top."""
    ordered = sorted(ledger.entries, key=lambda entry: (entry.day, entry.slug))
    return "\n".join((_HEADER, *map(_table, ordered))).encode()


def _table(entry: LedgerEntry) -> str:
    lines = ["[[entry]]", f"day = {entry.day}", f'slug = "{entry.slug}"']
    lines += (
        f'{name} = "{value}"' for name, value in (("anchor", entry.anchor), ("key", entry.key)) if value
    )
    moments = (("published", entry.published), ("updated", entry.updated))
    lines += (f"{name} = {moment.isoformat().replace('+00:00', 'Z')}" for name, moment in moments if moment)
    return "\n".join(lines) + "\n"


def _in_utc(entry: LedgerEntry) -> LedgerEntry:
    """Return an entry with its moments in UTC and whole seconds, as feeds tell them."""
    moments = {"published": entry.published, "updated": entry.updated}
    whole = {name: m.astimezone(dt.UTC).replace(microsecond=0) for name, m in moments.items() if m}
    return structs.replace(entry, **whole)


def _faults(entries: tuple[LedgerEntry, ...]) -> Iterator[str]:
    for entry in entries:
        place = f"entry {entry.day} {entry.slug!r}"
        if not all(map(_SLUG.fullmatch, (entry.slug, entry.worn))):
            yield f"{place}: a slug or an anchor is words of a-z and 0-9 joined by hyphens"
        if entry.key is not None and not _KEY.fullmatch(entry.key):
            yield f"{place}: the key {entry.key!r} is not a letter followed by letters and digits, a-z 0-9"
        if any(moment and moment.utcoffset() is None for moment in (entry.published, entry.updated)):
            yield f"{place}: a moment has no zone; write it with a Z: 2024-02-07T12:00:00Z"
    yield from _twice("slug", Counter((entry.day, entry.slug) for entry in entries))
    yield from _twice("anchor", Counter((entry.day, entry.worn) for entry in entries))


def _twice(what: str, counted: Counter[tuple[object, str]]) -> Iterator[str]:
    return (f"{place[0]} has the {what} {place[1]!r} twice" for place, count in counted.items() if count > 1)
