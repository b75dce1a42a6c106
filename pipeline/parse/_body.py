"""The body of an entry, the same in every profile: abstract, own lines of links, commentary, tags."""

from __future__ import annotations

import re

from pipeline.parse._blocks import Block, whole_url
from pipeline.parse._draft import Draft
from pipeline.parse._inline import only_wikilinks, without_wikilinks

_OTHER_SCRIPT = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
# <english>, </english> and their misspellings; they say nothing that the script does not.
_MARKER = re.compile(r"\s*</?\s*en[a-z]{2,8}\s*>\s*", re.IGNORECASE)
_LINKS_HEADING = re.compile(r"links?|backlinks?|related(?: notes)?", re.IGNORECASE)
_IMPORT_MARK = re.compile(r"\|\s*(?:arXiv:)?[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?", re.IGNORECASE)
_END_TAGS = re.compile(r"(?:^|\s)(#[^\s#]+(?:\s+#[^\s#]+)*)(?:\s+[A-Za-z]|\s*([(（][^()（）]*[)）]))?$")


def take_body(draft: Draft, blocks: list[Block], *, plain_abstract: bool) -> None:
    """Take all that follows the head of an entry.

    With ``plain_abstract`` the abstract has no mark: it is what comes first, as long as its script
    is Latin; the first line in the commentary's own script, or a URL line, ends it.
    """
    rest = _take_plain_abstract(draft, blocks) if plain_abstract else blocks
    commented = False
    for block in rest:
        quoted = block.kind == "quote" and not commented and not plain_abstract
        if quoted:
            draft.abstract.append(block.text)
            draft.took("abstract", block, "quote")
        else:
            _take_block(draft, block, commented=commented)
            commented = commented or bool(draft.commentary)


def language_differs(text: str) -> bool:
    """Tell whether a line has letters of a script other than Latin that a comment may be in."""
    found = len(_OTHER_SCRIPT.findall(text))
    return found * 60 >= len(text)


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


def _take_block(draft: Draft, block: Block, *, commented: bool) -> None:
    text = without_wikilinks(block.text)
    if _is_dropped(block):
        draft.took("skipped", block, "no-content")
    elif block.kind == "url":
        url = whole_url(block.text) or block.text
        draft.add_link(url, "text" if commented else "line", block, "link-line")
    elif block.kind == "tags":
        draft.add_tags(block.text, block, "tags-line")
    elif block.kind == "item":
        _take_item(draft, block, text)
    else:
        marks = {"heading": "#" * block.level + " ", "quote": "> "}
        _take_paragraph(draft, block, marks.get(block.kind, "") + _MARKER.sub("", text))


def _is_dropped(block: Block) -> bool:
    """Marks without words: rules, language markers, import marks, wikilinks and their heading."""
    return (
        block.kind in {"rule", "skipped"}
        or only_wikilinks(block.text)
        or bool(_MARKER.fullmatch(block.text) or _IMPORT_MARK.fullmatch(block.text))
        or (block.kind == "heading" and bool(_LINKS_HEADING.fullmatch(block.text)))
    )


def _take_item(draft: Draft, block: Block, text: str) -> None:
    line = "  " * (block.level - 1) + f"{block.mark or '-'} {text}"
    previous = draft.commentary[-1] if draft.commentary else None
    if previous and previous.last == block.first - 1 and previous.text.lstrip()[:1] in "-*+•0123456789":
        draft.extend_passage(line, block, "list")
    else:
        draft.add_passage(line, block, "list")


def _take_paragraph(draft: Draft, block: Block, text: str) -> None:
    """Take a paragraph; hashtags at its end are tags, a remark in brackets behind them stays."""
    found = _END_TAGS.search(text) if "#" in text else None
    if found and not found[1].lstrip("#").isdigit():
        draft.add_tags(found[1], block, "tags-in-text")
        text = " ".join(part for part in (text[: found.start()].rstrip(), found[2]) if part)
    if text:
        draft.add_passage(text, block, "paragraph")
