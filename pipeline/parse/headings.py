"""The headings profile: a heading that is wholly one link starts a paper; authors stand below it.

A heading without a link starts one too if its authors stand right below it in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from msgspec import Struct, structs

from pipeline.model import Problem
from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import language_differs, take_body
from pipeline.parse._draft import Draft
from pipeline.parse._fields import tag_names, take_fields, take_italic_authors
from pipeline.parse._head import take_authors_line, take_heading
from pipeline.parse._inline import whole_link
from pipeline.parse._item import read_item
from pipeline.parse._profile import Profile, Reading, Template, page_title, passages, span, take_day
from pipeline.parse._sections import enclosing, is_standing, section_name, without_number
from pipeline.problems import problem

# What a heading is, found once and kept as its mark: authors in brackets stand below it, it is wholly a
# link, or it names a section that digests repeat.
_TITLE, _LINK, _STANDING = "title", "link", "standing"
_DEEPEST = 6
_A_LINK = re.compile(r"\]\([^()\s]+\)")


class _Part(Struct, frozen=True):
    """The blocks of one paper, or of a section without papers."""

    blocks: list[Block]
    sections: tuple[str, ...]
    """Names of the sections that a paper stands in, outermost first; none for a standing section."""
    standing: bool


def recognises(page: Page) -> bool:
    """Tell whether headings are wholly links; a single one among linked items is a standing section.

    Authors in brackets right below make any heading a title.
    """
    blocks = _marked(page.blocks)
    linked = [block for block in blocks if _starts_entry(block)]
    if any(block.mark == _TITLE for block in linked) or len(linked) > 1:
        return True
    return len(linked) == 1 and _linked_items_outside(blocks) < 2


def read(page: Page) -> Reading:
    """Read each paper from its heading to the next heading of its level or above."""
    day, raw, spans = take_day(page)
    blocks = _marked(raw)
    first = next((i for i, b in enumerate(blocks) if _starts_entry(b) or _is_standing(b)), len(blocks))
    opening = _opening(blocks)
    before = blocks[:first]
    outer = {block.first for block in enclosing(before) if block.level > 1}
    intro = [block for block in before if block.first not in outer]
    found = [*spans, *(span("heading", block, "section") for block in before if block.first in outer)]
    found += [span("introduction", block, "introduction") for block in intro]
    found += [span("heading", blocks[index], "section") for index in opening if index > first]
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for part in _parts(blocks, first, opening):
        if part.standing:
            found += [span("skipped", block, "standing-section") for block in part.blocks]
            problems.append(_standing(page.name, part.blocks[0]))
        else:
            draft, slips = _read_entry(part, page)
            drafts.append(draft)
            problems.extend(slips)
    return Reading(
        day=day,
        title=page_title(page, day),
        introduction=passages(intro),
        drafts=tuple(drafts),
        spans=tuple(found),
        problems=tuple(problems),
    )


def _marked(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, the headings marked with what they are."""
    marked: list[Block] = []
    for block, below in zip_longest(blocks, blocks[1:]):
        mark = _heading_mark(block, below) if block.kind == "heading" else ""
        marked.append(structs.replace(block, mark=mark) if mark else block)
    return marked


def _heading_mark(block: Block, below: Block | None) -> str:
    if below and below.kind == "bracket" and looks_like_authors(below.text[1:-1]):
        return _TITLE
    if is_standing(block.text):
        return _STANDING
    return _LINK if whole_link(without_number(block.text)) else ""


def _starts_entry(block: Block) -> bool:
    return block.kind == "heading" and block.mark in {_TITLE, _LINK}


def _is_standing(block: Block) -> bool:
    return block.kind == "heading" and block.mark == _STANDING


def _parts(blocks: list[Block], first: int, opening: frozenset[int]) -> list[_Part]:
    """Cut the blocks from the first paper's heading on into papers and standing sections.

    A heading that is no paper ends the paper above it if it stands at its level or above; what it
    opens is a section of papers if one follows below it, and else a standing section.
    """
    parts: list[_Part] = []
    above, index = enclosing(blocks[:first]), first
    while index < len(blocks):
        block = blocks[index]
        end = _end(blocks, index)
        above = [outer for outer in above if outer.level < block.level]
        if _starts_entry(block):
            parts.append(_Part(blocks[index:end], _section(above), standing=False))
        elif index not in opening:
            parts.append(_Part(blocks[index:end], (), standing=True))
        else:
            above.append(block)
            end = index + 1  # words between a section's heading and its first paper are reported
            while end < len(blocks) and blocks[end].kind != "heading":
                end += 1
        index = end
    return parts


def _end(blocks: list[Block], start: int) -> int:
    """Return where the part ends that a heading opens: at the next of its level or above, or a paper."""
    level = blocks[start].level
    for index in range(start + 1, len(blocks)):
        block = blocks[index]
        if _starts_entry(block) or (block.kind == "heading" and block.level <= level):
            return index
    return len(blocks)


def _opening(blocks: list[Block]) -> frozenset[int]:
    """Return the places of the headings that a paper stands below, before the next of their level or above.

    Read from the end: for each level it is known whether a paper comes before such a heading.
    """
    opening: set[int] = set()
    papers = [False] * (_DEEPEST + 1)
    for index in reversed(range(len(blocks))):
        block = blocks[index]
        if block.kind != "heading":
            continue
        starts = _starts_entry(block)
        if papers[block.level] and not starts and not _is_standing(block):
            opening.add(index)
        for level in range(_DEEPEST + 1):
            papers[level] = level < block.level and (starts or papers[level])
    return frozenset(opening)


def _section(above: list[Block]) -> tuple[str, ...]:
    """Return the nearest section that a paper stands in; a heading of level 1 is the digest's own."""
    name = section_name(above[-1].text) if above and above[-1].level > 1 else None
    return (name,) if name else ()


def _read_entry(part: _Part, page: Page) -> tuple[Draft, tuple[Problem, ...]]:
    draft = Draft()
    take_heading(draft, part.blocks[0])
    body = take_italic_authors(draft, take_authors_line(draft, part.blocks[1:]))
    body, slips = take_fields(draft, body, page.name)
    take_body(draft, body, plain_abstract=not draft.abstract and _has_plain_abstract(body))
    draft.add_tag_names(part.sections)
    draft.add_tag_names(tag_names(page.value("tags", "keywords", "categories") or ""))
    return draft, slips


def _has_plain_abstract(body: list[Block]) -> bool:
    """Without a quote, a Latin paragraph in front of a comment in another script is the abstract."""
    words = [block for block in body if block.kind in {"paragraph", "bracket", "quote"}]
    return (
        bool(words)
        and all(block.kind != "quote" for block in words)
        and not language_differs(words[0].text)
        and any(language_differs(block.text) for block in words)
    )


def _standing(name: str, block: Block) -> Problem:
    code = "unsure-heading" if not _is_standing(block) and _slipped(block.text) else "standing-section"
    return problem(code, name, block.first, text=block.text[:60])


def _slipped(text: str) -> bool:
    """Tell whether a heading was meant as a paper's: a slip in its link, or words behind it.

    `Job at [Example](address)` is the name of a section.
    """
    bare = without_number(text).lstrip("*_ ")
    return "://" in text and (bare.startswith("[") or not _A_LINK.search(bare))


def _linked_items_outside(blocks: list[Block]) -> int:
    """Count the linked items that stand below a heading that is no paper."""
    count, inside = 0, False
    for block in blocks:
        if block.kind == "heading":
            inside = _starts_entry(block)
        count += block.kind == "item" and not inside and read_item(block.text) is not None
    return count


TEMPLATE = Template(
    file="{day:%Y-%m-%d}.md",
    text="# {day:%Y-%m-%d}\n\n## [Title](https://arxiv.org/abs/)\n(Author, Author)\n\n"
    "> Abstract.\n\nComment.\n\n#tag\n",
)
PROFILE = Profile(name="headings", recognises=recognises, read=read, template=TEMPLATE)
