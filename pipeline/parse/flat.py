"""The flat profile: a date line, then title, authors in brackets, abstract, links, comment, tags.

No marks and no blank lines are needed. An authors line is a line wholly in brackets right behind a
title candidate; tags end the entry, or else the next pair of title and authors does.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.model import Problem
from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import language_differs, take_body
from pipeline.parse._dates import find_date
from pipeline.parse._draft import Draft
from pipeline.parse._head import read_title, take_authors, take_links
from pipeline.parse._inline import inline_links
from pipeline.parse._profile import Profile, Reading, Template, passages, span, take_day
from pipeline.parse._titles import is_prose
from pipeline.problems import problem

_LONGEST_TITLE = 400


def recognises(page: Page) -> bool:
    """Tell whether any line is a title candidate with an authors line right below it.

    A row of a table or a heading that is a link ends the search: what stands below it belongs to a
    paper of another grammar. A plain date above lines of tags is meant as such a day too, however its
    entries came out.
    """
    blocks = page.blocks
    limit = next((index for index, block in enumerate(blocks) if _is_foreign(block)), len(blocks))
    if any(_starts_entry(blocks, index) for index in range(limit)):
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
    for start, end in zip(starts, ends, strict=False):
        own, orphans = _split_orphans(blocks[start:end])
        drafts.append(_read_entry(own))
        problems.extend(_orphan(page.name, group) for group in orphans)
        spans += tuple(span("skipped", block, "orphan") for group in orphans for block in group)
        problems.extend(_unclosed(page.name, own))
    return Reading(
        day=day,
        title=day.rest or None if day else None,
        introduction=passages(intro),
        drafts=tuple(drafts),
        spans=spans + tuple(span("introduction", block, "introduction") for block in before),
        problems=tuple(problems),
    )


def _is_foreign(block: Block) -> bool:
    return block.kind == "row" or (block.kind == "heading" and bool(inline_links(block.text)))


def _titles(blocks: list[Block]) -> list[int]:
    """Return the title lines; the authors line of one is not the title of the next."""
    titles: list[int] = []
    for index in range(len(blocks)):
        if (not titles or index > titles[-1] + 1) and _starts_entry(blocks, index):
            titles.append(index)
    return titles


def _starts_entry(blocks: tuple[Block, ...] | list[Block], index: int) -> bool:
    """A line is a title if the next is in brackets and reads like names, and it is no comment."""
    title = blocks[index]
    if title.kind not in {"paragraph", "tags"} or len(title.text) > _LONGEST_TITLE:
        return False
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    if below is None or below.gap:
        return False
    if below.kind == "bracket":
        return looks_like_authors(below.text[1:-1]) and _may_start(blocks, index)
    unclosed = below.kind == "paragraph" and below.text[0] in "(（" and not set(below.text) & set(")）")
    return unclosed and looks_like_authors(below.text[1:]) and _may_start(blocks, index)


def _may_start(blocks: tuple[Block, ...] | list[Block], index: int) -> bool:
    """A title stands first, behind tags, a blank line or its link; else it must not be a comment."""
    before = blocks[index - 1] if index else None
    if is_prose(blocks[index].text):
        return False
    if before is None or blocks[index].gap or before.kind in {"tags", "heading", "rule"}:
        return True
    return not language_differs(blocks[index].text) and not read_title(before.text)


def _with_links(blocks: list[Block], index: int) -> int:
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
    title, authors, *body = take_links(draft, blocks)
    draft.title = title.text
    draft.took("title", title, "title-line")
    inside = authors.text[1:-1] if authors.kind == "bracket" else authors.text[1:]
    take_authors(draft, inside, authors, "authors-line")
    take_body(draft, body, plain_abstract=True)
    return draft


def _unclosed(name: str, blocks: list[Block]) -> list[Problem]:
    lines = [block for block in blocks if block.kind != "url"]
    if lines[1].kind == "bracket":
        return []
    return [problem("unclosed-authors", name, lines[1].first)]


TEMPLATE = Template(
    file="{day:%Y-%m-%d}.txt",
    text="{day:%Y-%m-%d}\n\nhttps://arxiv.org/abs/\nTitle\n(Author, Author)\nAbstract.\nComment.\n#tag\n",
)
PROFILE = Profile(name="flat", recognises=recognises, read=read, template=TEMPLATE)
