"""What earlier runs read and made, so that a run costs what changed: one SQLite file, which may be deleted.

Nothing in it is believed: every source is compared with what it was read as, and every published file
with what it was left as. Where both agree, a day need not be read, refined or rendered again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from pipeline.archive import Outline
from pipeline.artefact import Layout
from pipeline.model import Digest, Mark, Problem
from pipeline.report import Noticed

_TABLES = ("fact", "source", "day", "folder", "growing", "past")
_SCHEMA = "".join(
    f"CREATE TABLE IF NOT EXISTS {table} (name BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    for table in _TABLES
)
_DAYS_AT_HAND = 512
_SEAL = 8

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Marks = dict[str, Mark]
"""Names of files, and by what each is known unread."""


class Seen(Struct, frozen=True, array_like=True):
    """A source as a run saw it."""

    mark: Mark
    """By what it is known unread."""
    content: bytes
    """SHA-256 of its bytes; empty where it could not be read, or was kept as it was published."""
    dates: tuple[dt.date, ...]
    """The days that were published of it."""


class Memory(Struct, frozen=True, kw_only=True):
    """What the last run knew, beside the days and files themselves."""

    inputs: bytes
    """Hash of what all outputs depend on beside sources and ledger: program, configuration."""
    ledger: bytes
    """Hash of the ledger that it left."""
    told: Marks
    """How it left the files of the site that tell what is published: of that site all else here is."""
    suffixes: frozenset[str]
    """How the names of digests end: what knows it takes longer to import than a run that changes nothing."""
    sources: dict[str, Seen]
    """All sources, by name."""
    exports: tuple[str, ...]
    """Those of them that are exports."""
    unlisted: tuple[Problem, ...]
    """What in the folder of digests could not be listed."""
    days: int
    """How many days are published."""
    papers: int
    """How many entries."""
    files: int
    """How many files, with the list of them."""
    newest: dt.date
    """The last of the days."""
    noticed: tuple[Noticed, ...]
    """All that was to be said."""


class Cache:
    """The cache of one site, open for the length of a run; it raises sqlite3.Error where it is damaged."""

    FILE = "cache.sqlite3"

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """Open the cache in a folder, made where it is not there yet; to read only, one that is there."""
        self.path = folder / self.FILE
        if not read_only:
            folder.mkdir(parents=True, exist_ok=True)
        mode = "ro" if read_only else "rwc"
        place = f"{self.path.absolute().as_uri()}?mode={mode}"
        self._base = sqlite3.connect(place, uri=True, isolation_level=None, timeout=5)
        if not read_only:
            self._base.executescript(_SCHEMA)
        self._outlines: tuple[Outline, ...] | None = None
        self._at_hand: dict[dt.date, Digest] = {}
        self._shelves: dict[str, MutableMapping[object, object]] = {}

    def close(self) -> None:
        """Close it; what was not saved is forgotten."""
        self._base.close()

    def clock(self) -> int:
        """Return the time of its file system in nanoseconds, as marks tell it."""
        os.utime(self.path)
        return self.path.stat().st_mtime_ns

    def memory(self) -> Memory | None:
        """Return what the last run knew, None where there was none."""
        return self._get("fact", "memory", Memory)

    def outlines(self) -> tuple[Outline, ...]:
        """Return the published days in short, oldest first, as the last run left them."""
        if self._outlines is None:
            self._outlines = self._get("fact", "outlines", tuple[Outline, ...]) or ()
        return self._outlines

    def left(self) -> Iterator[tuple[str, Marks]]:
        """Give the folders of the site, and how the last run left the files published in each."""
        decoder = msgspec.msgpack.Decoder(Marks)
        for folder, files in self._base.execute("SELECT name, value FROM folder"):
            yield folder, decoder.decode(_unsealed(folder, files))

    def folders(self) -> frozenset[str]:
        """Return the folders below the site of which it is known how they were left."""
        return frozenset(folder for (folder,) in self._base.execute("SELECT name FROM folder"))

    def source(self, name: str) -> tuple[Digest, ...] | None:
        """Return what a source told, after the passes over single digests."""
        return self._get("source", name, tuple[Digest, ...])

    def day(self, date: dt.date) -> Digest:
        """Return a day as it was published."""
        if date not in self._at_hand:
            found = self._get("day", date.isoformat(), Digest)
            if found is None:
                raise sqlite3.DatabaseError(f"{date} is missing")
            if len(self._at_hand) >= _DAYS_AT_HAND:
                self._at_hand.clear()
            self._at_hand[date] = found
        return self._at_hand[date]

    def layout(self, path: str) -> Layout:
        """Return where the days of a file that grows stand."""
        return self._get("growing", path, Layout) or Layout()

    def shelf(self, name: str, key: type[K], value: type[V]) -> MutableMapping[K, V]:  # noqa: ARG002
        """Return a mapping of the past that is looked up as it is asked for: `refine.Shelves`."""
        return self._shelves.setdefault(name, Shelf(self, name, value))  # type: ignore[return-value]

    def new_shelf(self, name: str, key: type[K], value: type[V]) -> MutableMapping[K, V]:  # noqa: ARG002
        """Return an empty mapping that takes the place of what is known: `refine.Shelves`."""
        self._shelves[name] = {}
        return self._shelves[name]  # type: ignore[return-value]

    def looked_up(self, name: bytes, kind: type[T]) -> T | None:
        """Return a value of the past."""
        return self._get("past", name, kind)

    def _get(self, table: str, name: str | bytes, kind: type[T]) -> T | None:
        rows = self._base.execute(f"SELECT value FROM {table} WHERE name = ?", (name,))  # noqa: S608 - ours
        for (value,) in rows:
            return msgspec.msgpack.decode(_unsealed(name, value), type=kind)
        return None

    @contextlib.contextmanager
    def saving(self) -> Iterator[None]:
        """Take what is put inside, all or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def forget(self, table: str | None = None) -> None:
        """Forget all, or all of one table."""
        for each in (table,) if table else _TABLES:
            self._base.execute(f"DELETE FROM {each}")  # noqa: S608 - ours

    def put(self, table: str, values: Mapping[str, object] | Iterable[tuple[str | bytes, object]]) -> None:
        """Take values by name; forget what is None."""
        pairs = list(values.items() if isinstance(values, Mapping) else values)
        encode = msgspec.msgpack.Encoder().encode
        self._base.executemany(
            f"REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608 - ours
            ((name, _sealed(name, encode(value))) for name, value in pairs if value is not None),
        )
        self._base.executemany(
            f"DELETE FROM {table} WHERE name = ?",  # noqa: S608 - ours
            ((name,) for name, value in pairs if value is None),
        )

    def put_past(self) -> None:
        """Take what was added to the shelves, all of new ones."""
        if any(isinstance(shelf, dict) for shelf in self._shelves.values()):
            self.forget("past")
        for name, shelf in self._shelves.items():
            added = shelf.added if isinstance(shelf, Shelf) else shelf
            self.put("past", ((place_of(name, key), value) for key, value in added.items()))


class Shelf(MutableMapping[K, V]):
    """A mapping of which what is old lies in the cache and what is new is at hand."""

    def __init__(self, cache: Cache, name: str, value: type[V]) -> None:
        """Take the cache, the name of the mapping and the type of its values."""
        self._cache = cache
        self._name = name
        self._value = value
        self.added: dict[K, V] = {}
        """What is new."""

    def __getitem__(self, key: K) -> V:
        if key in self.added:
            return self.added[key]
        found = self._cache.looked_up(place_of(self._name, key), self._value)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: K, value: V) -> None:
        self.added[key] = value

    def __delitem__(self, key: K) -> None:
        raise TypeError("nothing of the past is undone")

    def __iter__(self) -> Iterator[K]:
        raise TypeError("the past is looked up, not listed")

    def __len__(self) -> int:
        raise TypeError("the past is looked up, not counted")


def _sealed(name: object, content: bytes) -> bytes:
    """Return content behind a part of its SHA-256: SQLite notices pages that are damaged, not values."""
    known = hashlib.sha256(name if isinstance(name, bytes) else str(name).encode())
    known.update(content)
    return known.digest()[:_SEAL] + content


def _unsealed(name: object, value: object) -> bytes:
    # Damage may change types too.
    if not isinstance(value, bytes) or _sealed(name, value[_SEAL:]) != value:
        raise sqlite3.DatabaseError("a value is damaged")
    return value[_SEAL:]


def place_of(name: str, key: object) -> bytes:
    """Return under which name a value of a mapping lies in the cache."""
    return msgspec.msgpack.encode((name, key))


def remove(folder: Path) -> None:
    """Delete the cache in a folder, for what it says is of no use; the next run begins another."""
    with contextlib.suppress(OSError):
        (folder / Cache.FILE).unlink()
