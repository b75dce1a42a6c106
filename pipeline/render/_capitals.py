"""Which words of a title keep their capitals: bibliography styles lower all letters outside braces.

Names and acronyms are braced (MusicRL, GPT-4, CLIP), ordinary words are not, so that a style may set
a title as its journal wants it. BibTeX keeps the first letter of a title and the one behind a colon,
and lowers the one behind a question or exclamation mark (btxbst, ``change.case$``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

_WORD = re.compile(r"[^\W_][^\s,;:!?()\[\]{}“”\"‘’']*")
_PART = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[?!][\"'”’)\]]*\s+[\"'“‘(\[]*([^\W\d_]+)")


def protected(title: str, escape: Callable[[str], str]) -> str:
    """Return a title escaped, with braces around what must keep its capitals."""
    pieces: list[str] = []
    at = 0
    for start, end in _spans(title):
        pieces += escape(title[at:start]), "{", escape(title[start:end]), "}"
        at = end
    return "".join((*pieces, escape(title[at:])))


def _spans(title: str) -> Iterator[tuple[int, int]]:
    """Give what is to be braced, in order: names and acronyms, and the word that opens a sentence."""
    opening = {found.start(1) for found in _SENTENCE.finditer(title) if found[1][0].isupper()}
    for word in _WORD.finditer(title):
        at = word.start()
        span = _span(word[0], opens_sentence=at in opening)
        if span:
            yield at + span[0], at + span[1]


@functools.lru_cache(maxsize=20_000)
def _span(word: str, *, opens_sentence: bool) -> tuple[int, int] | None:
    """Return from where to where a word is to be braced, if at all."""
    keeping = [part for part in _PART.finditer(word) if _keeps(word, part)]
    if keeping:
        return 0 if opens_sentence else keeping[0].start(), keeping[-1].end()
    return (0, len(_LETTERS.findall(word)[0])) if opens_sentence else None


def _keeps(word: str, part: re.Match[str]) -> bool:
    """Tell whether lowering a part of a word would change a name: capitals inside, digits, one letter."""
    text = part[0]
    if any(letter.isupper() for letter in text[1:]):
        return True
    before, after = word[part.start() - 1 : part.start()], word[part.end() : part.end() + 1]
    if text[0].isupper():
        numbered = after in {"-", "."} and word[part.end() + 1 : part.end() + 2].isdigit()
        alone = len(text) == 1 and (text != "A" or after in {"-", "*", "+"})
        return alone or numbered or any(sign.isdigit() for sign in text)
    if text[0].isdigit() and before in {"-", "."}:
        head = re.search(r"[^\W_]+\Z", word[max(part.start() - 40, 0) : part.start() - 1])
        return bool(head and head[0][0].isupper())
    return False
