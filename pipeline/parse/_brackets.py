"""Round brackets, ASCII and full-width, matched in one pass over a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

OPENERS, CLOSERS = "(（", ")）"
_BRACKET = re.compile(r"[()（）]")


def closing_of(text: str, start: int) -> int | None:
    """Return where the bracket that opens at ``start`` closes, or None where it does not."""
    depth = 0
    for found in _BRACKET.finditer(text, start):
        depth += 1 if found[0] in OPENERS else -1
        if depth == 0:
            return found.start()
    return None


def opening_of(text: str) -> int | None:
    """Return where the bracket that closes with the text opens, balanced from the right; else None."""
    if not text or text[-1] not in CLOSERS:
        return None
    depth = 0
    for found in reversed(list(_BRACKET.finditer(text))):
        depth += 1 if found[0] in CLOSERS else -1
        if depth == 0:
            return found.start()
    return None


def unclosed(text: str) -> int | None:
    """Return where the first bracket opens that never closes, or None where all do."""
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        if found[0] in OPENERS:
            opened.append(found.start())
        elif opened:
            opened.pop()
    return opened[0] if opened else None


def pairs(text: str) -> dict[int, int]:
    """Return for each opening bracket that closes where it does."""
    opened: list[int] = []
    closed: dict[int, int] = {}
    for found in _BRACKET.finditer(text):
        if found[0] in OPENERS:
            opened.append(found.start())
        elif opened:
            closed[opened.pop()] = found.start()
    return closed


def outside(text: str, marks: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Give where marks stand outside all brackets; their pattern finds the brackets too."""
    depth = 0
    for found in marks.finditer(text):
        if found[0] in OPENERS:
            depth += 1
        elif found[0] in CLOSERS:
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield found
