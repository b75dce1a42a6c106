"""What a profile is, and what it gives back: the record beside the registry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from msgspec import Struct

from pipeline.model import Passage, Problem, Span
from pipeline.parse._blocks import Block, Page
from pipeline.parse._dates import Day
from pipeline.parse._days import meta_day
from pipeline.parse._draft import Draft
from pipeline.problems import problem


class Reading(Struct, frozen=True, kw_only=True):
    """What a profile read from a page; the lines that nothing took are derived from it."""

    day: Day | None
    """The day that the page itself names, or its file name where that counts more."""
    title: str | None = None
    """What its heading says beside the date."""
    introduction: tuple[Passage, ...] = ()
    """What stands before the first entry."""
    drafts: tuple[Draft, ...] = ()
    """The entries in order."""
    spans: tuple[Span, ...] = ()
    """Lines taken for the page as a whole."""
    problems: tuple[Problem, ...] = ()
    """What was doubtful."""


class Profile(Struct, frozen=True, kw_only=True):
    """One grammar of digests; ``docs/formats.md`` describes it under its name."""

    name: str
    recognises: Callable[[Page], bool]
    """Tell by looking whether a page is in this grammar."""
    read: Callable[[Page], Reading]
    """Read one day of a page in it."""
    one_day: bool = False
    """A source holds one day, whatever dates stand in it."""


def take_day(page: Page) -> tuple[Day | None, list[Block], tuple[Span, ...]]:
    """Take the day that was found for a page, or that its front matter names.

    Return the day, the blocks with content, and the span of the date heading.
    """
    blocks = [block for block in page.blocks if block.kind != "skipped"]
    spans = (span("heading", page.mark, "date-heading"),) if page.mark else ()
    return page.day or meta_day(page), blocks, spans


def span(field: str, block: Block, rule: str) -> Span:
    """Return the span of one block."""
    return Span(field=field, first=block.first, last=block.last, rule=rule)


def passages(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """Return blocks as passages, one each."""
    return tuple(
        Passage(text=block.text, first=block.first, last=block.last)
        for block in blocks
        if block.kind != "rule"
    )


def settle_day(page: Page, reading: Reading) -> tuple[dt.date | None, tuple[Problem, ...]]:
    """Return the day of a page: what the page says, else what its path says; and if they disagree."""
    named = page.named
    if reading.day is None:
        return named, ()
    date = reading.day.date
    if named and named != date and not (reading.day.since and reading.day.since <= named <= date):
        doubt = problem("other-date", page.name, 1, heading=date, name=named, kept=date)
        return date, (doubt,)
    return date, ()
