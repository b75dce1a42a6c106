"""Files to publish: bytes, or what of them is published already."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct


class Kept(Struct, frozen=True):
    """Bytes that a file has already, where it was published."""

    start: int
    """Offset of the first, in bytes."""
    size: int
    """How many."""


Piece = bytes | Kept


class Layout(Struct, frozen=True, kw_only=True, array_like=True):
    """Where the days of a file that grows stand: behind its opening, each parted from the next alike."""

    opening: int = 0
    """Bytes before the first day."""
    days: tuple[dt.date, ...] = ()
    """The days, newest first."""
    sizes: tuple[int, ...] = ()
    """How many bytes each takes; 0 of one that has nothing to say, and is not parted from others."""


def size_of(piece: Piece) -> int:
    """Return the bytes of a piece."""
    return piece.size if isinstance(piece, Kept) else len(piece)


class Artefact(Struct, frozen=True, kw_only=True):
    """One file to publish."""

    path: str
    """Path below ``out/``, with ``/``."""
    pieces: tuple[Piece, ...]
    """What it consists of: its bytes, or what was published of it and new bytes between."""
    layout: Layout | None = None
    """Of a file that grows day by day: where the days stand."""

    @property
    def content(self) -> bytes:
        """All bytes of a file that keeps none of those published; of another raise TypeError."""
        return b"".join(self.pieces)  # type: ignore[arg-type]


def whole(path: str, content: bytes) -> Artefact:
    """Return a file made of its bytes."""
    return Artefact(path=path, pieces=(content,))
