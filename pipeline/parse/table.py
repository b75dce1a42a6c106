"""The table profile: a row is a paper; the header names say what its cells hold."""

from __future__ import annotations

import re
from itertools import groupby

from msgspec import Struct

from pipeline.model import Problem
from pipeline.parse._blocks import Block, Page
from pipeline.parse._date_column import is_date_header
from pipeline.parse._dates import Day, find_date
from pipeline.parse._draft import Draft
from pipeline.parse._fields import says_more, tag_names, take_addresses, unlinked
from pipeline.parse._head import take_authors
from pipeline.parse._inline import inline_links, whole_link, without_emphasis
from pipeline.parse._item import read_item, read_title_cell
from pipeline.parse._labels import Field, column_field
from pipeline.parse._profile import Profile, Reading, page_title, passages, span, take_day
from pipeline.parse._sections import section_name, without_number
from pipeline.parse._titles import opens_with_link
from pipeline.problems import problem

_NOTHING = frozenset({"", "-", "–", "—", "null", "none", "n/a", "na", "nan", "无", "없음"})
_TITLE_HEADERS = frozenset("name article work paper papers 论文 文章 논문 論文".split())
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
_BULLET = re.compile(r"(?:[●•▪◦‣·*-]|[*-])\s*")
_LONGEST_BARE_TITLE = 160


class _Cell(Struct, frozen=True):
    """One cell and what its column holds."""

    header: str
    text: str
    field: Field | None


def recognises(page: Page) -> bool:
    """Tell whether rows with a column of titles outnumber the headings that are links.

    Below the link of a note they are part of its comment.
    """
    if opens_with_link(page.blocks):
        return False
    rows = sum(_title_column(block) is not None for block in page.blocks if block.kind == "row")
    return rows > sum(block.kind == "heading" and _is_linked(block) for block in page.blocks)


def read(page: Page) -> Reading:
    """Read each row of a table with titles as a paper."""
    day, blocks, spans = take_day(page)
    rows = [index for index, block in enumerate(blocks) if _is_paper(block)]
    above = blocks[: rows[0]] if rows else blocks
    before = [block for block in above if block.kind not in {"heading", "header"}]
    mixed = {_table(blocks[index]) for index in rows if _is_mixed(blocks[index])}
    found = [*spans, *(span("introduction", block, "introduction") for block in before)]
    drafts: list[Draft] = []
    problems: list[Problem] = []
    section: Block | None = None
    for block in blocks:
        if block.kind == "heading":
            section = block
            found.append(span("heading", block, "section"))
        elif block.kind == "header":
            found.append(span("heading", block, "table-header"))
        elif _is_paper(block):
            draft, doubts = _read_row(page.name, block, section, day, mixed=_table(block) in mixed)
            drafts.extend(draft)
            problems.extend(doubts)
            found += [span("skipped", block, "unclear-row")] if doubts else []
    return Reading(
        day=day,
        title=page_title(page, day),
        introduction=passages(before),
        drafts=tuple(drafts),
        spans=tuple(found),
        problems=tuple(problems),
    )


def _read_row(
    name: str, block: Block, section: Block | None, day: Day | None, *, mixed: bool
) -> tuple[tuple[Draft, ...], tuple[Problem, ...]]:
    """Return the paper of a row, or the problem that keeps it from being one."""
    found = _width(block.text)
    if found != len(block.cells):
        wanted, text = len(block.cells), block.text[:60]
        return (), (problem("split-row", name, block.first, found=found, wanted=wanted, text=text),)
    draft = Draft()
    if not _take_title(draft, block, mixed=mixed):
        return (), (problem("unsplit-cell", name, block.first, text=block.text[:60]),)
    _take_cells(draft, block, day)
    tag = section_name(section.text) if section and section.level > 1 else None
    draft.add_tag_names((tag,) if tag else ())
    return (draft,), ()


def _take_cells(draft: Draft, block: Block, day: Day | None) -> None:
    """Take all cells but that of the title; one that says nothing (``null``, ``-``) is empty."""
    column = _title_column(block)
    for index, cell in enumerate(_cells(block)):
        if index == column or cell.text.strip("* ").casefold() in _NOTHING:
            continue
        if is_date_header(cell.header) and day and find_date(cell.text) == day:
            draft.took("heading", block, "date-cell")
        else:
            _take_cell(draft, block, cell)


def _take_title(draft: Draft, block: Block, *, mixed: bool) -> bool:
    """Take title and comment of the title cell; False where nothing parts the one from the other."""
    first, *lines = _lines(block.cells[_title_column(block) or 0][1])
    head = without_number(first)
    bare = without_emphasis(head)
    item = read_item(head) if inline_links(head) else None
    parted = None if item or bare != head else read_title_cell(head)
    if not (item or parted or bare != head) and (mixed or _reads_on(head)):
        return False
    title, comment = (item.title, item.comment) if item else parted or (bare, "")
    draft.title = title
    draft.took("title", block, "title-cell")
    if item and item.paper:
        draft.add_link(item.paper, "header", block, "title-cell")
        for url in item.links:
            draft.add_link(url, "line", block, "title-cell")
    _take_words(draft, block, [comment, *lines])
    return True


def _take_cell(draft: Draft, block: Block, cell: _Cell) -> None:
    """Take a cell by the name of its column; one whose column says nothing known is commentary."""
    match cell.field:
        case "authors":
            take_authors(draft, without_emphasis(unlinked(cell.text)), block, "authors-cell")
        case "abstract":
            draft.add_abstract(" ".join(_lines(cell.text)), block, "abstract-cell")
        case "comment":
            _take_words(draft, block, _lines(cell.text))
        case "paper" | "link" | "title" if take_addresses(
            draft, cell.text, block, paper=cell.field != "link", rule="link-cell"
        ):
            if says_more(cell.text):
                draft.add_passage(f"{cell.header}: {cell.text}", block, "cell")
        case "tags":
            draft.took("tags", block, "tags-cell")
            draft.add_tag_names(tag_names(cell.text))
        case _ if cell.field is None and whole_link(cell.text):
            take_addresses(draft, cell.text, block, paper=False, rule="link-cell")
        case _:
            draft.add_passage(f"{cell.header}: {cell.text}".lstrip(": "), block, "cell")


def _take_words(draft: Draft, block: Block, lines: list[str]) -> None:
    """Take the lines of a cell: bulleted ones are one list, any other is a paragraph."""
    for listed, run in groupby((line.strip() for line in lines if line.strip()), key=_is_listed):
        words = list(run)
        if listed:
            words = ["\n".join(f"- {_BULLET.sub('', line, count=1).strip()}" for line in words)]
        for text in words:
            draft.add_passage(text, block, "title-cell")


def _is_listed(line: str) -> bool:
    return not line.startswith("**") and _BULLET.match(line) is not None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in _BREAK.split(text)]


def _cells(block: Block) -> list[_Cell]:
    return [_Cell(header.strip("*_ "), text, column_field(header)) for header, text in block.cells]


def _title_column(block: Block) -> int | None:
    """Return the column of titles: the one that says so, else the one of papers or names."""
    headers = [header.strip("*_ ").casefold() for header, _ in block.cells]
    named = (i for i, header in enumerate(headers) if column_field(header) == "title")
    papers = (i for i, header in enumerate(headers) if header in _TITLE_HEADERS)
    return next(named, next(papers, None))


def _is_paper(block: Block) -> bool:
    return block.kind == "row" and _title_column(block) is not None


def _is_mixed(block: Block) -> bool:
    """Tell whether the title cell of a row holds a comment as well."""
    text = without_number(block.cells[_title_column(block) or 0][1])
    return not inline_links(text) and read_title_cell(text) not in {None, (without_emphasis(text), "")}


def _table(block: Block) -> tuple[str, ...]:
    return tuple(header for header, _ in block.cells)


def _reads_on(text: str) -> bool:
    """Tell whether words are too many, or too much like sentences, for a title alone."""
    return len(text) > _LONGEST_BARE_TITLE or bool(re.search(r"[a-z]\.\s+[A-Z]", text))


def _width(text: str) -> int:
    """Count the cells of a row as typed."""
    return len(_BAR.split(text.strip().removeprefix("|").removesuffix("|")))


def _is_linked(block: Block) -> bool:
    return whole_link(without_number(block.text)) is not None


PROFILE = Profile(name="table", recognises=recognises, read=read)
