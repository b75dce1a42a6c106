"""Which words of a title keep their capitals: bibliography styles lower all letters outside braces.

Names and acronyms are braced (MusicRL, GPT-4, CLIP), ordinary words are not, so that a style may set
a title as its journal wants it. BibTeX keeps the first letter of a title and the one behind a colon,
and lowers the one behind a question or exclamation mark (btxbst, ``change.case$``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_WORD = re.compile(r"[^\W_][^\s,;:!?()\[\]{}“”\"‘’']*")
_PART = re.compile(r"[^\W_]+")
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
    opening = {found.start(1): found.end(1) for found in _SENTENCE.finditer(title) if found[1][0].isupper()}
    for word in _WORD.finditer(title):
        starts_sentence = word.start() in opening
        if word[0][1:].islower() and word[0].isalpha() and not starts_sentence:
            continue  # most words; the rest of the loop would say the same
        keeping = [part for part in _PART.finditer(title, *word.span()) if _keeps(title, part)]
        if keeping:
            start = word.start() if starts_sentence else keeping[0].start()
            yield start, keeping[-1].end()
        elif starts_sentence:
            yield word.start(), opening[word.start()]


def _keeps(title: str, part: re.Match[str]) -> bool:
    """Tell whether lowering a part of a word would change a name: capitals inside, digits, one letter."""
    text = part[0]
    if any(letter.isupper() for letter in text[1:]):
        return True
    before, after = title[part.start() - 1 : part.start()], title[part.end() : part.end() + 1]
    if text[0].isupper():
        numbered = after in {"-", "."} and title[part.end() + 1 : part.end() + 2].isdigit()
        alone = len(text) == 1 and (text != "A" or after in {"-", "*", "+"})
        return alone or numbered or any(sign.isdigit() for sign in text)
    if text[0].isdigit() and before in {"-", "."}:
        head = re.search(r"[^\W_]+\Z", title[max(part.start() - 40, 0) : part.start() - 1])
        return bool(head and head[0][0].isupper())
    return False
