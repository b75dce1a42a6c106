"""The head of an entry, the same in every profile: header links, title, authors, other titles."""

from __future__ import annotations

from pipeline.parse._addresses import AddressLine, mended_address, read_address_line
from pipeline.parse._authors import looks_like_authors, read_authors
from pipeline.parse._blocks import Block, whole_url
from pipeline.parse._draft import Draft
from pipeline.parse._inline import whole_link, without_emphasis
from pipeline.parse._titles import (
    LONGEST_RUN,
    TitleLine,
    is_bare_title,
    is_foreign,
    read_title,
    read_title_line,
    read_wrapped,
)

__all__ = ["read_title"]
from pipeline.parse._sections import without_number

_LONGEST_TITLE = 400


def take_links(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take the URL lines at the start as header links and return the blocks behind them."""
    end = 0
    for block in blocks:
        url = header_url(block)
        if url is None:
            break
        draft.add_link(url, "header", block, "header-link")
        end += 1
    return blocks[end:]


def header_url(block: Block) -> str | None:
    """Return the address of a line that is one, a letter glued before it or its scheme missing."""
    if block.kind == "url":
        return whole_url(block.text) or block.text
    return mended_address(block.text) if block.kind == "paragraph" else None


def take_title_line(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take ``*Title* (A, B)``, ``Title (A, B)`` or ``*Title*``, wrapped over lines or not.

    Return the blocks behind it; all of them where the first is no title.
    """
    if not blocks or blocks[0].kind not in {"paragraph", "tags", "heading"}:
        return blocks
    found = read_wrapped(blocks)
    if not found:
        return blocks
    lines, line = found
    rule = "wrapped-title" if len(lines) > 1 else "title-line"
    _take(draft, lines, line, rule=rule if line.closed else "unclosed-authors")
    return blocks[len(lines) :]


def take_bare_title(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take a short Latin line without authors below a header link as the title."""
    if draft.title or not blocks or not is_bare_title(blocks[0], blocks[1] if blocks[1:] else None):
        return blocks
    draft.title = without_emphasis(blocks[0].text)
    draft.took("title", blocks[0], "bare-title")
    return blocks[1:]


def take_other_titles(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take further ``Title (A, B)`` paragraphs by one of the authors: the paper's later names."""
    names = {_folded(author.name) for author in draft.authors}
    index = 0
    while index < len(blocks) and names and blocks[index].kind == "paragraph":
        found = read_wrapped(blocks[index : index + LONGEST_RUN])
        if not found or not found[1].authors:
            break
        lines, line = found
        if names.isdisjoint(_folded(author.name) for author in read_authors(line.authors).authors):
            break
        for block in lines:
            draft.took("alternative_titles", block, "renamed-paper")
        draft.alternative_titles.append(line.title)
        index += len(lines)
    return blocks[index:]


def _folded(name: str) -> frozenset[str]:
    """Return the words of a name: one list may print family names first."""
    return frozenset(name.casefold().split())


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
    """Take a line wholly in brackets right behind the title as the authors.

    Behind a blank line it must read like names: a remark may stand in brackets too.
    """
    if not blocks or blocks[0].kind != "bracket":
        return blocks
    inside = blocks[0].text[1:-1]
    if not looks_like_authors(inside) and (blocks[0].gap or is_foreign(inside)):
        return blocks
    take_authors(draft, inside, blocks[0], "authors-line")
    return blocks[1:]


def take_authors(draft: Draft, text: str, block: Block, rule: str) -> None:
    """Take a text as the list of authors."""
    found = read_authors(text)
    draft.authors, draft.more_authors = found.authors, found.more
    draft.took("authors", block, rule)


def take_odd_header(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take the older headers of one line: ``URL words``, ``Title (URL)``, ``Title URL``."""
    if not blocks or blocks[0].kind != "paragraph" or draft.links:
        return blocks
    line = read_address_line(blocks[0].text)
    if line is None or not is_header(line):
        return blocks
    take_address_line(draft, blocks[0], line)
    return blocks[1:]


def is_header(line: AddressLine) -> bool:
    """Tell whether words before an address can be the title of what it leads to."""
    return not line.before or (len(line.before) <= _LONGEST_TITLE and not is_foreign(line.before))


def take_address_line(draft: Draft, block: Block, line: AddressLine) -> None:
    """Take a line of addresses and words: words before are the title, words behind title or comment."""
    rule = "title-and-link" if line.before else "link-and-text"
    for url in line.urls:
        draft.add_link(url, "header", block, rule)
    if line.before:
        draft.title = without_emphasis(line.before)
        draft.took("title", block, rule)
    elif line.after:
        found = None if draft.title else read_title_line(line.after)
        if found and found.closed:
            _take(draft, [block], found, rule=rule)
        else:
            draft.add_passage(line.after, block, rule)


def _take(draft: Draft, blocks: list[Block], line: TitleLine, *, rule: str) -> None:
    link = whole_link(line.title)
    draft.title = link.label if link else line.title
    if link:
        draft.add_link(link.url, "header", blocks[0], "heading-link")
    for block in blocks:
        draft.took("title", block, rule)
    if line.authors:
        take_authors(draft, line.authors, blocks[-1], rule)
    if line.rest:
        draft.add_passage(line.rest, blocks[-1], "behind-authors")
