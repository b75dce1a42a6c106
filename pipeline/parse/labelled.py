"""The labelled profile: blocks of ``URL:``, ``Title:``, ``Abstract:`` lines, in any order of labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, structs

from pipeline.model import Problem
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import take_body
from pipeline.parse._draft import Draft
from pipeline.parse._fields import tag_names, take_fields
from pipeline.parse._inline import whole_link, without_emphasis
from pipeline.parse._item import read_item
from pipeline.parse._labels import Label, read_label
from pipeline.parse._profile import Profile, Reading, page_title, passages, span, take_day
from pipeline.parse._sections import banner, is_ruled, is_standing, section_name, without_number
from pipeline.parse._titles import opens_with_link
from pipeline.problems import problem

_QUOTED = re.compile(r"(?:《(.+)》|「(.+)」|『(.+)』)")
_PROSE = frozenset({"paragraph", "tags"})
_TITLE_REACH = 3
_OPENING = frozenset({"title", "paper"})


class _Part(Struct, frozen=True):
    """The lines of one paper."""

    blocks: list[Block]
    section: str | None
    """The banner or heading it stands below."""


def recognises(page: Page) -> bool:
    """Tell whether labels make up the page: at least two, and few lines and items beside them.

    A comment may quote a label or two, and an item may have labelled lines below it; what stands below
    the link of a note is its comment.
    """
    if opens_with_link(page.blocks):
        return False
    blocks = _content(list(page.blocks))
    starts = _starts(blocks)
    labels = sum(_label(block) is not None for block in blocks)
    others = sum(block.kind == "paragraph" and not _label(block) for block in blocks)
    items = sum(block.kind == "item" and not _label(block) and _is_linked(block) for block in blocks)
    return bool(starts) and labels >= max(2, len(starts)) and others <= 2 * labels and items <= len(starts)


def read(page: Page) -> Reading:
    """Read each block from the line that opens it to the line that opens the next."""
    day, raw, spans = take_day(page)
    blocks = _content(raw)
    starts = _starts(blocks)
    first = starts[0] if starts else len(blocks)
    before = [block for block in blocks[:first] if block.kind != "heading"]
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for part in _parts(blocks, starts):
        draft, doubts = _read_entry(page, part)
        drafts.append(draft)
        problems.extend(doubts)
    opened = {blocks[index].first for index in starts}
    sections = [block for block in blocks if block.kind == "heading" and block.first not in opened]
    return Reading(
        day=day,
        title=page_title(page, day),
        introduction=passages(before),
        drafts=tuple(drafts),
        spans=(
            *spans,
            *(span("heading", block, "section") for block in sections),
            *(span("skipped", block, "ruled-line") for block in raw if is_ruled(block.text)),
            *(span("introduction", block, "introduction") for block in before),
        ),
        problems=tuple(problems),
    )


def _content(raw: list[Block]) -> list[Block]:
    """Return the blocks without ruled lines; a banner, or a line between ruled lines, is a heading."""
    blocks: list[Block] = []
    for index, block in enumerate(raw):
        if block.kind in {"skipped", "rule"} or is_ruled(block.text):
            continue
        around = raw[max(index - 1, 0) : index + 2]
        boxed = len(around) == 3 and is_ruled(around[0].text) and is_ruled(around[2].text)
        name = banner(block.text) or (block.text if boxed else None)
        if name and block.kind in _PROSE and not _label(block):
            blocks.append(structs.replace(block, kind="heading", level=2, text=name))
        else:
            blocks.append(block)
    return blocks


def _starts(blocks: list[Block]) -> list[int]:
    """Return where papers begin: at their title lines, else at the labels that open their blocks."""
    labels = [_label(block) for block in blocks]
    if not any(label and label.field == "title" for label in labels):
        titles = _titles(blocks, labels)
        if titles:
            return titles
    runs = _runs(blocks, labels)
    if any(sum(labels[index] is not None for index in run) > 1 for run in runs):
        return [index for run in runs for index in _run_starts(run, labels)]
    fields = [label.field if label and label.field in _OPENING else None for label in labels]
    opener = next((field for field in fields if field), None)
    return [index for index, field in enumerate(fields) if field and field == opener]


def _titles(blocks: list[Block], labels: list[Label | None]) -> list[int]:
    """Return the headings and the lines in 《》 or wholly in bold that have a label near below them.

    A marked line right behind a title is the venue.
    """
    titles: list[int] = []
    for index, block in enumerate(blocks):
        venue = bool(titles) and titles[-1] == index - 1 and block.kind != "heading"
        if not venue and not labels[index] and _has_title_mark(block) and _label_below(blocks, labels, index):
            titles.append(index)
    return titles


def _label_below(blocks: list[Block], labels: list[Label | None], index: int) -> bool:
    below = range(index + 1, min(index + 1 + _TITLE_REACH, len(blocks)))
    near = next((i for i in below if labels[i] or blocks[i].kind == "heading"), None)
    return near is not None and labels[near] is not None


def _has_title_mark(block: Block) -> bool:
    if block.kind == "heading":
        return not is_standing(block.text)
    text = without_number(block.text)
    return block.kind == "paragraph" and bool(_QUOTED.fullmatch(text) or without_emphasis(text) != text)


def _runs(blocks: list[Block], labels: list[Label | None]) -> list[list[int]]:
    """Return the runs of blocks without a blank line that hold a label."""
    runs: list[list[int]] = []
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            continue
        if block.gap or not runs or index - 1 != runs[-1][-1]:
            runs.append([])
        runs[-1].append(index)
    return [run for run in runs if any(labels[index] for index in run)]


def _run_starts(run: list[int], labels: list[Label | None]) -> list[int]:
    """Return where papers begin in a run: with it, if it names one, and where its first label repeats."""
    fields = {index: label.field for index in run if (label := labels[index])}
    if not _OPENING & set(fields.values()):
        return []
    first = min(fields)
    opener = labels[first]
    return [first, *(index for index in fields if index != first and _repeats(opener, labels[index]))]


def _repeats(opener: Label | None, label: Label | None) -> bool:
    """Tell whether a label opens the next paper: the very label that opened the first."""
    return bool(opener and label and opener.field in _OPENING and label.name == opener.name)


def _parts(blocks: list[Block], starts: list[int]) -> Iterator[_Part]:
    """Cut the blocks into papers; a heading that opens none ends the paper above it."""
    section: str | None = None
    opened = set(starts)
    ends = [*starts[1:], len(blocks)]
    above = blocks[: starts[0]] if starts else []
    for start, end in zip(starts, ends, strict=False):
        for block in above:
            section = section_name(block.text) if block.kind == "heading" else section
        stop = next(
            (i for i in range(start + 1, end) if blocks[i].kind == "heading" and i not in opened), end
        )
        yield _Part(blocks[start:stop], section)
        above = blocks[stop:end]


def _read_entry(page: Page, part: _Part) -> tuple[Draft, tuple[Problem, ...]]:
    draft = Draft()
    body = part.blocks
    if _label(body[0]) is None:
        _take_title(draft, body[0])
        body = body[1:]
    body, slips = take_fields(draft, body, page.name, bare=True)
    take_body(draft, body, plain_abstract=False)
    draft.add_tag_names((part.section,) if part.section else ())
    draft.add_tag_names(tag_names(page.value("tags", "keywords") or ""))
    untitled = () if draft.title else (problem("no-title", page.name, part.blocks[0].first),)
    return draft, (*slips, *untitled)


def _take_title(draft: Draft, block: Block) -> None:
    bare = without_emphasis(without_number(block.text))
    link = whole_link(bare)
    quoted = _QUOTED.fullmatch(link.label if link else bare)
    draft.title = next(filter(None, quoted.groups())) if quoted else link.label if link else bare
    draft.took("title", block, "title-line")
    if link:
        draft.add_link(link.url, "header", block, "title-line")


def _label(block: Block) -> Label | None:
    if block.kind not in {"paragraph", "item", "bracket"} or "\n" in block.text:
        return None
    return read_label(block.text)


def _is_linked(block: Block) -> bool:
    return read_item(block.text) is not None


PROFILE = Profile(name="labelled", recognises=recognises, read=read)
