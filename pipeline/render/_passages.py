"""What an author wrote as HTML: paragraphs, headings, lists and code, with their addresses made links.

Everything goes through `markupsafe`: no HTML of an author ever passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup, escape
from msgspec import Struct, structs

from pipeline.urls import find_addresses, is_safe

_LABELLED = re.compile(r"!?\[([^\[\]]{1,500})\]\((https?://[^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\))?)\)")
_HEADING = re.compile(r"#{1,6}[ \t]+(\S.*)")
_CODE = re.compile(r"(```|~~~)[^\n]*\n(.*?)\n?[ \t]*\1[`~]*", re.DOTALL)
_MARK = re.compile(r"(\s*)(?:[-*+•]|([0-9]{1,4})[.)])\s+")
_LINK = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
_BREAK = Markup("<br>\n")
_DEEPEST = 8
"""How many lists a list may lie in; what is deeper lies in the last."""


class _Item(Struct, frozen=True):
    """One item of a list."""

    indent: int
    """Blanks before its mark."""
    number: int | None
    """Its number, where it has one."""
    text: Markup
    """What it says, as HTML."""


def blocks(text: str) -> Markup:
    """Return a passage as code, a heading, a list or a paragraph."""
    code = _CODE.fullmatch(text)
    if code:
        return Markup("<pre><code>{}</code></pre>").format(code[2])
    heading = _HEADING.fullmatch(text)
    if heading:
        return Markup("<p><strong>{}</strong></p>").format(linked(heading[1]))
    lines = text.split("\n")
    items = _items(lines)
    return (items and _list(items)) or Markup("<p>{}</p>").format(_BREAK.join(map(linked, lines)))


def linked(text: str) -> Markup:
    """Return one paragraph with its addresses, bare or as ``[label](address)``, made links."""
    labelled = [found for found in _LABELLED.finditer(text) if is_safe(found[2])]
    links = ((found.span(), _LINK.format(found[2], found[1])) for found in labelled)
    return _woven(text, links, _bare_links)


def unlinked(text: str) -> str:
    """Return text with the labels of its links alone."""
    return _LABELLED.sub(r"\1", text)


def _items(lines: Sequence[str]) -> list[_Item]:
    """Return the items of a passage that is a list; a line without a mark continues the item above it."""
    items: list[_Item] = []
    for line in lines:
        found = _MARK.match(line)
        if found:
            number = int(found[2]) if found[2] else None
            items.append(_Item(len(found[1]), number, linked(line[found.end() :])))
        elif not items:
            return []
        else:
            items[-1] = structs.replace(items[-1], text=items[-1].text + _BREAK + linked(line.strip()))
    return items


def _list(items: Sequence[_Item], depth: int = 0) -> Markup | None:
    """Return a list with what is indented further below the item above it, None where none would be right.

    That is where numbers do not count from one, or not all items have one: readers of feeds number lists
    themselves, and may drop what else is said of it. In a flat digest every line is a passage: one number
    is no list.
    """
    numbers, children = _level(items, depth)
    ordered = numbers == list(range(1, len(numbers) + 1)) and (depth or len(items) > 1)
    if not (ordered or set(numbers) == {None}):
        return None
    below = [_list(child[1:], depth + 1) if child[1:] else "" for child in children]
    if None in below:
        return None
    inner = map(Markup("<li>{}{}</li>").format, (child[0].text for child in children), below)
    return (Markup("<ol>{}</ol>") if ordered else Markup("<ul>{}</ul>")).format(Markup("").join(inner))


def _level(items: Sequence[_Item], depth: int) -> tuple[list[int | None], list[Sequence[_Item]]]:
    """Return the numbers of a list's own items, and each of them with those indented further below it."""
    starts = [at for at, item in enumerate(items) if item.indent <= items[0].indent or depth == _DEEPEST]
    runs = [items[start:end] for start, end in zip(starts, [*starts[1:], len(items)], strict=True)]
    return [run[0].number for run in runs], runs


def _bare_links(text: str) -> Markup:
    found = find_addresses(text)
    links = (((each.start, each.end), _LINK.format(each.url, each.url)) for each in found)
    return _woven(text, links, escape)


def _woven(
    text: str, links: Iterable[tuple[tuple[int, int], Markup]], between: Callable[[str], Markup]
) -> Markup:
    """Return a text with links in the place of what they stand for, and the rest as ``between`` makes it."""
    parts: list[Markup] = []
    at = 0
    for (start, end), link in links:
        parts += [between(text[at:start]), link]
        at = end
    return Markup("").join((*parts, between(text[at:])))
