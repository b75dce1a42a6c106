"""The review profile: several papers in one note, each found by its address line and its title.

A page has one habit: the papers start at lines that are an address, or that end in one in brackets
(``URL``, ``Title (URL)``, ``1. Title URL``); only where no line does, at ``URL words``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from pipeline.model import Problem, Span
from pipeline.parse._addresses import AddressLine, read_address_line
from pipeline.parse._blocks import Block, Page, whole_url
from pipeline.parse._body import take_body
from pipeline.parse._brackets import CLOSERS
from pipeline.parse._draft import Draft
from pipeline.parse._head import (
    is_header,
    take_address_line,
    take_bare_title,
    take_other_titles,
    take_title_line,
)
from pipeline.parse._profile import FileDay, Profile, Reading, passages, slips, span, take_file_day
from pipeline.parse._titles import is_bare_title, read_wrapped

_FILE_TAG = "#review"
# Places of papers; elsewhere an address without a title is a project's or a source's.
_PAPERS = re.compile(r"(?:arxiv\.org|openreview\.net|doi\.org|aclanthology\.org)/")
# A title of more lines than this is none; the search must not walk the whole page from every line.
_LOOK_AHEAD = 12


StartKind = Literal["full", "named", "bare", "address"]


class Start(Struct, frozen=True):
    """Where a paper starts, and how sure that is."""

    index: int
    """Index of its first block."""
    kind: StartKind
    """How it shows: ``full``, title with authors at an address; ``named``, both on one line; ``bare``,
    a title without authors; ``address``, no title."""
    url: str
    """The first address."""


def recognises(page: Page) -> bool:
    """Tell whether a dated heading stands above a paper, or two papers with titles stand in one file."""
    day = take_file_day(page)
    if day.day is None or not day.blocks:
        return False
    starts = _starts(day)
    if not day.spans or any(block.kind == "heading" for block in day.blocks):
        # Without the heading of a review, or with those of an essay, bare addresses are sources.
        return sum(start.kind != "address" for start in starts) > 1
    return len(starts) > 1 or (len(starts) == 1 and _tag_line(day.blocks) == _FILE_TAG)


def read(page: Page) -> Reading:
    """Read each paper from its first line to the line before the next paper's first line."""
    day = take_file_day(page)
    tags = _file_tags(day)
    tag_lines = {block.first for block in tags}
    starts = [start.index for start in _starts(day)]
    parts = [
        [block for block in day.blocks[start:end] if block.first not in tag_lines]
        for start, end in pairwise([0, *starts, len(day.blocks)])
    ]
    before, papers = parts[0], parts[1:]
    drafts = tuple(_read_entry(blocks) for blocks in papers)
    problems: tuple[Problem, ...] = (*day.problems, *slips(page.name, drafts))
    spans: tuple[Span, ...] = (*day.spans, *(span("skipped", block, "file-tags") for block in tags))
    return Reading(
        day=day.day,
        title=day.heading,
        introduction=passages(block for block in before if block.kind != "skipped"),
        drafts=drafts,
        spans=spans + tuple(span("introduction", block, "introduction") for block in before),
        problems=problems,
    )


def _starts(day: FileDay) -> list[Start]:
    """Return the papers' first blocks in order; an address met again starts no second paper."""
    blocks = list(day.blocks)
    found = _with_lines(blocks) or _with_words(blocks)
    headed = bool(day.spans) or _tag_line(day.blocks) == _FILE_TAG
    urls: set[str] = set()
    kept: list[Start] = []
    for start in _in_reviews(found, blocks) if headed else _in_notes(found):
        if start.url not in urls:
            kept.append(start)
        urls.add(start.url)
    return kept


def _in_reviews(found: list[Start], blocks: list[Block]) -> list[Start]:
    """Among papers with titles, an address without one is a source, unless numbered or a place of papers."""
    if all(start.kind == "address" for start in found):
        return found
    return [start for start in found if start.kind != "address" or _is_paper(blocks[start.index])]


def _in_notes(found: list[Start]) -> list[Start]:
    """In a note, a full title makes all lesser ones mentions; one without authors is never enough."""
    kind = "full" if any(start.kind == "full" for start in found) else "named"
    return [start for start in found if start.kind == kind]


def _is_paper(block: Block) -> bool:
    return _is_numbered(block) or _PAPERS.search(block.text) is not None


def _with_lines(blocks: list[Block]) -> list[Start]:
    """Find the papers at lines of their own: a title above the address or below it, or on its line."""
    starts: list[Start] = []
    index = 0
    while index < len(blocks):
        start, index = _start_at(blocks, index)
        if start:
            starts.append(start)
    return starts


def _start_at(blocks: list[Block], index: int) -> tuple[Start | None, int]:
    """Return the paper that starts at a block, and where to look for the next."""
    block = blocks[index]
    url = _own_address(block)
    if url:
        end = index + 1
        while end < len(blocks) and _own_address(blocks[end]) and not blocks[end].gap:
            end += 1
        size, kind = _title_at(blocks[end : end + _LOOK_AHEAD])
        return Start(index, kind, url), end + size
    line = _title_and_address(block)
    if line:
        return Start(index, "named", line.urls[0]), index + 1
    size, kind = _title_at(blocks[index : index + _LOOK_AHEAD])
    below = _address_below(blocks[index + size]) if size and index + size < len(blocks) else None
    if below:
        return Start(index, kind, below), index + size + 1
    return None, index + 1


def _with_words(blocks: list[Block]) -> list[Start]:
    """Find the papers at lines that begin with an address."""
    return [
        Start(index, "address", line.urls[0])
        for index, block in enumerate(blocks)
        if (line := _leading_address(block))
    ]


def _own_address(block: Block) -> str | None:
    """Return the address that a line wholly is, numbered or not."""
    if block.kind == "url" or _is_numbered(block):
        return whole_url(block.text)
    return None


def _title_and_address(block: Block) -> AddressLine | None:
    """Return what ``Title (URL)`` or ``1. Title URL`` says; a sentence may end in an address, too."""
    numbered = _is_numbered(block)
    if not numbered and (block.kind != "paragraph" or block.text[-1] not in CLOSERS):
        return None
    line = read_address_line(block.text)
    return line if line and line.before and is_header(line) and line.before[0].isupper() else None


def _leading_address(block: Block) -> AddressLine | None:
    line = read_address_line(block.text) if block.kind == "paragraph" else None
    return line if line and not line.before else None


def _address_below(block: Block) -> str | None:
    """Return the address below a title: of a line of its own, or of one that goes on with words."""
    line = _leading_address(block)
    return line.urls[0] if line else _own_address(block)


def _is_numbered(block: Block) -> bool:
    return block.kind == "item" and block.level == 1 and block.mark[0].isdigit()


def _title_at(blocks: list[Block]) -> tuple[int, StartKind]:
    """Return how many lines at the start are a title, and what kind of start it makes."""
    if not blocks or blocks[0].kind not in {"paragraph", "tags", "heading"}:
        return 0, "address"
    found = read_wrapped(blocks)
    if found:
        return len(found[0]), "full"
    bare = is_bare_title(blocks[0], blocks[1] if blocks[1:] else None)
    return (1, "bare") if bare else (0, "address")


def _file_tags(day: FileDay) -> tuple[Block, ...]:
    """Return the tags of the file and no paper: the one tags line of a headed page, or ``#review``."""
    tags = tuple(block for block in day.blocks if block.kind == "tags")
    if day.spans and len(tags) == 1:
        return tags
    return tuple(block for block in tags if block.text.casefold() == _FILE_TAG)


def _tag_line(blocks: tuple[Block, ...]) -> str | None:
    tags = [block.text.casefold() for block in blocks if block.kind == "tags"]
    return tags[0] if len(tags) == 1 else None


def _read_entry(blocks: list[Block]) -> Draft:
    draft = Draft()
    rest = _take_addresses(draft, blocks)
    if not draft.title and not draft.commentary:
        rest = take_bare_title(draft, take_title_line(draft, rest))
    if not draft.links:
        rest = _take_addresses(draft, rest)
    take_body(draft, take_other_titles(draft, rest), plain_abstract=False)
    return draft


def _take_addresses(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take the lines at the start that are addresses, and one that also holds words."""
    end = 0
    for block in blocks:
        url = _own_address(block)
        if url is None or (end and block.gap):
            break
        draft.add_link(url, "header", block, "header-link")
        end += 1
    line = None
    if not end and blocks:
        line = _title_and_address(blocks[0]) or _leading_address(blocks[0])
    if line:
        take_address_line(draft, blocks[0], line)
        end = 1
    return blocks[end:]


PROFILE = Profile(name="review", recognises=recognises, read=read, one_day=True, beside_notes=True)
