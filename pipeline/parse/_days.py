"""Part a page into its days: at date headings, date lines, date items, or by a column of dates.

Profiles then read one day at a time and need not know that a source holds more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, structs

from pipeline.model import Problem
from pipeline.parse._blocks import Block, Page
from pipeline.parse._date_column import date_column, part_rows
from pipeline.parse._dates import Day, find_date, short_date
from pipeline.parse._inline import inline_links
from pipeline.parse._loose_dates import month_day, names_week, only_year, path_year, slash_day, week_day
from pipeline.problems import problem

_LONGEST_DATE_LINE = 120
_DATED_ITEM = re.compile(r"([^\[\]]{6,20}?)\s*[:：]?\s*(?=\[)")
_UPDATED = re.compile(r"\b(?:last\s+)?updated?\b|更新|업데이트", re.IGNORECASE)


class _Mark(Struct, frozen=True):
    """A block that names a day."""

    index: int
    """Where it stands among the blocks."""
    day: Day | None
    """The day; None where the year is said nowhere."""
    content: Block | None = None
    """What else the block holds: an item may name a day and a paper."""


def part_days(page: Page) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Return the page as one page a day, in the order written, and what was doubtful.

    What stands before the first mark of a day belongs to the first day. A page without marks comes
    back as it is: its front matter or its name says the day.
    """
    marks = _heading_marks(page)
    if not marks and not _known(page):
        if date_column(page):
            return part_rows(page)
        marks = _item_marks(page)
    if not marks:
        return (page,), ()
    parts = _part_at(page, marks)
    blocks = [page.blocks[mark.index] for mark in marks if not mark.day]
    doubts = [problem("no-year", page.name, block.first, text=block.text[:60]) for block in blocks]
    return parts, (*doubts, *_swapped(page, marks[0]))


def is_update_note(text: str) -> bool:
    """Tell whether a line only says when the file was last changed; that is not the digest's day."""
    return bool(_UPDATED.search(text)) and find_date(text) is not None


def meta_day(page: Page) -> Day | None:
    """Return the day that the front matter names."""
    value = page.value("date", "day", "published")
    day = find_date(value) if value else None
    return structs.replace(day, rest="") if day else None  # the time of day is no title


def _known(page: Page) -> bool:
    return bool(page.named or meta_day(page))


def _part_at(page: Page, marks: list[_Mark]) -> tuple[Page, ...]:
    """Cut the page at its marks; the blocks of a mark without a day are left out."""
    ends = [*(mark.index for mark in marks[1:]), len(page.blocks)]
    before = tuple(block for block in page.blocks[: marks[0].index] if not _is_year(block))
    parts: list[Page] = []
    for mark, end in zip(marks, ends, strict=True):
        inside = tuple(block for block in page.blocks[mark.index + 1 : end] if not _is_year(block))
        content = (mark.content,) if mark.content else ()
        opener = None if mark.content else page.blocks[mark.index]
        if mark.day:
            blocks = (*before, *content, *inside)
            parts.append(structs.replace(page, blocks=blocks, day=mark.day, mark=opener))
            before = ()
    return tuple(parts)


def _heading_marks(page: Page) -> list[_Mark]:
    """Return the first heading or line that names a day, and all others of its kind and level."""
    years = _years(page)
    first = _first_mark(page, years)
    if first is None:
        return []
    return [first, *_like(page, first.index, years)]


def _first_mark(page: Page, years: list[int | None]) -> _Mark | None:
    """Return the first block with content if it names a day, else the first heading that does.

    Behind a linked heading or a row no heading opens a day any more. Where the name or the front
    matter says the day already, a later heading counts only if it is nothing but a date.
    """
    known = _known(page)
    content = [(index, block) for index, block in enumerate(page.blocks) if block.kind != "skipped"]
    for order, (index, block) in enumerate(content):
        if block.kind == "row" or (block.kind == "heading" and inline_links(block.text)):
            break
        if (block.kind == "heading" or (order == 0 and block.kind == "paragraph")) and _short(block):
            day = _day(block, years[index])
            if day and (order == 0 or not known or not day.rest):
                return _Mark(index, day)
            if not day and not known and block.kind == "heading" and names_week(block.text):
                return _Mark(index, None)
    return None


def _like(page: Page, first: int, years: list[int | None]) -> Iterable[_Mark]:
    opener = page.blocks[first]
    for index, block in enumerate(page.blocks[first + 1 :], start=first + 1):
        if (block.kind, block.level) != (opener.kind, opener.level) or not _short(block):
            continue
        day = _day(block, years[index])
        if day and (block.kind == "heading" or not day.rest):
            yield _Mark(index, day)
        elif not day and block.kind == "heading" and names_week(block.text):
            yield _Mark(index, None)


def _short(block: Block) -> bool:
    return len(block.text) <= _LONGEST_DATE_LINE and not inline_links(block.text)


def _day(block: Block, year: int | None) -> Day | None:
    """Return the day of a heading or a line; a heading may leave its year to what stands above it."""
    text = block.text
    if is_update_note(text):
        return None
    day = find_date(text) or short_date(text)
    slashed = None if day else slash_day(text)
    if day or slashed:
        return day or (slashed[0] if slashed else None)
    if block.kind != "heading":
        return None
    return month_day(text) or (week_day(text, year) if names_week(text) else None)


def _years(page: Page) -> list[int | None]:
    """Return for each block the year of the nearest heading above that is one, else that of the path."""
    years: list[int | None] = []
    year = path_year(page.name)
    for block in page.blocks:
        year = (only_year(block.text) if block.kind == "heading" else None) or year
        years.append(year)
    return years


def _is_year(block: Block) -> bool:
    return block.kind == "heading" and only_year(block.text) is not None


def _item_marks(page: Page) -> list[_Mark]:
    """Return the outermost items that are a date, or that name a date and a colon before a link."""
    marks: list[_Mark] = []
    for index, block in enumerate(page.blocks):
        if block.kind != "item" or block.level != 1:
            continue
        alone = find_date(block.text) if len(block.text) <= 40 else None
        if alone and not alone.rest:
            marks.append(_Mark(index, alone))
            continue
        found = _DATED_ITEM.match(block.text)
        day = find_date(found[1]) if found else None
        if found and day and not day.rest:
            marks.append(_Mark(index, day, structs.replace(block, text=block.text[found.end() :])))
    return marks


def _swapped(page: Page, mark: _Mark) -> tuple[Problem, ...]:
    """Say so where DD/MM/YYYY was read and MM/DD/YYYY would be a day as well."""
    block = page.blocks[mark.index]
    slashed = slash_day(block.text) if mark.day and block.kind in {"heading", "paragraph"} else None
    if slashed is None or not slashed[1] or slashed[0] != mark.day:
        return ()
    return (problem("day-before-month", page.name, block.first, date=slashed[0].date),)
