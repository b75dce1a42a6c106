"""Text -> numbered lines, normalised before any pattern looks at them."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from pipeline.model import Problem
from pipeline.problems import problem

# What XML 1.0 (section 2.2) cannot hold, and DEL and C1, which no reader shows. Tab stays.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# Blanks and invisible marks that editors leave at the edges of a line.
_EDGES = (
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufeff\u00ad"
)
_LINE_END = re.compile("\r\n|\r|\n")


class Line(Struct, frozen=True):
    """One line of a source."""

    number: int
    """Counted from 1."""
    text: str
    """Without blanks at its edges."""
    indent: int
    """Blanks before the text, a tab counting to the next multiple of four."""


def read_lines(text: str, file: str) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Return the lines of ``text`` and a problem for each line that lost a character.

    NFC, any line end, no byte order mark, no invisible characters at the edges of a line, none
    that XML forbids anywhere. Empty lines are kept, so that numbers are those of the file.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, raw in enumerate(_LINE_END.split(unicodedata.normalize("NFC", text)), start=1):
        found = _FORBIDDEN.search(raw)
        if found:
            problems.append(
                problem("control-character", file, number, found.start() + 1, point=ord(found[0]))
            )
        kept = _FORBIDDEN.sub("", raw) if found else raw
        body = kept.rstrip(_EDGES).lstrip(_EDGES)
        lines.append(Line(number, body, _indent(kept) if kept[:1] in {" ", "\t"} else 0))
    return tuple(lines), tuple(problems)


def _indent(text: str) -> int:
    width = 0
    for character in text:
        if character == " ":
            width += 1
        elif character == "\t":
            width += 4 - width % 4
        else:
            break
    return width
