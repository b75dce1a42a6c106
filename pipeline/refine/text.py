"""Make each text whole on its own: what one field opens must not reach into the next.

Line-level normalisation has happened where lines were read. What is left is direction: an unclosed
bidirectional control would turn round the text behind it (Unicode Standard Annex 9, section 2).
"""

from __future__ import annotations

import re

from msgspec import structs

from pipeline.model import Digest, Entry, Passage, Site

_EMBEDDING, _ISOLATE = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_CONTROL = re.compile(f"[{_EMBEDDING}{_ISOLATE}{_POP}{_POP_ISOLATE}]")


def refine(digest: Digest, site: Site) -> Digest:  # noqa: ARG001 - all passes have one signature
    """Close the bidirectional controls of every text field; what held nothing else is absent."""
    return structs.replace(
        digest,
        title=_closed(digest.title or "") or None,
        introduction=_passages(digest.introduction),
        entries=tuple(map(_entry, digest.entries)),
    )


def _entry(entry: Entry) -> Entry:
    names = ((author, _closed(author.name)) for author in entry.authors)
    return structs.replace(
        entry,
        title=_closed(entry.title or "") or None,
        alternative_titles=_texts(entry.alternative_titles),
        authors=tuple(structs.replace(author, name=name) for author, name in names if name),
        abstract=_closed(entry.abstract or "") or None,
        commentary=_passages(entry.commentary),
        tags=_texts(entry.tags),
    )


def _texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(_closed, texts)))


def _passages(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    texts = ((passage, _closed(passage.text)) for passage in passages)
    return tuple(structs.replace(passage, text=text) for passage, text in texts if text)


def _closed(text: str) -> str:
    """Return the text with every opened control closed at the end of its line, strays dropped."""
    if not _CONTROL.search(text):
        return text
    return "\n".join(map(_closed_line, text.split("\n")))


def _closed_line(text: str) -> str:
    kept: list[str] = []
    open_: list[str] = []
    isolates = 0
    for character in text:
        if character in _EMBEDDING:
            open_.append(_POP)
        elif character in _ISOLATE:
            open_.append(_POP_ISOLATE)
            isolates += 1
        elif character == _POP_ISOLATE:
            if not isolates:
                continue
            # The end of an isolate ends the embeddings inside it too (rule X6a).
            while open_[-1] == _POP:
                kept.append(open_.pop())
            open_.pop()
            isolates -= 1
        elif character == _POP:
            if open_[-1:] != [_POP]:
                continue
            open_.pop()
        kept.append(character)
    return "".join((*kept, *reversed(open_)))
