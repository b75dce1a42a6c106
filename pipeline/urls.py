"""Addresses in running text: where they begin and end, and which of them a reader may open."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

_SCHEME = re.compile("https?://", re.IGNORECASE)
# A run ends at blanks, quotes, angle brackets, braces, and at letters, marks and symbols glued to it:
# East Asian text knows no blanks. TeX writes ``\_`` for ``_``, also in the addresses of abstracts.
# Not IGNORECASE: by that the sign for kelvin in the excluded range would exclude the letter k.
_SIGNS = (
    r"(?:\\[_%&#~$]|"
    r"[^\s<>\"'`|\\^{}\x00-\x1f\x7f-\xa0\xab\xad\xbb\u1100-\u11ff\u2000-\u2bff"
    r"\u2e00-\u9fff\ua960-\ua97f\uac00-\uffff\U00010000-\U0010ffff])"
)
# DOIs that were made of SICIs (ANSI/NISO Z39.56) have an article in angle brackets: "49:8<693::AID-ASI4>3.0".
_ARTICLE = r"<[0-9A-Za-z]{1,20}:[0-9A-Za-z:.-]{0,40}>(?=[0-9]\.)"
_RUN = re.compile(
    rf"(?i:https?://(?:dx\.|www\.)?doi\.org/10\.[0-9]{{4,9}}/){_SIGNS}+{_ARTICLE}{_SIGNS}*"
    rf"|[Hh][Tt][Tt][Pp][Ss]?://{_SIGNS}+"
)
_ANGLES = str.maketrans({"<": "%3C", ">": "%3E"})
_TEX_ESCAPE = re.compile(r"\\(.)")
_CUT = re.compile(r"[()\[\]]|[,;](?=https?://)", re.IGNORECASE)
_CLOSING = {"(": ")", "[": "]"}
_TRAILING = ".,;:!?*_~'\"(["
# What no address holds (RFC 3987, section 2.2), and what would hide or turn round a part of it.
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\xad<>\"\\^`{|}\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ud800-\udfff\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)
# No user name, no blank label, no literal address of IPv6: nobody's digest is published there.
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_LONGEST = 2_000


class Address(Struct, frozen=True):
    """One address inside a text."""

    url: str
    """The address itself, where TeX escaped it without its backslashes, angle brackets percent-encoded."""
    start: int
    """Where it begins in the text."""
    end: int
    """Where it ends."""


def find_addresses(text: str) -> tuple[Address, ...]:
    """Return the http and https addresses of a text in order, without the marks of its sentence.

    A closing bracket belongs to an address only if it was opened in it.
    """
    if "://" not in text:
        return ()
    found = (address for run in _RUN.finditer(text) for address in _in_run(run[0], run.start()))
    return tuple(address for address in found if is_safe(address.url))


def trimmed(url: str) -> str:
    """Return an address without what follows it: closing brackets not its own, marks of a sentence."""
    return url[: _end(url, 0)].rstrip(_TRAILING)


# Every pass and every format asks again about the addresses of an entry.
@functools.lru_cache(maxsize=1_024)
def is_safe(url: str) -> bool:
    """Tell whether an address is whole, of the web, and without user name: fit to be a link."""
    if len(url) > _LONGEST or _UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"}
            and "@" not in parts.netloc
            and _HOST.fullmatch(parts.hostname or "") is not None
            and parts.port != 0
        )
    except ValueError:  # brackets of IPv6 that do not match, a port that is none
        return False


def _in_run(run: str, offset: int) -> Iterator[Address]:
    """Part a run without blanks that holds several addresses: ``[a](b)``, ``(a,b)``."""
    at = 0
    while begin := _SCHEME.search(run, at):
        at = _end(run, begin.end())
        written = run[begin.start() : at].rstrip(_TRAILING)
        start = offset + begin.start()
        url = _TEX_ESCAPE.sub(r"\1", written).translate(_ANGLES)
        yield Address(url=url, start=start, end=start + len(written))


def _end(text: str, at: int) -> int:
    """Return where an address ends: at a bracket that it did not open, or where the next begins."""
    opened: list[str] = []
    for cut in _CUT.finditer(text, at):
        if cut[0] in _CLOSING:
            opened.append(_CLOSING[cut[0]])
        elif opened and opened[-1] == cut[0]:
            opened.pop()
        else:
            return cut.start()
    return len(text)
