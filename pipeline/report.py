"""What a run tells of itself: what it published, what subscribers see change, what authors should know."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from pipeline.model import LedgerEntry, Problem, Withdrawn


class Stored(Struct, frozen=True, kw_only=True):
    """What publishing did."""

    written: tuple[str, ...] = ()
    """Paths that are new or have other bytes now."""
    unchanged: int = 0
    """How many files were left untouched."""
    removed: tuple[str, ...] = ()
    """Paths that are gone."""


class EntryName(Struct, frozen=True, kw_only=True):
    """An entry, as a message names it."""

    id: str
    """Its permanent id."""
    title: str | None
    """Its title."""


class Correction(Struct, frozen=True, kw_only=True):
    """An entry that shows other content than it was published with."""

    id: str
    """Its permanent id."""
    title: str | None
    """Its title now."""
    fields: tuple[str, ...]
    """Names of the fields of `Entry` that differ."""
    before: str
    """What was published, as plain text: field after field, each on lines of its own."""
    after: str
    """What is said now, likewise."""


class DayChange(Struct, frozen=True, kw_only=True):
    """What subscribers see change in one day."""

    date: dt.date
    """The day."""
    new: tuple[EntryName, ...] = ()
    """Papers that were never discussed before, in the digest's order."""
    corrected: tuple[Correction, ...] = ()
    """Published entries with other content."""
    discussed_again: tuple[EntryName, ...] = ()
    """New entries of papers that were discussed on an earlier day."""
    removed: tuple[EntryName, ...] = ()
    """Published entries that are gone."""


class Noticed(Struct, frozen=True, kw_only=True):
    """A problem, and what it concerns."""

    problem: Problem
    """What the author should know."""
    day: dt.date | None = None
    """The day of which it stands in the way."""
    entry: str | None = None
    """Id of the entry that it stands in."""
    title: str | None = None
    """Title of that entry."""


class Report(Struct, frozen=True, kw_only=True):
    """What a run did."""

    days: int
    """How many days the site shows."""
    papers: int
    """How many entries they have."""
    newest: dt.date
    """The last of them."""
    noticed: tuple[Noticed, ...]
    """All problems, by file and line."""
    stored: Stored
    """What publishing did, or would do in a dry run."""
    recorded: tuple[LedgerEntry, ...] = ()
    """What the ledger says of entries now and did not say before."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """The entries that this run found gone."""
    changes: tuple[DayChange, ...] = ()
    """What subscribers see change, oldest day first; days without a change are left out."""
    dry_run: bool = False
    """Nothing was written."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, by file and line."""
        return tuple(noticed.problem for noticed in self.noticed)
