"""ASCII forms of names and titles that must never change: no tables that a library may revise.

NFKD decompositions are frozen by the Unicode stability policy; the few letters without one stand
here. What has no ASCII form is told apart by a hash.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata

from pipeline.names import AT_HAND

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_WORD = re.compile("[a-z0-9]+")
_NOT_WORD = re.compile("[^a-z0-9]+")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST = 60


def ascii_fold(text: str) -> str:
    """Return the text in lower-case ASCII, letters without such a form dropped."""
    lower = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).translate(_LETTERS)
    # A decomposition may give capitals: of letters of mathematics, of the sign for trade marks.
    return lower.encode("ascii", "ignore").decode("ascii").lower()


@functools.lru_cache(AT_HAND)
def compact(text: str) -> str:
    """Return only the letters and digits of the ASCII form."""
    return _NOT_WORD.sub("", ascii_fold(text))


def digest_of(text: str, length: int = 8) -> str:
    """Return the first hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:length]


@functools.lru_cache(AT_HAND)
def slug(text: str) -> str:
    """Return words joined by hyphens, cut at a word; a hash stands for what ASCII cannot say."""
    words = _WORD.findall(ascii_fold(text))
    kept = ""
    for word in words:
        if len(kept) + len(word) >= _LONGEST:
            break
        kept = f"{kept}-{word}" if kept else word
    kept = kept or (words[0][:_LONGEST] if words else "")
    foreign = [] if text.isascii() else _LETTER.findall(text)
    lost = any(not letter.isascii() and not ascii_fold(letter) for letter in foreign)
    return "-".join(part for part in (kept, digest_of(text) if lost or not kept else "") if part)
