"""The marks around a block of English, ``<english>`` and ``</english>``, and their misspellings.

They say nothing that the script of a paragraph does not say better, so they only vanish.
"""

from __future__ import annotations

import re

_WORD = "english"
_MARKER = re.compile(r"</?\s?([A-Za-z]{5,9})\s?/?>")
_INSIDE = re.compile(r"\s?</?english>\s?", re.IGNORECASE)
_BARE = re.compile(r"[</]{0,2}([A-Za-z]{5,9})[/>]{0,2}")


def is_marker(text: str) -> bool:
    """Tell whether a line is a mark and nothing else, one of its angles missing or not."""
    found = _BARE.fullmatch(text.replace(" ", "")) if len(text) < 20 else None
    return found is not None and ("<" in text or ">" in text) and _resembles(found[1])


def without_markers(text: str) -> str:
    """Return a line without the marks; ``<entity>`` and the like in running text stay.

    At its ends a mark may be misspelt.
    """
    first = _MARKER.match(text)
    if first and _resembles(first[1]):
        text = text[first.end() :].lstrip()
    start = text.rfind("<", max(len(text) - 14, 0))
    last = _MARKER.fullmatch(text, start) if start >= 0 else None
    text = text[:start].rstrip() if last and _resembles(last[1]) else text
    return _INSIDE.sub(" ", text).strip()


def _resembles(word: str) -> bool:
    """Six of the seven letters make a misspelling."""
    return word[:1].lower() == "e" and len(set(_WORD) & set(word.lower())) >= 6
