"""Stage 5: artefacts become files; the only stage that writes.

A run either reaches its end or leaves the old site: everything is first written beside its place and
forced to disk, then renamed. A file whose bytes are the same is not touched, so that servers go on
answering 304. What was published and is no more is removed next, and the list of what is published
replaces the old one last.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.artefact import Artefact, Kept, Piece, size_of, whole
from pipeline.model import Mark
from pipeline.report import Stored
from pipeline.store._listing import (
    MANIFEST,
    Names,
    begun,
    interrupted,
    listed,
    mark_of,
    marks,
    not_as_left,
    published,
    read_published,
    written,
)
from pipeline.store._lock import locked
from pipeline.store._replace import heal, replace, unwrite, write

__all__ = [
    "MANIFEST",
    "Keeps",
    "Left",
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
    "unwrite",
    "write",
]

Keeps = Callable[[str], bool]
"""Tell of a folder whether the files published there stay though no artefact renews them."""
Left = dict[str, dict[str, Mark]]
"""Folders as in `Names`, with the names of their files and the mark of each."""


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
    left: Left | None = None,
) -> Stored:
    """Publish artefacts in their order and remove what earlier runs published and this one does not.

    Artefacts are taken one by one, as they are made. ``ready`` is called once all are written beside
    their places, before the first is published. ``left`` takes by what each of their files is known
    unread, as it was when its bytes were. Raise StoreError, naming the path, where the disk refuses,
    and RenderError where a new file does not read back; the old files then still stand.
    """
    heal(out)
    inventory = _Inventory(out, keeps, left)
    changed = replace(out, inventory.changed(artefacts), inventory.gone, ready)
    for path, mark in changed.items():
        inventory.leave(path, mark)
    return inventory.done(tuple(changed))


def touch(path: Path, moment: dt.datetime) -> None:
    """Set the time of a file, of what stays as it is but was found so again. Raise OSError."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))


class _Inventory:
    """What is published before a run and after it."""

    def __init__(self, out: Path, keeps: Keeps, left: Left | None = None) -> None:
        self._out = out
        self._left = left
        self._before = listed(out)
        self._after = {folder: files for folder, files in self._before.items() if keeps(folder)}
        self._made: dict[str, dict[str, None]] = {}

    def changed(self, artefacts: Iterable[Artefact]) -> Iterator[Artefact]:
        """Give the artefacts that are not published as they are, and last the list of all."""
        for artefact in artefacts:
            folder, slash, name = artefact.path.rpartition("/")
            kept = dict.fromkeys(self._after.get(folder + slash, ()))
            self._made.setdefault(folder + slash, kept)[name] = None
            if not self._stands(artefact):
                yield artefact
        self._after |= {folder: tuple(names) for folder, names in self._made.items()}
        listing = whole(MANIFEST, written(self._after))
        if not self._stands(listing):
            yield listing

    def _stands(self, artefact: Artefact) -> bool:
        """Tell whether an artefact is published as it is; what changes once it is read is no more as left."""
        mark = mark_of(self._out / artefact.path)
        equal = mark is not None and _is_equal(self._out, artefact, mark[0])
        if equal:
            self.leave(artefact.path, mark)
        return equal

    def leave(self, path: str, mark: Mark | None) -> None:
        """Remember how a file is left."""
        if mark and self._left is not None:
            folder, slash, name = path.rpartition("/")
            self._left.setdefault(folder + slash, {})[name] = mark

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


def _is_equal(out: Path, artefact: Artefact, published: int) -> bool:
    """Compare bytes, not times: an edit may keep both size and time."""
    if published != sum(map(size_of, artefact.pieces)):
        return False
    try:
        with (out / artefact.path).open("rb") as file:
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
