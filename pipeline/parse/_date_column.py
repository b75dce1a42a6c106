"""Part the rows of a table by the day in its column of dates."""

from __future__ import annotations

from msgspec import structs

from pipeline.model import Problem
from pipeline.parse._blocks import Block, Page
from pipeline.parse._dates import Day, find_date
from pipeline.problems import problem

_HEADERS = frozenset(
    "date day published publish-date publication-date added 日期 发布日期 날짜 게재일 日付 公開日".split()
)


def date_column(page: Page) -> bool:
    """Tell whether any row has a date in a column of dates."""
    return any(block.kind == "row" and row_day(block) for block in page.blocks)


def row_day(block: Block) -> Day | None:
    """Return the day in the date column of a row."""
    return next((find_date(text) for header, text in block.cells if is_date_header(header)), None)


def is_date_header(header: str) -> bool:
    """Tell whether the cells below a header are days."""
    return "-".join(header.strip("*_ ").casefold().split()) in _HEADERS


def part_rows(page: Page) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Return one page a day: its rows, each below the headings that it stood below.

    Blocks of other kinds stay with the first day. A row without a date is a problem and in no page.
    """
    days: dict[Day, list[Block]] = {}
    headed: set[tuple[Day, int]] = set()
    above: list[Block] = []
    others: list[Block] = []
    doubts: list[Problem] = []
    for block in page.blocks:
        day = row_day(block) if block.kind == "row" else None
        if block.kind == "heading":
            above = [*(outer for outer in above if outer.level < block.level), block]
        elif day:
            blocks = days.setdefault(day, [])
            blocks.extend(heading for heading in above if (day, heading.first) not in headed)
            blocks.append(block)
            headed.update((day, heading.first) for heading in above)
        elif block.kind == "row":
            doubts.append(problem("undated-row", page.name, block.first, text=block.text[:60]))
        else:
            others.append(block)
    parts = [structs.replace(page, day=day, blocks=tuple(blocks)) for day, blocks in days.items()]
    parts[0] = structs.replace(parts[0], blocks=(*others, *parts[0].blocks))
    return tuple(parts), tuple(doubts)
