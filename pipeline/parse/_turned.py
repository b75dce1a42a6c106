"""Author lists with family names first, in which commas part no names from each other.

As catalogues, BibTeX and reference lists print them: ``Smith, John; Doe, Jane``, ``Smith, John and
Doe, Jane``, ``Smith, J., Doe, A. B.``. Nothing tells ``Smith, John`` from two people of one name each.
"""

from __future__ import annotations

import re

from pipeline.names import INITIALS, SUFFIX
from pipeline.parse._brackets import outside
from pipeline.parse._groups import looks_like_group

_SEMICOLON = re.compile("[;；()（）]")
_COMMA = re.compile("[,，()（）]")
_AND = re.compile(r"\s(?:and|&)\s|[()（）]", re.IGNORECASE)
_JOINED = re.compile(r",?\s(?:and|&)\s", re.IGNORECASE)


def turned_names(text: str) -> list[str] | None:
    """Return the names of such a list, commas and all; None for a list of any other kind."""
    if "," not in text and "，" not in text:
        return None
    pieces = _parts(text, _SEMICOLON)
    if len(pieces) > 1:
        return pieces if _are_names(pieces) else None
    pieces = _parts(text, _AND)
    if len(pieces) > 1 and all(len(_halves(piece)) > 1 for piece in pieces) and _are_names(pieces):
        return pieces
    parts = _parts(_JOINED.sub(", ", text), _COMMA)
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 or not all(INITIALS.fullmatch(given) for _, given in pairs):
        return None
    return [f"{family}, {given}" for family, given in pairs]


def _are_names(pieces: list[str]) -> bool:
    """Tell whether each piece is one name: an organisation, one without comma, or family and given."""
    persons = [_halves(piece) for piece in pieces if not _is_whole_group(piece)]
    with_comma = [halves for halves in persons if len(halves) > 1]
    if any(len(halves) > 2 or any(map(looks_like_group, halves)) for halves in with_comma):
        return False
    # Two full names on both sides of a comma are two people.
    clear = sum(1 for halves in with_comma if any(" " not in half for half in halves))
    return 2 * clear >= len(with_comma)


def _is_whole_group(piece: str) -> bool:
    return all(map(looks_like_group, _parts(piece, _COMMA)))


def _halves(piece: str) -> list[str]:
    return [part for part in _parts(piece, _COMMA) if not SUFFIX.fullmatch(part)]


def _parts(text: str, sign: re.Pattern[str]) -> list[str]:
    """Split a text at a sign outside brackets; blank parts are none."""
    parts: list[str] = []
    start = 0
    for found in outside(text, sign):
        parts.append(text[start : found.start()].strip())
        start = found.end()
    return [part for part in (*parts, text[start:].strip()) if part]
