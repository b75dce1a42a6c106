"""The note profile: one paper a file; link, title with authors, quoted abstract, comment, tags.

The day is that of the file name, so a day is the set of its notes.
"""

from __future__ import annotations

from pipeline.model import Span
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import take_body
from pipeline.parse._dates import Day, find_date, short_date
from pipeline.parse._draft import Draft
from pipeline.parse._head import (
    take_authors_line,
    take_heading,
    take_links,
    take_odd_header,
    take_other_titles,
    take_title_line,
)
from pipeline.parse._inline import whole_link
from pipeline.parse._profile import Profile, Reading, span
from pipeline.problems import problem


def recognises(page: Page) -> bool:
    """Tell whether the file name carries the day: a note says nowhere else when it was written."""
    return page.named is not None


def read(page: Page) -> Reading:
    """Read the whole page as one paper."""
    blocks = [block for block in page.blocks if block.kind != "skipped"]
    skipped = tuple(span("skipped", b, "no-content") for b in page.blocks if b.kind == "skipped")
    date = page.named
    day = Day(date, None, "") if date else None
    if blocks and _is_date_heading(blocks[0]):
        skipped += (span("heading", blocks[0], "date-heading"),)
        blocks = blocks[1:]
    draft = Draft()
    take_body(draft, _take_head(draft, blocks), plain_abstract=False)
    if draft.empty():
        problems = (problem("nothing-to-publish", page.name, 1),) if blocks else ()
        return Reading(day=day, spans=_all_lines(page), problems=problems)
    return Reading(day=day, drafts=(draft,), spans=skipped)


def _take_head(draft: Draft, blocks: list[Block]) -> list[Block]:
    rest = take_links(draft, blocks)
    if rest and rest[0].kind == "heading" and (whole_link(rest[0].text) or draft.links):
        take_heading(draft, rest[0])
        return take_authors_line(draft, rest[1:])
    rest = take_odd_header(draft, take_title_line(draft, rest))
    if draft.title and not draft.authors:
        rest = take_authors_line(draft, rest)
    rest = take_links(draft, rest)
    if draft.links and not draft.title:
        rest = take_title_line(draft, rest)
    return take_other_titles(draft, rest)


def _is_date_heading(block: Block) -> bool:
    day = find_date(block.text) or short_date(block.text) if block.kind == "heading" else None
    return day is not None


def _all_lines(page: Page) -> tuple[Span, ...]:
    return tuple(span("skipped", block, "not-an-entry") for block in page.blocks)


PROFILE = Profile(name="note", recognises=recognises, read=read, one_day=True)
