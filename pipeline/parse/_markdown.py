"""The front end of Markdown: markdown-it finds the blocks, the words stay as the author typed them.

Only block structure is asked of markdown-it (CommonMark 0.31 with tables). Its inline pass would take
``*`` and ``_`` of titles for emphasis and eat backslashes of TeX, so inline text is left raw. Four
block rules are off, because digests use their marks for other things: indented code (wrapped titles
are indented), setext headings (a rule below a paragraph), HTML blocks (``<english>`` would
swallow the paragraph behind it) and link definitions (``[1]: https://...`` would vanish).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from msgspec import structs

from pipeline.model import Source
from pipeline.parse._blocks import Block, Kind, Page, line_kind
from pipeline.parse._lines import Line, read_lines
from pipeline.parse._markers import is_marker
from pipeline.parse._meta import read_meta
from pipeline.parse._references import resolve_references

SUFFIXES = (".md", ".markdown", ".mdown")

Cells = tuple[tuple[str, str], ...]

_HANGUL = re.compile("[\uac00-\ud7a3]")
_MARGIN = re.compile(r">\s{0,4}")
_CLOSING_MARKS = re.compile(r"(?:^|(?<=\s))#{1,6}$")
_BULLET = re.compile(r"([-*+•]|[0-9]{1,4}[.)])(?:\s+|$)")


def read_markdown(source: Source) -> Page:
    """Return the blocks of a Markdown text; each line of a paragraph is a block of its own, code is one."""
    lines, problems = read_lines(source.text, source.name)
    meta, start = read_meta(lines)
    body = resolve_references(_without_comments(lines, start))
    parser = MarkdownIt("commonmark", {"maxNesting": 12}).enable("table")
    parser.disable(["code", "lheading", "html_block", "reference", "inline"])
    tree = SyntaxTreeNode(parser.parse("\n".join(" " * line.indent + line.text for line in body)))
    blocks = (block for node in tree.children for block in _node_blocks(node, body))
    return Page(
        name=source.name,
        blocks=tuple(_with_gaps(_complete(blocks, body), body)),
        meta=meta,
        problems=problems,
    )


def _without_comments(lines: tuple[Line, ...], start: int) -> list[Line]:
    """Return all lines, those of the front matter and of HTML comments emptied, numbers kept."""
    body = [Line(line.number, "", 0) if line.number <= start else line for line in lines]
    if not any("<!--" in line.text for line in body):
        return body
    text = _strip_comments("\n".join(line.text for line in body))
    return [
        Line(line.number, kept.strip(), line.indent)
        for line, kept in zip(body, text.split("\n"), strict=True)
    ]


def _strip_comments(text: str) -> str:
    """Remove comments and keep their line ends; one that is never closed is none."""
    parts: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end + 3
    return "".join((*parts, text[position:]))


def _complete(blocks: Iterable[Block], lines: list[Line]) -> Iterator[Block]:
    """Add each line that the tree forgot, so that no line is lost before a profile has seen it."""
    following = 0
    for block in blocks:
        start = block.first - lines[0].number
        yield from _line_blocks(lines[following:start])
        following = max(following, block.last - lines[0].number + 1)
        yield block
    yield from _line_blocks(lines[following:])


def _node_blocks(node: SyntaxTreeNode, lines: list[Line], depth: int = 0) -> Iterator[Block]:
    """Give the blocks of one node of the tree; a paragraph gives one a line, a fence one with its blanks."""
    first, last = node.map or (0, 0)
    match node.type:
        case "heading":
            text = _CLOSING_MARKS.sub("", lines[first].text.lstrip("#").strip()).strip()
            kind: Kind = "heading" if text else "rule"
            yield _block(kind, text or "#", lines[first : first + 1], level=int(node.tag[1:]))
        case "blockquote":
            yield from _quote_blocks(lines[first:last])
        case "bullet_list" | "ordered_list":
            for item in node.children:
                yield from _item_blocks(item, lines, depth + 1)
        case "table":
            yield from _row_blocks(node, lines)
        case "fence" if _is_closed(lines[first:last]):
            code = "\n".join(" " * line.indent + line.text for line in lines[first:last])
            yield _block("paragraph", code.strip(), lines[first:last])
        case "hr":
            yield _block("rule", lines[first].text, lines[first : first + 1])
        case _:
            yield from _line_blocks(lines[first:last])


def _is_closed(fence: list[Line]) -> bool:
    """Tell whether a fence ends before the text does: one that does not may have other papers below it."""
    return len(fence) > 1 and fence[-1].text[:3] in {"```", "~~~"}


def _line_blocks(lines: list[Line]) -> Iterator[Block]:
    for line in lines:
        if line.text:
            yield _block(line_kind(line.text), line.text, [line])


def _quote_blocks(lines: list[Line]) -> Iterator[Block]:
    """Join a quote to one block; a line without ``>`` belongs to it unless it looks like another part."""
    foreign = bool(_HANGUL.search(lines[0].text))
    leaving = (i for i, line in enumerate(lines) if i and _leaves_quote(line, foreign=foreign))
    end = next(leaving, len(lines))
    paragraphs: list[list[str]] = [[]]
    for line in lines[:end]:
        text = _unquoted(line.text)
        if text:
            paragraphs[-1].append(text)
        elif paragraphs[-1]:
            paragraphs.append([])
    text = "\n\n".join(" ".join(parts) for parts in paragraphs if parts)
    kept = [line for line in lines[:end] if line.text]
    if kept:
        yield _block("quote" if text else "skipped", text or kept[0].text, kept)
    yield from _line_blocks(lines[end:])


def _unquoted(text: str) -> str:
    """Return a line without its quote mark; a nested mark that nothing follows is empty, too."""
    text = _MARGIN.sub("", text, count=1) if text[:1] == ">" else text
    return text if text.strip("> ") else ""


def _leaves_quote(line: Line, *, foreign: bool) -> bool:
    if not line.text or line.text[0] == ">":
        return False
    marked = line_kind(line.text) in {"tags", "url"} or is_marker(line.text)
    return marked or bool(_HANGUL.search(line.text) and not foreign)


def _item_blocks(item: SyntaxTreeNode, lines: list[Line], depth: int) -> Iterator[Block]:
    """Give an item as one block with its indented lines; what follows unindented stands alone."""
    first, last = item.map or (0, 0)
    found = _BULLET.match(lines[first].text)
    mark = found[1] if found else "-"
    head = item.children[0] if item.children else None
    if head is None or head.type != "paragraph" or not head.map or found is None:
        yield from _line_blocks(lines[first:last])
        return
    own = lines[head.map[0] : head.map[1]]
    end = next(
        (i for i, line in enumerate(own) if i and (not line.indent or line_kind(line.text) == "tags")),
        len(own),
    )
    text = "\n".join((own[0].text[found.end() :], *(line.text for line in own[1:end])))
    yield _block("item", text, own[:end], level=depth, mark=mark)
    yield from _line_blocks(own[end:])
    for child in item.children[1:]:
        yield from _node_blocks(child, lines, depth)


def _row_blocks(table: SyntaxTreeNode, lines: list[Line]) -> Iterator[Block]:
    """Give a row as one block, each cell with the header above it; the header row is a block, too."""
    header: tuple[str, ...] = ()
    for row in (node for node in table.walk() if node.type == "tr"):
        first, last = row.map or (0, 1)
        cells = tuple(cell.children[0].content.strip() if cell.children else "" for cell in row.children)
        if not header:
            header = cells
            yield _block("header", lines[first].text, lines[first : first + 2])
            continue
        pairs = tuple(zip((*header, *[""] * len(cells)), cells, strict=False))
        yield _block("row", lines[first].text, lines[first:last], cells=pairs)


def _block(
    kind: Kind, text: str, lines: list[Line], *, level: int = 0, mark: str = "", cells: Cells = ()
) -> Block:
    return Block(
        kind=kind,
        text=text,
        first=lines[0].number,
        last=lines[-1].number,
        indent=lines[0].indent,
        level=level,
        mark=mark,
        cells=cells,
    )


def _with_gaps(blocks: Iterable[Block], lines: list[Line]) -> Iterator[Block]:
    """Mark the blocks that stand behind a blank line."""
    for block in blocks:
        before = lines[block.first - 2].text if block.first > 1 else ""
        yield structs.replace(block, gap=True) if not before else block
