"""What the front ends give and the profiles read: a flat list of blocks with line numbers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from msgspec import Struct

from pipeline.model import Problem
from pipeline.parse._dates import Day, file_date
from pipeline.parse._inline import whole_link

Kind = Literal[
    "heading", "paragraph", "bracket", "quote", "item", "header", "row", "url", "tags", "rule", "skipped"
]

_URL = re.compile(r"<?((?:https?|ftp)://[^\s<>]+|(?:www\.|arxiv\.org/)[^\s<>]+)>?", re.IGNORECASE)
_TAGS = re.compile(r"#[^\s#]+(?:[\s,]+#[^\s#]+)*,?")
_OPENING, _CLOSING = "(（", ")）"


class Block(Struct, frozen=True, kw_only=True):
    """One piece of a source: a line, or the lines that a front end knows to belong together."""

    kind: Kind
    """What it looks like."""
    text: str
    """Its text without the marks of its kind; inner lines are joined by newlines."""
    first: int
    """First line, counted from 1."""
    last: int
    """Last line, inclusive."""
    level: int = 0
    """Depth of a heading or an item, from 1."""
    gap: bool = False
    """A blank line, or the start of the file, stands before it."""
    indent: int = 0
    """Blanks before its first line."""
    mark: str = ""
    """What marked an item: ``-``, ``*``, ``3.``"""
    cells: tuple[tuple[str, str], ...] = ()
    """Header and text of each cell of a row."""


class Page(Struct, frozen=True, kw_only=True):
    """A source as its front end left it."""

    name: str
    """Name of the source."""
    blocks: tuple[Block, ...]
    """In the order of their lines."""
    meta: tuple[tuple[str, str], ...] = ()
    """Front matter: key in lower case, and value."""
    problems: tuple[Problem, ...] = ()
    """What the front end could not take."""
    day: Day | None = None
    """The day that this part of a source is of, once the source has been parted into its days."""
    mark: Block | None = None
    """The block that names the day, which is then not among the blocks."""
    path: str | None = None
    """The path that may name the day, where it is not that of the source: posts share a source."""
    lines: tuple[int, ...] = ()
    """Source line of each line that the blocks count; empty where they count those of the source."""

    @property
    def named(self) -> dt.date | None:
        """The day that the path names."""
        return file_date(self.name if self.path is None else self.path)

    def value(self, *keys: str) -> str | None:
        """Return the first value that the front matter has for any of the keys."""
        return next((value for key, value in self.meta if key in keys and value), None)


def line_kind(text: str) -> Kind:
    """Say what a line looks like that no block structure claims: the four marks of plain digests."""
    if whole_url(text):
        return "url"
    if text[0] == "#" and _TAGS.fullmatch(text):
        return "tags"
    if text[0] in _OPENING and text[-1] in _CLOSING and bracketed(text):
        return "bracket"
    return "paragraph"


def whole_url(text: str) -> str | None:
    """Return the address of a line that is nothing but one, bare or as a link that shows itself."""
    found = _URL.fullmatch(text)
    if found:
        return found[1]
    link = whole_link(text) if text[0] == "[" else None
    if link and _URL.fullmatch(link.label):
        return link.label  # the target may be a redirector; what the author shows is the address
    return None


def bracketed(text: str) -> bool:
    """Tell whether the first bracket of a text closes with its last character and not before."""
    depth = 0
    for found in re.finditer(r"[()（）]", text):
        depth += 1 if found[0] in _OPENING else -1
        if depth <= 0:
            return found.end() == len(text)
    return False
