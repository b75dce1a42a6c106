"""The flat profile: a date line, then title, authors in brackets, abstract, links, comment, tags.

No marks and no blank lines are needed. An authors line is a line wholly in brackets right behind a
title candidate; tags end the entry, or else the next pair of title and authors does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.model import Problem
from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import Block, Page, bracketed
from pipeline.parse._body import language_differs, take_body
from pipeline.parse._dates import find_date
from pipeline.parse._draft import Draft
from pipeline.parse._head import read_title, take_authors, take_links, take_title_line
from pipeline.parse._inline import inline_links, whole_link, without_emphasis
from pipeline.parse._profile import (
    Profile,
    Reading,
    Template,
    page_title,
    passages,
    slips,
    span,
    take_day,
)
from pipeline.parse._titles import is_prose, opens_as_note, read_title_line
from pipeline.problems import problem

_LONGEST_TITLE = 400
_LONGEST_AUTHORS = 60
"""Lines of a wrapped list of authors."""
_MARKED = re.compile(r"(?:#{1,6}|[-*+•]|[0-9]{1,3}[.)])\s+(?=\S)")


def recognises(page: Page) -> bool:
    """Tell whether any line is a title candidate with an authors line right below it.

    A row of a table or a heading that is a link ends the search: what stands below it belongs to a
    paper of another grammar. Two titles with authors on one line make a day, too, if no address stands
    at them; a single one opens a note. A plain date above lines of tags is meant as such a day,
    however its entries came out.
    """
    blocks = page.blocks
    limit = next((index for index, block in enumerate(blocks) if _is_foreign(block)), len(blocks))
    lines = [index for index in range(limit) if _opens_line(blocks, index)]
    if len(lines) > 1 and not any(_at_address(blocks, index) for index in lines):
        return True
    if opens_as_note(blocks):
        return False
    if any(_head_size(blocks, index) > 1 for index in range(limit)):
        return True
    if limit < len(blocks):
        return False
    day = find_date(blocks[0].text) if blocks and blocks[0].kind == "paragraph" else None
    return day is not None and not day.rest and any(block.kind == "tags" for block in blocks)


def read(page: Page) -> Reading:
    """Read each paper from its title line to the line before the next paper's first line."""
    day, blocks, spans = take_day(page)
    starts = [_with_links(blocks, index) for index in _titles(blocks)]
    ends = [*starts[1:], len(blocks)]
    before = blocks[: starts[0]] if starts else blocks
    intro, lost = _introduction(page.name, before)
    drafts: list[Draft] = []
    problems: list[Problem] = [*lost]
    found = [*spans, *(span("introduction", block, "introduction") for block in before)]
    for start, end in zip(starts, ends, strict=False):
        own, orphans = _split_orphans(blocks[start:end])
        drafts.append(_read_entry(own))
        problems.extend(_orphan(page.name, group) for group in orphans)
        found += [span("skipped", block, "orphan") for group in orphans for block in group]
    return Reading(
        day=day,
        title=page_title(page, day),
        introduction=passages(intro),
        drafts=tuple(drafts),
        spans=tuple(found),
        problems=(*problems, *slips(page.name, drafts)),
    )


def _is_foreign(block: Block) -> bool:
    return block.kind == "row" or (block.kind == "heading" and bool(inline_links(block.text)))


def _titles(blocks: list[Block]) -> list[int]:
    """Return the title lines; the authors line of one is not the title of the next."""
    titles: list[int] = []
    behind = 0
    for index in range(len(blocks)):
        size = _head_size(blocks, index) if index >= behind else 0
        if size:
            titles.append(index)
            behind = index + size
    return titles


def _head_size(blocks: Sequence[Block], index: int) -> int:
    """Return how many lines the title and the authors of a paper take from a place on, 0 for none.

    A line is a title if the next is in brackets and reads like names, and it is no comment; the
    authors may be wrapped over lines, or stand on the title's line.
    """
    title = blocks[index]
    numbered = title.kind == "item" and title.mark[:1].isdigit()
    if not (title.kind in {"paragraph", "tags"} or numbered) or len(title.text) > _LONGEST_TITLE:
        return 0
    lines = _authors_lines(blocks, index + 1)
    if lines and _may_start(blocks, index):
        return 1 + len(lines)
    return int(_opens_line(blocks, index))


def _authors_lines(blocks: Sequence[Block], start: int) -> list[Block]:
    """Return the lines from a place on that are a bracket of names; one that never closes is one line."""
    first = blocks[start] if start < len(blocks) else None
    if first is None or first.gap or first.text[0] not in "(（":
        return []
    if first.kind == "bracket":
        return [first] if looks_like_authors(first.text[1:-1]) else []
    if first.kind != "paragraph" or set(first.text) & set(")）"):
        return []
    lines = [first]
    for block in blocks[start + 1 : start + _LONGEST_AUTHORS]:
        if block.gap or block.kind != "paragraph" or block.text[0] in "(（":
            break
        lines.append(block)
        if block.text[-1] in ")）":
            text = _joined(lines)
            if bracketed(text) and looks_like_authors(text[1:-1]):
                return lines
            break
    return [first] if looks_like_authors(first.text[1:]) else []


def _opens_line(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether title and authors stand on one line, first of all or behind the tags of a paper."""
    if blocks[index].kind != "paragraph" or not _may_open(blocks, index):
        return False
    found = read_title_line(blocks[index].text)
    return found is not None and found.closed and bool(found.authors)


def _may_open(blocks: Sequence[Block], index: int) -> bool:
    start = _with_links(blocks, index)
    return start == 0 or blocks[start - 1].kind in {"tags", "heading", "rule"} or _is_date(blocks, start - 1)


def _is_date(blocks: Sequence[Block], index: int) -> bool:
    return index == 0 and blocks[0].kind == "paragraph" and find_date(blocks[0].text) is not None


def _at_address(blocks: Sequence[Block], index: int) -> bool:
    return any(block.kind == "url" for block in blocks[max(index - 1, 0) : index + 2])


def _joined(lines: list[Block]) -> str:
    return " ".join(line.text for line in lines)


def _may_start(blocks: Sequence[Block], index: int) -> bool:
    """A title stands first, behind tags, a blank line or its link; else it must not be a comment."""
    before = blocks[index - 1] if index else None
    if is_prose(blocks[index].text):
        return False
    if before is None or blocks[index].gap or before.kind in {"tags", "heading", "rule"}:
        return True
    return not language_differs(blocks[index].text) and not read_title(before.text)


def _with_links(blocks: Sequence[Block], index: int) -> int:
    """Return where an entry begins: URL lines right above its title are its own, behind tags or a blank."""
    start = index
    while start and blocks[start - 1].kind == "url":
        start -= 1
    above = blocks[start - 1] if start else None
    free = start == index or above is None or blocks[start].gap or above.kind in {"tags", "rule"}
    return start if free else index


def _split_orphans(blocks: list[Block]) -> tuple[list[Block], list[list[Block]]]:
    """Part an entry, up to its tags, from groups behind the tags that lack an authors line.

    A group is what stands between the tags and the next tags, if it ends in tags of its own: what
    else follows the tags is late commentary of the entry.
    """
    ends = [index for index, block in enumerate(blocks) if block.kind == "tags" and index]
    if len(ends) < 2:
        return blocks, []
    bounds = list(pairwise(ends))
    groups = [blocks[start + 1 : end + 1] for start, end in bounds if end > start + 1]
    own = [*blocks[: ends[0] + 1], *blocks[ends[-1] + 1 :]]
    return own, groups


def _orphan(name: str, group: list[Block]) -> Problem:
    first = next((block for block in group if block.kind != "url"), group[0])
    return problem("no-authors-line", name, first.first, text=first.text[:60])


def _introduction(name: str, blocks: list[Block]) -> tuple[list[Block], list[Problem]]:
    """Part the words before the first paper from groups that end in tags: papers without authors."""
    ends = [index for index, block in enumerate(blocks) if block.kind == "tags"]
    if not ends:
        return blocks, []
    starts = [0, *(end + 1 for end in ends[:-1])]
    lost = [_orphan(name, blocks[a : b + 1]) for a, b in zip(starts, ends, strict=False)]
    return blocks[ends[-1] + 1 :], lost


def _read_entry(blocks: list[Block]) -> Draft:
    draft = Draft()
    rest = take_links(draft, blocks)
    lines = _authors_lines(rest, 1)
    if lines:
        _take_title(draft, rest[0])
        _take_authors(draft, lines)
        body = rest[1 + len(lines) :]
    else:
        body = take_title_line(draft, rest)
    take_body(draft, body, plain_abstract=True)
    return draft


def _take_title(draft: Draft, block: Block) -> None:
    """Take a title line without the marks of Markdown, which a plain text does not know."""
    text = _MARKED.sub("", block.text, count=1) if block.kind == "paragraph" else block.text
    link = whole_link(text)
    draft.title = link.label if link else without_emphasis(text)
    draft.took("title", block, "title-line")
    if link:
        draft.add_link(link.url, "header", block, "title-line")


def _take_authors(draft: Draft, lines: list[Block]) -> None:
    text = _joined(lines)
    closed = bracketed(text)
    rule = "authors-line" if closed else "unclosed-authors"
    take_authors(draft, text[1:-1] if closed else text[1:], lines[0], rule)
    for line in lines[1:]:
        draft.took("authors", line, rule)


TEMPLATE = Template(
    file="{day:%Y-%m-%d}.txt",
    text="{day:%Y-%m-%d}\n\nhttps://arxiv.org/abs/\nTitle\n(Author, Author)\nAbstract.\nComment.\n#tag\n",
)
PROFILE = Profile(name="flat", recognises=recognises, read=read, beside_notes=True, template=TEMPLATE)
