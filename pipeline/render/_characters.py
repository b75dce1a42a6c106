"""Which characters no published file holds, and which no word of a bibliography."""

from __future__ import annotations

import re

# What XML 1.0 (section 2.2) cannot hold, lone surrogates, which UTF-8 cannot, DEL and C1, and Unicode's
# noncharacters, which HTML cannot. One of them could cost a whole file; parsing has said so of most.
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane | 0xFFFE) + chr(plane | 0xFFFF) for plane in range(0, 0x110000, 0x10000)
)
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")

INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]+")
"""Signs of direction and of places to break, which show nothing: LaTeX stops at them, and what one part of
a name opens another would close."""


def clean(text: str) -> str:
    """Return a text without what XML, HTML or UTF-8 cannot hold, and without blanks around it."""
    # None of them is printable; most texts hold nothing else. Jinja's markup becomes a plain text.
    return (str(text) if text.isprintable() else _FORBIDDEN.sub("", text)).strip()
