"""The bullets profile: an item with a link is a paper; so is ``1、[T](U)`` with paragraphs below it."""

from __future__ import annotations

import re

from msgspec import Struct, structs

from pipeline.model import Problem, Span
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import take_body
from pipeline.parse._dates import find_date
from pipeline.parse._draft import Draft
from pipeline.parse._fields import tag_names, take_fields
from pipeline.parse._head import read_title
from pipeline.parse._inline import without_emphasis
from pipeline.parse._item import Item, read_item
from pipeline.parse._labels import read_label
from pipeline.parse._profile import Profile, Reading, page_title, passages, span, take_day
from pipeline.parse._sections import is_standing, section_name, standing_headings
from pipeline.problems import problem

# Plain text has no items, and CommonMark knows neither of the marks of Chinese digests.
_MARKED = re.compile(
    r"([-*+•]|[0-9０-９]{1,3}\s?[、．]|[0-9]{1,3}[.)](?=\s)|[(（][0-9０-９]{1,3}[)）])\s*(\S.*)"
)
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\s]{0,600}\)")
_LONGEST_GROUP = 60


class _Place(Struct, frozen=True):
    """Where an item stands: what is above it."""

    index: int
    block: Block
    item: Item | None
    """The paper it names."""
    section: Block | None
    """The nearest heading."""
    groups: tuple[Block, ...]
    """Items without a link that it is nested in, outermost first."""


def recognises(page: Page) -> bool:
    """Tell whether items with links make up the page: more of them than of paragraphs around them.

    A note that has a list in its commentary begins with its link or its title line.
    """
    blocks = _with_items(page.blocks)
    places = [place for place in _places(blocks) if place.item]
    content = [block for block in blocks if block.kind not in {"heading", "skipped", "rule"}]
    if not places or _begins_like_note(content):
        return False
    ends = _ends(blocks, places)
    inside = {index for place, end in zip(places, ends, strict=True) for index in range(place.index, end)}
    outside = sum(b.kind == "paragraph" for index, b in enumerate(blocks) if index not in inside)
    return outside <= len(places) or page.named is None


def read(page: Page) -> Reading:
    """Read each item that names a paper, with what is nested in it or written below its number."""
    day, raw, spans = take_day(page)
    spans += tuple(span("skipped", block, "image") for block in raw if _IMAGE.fullmatch(block.text))
    blocks = _with_items(raw)
    places = _places(blocks)
    papers = [place for place in places if place.item]
    first = papers[0].index if papers else len(blocks)
    before = [block for block in blocks[:first] if block.kind not in {"heading", "item"}]
    drafts: list[Draft] = []
    unsure: list[Span] = []
    problems: list[Problem] = list(_standing_sections(page.name, blocks))
    for place, end in zip(papers, _ends(blocks, papers), strict=True):
        if place.item and not place.item.sure:
            problems.append(problem("unsure-title", page.name, place.block.first, text=place.block.text[:60]))
            unsure += [span("skipped", block, "unsure-item") for block in blocks[place.index : end]]
            continue
        draft, slips = _read_entry(page, place, blocks[place.index : end])
        drafts.append(draft)
        problems.extend(slips)
    spans += _heading_spans(blocks, papers) + _standing_spans(blocks)
    lost, lost_spans = _without_link(page.name, places)
    return Reading(
        day=day,
        title=page_title(page, day),
        introduction=passages(before),
        drafts=tuple(drafts),
        spans=(
            *spans,
            *unsure,
            *lost_spans,
            *(span("introduction", block, "introduction") for block in before),
        ),
        problems=(*problems, *lost),
    )


def _with_items(blocks: tuple[Block, ...] | list[Block]) -> list[Block]:
    """Return the blocks, paragraphs that begin with the mark of an item turned into items."""
    items: list[Block] = []
    for block in blocks:
        found = _MARKED.fullmatch(block.text) if block.kind == "paragraph" else None
        if found and not block.text.startswith("**"):
            level = 2 if found[1][0] in "(（" else 1 + block.indent // 2
            block = structs.replace(block, kind="item", mark=found[1], text=found[2], level=level)  # noqa: PLW2901 - the same block, seen as an item
        if block.kind != "skipped" and not _IMAGE.fullmatch(block.text):
            items.append(block)
    return items


def _places(blocks: list[Block]) -> list[_Place]:
    """Return the items that are not part of a paper: papers, and items that name none."""
    places: list[_Place] = []
    section: Block | None = None
    groups: list[Block] = []
    paper: int | None = None
    standing, stands = standing_headings(blocks), False
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            section, groups, paper, stands = block, [], None, standing[index]
        if block.kind != "item" or stands:
            continue
        if paper is not None and block.level > paper:
            continue
        groups = [group for group in groups if group.level < block.level]
        item = read_item(block.text) or _named_alone(blocks, index)
        places.append(_Place(index, block, item, section, tuple(groups)))
        paper = block.level if item else None
        groups = groups if item else [*groups, block]
    return places


def _named_alone(blocks: list[Block], index: int) -> Item | None:
    """Return the paper of ``1、**T**`` where no items below it make it the name of a group."""
    block = blocks[index]
    title = without_emphasis(block.text)
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    if title == block.text or not _is_numbered(block) or read_label(block.text):
        return None
    if below and below.kind == "item" and below.level > block.level:
        return None
    return Item(title=title)


def _ends(blocks: list[Block], places: list[_Place]) -> list[int]:
    """Return where each paper ends: at the next item, a heading, or a paragraph that is not its own."""
    nexts = [*(place.index for place in places[1:]), len(blocks)]
    return [_end(blocks, place, limit) for place, limit in zip(places, nexts, strict=False)]


def _end(blocks: list[Block], place: _Place, limit: int) -> int:
    for index in range(place.index + 1, limit):
        block = blocks[index]
        own = block.indent > place.block.indent or not block.gap or _is_numbered(place.block)
        if block.kind in {"heading", "rule", "header", "row"} or not (own or block.kind == "item"):
            return index
        if block.kind == "item" and block.level <= place.block.level:
            return index
    return limit


def _is_numbered(block: Block) -> bool:
    return block.mark[:1].isdigit() or block.mark[:1] in {"(", "（"}


def _read_entry(page: Page, place: _Place, blocks: list[Block]) -> tuple[Draft, tuple[Problem, ...]]:
    draft = Draft()
    item, (first, *_) = place.item or Item(title=place.block.text), blocks
    text, *more = first.text.split("\n")
    if more:  # the lines below the first are the comment's
        item = read_item(text) or item
    draft.title = item.title
    draft.took("title", first, "item")
    if item.paper:
        draft.add_link(item.paper, "header", first, "item")
    for url in item.links:
        draft.add_link(url, "line", first, "item")
    if item.comment or more:
        draft.add_passage("\n".join(part for part in (item.comment, *more) if part), first, "item")
    body, slips = take_fields(draft, [_outdented(block, first.level) for block in blocks[1:]], page.name)
    take_body(draft, body, plain_abstract=False)
    draft.add_tag_names((*_sections(place), *item.tags))
    draft.add_tag_names(tag_names(page.value("tags", "keywords") or ""))
    return draft, slips


def _outdented(block: Block, level: int) -> Block:
    return structs.replace(block, level=max(block.level - level, 1)) if block.kind == "item" else block


def _sections(place: _Place) -> list[str]:
    """Return the nearest heading and the short names of the groups around an item."""
    heading = place.section if place.section and place.section.level > 1 else None
    names = [section_name(block.text) for block in (heading, *place.groups) if block]
    return [name for name in names if name and len(name) <= _LONGEST_GROUP]


def _heading_spans(blocks: list[Block], papers: list[_Place]) -> tuple[Span, ...]:
    """Claim the headings and groups that name where papers stand, and the headings around them."""
    groups = {group.first for place in papers for group in place.groups}
    return tuple(
        span("heading", block, "section")
        for block in blocks
        if block.kind == "heading" or (block.kind == "item" and block.first in groups)
    )


def _standing_spans(blocks: list[Block]) -> tuple[Span, ...]:
    spans: list[Span] = []
    standing, stands = standing_headings(blocks), False
    for index, block in enumerate(blocks):
        stands = standing.get(index, stands)
        if stands:
            spans.append(span("skipped", block, "standing-section"))
    return tuple(spans)


def _standing_sections(name: str, blocks: list[Block]) -> list[Problem]:
    """Name the sections of the skip list; none of their lines is published."""
    return [
        problem("standing-section", name, block.first, text=block.text[:60])
        for block in blocks
        if block.kind == "heading" and is_standing(block.text)
    ]


def _without_link(name: str, places: list[_Place]) -> tuple[list[Problem], list[Span]]:
    """Report the items that name no paper and are no group of items that do."""
    groups = {group.first for place in places if place.item for group in place.groups}
    lost = [place.block for place in places if not place.item and place.block.first not in groups]
    lost = [block for block in lost if not _is_date(block)]
    problems = [problem("no-link", name, block.first, text=block.text[:60]) for block in lost]
    return problems, [span("skipped", block, "no-link") for block in lost]


def _is_date(block: Block) -> bool:
    day = find_date(block.text) if len(block.text) <= 40 else None
    return day is not None and not day.rest


def _begins_like_note(content: list[Block]) -> bool:
    first = content[0]
    return first.kind == "url" or (first.kind == "paragraph" and read_title(first.text) is not None)


PROFILE = Profile(name="bullets", recognises=recognises, read=read)
