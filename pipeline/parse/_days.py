"""Part a page into its days: at date headings, date lines, date items, or by a column of dates.

Profiles then read one day at a time and need not know that a source holds more.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, structs

from pipeline.model import Problem
from pipeline.parse._blocks import Block, Page
from pipeline.parse._dates import Day, file_date, find_date, short_date
from pipeline.parse._inline import inline_links

_LONGEST_DATE_LINE = 120


class _Mark(Struct, frozen=True):
    """A block that names a day."""

    index: int
    """Where it stands among the blocks."""
    day: Day


def part_days(page: Page) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Return the page as one page a day, in the order written, and what was doubtful.

    What stands before the first mark of a day belongs to the first day. A page without marks comes
    back as it is: its front matter or its name says the day.
    """
    marks = _marks(page)
    if not marks:
        return (page,), ()
    ends = [*(mark.index for mark in marks[1:]), len(page.blocks)]
    parts: list[Page] = []
    for mark, end in zip(marks, ends, strict=True):
        before = () if parts else page.blocks[: mark.index]
        blocks = (*before, *page.blocks[mark.index + 1 : end])
        parts.append(structs.replace(page, blocks=blocks, day=mark.day, mark=page.blocks[mark.index]))
    return tuple(parts), ()


def meta_day(page: Page) -> Day | None:
    """Return the day that the front matter names."""
    value = page.value("date", "day", "published")
    return find_date(value) if value else None


def _marks(page: Page) -> list[_Mark]:
    """Return the first mark, and all blocks of its kind and level that name a whole date too."""
    first = _first_mark(page)
    if first is None:
        return []
    opener = page.blocks[first.index]
    rest = enumerate(page.blocks[first.index + 1 :], start=first.index + 1)
    return [first, *_like(opener, rest)]


def _first_mark(page: Page) -> _Mark | None:
    """Return the first block with content if it names a day, else the first heading that does.

    Behind a linked heading or a row no heading opens a day any more. Where the name or the front
    matter says the day already, a later heading counts only if it is nothing but a date.
    """
    known = bool(file_date(page.name) or meta_day(page))
    content = [(index, block) for index, block in enumerate(page.blocks) if block.kind != "skipped"]
    for order, (index, block) in enumerate(content):
        if block.kind == "row" or (block.kind == "heading" and inline_links(block.text)):
            break
        if block.kind == "heading" or (order == 0 and block.kind == "paragraph"):
            day = _day(block)
            if day and (order == 0 or not known or not day.rest):
                return _Mark(index, day)
    return None


def _like(opener: Block, rest: Iterable[tuple[int, Block]]) -> Iterable[_Mark]:
    for index, block in rest:
        if block.kind != opener.kind or block.level != opener.level or inline_links(block.text):
            continue
        day = _day(block)
        if day and (block.kind == "heading" or not day.rest):
            yield _Mark(index, day)


def _day(block: Block) -> Day | None:
    if len(block.text) > _LONGEST_DATE_LINE:
        return None
    return find_date(block.text) or short_date(block.text)
