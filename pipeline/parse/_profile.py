"""What a profile is, and what it gives back: the record beside the registry."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from pipeline.model import Passage, Problem, Span
from pipeline.parse._blocks import Block, Page
from pipeline.parse._dates import Day, find_date, short_date
from pipeline.parse._days import meta_day
from pipeline.parse._draft import Draft
from pipeline.problems import problem

# The rules that mend a slip, and the code under which it is told.
_SLIPS = {
    "unclosed-authors": "unclosed-authors",
    "stray-quote": "stray-mark",
    "stray-letter": "stray-mark",
}
_IN_PAGE = re.compile(r"[*_]{0,2}\[[^\[\]]{1,300}\]\(#[^()\s]{0,300}\)[*_]{0,2}")
# "Papers for 2024-02-08": the word that led to the date.
_JOINING_WORD = re.compile(r"\s+(?:for|of|on|from|vom|du|del)$", re.IGNORECASE)


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


class Template(Struct, frozen=True, kw_only=True):
    """An empty day; ``{day}`` stands for the date, with any format of `datetime.date`."""

    file: str
    """Name of the file below the digests folder."""
    text: str
    """What to write into it."""


class FileDay(Struct, frozen=True, kw_only=True):
    """What a page says of its day where its file name says most of it."""

    day: Day | None
    """The day."""
    heading: str | None = None
    """What the date heading says beside the date."""
    blocks: tuple[Block, ...] = ()
    """What follows the date heading."""
    spans: tuple[Span, ...] = ()
    """Lines taken for the day."""
    problems: tuple[Problem, ...] = ()
    """Name and heading disagree."""


class Profile(Struct, frozen=True, kw_only=True):
    """One grammar of digests; ``docs/formats.md`` describes it under its name."""

    name: str
    recognises: Callable[[Page], bool]
    """Tell by looking whether a page is in this grammar."""
    read: Callable[[Page], Reading]
    """Read one day of a page in it."""
    one_day: bool = False
    """A source holds one day, whatever dates stand in it."""
    beside_notes: bool = False
    """It is asked even of a page that opens as a note."""
    template: Template | None = None
    """What an author begins a day with."""


def take_day(page: Page) -> tuple[Day | None, list[Block], tuple[Span, ...]]:
    """Take the day that was found for a page, or that its front matter names.

    Return the day, the blocks with content, and the span of the date heading.
    """
    blocks = [block for block in page.blocks if block.kind != "skipped"]
    spans = (span("heading", page.mark, "date-heading"),) if page.mark else ()
    return page.day or meta_day(page), blocks, spans


def take_file_day(page: Page) -> FileDay:
    """Take the day of a note: of its file name, else of its date heading or its front matter.

    Where name and heading disagree the name counts, for notes are begun as copies of older ones.
    """
    blocks = [block for block in page.blocks if block.kind != "skipped" or block.text]
    first = blocks[0] if blocks else None
    dated = find_date(first.text) or short_date(first.text) if first and first.kind == "heading" else None
    named = page.named
    day = Day(named, None, "") if named else dated or meta_day(page)
    if not first or not dated:
        return FileDay(day=day, blocks=tuple(blocks))
    differs: tuple[Problem, ...] = ()
    if named and named != dated.date:
        differs = (problem("other-date", page.name, first.first, heading=dated.date, name=named, kept=named),)
    spans = (span("heading", first, "date-heading"),)
    return FileDay(
        day=day, heading=dated.rest or None, blocks=tuple(blocks[1:]), spans=spans, problems=differs
    )


def slips(name: str, drafts: Iterable[Draft]) -> tuple[Problem, ...]:
    """Name the slips of the pen that were mended, by the rules that mended them."""
    spans = [span for draft in drafts for span in draft.spans if span.rule in _SLIPS]
    found = dict.fromkeys((_SLIPS[span.rule], span.first) for span in spans)
    return tuple(problem(code, name, line) for code, line in found)


def page_title(page: Page, day: Day | None) -> str | None:
    """Return what the date heading says beside the date, else the title of the front matter."""
    rest = _JOINING_WORD.sub("", day.rest) if day else ""
    title = page.value("title")
    dated = find_date(title) if title else None
    return rest or (dated.rest or None if dated else title)


def span(field: str, block: Block, rule: str) -> Span:
    """Return the span of one block."""
    return Span(field=field, first=block.first, last=block.last, rule=rule)


def passages(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """Return blocks as passages, one each; an item keeps its mark, links into the page are left out."""
    return tuple(
        Passage(text=f"{block.mark} {block.text}".lstrip(), first=block.first, last=block.last)
        for block in blocks
        if block.kind != "rule" and not _IN_PAGE.fullmatch(block.text)
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
