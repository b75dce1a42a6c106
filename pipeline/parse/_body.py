"""The body of an entry, the same in every profile: abstract, own lines of links, commentary, tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from pipeline.parse._blocks import Block, whole_url
from pipeline.parse._draft import Draft
from pipeline.parse._inline import only_wikilinks, without_wikilinks
from pipeline.parse._markers import is_marker, without_markers
from pipeline.parse._tags import read_tagged

_OTHER_SCRIPT = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
_LINKS_HEADING = re.compile(r"links?|backlinks?|related(?: notes)?", re.IGNORECASE)
_IMPORT_MARK = re.compile(r"\|\s?(?:arXiv:)?[0-9]{4}\.[0-9]{4,5}(?:v[0-9]{1,2})?", re.IGNORECASE)
# A word typed before the quote mark: right before it, or, where the text is too long for a
# comparison ("x > y"), with a blank. Arrows and elements ("->", "<b>") are no quote marks.
_STRAY_QUOTE = re.compile(r"[^\s<>=-]{1,15}(?:> ?(?=\S)| > ?(?=\S.{79}))([^>].*)", re.DOTALL)


def take_body(draft: Draft, blocks: list[Block], *, plain_abstract: bool) -> None:
    """Take all that follows the head of an entry.

    With ``plain_abstract`` the abstract has no mark: it is what comes first, as long as its script
    is Latin; the first line in the commentary's own script, or a URL line, ends it.
    """
    rest = _take_plain_abstract(draft, blocks) if plain_abstract else blocks
    head = len(draft.commentary) if draft.title else 0  # words behind the authors begin no comment
    for kind, run in groupby(rest, key=_kind):
        if kind == "item":
            for items in _lists(run):
                _take_list(draft, items)
            continue
        for block in run:
            commented = len(draft.commentary) > head
            if commented or plain_abstract or not _take_abstract(draft, block):
                _take_block(draft, block, commented=commented)


def language_differs(text: str) -> bool:
    """Tell whether a line has letters of a script other than Latin that a comment may be in."""
    found = len(_OTHER_SCRIPT.findall(text))
    return found * 60 >= len(text)


def is_links_heading(block: Block) -> bool:
    """Tell whether a block heads the wikilinks at the end of a note."""
    return block.kind == "heading" and _LINKS_HEADING.fullmatch(block.text) is not None


def _take_plain_abstract(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take the Latin paragraphs at the start; where no other script follows, the first alone."""
    end = 0
    while end < len(blocks) and blocks[end].kind in {"paragraph", "quote", "bracket"}:
        if language_differs(blocks[end].text):
            break
        end += 1
    if not any(language_differs(block.text) for block in blocks[end:]):
        end = min(end, 1)
    for block in blocks[:end]:
        draft.abstract.append(block.text)
        draft.took("abstract", block, "first-paragraph")
    return blocks[end:]


def _kind(block: Block) -> str:
    return "skipped" if _is_dropped(block) else block.kind


def _take_abstract(draft: Draft, block: Block) -> bool:
    """Take a quote, or the first paragraph where a stray word stands before its quote mark."""
    stray = _STRAY_QUOTE.fullmatch(block.text) if block.kind == "paragraph" else None
    if block.kind == "quote":
        draft.abstract.append(block.text)
        draft.took("abstract", block, "quote")
        return True
    if stray and draft.title and not draft.abstract and not _OTHER_SCRIPT.search(stray[1]):
        draft.abstract.append(stray[1])
        draft.took("abstract", block, "stray-quote")
        return True
    return False


def _take_block(draft: Draft, block: Block, *, commented: bool) -> None:
    if _is_dropped(block):
        draft.took("skipped", block, "no-content")
    elif block.kind == "url":
        url = whole_url(block.text) or block.text
        draft.add_link(url, "text" if commented else "line", block, "link-line")
    elif block.kind == "tags":
        draft.add_tags(block.text, block, "tags-line")
    else:
        marks = {"heading": "#" * block.level + " ", "quote": "> "}
        text = without_markers(without_wikilinks(block.text))
        _take_paragraph(draft, block, marks.get(block.kind, "") + text)


def _is_dropped(block: Block) -> bool:
    """Marks without words: rules, language markers, import marks, wikilinks and their heading."""
    text = block.text
    return (
        block.kind in {"rule", "skipped"}
        or only_wikilinks(text)
        or is_marker(text)
        or (text[0] == "|" and bool(_IMPORT_MARK.fullmatch(text)))
        or is_links_heading(block)
    )


def _lists(run: Iterable[Block]) -> list[list[Block]]:
    """Part a run of items where a blank line and another kind of mark begin another list."""
    lists: list[list[Block]] = []
    ordered = False
    for block in run:
        numbered = (block.mark or "-")[0].isdigit()
        if not lists or (block.gap and block.level == 1 and numbered != ordered):
            lists.append([])
        lists[-1].append(block)
        ordered = numbered if block.level == 1 else ordered
    return lists


def _take_list(draft: Draft, items: list[Block]) -> None:
    """Take a run of items as one passage; hashtags behind the last are tags."""
    lines = [_item_line(block) for block in items]
    found = read_tagged(lines[-1])
    if found:
        draft.add_tags(found.tags, items[-1], "stray-letter" if found.stray else "tags-in-text")
        lines[-1] = found.text
    draft.add_passage("\n".join(lines), items, "list")


def _item_line(block: Block) -> str:
    return "  " * (block.level - 1) + f"{block.mark or '-'} {without_wikilinks(block.text)}"


def _take_paragraph(draft: Draft, block: Block, text: str) -> None:
    """Take a paragraph; hashtags at its end are tags, a remark in brackets behind them stays."""
    found = read_tagged(text)
    if found:
        draft.add_tags(found.tags, block, "stray-letter" if found.stray else "tags-in-text")
        text = found.text
    if text:
        draft.add_passage(text, block, "paragraph")
