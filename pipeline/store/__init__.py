"""Stage 5: artefacts become files; the only stage that writes.

A run either reaches its end or leaves the old site: everything is first written beside its place and
forced to disk, then renamed. A file whose bytes are the same is not touched, so that servers go on
answering 304. What was published and is no more is removed next, and the list of what is published
replaces the old one last.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.artefact import Artefact, Kept, Piece, size_of, whole
from pipeline.report import Stored
from pipeline.store._listing import (
    MANIFEST,
    Names,
    begun,
    interrupted,
    listed,
    marks,
    not_as_left,
    published,
    read_published,
    written,
)
from pipeline.store._lock import locked
from pipeline.store._replace import heal, replace, write

__all__ = [
    "MANIFEST",
    "Keeps",
    "Names",
    "begun",
    "compare",
    "interrupted",
    "listed",
    "locked",
    "marks",
    "not_as_left",
    "published",
    "read_published",
    "store",
    "touch",
    "write",
]

Keeps = Callable[[str], bool]
"""Tell of a folder whether the files published there stay though no artefact renews them."""


def nothing(_: str) -> bool:
    """Keep nothing that is not renewed."""
    return False


def compare(out: Path, artefacts: Iterable[Artefact], keeps: Keeps = nothing) -> Stored:
    """Return what `store` would do, without doing it."""
    inventory = _Inventory(out, keeps)
    changed = tuple(artefact.path for artefact in inventory.changed(artefacts))
    return inventory.done(changed)


def store(
    out: Path,
    artefacts: Iterable[Artefact],
    keeps: Keeps = nothing,
    ready: Callable[[], None] = lambda: None,
) -> Stored:
    """Publish artefacts in their order and remove what earlier runs published and this one does not.

    Artefacts are taken one by one, as they are made. ``ready`` is called once all are written beside
    their places, before the first is published. Raise StoreError, naming the path, where the disk
    refuses, and RenderError where a new file does not read back; the old files then still stand.
    """
    heal(out)
    inventory = _Inventory(out, keeps)
    changed = replace(out, inventory.changed(artefacts), inventory.gone, ready)
    return inventory.done(changed)


def touch(path: Path, moment: dt.datetime) -> None:
    """Set the time of a file, of what stays as it is but was found so again. Raise OSError."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))


class _Inventory:
    """What is published before a run and after it."""

    def __init__(self, out: Path, keeps: Keeps) -> None:
        self._out = out
        self._before = listed(out)
        self._after = {folder: files for folder, files in self._before.items() if keeps(folder)}
        self._made: dict[str, dict[str, None]] = {}

    def changed(self, artefacts: Iterable[Artefact]) -> Iterator[Artefact]:
        """Give the artefacts that are not published as they are, and last the list of all."""
        for artefact in artefacts:
            folder, slash, name = artefact.path.rpartition("/")
            kept = dict.fromkeys(self._after.get(folder + slash, ()))
            self._made.setdefault(folder + slash, kept)[name] = None
            if not _is_equal(self._out, artefact):
                yield artefact
        self._after |= {folder: tuple(names) for folder, names in self._made.items()}
        listing = whole(MANIFEST, written(self._after))
        if not _is_equal(self._out, listing):
            yield listing

    def gone(self) -> tuple[str, ...]:
        """Return the paths that are published no more; known once all artefacts are made."""
        return tuple(
            sorted(
                folder + name
                for folder, names in self._before.items()
                if self._after.get(folder) != names
                for name in names
                if name not in self._after.get(folder, ())
            )
        )

    def done(self, changed: tuple[str, ...]) -> Stored:
        """Return what publishing did with all artefacts, given the paths of those that changed."""
        files = sum(map(len, self._after.values())) + 1  # the list itself
        return Stored(written=changed, unchanged=files - len(changed), removed=self.gone())


def _is_equal(out: Path, artefact: Artefact) -> bool:
    """Compare bytes, not times: an edit may keep both size and time."""
    path = out / artefact.path
    size = sum(map(size_of, artefact.pieces))
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return False
        with path.open("rb") as file:
            return all(_is_next(file, piece) for piece in artefact.pieces)
    except OSError:
        return False


def _is_next(file: BinaryIO, piece: Piece) -> bool:
    """Tell whether a piece is what a file says next."""
    if isinstance(piece, Kept):
        # What moved within a file of the same size did so because something else changed.
        moved = file.tell() != piece.start
        file.seek(piece.size, os.SEEK_CUR)
        return not moved
    return file.read(len(piece)) == piece
