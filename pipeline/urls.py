"""Addresses in running text: where they begin and end, and which of them a reader may open."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

# Ends at blanks, quotes, angle brackets, and at letters and marks of East Asian text glued to it.
_IN_TEXT = re.compile(
    r"https?://[^\s<>\"'`|\\^{}\u1100-\u11ff\u2010-\u2027\u2e80-\u9fff\uac00-\ud7a3\uff00-\uffef]+",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?*_~'\")]"
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\x9f<>\"\\^`{|}\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Address(Struct, frozen=True):
    """One address inside a text."""

    url: str
    start: int
    """Where it begins in the text."""
    end: int
    """Where it ends."""


def find_addresses(text: str) -> tuple[Address, ...]:
    """Return the http and https addresses of a text in order, without the marks of its sentence.

    A closing bracket belongs to the address only if it was opened in it.
    """
    if "://" not in text:
        return ()
    found = ((hit.start(), _trimmed(hit[0])) for hit in _IN_TEXT.finditer(text))
    return tuple(Address(url, start, start + len(url)) for start, url in found if is_safe(url))


def is_safe(url: str) -> bool:
    """Tell whether an address is whole, of the web, and without user name: fit to be a link."""
    if _UNSAFE.search(url) or len(url) > 2_000:
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme.lower() in {"http", "https"}
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and "%" not in parts.netloc  # a zone of the writer's machine, or a host in disguise
            and (parts.port or 0) >= 0
        )
    except ValueError:
        return False


def _trimmed(url: str) -> str:
    end = len(url)
    surplus = url.count(")") - url.count("(")
    while end and url[end - 1] in _TRAILING:
        if url[end - 1] == ")":
            if surplus <= 0:
                break
            surplus -= 1
        end -= 1
    return url[:end]
