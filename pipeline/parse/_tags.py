"""Hashtags at the end of a line of commentary, read from the right."""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.parse._brackets import opening_of

_WORD = re.compile(r"\S+")
_TAGS = re.compile(r"#[^\s#]+(?:#[^\s#]+)*")
# "#12", and "#12에서": the number of an issue with what the language puts behind it.
_NUMBER = re.compile(r"#[0-9]+[\u3131-\u318e\uac00-\ud7a3]*[.,:;!?]?")


class TaggedText(Struct, frozen=True):
    """A line that ends in hashtags."""

    text: str
    """What stands before the tags, and a remark in brackets behind them."""
    tags: str
    """The tags as written."""
    stray: str
    """A single letter behind them, left by a slip of the keyboard."""


def read_tagged(text: str) -> TaggedText | None:
    """Part a line from the hashtags at its end; None where it has none, or mere numbers (``#12``)."""
    if "#" not in text:
        return None
    start = opening_of(text)
    remark = text[start:] if start else ""
    found = _split(text[:start].rstrip() if start else text)
    if found is None:
        return None
    return TaggedText(" ".join(part for part in (found.text, remark) if part), found.tags, found.stray)


def _split(text: str) -> TaggedText | None:
    words = list(_WORD.finditer(text))
    stray = words.pop()[0] if len(words) > 1 and _is_letter(words[-1][0]) else ""
    first = len(words)
    while first and _TAGS.fullmatch(words[first - 1][0]) and not _NUMBER.fullmatch(words[first - 1][0]):
        first -= 1
    if first == len(words):
        return None
    start, end = words[first].start(), words[-1].end()
    return TaggedText(text[:start].rstrip(), text[start:end], stray)


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()
