"""Make each text whole on its own: what one field opens must not reach into the next.

Line-level normalisation has happened where lines were read. What is left is direction: an unclosed
bidirectional control would turn round the text behind it (Unicode Standard Annex 9, section 2).
"""

from __future__ import annotations

import re

from msgspec import structs

from pipeline.model import Author, Digest, Entry, Passage, Site

_EMBEDDING, _ISOLATE = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_CONTROL = re.compile(f"[{_EMBEDDING}{_ISOLATE}{_POP}{_POP_ISOLATE}]")


def refine(digest: Digest, site: Site) -> Digest:  # noqa: ARG001 - all passes have one signature
    """Close the bidirectional controls of every text field."""
    return structs.replace(
        digest,
        title=_closed(digest.title) if digest.title else None,
        introduction=tuple(map(_passage, digest.introduction)),
        entries=tuple(map(_entry, digest.entries)),
    )


def _entry(entry: Entry) -> Entry:
    return structs.replace(
        entry,
        title=_closed(entry.title) if entry.title else None,
        alternative_titles=tuple(map(_closed, entry.alternative_titles)),
        authors=tuple(_author(author) for author in entry.authors),
        abstract=_closed(entry.abstract) if entry.abstract else None,
        commentary=tuple(map(_passage, entry.commentary)),
        tags=tuple(map(_closed, entry.tags)),
    )


def _author(author: Author) -> Author:
    return structs.replace(author, name=_closed(author.name))


def _passage(passage: Passage) -> Passage:
    return structs.replace(passage, text=_closed(passage.text))


def _closed(text: str) -> str:
    """Return the text with every opened control closed at the end of its line, strays dropped."""
    if not _CONTROL.search(text):
        return text
    return "\n".join(_closed_line(line) for line in text.split("\n"))


def _closed_line(text: str) -> str:
    kept: list[str] = []
    open_: list[str] = []
    for character in text:
        if character in _EMBEDDING:
            open_.append(_POP)
        elif character in _ISOLATE:
            open_.append(_POP_ISOLATE)
        elif character in {_POP, _POP_ISOLATE}:
            if not open_ or open_[-1] != character:
                continue
            open_.pop()
        kept.append(character)
    return "".join((*kept, *reversed(open_)))
