"""The head of an entry, the same in every profile: header links, title, authors, other titles."""

from __future__ import annotations

import re

from pipeline.parse._authors import looks_like_authors, read_authors, split_title
from pipeline.parse._blocks import Block, whole_url
from pipeline.parse._draft import Draft
from pipeline.parse._inline import whole_link, without_emphasis
from pipeline.parse._sections import without_number

_URL = r"(?:https?://[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)"
_URL_TEXT = re.compile(rf"({_URL})\s+(\S.*)")
_TITLE_URL = re.compile(rf"(.+?)\s*[(（]({_URL})[)）]")
_TEXT_URL = re.compile(rf"(?:[0-9]{{1,3}}\.\s+)?(\S.*?)\s+({_URL})")
_EMPHASISED = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.+)(?<=\S)\1(?=\s*[(（]|\s*$)")
# A sentence of commentary is no title, however it ends.
_SENTENCE_END = re.compile(r"(?:[다요죠음함임됨까네군]|[です]|ます|た)[.!?。]?\s*$|[。.!]$")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_LONGEST_TITLE = 400
_WRAPPED_LINES = 4


def take_links(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take the URL lines at the start as header links and return the blocks behind them."""
    rest = list(blocks)
    while rest and rest[0].kind == "url":
        block = rest.pop(0)
        draft.add_link(whole_url(block.text) or block.text, "header", block, "header-link")
    return rest


def take_title_line(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take ``*Title* (A, B)``, ``Title (A, B)`` or ``*Title*``, wrapped over a few lines or not.

    Return the blocks behind it; all of them where the first is no title.
    """
    if not blocks or blocks[0].kind not in {"paragraph", "tags"}:
        return blocks
    for count in range(1, _WRAPPED_LINES + 1):
        lines = blocks[:count]
        if len(lines) < count or any(line.gap or line.kind == "url" for line in lines[1:]):
            break
        text = " ".join(line.text for line in lines)
        found = read_title(text) if len(text) < 20_000 else None
        if found:
            _take(draft, lines, *found, rule="title-line" if count == 1 else "wrapped-title")
            return blocks[count:]
    return blocks


def take_other_titles(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take further ``Title (A, B)`` paragraphs: the later names of the same paper."""
    while blocks and draft.authors:
        found = read_title(blocks[0].text) if blocks[0].kind == "paragraph" else None
        if not found or not found[1]:
            break
        draft.took("alternative_titles", blocks[0], "renamed-paper")
        draft.alternative_titles.append(found[0])
        blocks = blocks[1:]
    return blocks


def read_title(text: str) -> tuple[str, str] | None:
    """Return title and authors of a title line; the authors are empty where the title stands alone.

    An emphasised title runs to the last closing mark before the bracket; an unmarked one needs a
    bracket of names that closes with the line.
    """
    marked = _EMPHASISED.match(text)
    rest = text[marked.end() :].strip() if marked else ""
    if marked and not rest:
        return marked[2].strip(), ""
    if marked and rest[0] in "(（" and rest[-1] in ")）":
        return marked[2].strip(), rest[1:-1].strip()
    if marked and rest[0] in "(（":
        return marked[2].strip(), rest[1:].strip()
    split = split_title(text)
    if not split or not split[0] or len(split[0]) > _LONGEST_TITLE:
        return None
    title, authors = split
    if not looks_like_authors(authors) or _is_prose(title):
        return None
    return without_emphasis(title), authors


def take_heading(draft: Draft, block: Block) -> None:
    """Take a heading or a line that is wholly a link: its text is the title, its target the paper."""
    link = whole_link(block.text) or whole_link(without_number(block.text))
    if link:
        draft.title = link.label
        draft.add_link(link.url, "header", block, "heading-link")
    else:
        draft.title = without_emphasis(block.text)
    draft.took("title", block, "heading-link" if link else "heading")


def take_authors_line(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take a line wholly in brackets right behind the title as the authors."""
    if not blocks or blocks[0].kind != "bracket":
        return blocks
    take_authors(draft, blocks[0].text[1:-1], blocks[0], "authors-line")
    return blocks[1:]


def take_authors(draft: Draft, text: str, block: Block, rule: str) -> None:
    """Take a text as the list of authors."""
    found = read_authors(text)
    draft.authors, draft.more_authors = found.authors, found.more
    draft.took("authors", block, rule)


def take_odd_header(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take the older headers of one line: ``URL words``, ``Title (URL)``, ``Name URL``."""
    if not blocks or blocks[0].kind != "paragraph" or draft.links:
        return blocks
    block = blocks[0]
    found = _URL_TEXT.fullmatch(block.text)
    if found:
        draft.add_link(found[1], "header", block, "link-and-text")
        title = read_title(found[2])
        if title:
            _take(draft, [block], *title, rule="link-and-text")
        else:
            draft.add_passage(found[2], block, "link-and-text")
        return blocks[1:]
    named = _TITLE_URL.fullmatch(block.text) or _TEXT_URL.fullmatch(block.text)
    if named and len(named[1]) <= _LONGEST_TITLE and not _is_prose(named[1]):
        draft.add_link(named[2], "header", block, "title-and-link")
        draft.title = without_emphasis(named[1])
        draft.took("title", block, "title-and-link")
        return blocks[1:]
    return blocks


def _take(draft: Draft, blocks: list[Block], title: str, authors: str, *, rule: str) -> None:
    draft.title = title
    for block in blocks:
        draft.took("title", block, rule)
    if authors:
        take_authors(draft, authors, blocks[-1], rule)


def _is_prose(text: str) -> bool:
    """A Korean or Japanese sentence, or one that ends like one, is commentary and no title."""
    return bool(_HANGUL.search(text) and _SENTENCE_END.search(text))
