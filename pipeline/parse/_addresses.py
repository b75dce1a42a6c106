"""Lines that hold an address and words: the headers of one line, and addresses with a slip of the pen."""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.parse._brackets import opening_of

_URL = re.compile(r"https?://[^\s<>\u3131-\u318e\uac00-\ud7a3]+", re.IGNORECASE)
_GLUED = re.compile(r"[^\W\d_]{1,2}?(https?://\S+)", re.IGNORECASE)
_NO_SCHEME = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12}/\S+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,3}[.)]\s")


class AddressLine(Struct, frozen=True):
    """A line of one or more addresses and the words before or behind them."""

    urls: tuple[str, ...]
    """The addresses in order."""
    before: str = ""
    """Words before them, without a number that counts the entry."""
    after: str = ""
    """Words behind them."""


def read_address_line(text: str) -> AddressLine | None:
    """Read ``URL words``, ``Title (URL)``, ``Title (URL, URL)`` or ``1. Title URL``; None for all else."""
    if _URL.match(text):
        return _leading(text)
    start = opening_of(text)
    if start is not None:
        urls = text[start + 1 : -1].replace(",", " ").split()
    else:
        last = text.rsplit(None, 1)[-1]
        urls, start = [last], len(text) - len(last)
    before = _without_number(text[:start].strip())
    if not before or before[0] == "!" or not urls or not all(_URL.fullmatch(url) for url in urls):
        return None
    if before[0] == "[" and before[-1] == "]" and text[start - 1] == "]":
        before = before[1:-1].strip()  # a Markdown link is a title and its address
    return AddressLine(tuple(urls), before=before)


def _without_number(text: str) -> str:
    found = _NUMBER.match(text)
    return text[found.end() :].strip() if found else text


def mended_address(text: str) -> str | None:
    """Return the address of a header line with a slip: a letter glued before it, or no scheme."""
    found = _GLUED.fullmatch(text)
    if found:
        return found[1]
    return text if _NO_SCHEME.fullmatch(text) else None


def _leading(text: str) -> AddressLine:
    urls: list[str] = []
    position = 0
    while found := _URL.match(text, position):
        urls.append(found[0])
        position = found.end()
        while text[position : position + 1].isspace():
            position += 1
    return AddressLine(tuple(urls), after=text[position:].strip())
