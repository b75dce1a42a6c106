"""What earlier runs read and made, so that a run costs what changed: one SQLite file, which may go at any time.

Nothing in it is believed: every source is compared with what it was read as, and every published file
with what it was left as. Where both agree, a day need not be read, refined or rendered again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from pipeline.archive import Outline
from pipeline.model import Digest, Problem, Stretch

FILE = "cache.sqlite3"
_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, read BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day (date TEXT PRIMARY KEY, digest BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folder (path TEXT PRIMARY KEY, files BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS growing (path TEXT PRIMARY KEY, stretches BLOB) WITHOUT ROWID;
"""

T = TypeVar("T")
Mark = tuple[int, int, int, int]
"""By what a file is known unread: size, inode, times of its last modification and change, nanoseconds."""
Left = dict[str, dict[str, Mark]]
"""The files of each folder below the site, as a run left them."""


class Seen(Struct, frozen=True, array_like=True):
    """A source as a run saw it."""

    mark: Mark
    """Its mark; zeros where the file was so young that an edit could have left the same."""
    content: bytes
    """SHA-256 of its bytes."""
    dates: tuple[dt.date, ...]
    """The days it told of."""


class Memory(Struct, frozen=True, kw_only=True):
    """What the last run knew, beside the days and files themselves."""

    inputs: bytes
    """Hash of what all outputs depend on beside sources and ledger: program, configuration."""
    ledger: bytes
    """Hash of the ledger that it left."""
    suffixes: tuple[str, ...]
    """How the names of digests end."""
    sources: dict[str, Seen]
    """The sources it could read, by name."""
    exports: tuple[str, ...]
    """Those of them that are exports."""
    unread: tuple[Problem, ...]
    """Of the folder of digests: what could not be read in it."""
    outlines: tuple[Outline, ...]
    """The days it published in short, oldest first."""
    problems: tuple[Problem, ...]
    """All it had to say."""
    again: bool
    """Something of it was kept from earlier runs, and must be looked at again."""


class Cache:
    """The cache of one site, open for the length of a run; raise sqlite3.Error where it cannot be used."""

    def __init__(self, folder: Path) -> None:
        """Open the cache in a folder, made where it is not there yet."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self._base = sqlite3.connect(self.path, isolation_level=None, timeout=5)
        self._base.executescript(_TABLES)

    def close(self) -> None:
        """Close it; what was not saved is forgotten."""
        self._base.close()

    def clock(self) -> int:
        """Return the time of its file system in nanoseconds: that of the files' marks."""
        os.utime(self.path)
        return self.path.stat().st_mtime_ns

    def memory(self) -> Memory | None:
        """Return what the last run knew, None where there was none."""
        return self._value("memory", Memory)

    def left(self) -> Left:
        """Return how the last run left the published files."""
        rows = self._base.execute("SELECT path, files FROM folder")
        decoder = msgspec.msgpack.Decoder(dict[str, Mark])
        return {path: decoder.decode(files) for path, files in rows}

    def read(self, names: Iterable[str]) -> Iterator[Digest]:
        """Give what sources told, after the passes over single digests."""
        decoder = msgspec.msgpack.Decoder(tuple[Digest, ...])
        for name in names:
            for (read,) in self._base.execute("SELECT read FROM source WHERE name = ?", (name,)):
                yield from decoder.decode(read)

    def day(self, date: dt.date) -> Digest:
        """Return a day as it was published."""
        for (digest,) in self._base.execute("SELECT digest FROM day WHERE date = ?", (date.isoformat(),)):
            return msgspec.msgpack.decode(digest, type=Digest)
        raise sqlite3.DatabaseError(f"{date} is missing")

    def days(self) -> dict[dt.date, Digest]:
        """Return all days as they were published, oldest first."""
        decoder = msgspec.msgpack.Decoder(Digest)
        rows = self._base.execute("SELECT digest FROM day ORDER BY date")
        return {digest.date: digest for digest in (decoder.decode(row) for (row,) in rows)}

    def stretches(self, path: str) -> tuple[Stretch, ...]:
        """Return where the days of a file that grows stand."""
        for (found,) in self._base.execute("SELECT stretches FROM growing WHERE path = ?", (path,)):
            return msgspec.msgpack.decode(found, type=tuple[Stretch, ...])
        return ()

    def _value(self, name: str, kind: type[T]) -> T | None:
        for (value,) in self._base.execute("SELECT value FROM fact WHERE name = ?", (name,)):
            return msgspec.msgpack.decode(value, type=kind)
        return None

    @contextlib.contextmanager
    def saving(self) -> Iterator[Saving]:
        """Take what a run knows, all or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield Saving(self._base)
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")


class Saving:
    """The writing side of a cache."""

    def __init__(self, base: sqlite3.Connection) -> None:
        """Take an open transaction."""
        self._base = base

    def forget(self) -> None:
        """Forget all."""
        for table in ("fact", "source", "day", "folder", "growing"):
            self._base.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def memory(self, memory: Memory) -> None:
        """Take what the run knew."""
        self._put("fact", "memory", memory)

    def sources(self, read: Mapping[str, tuple[Digest, ...]], gone: Iterable[str]) -> None:
        """Take what sources told, and forget others."""
        for name, digests in read.items():
            self._put("source", name, digests)
        self._base.executemany("DELETE FROM source WHERE name = ?", ((name,) for name in gone))

    def days(self, digests: Iterable[Digest], gone: Iterable[dt.date]) -> None:
        """Take days as they were published, and forget others."""
        for digest in digests:
            self._put("day", digest.date.isoformat(), digest)
        self._base.executemany("DELETE FROM day WHERE date = ?", ((date.isoformat(),) for date in gone))

    def left(self, folders: Left, gone: Iterable[str]) -> None:
        """Take how the files of folders were left, and forget other folders."""
        for folder, files in folders.items():
            self._put("folder", folder, files)
        self._base.executemany("DELETE FROM folder WHERE path = ?", ((path,) for path in gone))

    def stretches(self, path: str, stretches: tuple[Stretch, ...]) -> None:
        """Take where the days of a file that grows stand."""
        self._put("growing", path, stretches)

    def _put(self, table: str, name: str, value: object) -> None:
        self._base.execute(
            f"REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608 - our own names
            (name, msgspec.msgpack.encode(value)),
        )
