"""What the days so far have settled: by which names papers are known, their keys, where they were discussed.

A build from scratch fills it day by day. A build that only adds days goes on from where the last one
ended, and looks up what it needs; so each part is a mapping, wherever it lies.
"""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping
from typing import Protocol, TypeVar

from pipeline.model import Earlier

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Name = tuple[str, ...]
"""What a paper is known by: the kind of name and its parts."""


class Shelves(Protocol):
    """What gives the mapping of a name, with keys and values of the types given."""

    def __call__(self, name: str, key: type[K], value: type[V]) -> MutableMapping[K, V]:
        """Return a mapping; for the same name the same."""


def in_memory(name: str, key: type[K], value: type[V]) -> MutableMapping[K, V]:  # noqa: ARG001 - see Shelves
    """Return an empty mapping."""
    return {}


class Past:
    """The state of a build after some days, oldest first."""

    def __init__(self, shelves: Shelves = in_memory) -> None:
        """Begin where the shelves end: empty ones at the first day."""
        self.counts: MutableMapping[str, int] = shelves("counts", str, int)
        """How many papers there are, under ``papers``."""
        self.paper_of: MutableMapping[Name, int] = shelves("paper_of", Name, int)
        self.arxiv_of: MutableMapping[int, str] = shelves("arxiv_of", int, str)
        self.key_of: MutableMapping[int, str] = shelves("key_of", int, str)
        """The citation key of each paper."""
        self.days_of: MutableMapping[int, tuple[Earlier, ...]] = shelves("days_of", int, tuple[Earlier, ...])
        """The discussions of each paper, oldest first."""
        self.taken: MutableMapping[str, bool] = shelves("taken", str, bool)
        """Citation keys that are given."""
        self.held_of: MutableMapping[Name, int] = shelves("held_of", Name, int)
        self.held_arxiv: MutableMapping[int, str] = shelves("held_arxiv", int, str)
        self.held_keys: MutableMapping[int, str] = shelves("held_keys", int, str)
        """Keys of papers known from later days, or from entries that are gone."""
        self.cited: MutableMapping[str, str] = shelves("cited", str, str)
        """Keys of withdrawn papers by slug; empty for one that has its key again."""
        self.discussed: MutableMapping[str, tuple[Earlier, ...]] = shelves(
            "discussed", str, tuple[Earlier, ...]
        )
        """The discussions of each arXiv identifier, oldest first."""
        self.tagged: MutableMapping[str, int] = shelves("tagged", str, int)
        """How many entries have each tag."""
