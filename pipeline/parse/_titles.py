"""Title lines: ``*Title* (A, B)`` and ``Title (A, B)``, on one line or wrapped over several."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pipeline.parse._authors import looks_like_authors, says_more, split_title
from pipeline.parse._blocks import Block
from pipeline.parse._brackets import CLOSERS, OPENERS, pairs, unclosed
from pipeline.parse._inline import without_emphasis

_MARK = re.compile(r"\*{1,3}(?=\S)|_{1,3}(?=\S)")
# A sentence of commentary is no title, however it ends.
_SENTENCE_END = re.compile(r"(?:[다요죠음함임됨까네군]|[です]|ます|た)[.!?。]?$|[。.!]$")
_OTHER_SCRIPT = re.compile("[\u3040-\u30ff\u3131-\u318e\uac00-\ud7a3]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LONGEST_TITLE = 400
_WRAPPED_LINES = 4
LONGEST_RUN = 200
"""How many lines an indented title line may be wrapped over; what searches many places takes no more."""
_LOOK_AHEAD = 12


class TitleLine(Struct, frozen=True, kw_only=True):
    """What a title line says."""

    title: str
    """Without emphasis marks."""
    authors: str = ""
    """The inside of the authors bracket."""
    rest: str = ""
    """What stands behind the authors bracket."""
    closed: bool = True
    """The authors bracket closes."""
    marked: bool = False
    """The title is emphasised."""


def read_title(text: str) -> tuple[str, str] | None:
    """Return title and authors of a title line; the authors are empty where the title stands alone.

    An emphasised title runs to the last closing mark before the bracket; an unmarked one needs a
    bracket of names that closes with the line.
    """
    found = read_title_line(text)
    return (found.title, found.authors) if found and (found.closed or found.marked) else None


def read_title_line(text: str) -> TitleLine | None:
    """Return what a title line says, or None where the text is none."""
    return _read_marked(text) or _read_plain(text)


def read_wrapped(blocks: list[Block]) -> tuple[list[Block], TitleLine] | None:
    """Return the lines at the start that hold a title, and what they say; None where there is none.

    An indented continuation belongs to its line; else up to four lines are tried, and a bracket
    that closes later is better than one that does not.
    """
    second: tuple[list[Block], TitleLine] | None = None
    for lines in _windows(blocks):
        found = read_title_line(_joined(lines))
        if not found or (second and second[1].marked and not found.marked):
            continue
        if found.authors and found.closed:
            return lines, found
        second = second or (lines, found)
    return second


def opens_as_note(blocks: tuple[Block, ...]) -> bool:
    """Tell whether a page starts as a note: title and authors on one line, or a title above a quote.

    A bracket on a line of its own is the authors line of a flat day, however it joins the title.
    """
    rest = [block for block in blocks[:_LOOK_AHEAD] if block.kind not in {"url", "skipped"}]
    found = read_wrapped(rest) if rest and rest[0].kind == "paragraph" else None
    if not found or (not found[1].marked and any(line.kind == "bracket" for line in found[0])):
        return False
    quoted = any(block.kind == "quote" for block in rest[1:4])
    return found[1].closed and (bool(found[1].authors) or (found[1].marked and quoted))


def opens_with_link(blocks: tuple[Block, ...]) -> bool:
    """Tell whether an address stands above all words, as in a note without a title."""
    first = next((block for block in blocks if block.kind != "skipped"), None)
    return first is not None and first.kind == "url"


def is_bare_title(block: Block, following: Block | None) -> bool:
    """Tell whether a paragraph can be a title without authors: short, Latin, alone and no sentence."""
    text = block.text
    return (
        block.kind == "paragraph"
        and len(text) <= 200
        and (text[0].isupper() or text[0].isdigit())
        and not _OTHER_SCRIPT.search(text)
        and text[-1] not in ".!:,;"
        and 2 <= len(text.split()) <= 30
        and len(_LATIN_WORD.findall(text)) >= 2
        and "://" not in text
        and (following is None or following.gap or following.kind in {"url", "tags"})
    )


def is_prose(text: str) -> bool:
    """A Korean or Japanese sentence, or one that ends like one, is commentary and no title."""
    return bool(_OTHER_SCRIPT.search(text) and _SENTENCE_END.search(text))


def is_foreign(text: str) -> bool:
    """Tell whether a text has letters of a script that commentary, and no title, is written in."""
    return bool(_OTHER_SCRIPT.search(text))


def _read_marked(text: str) -> TitleLine | None:
    opened = _MARK.match(text)
    if not opened:
        return None
    for width in range(len(opened[0]), 0, -1):  # "**A* Search* (A, B)" is emphasised by one mark only
        mark = opened[0][:width]
        inner = text[width:-width]
        if inner and text.endswith(mark) and mark not in inner:
            return TitleLine(title=inner.strip(), marked=True)
        found = _before_bracket(text, mark) or _unclosed_after(text, mark)
        if found:
            return found
    return None


def _before_bracket(text: str, mark: str) -> TitleLine | None:
    """Take the last closing mark whose bracket closes and has no further bracket of words behind it."""
    closing = pairs(text)
    for end, start in reversed(list(_ends(text, mark))):
        stop = closing.get(start)
        if stop is None:
            continue
        authors, rest = text[start + 1 : stop].strip(), text[stop + 1 :].strip(" .,;")
        if rest and rest[0] in CLOSERS:
            continue  # a remark inside the list: "*T* (A, B* (equal))"
        if rest and rest[0] in OPENERS and says_more(rest):
            authors, rest = f"{authors}, {rest[1:-1]}", ""
        return TitleLine(title=_inside(text, mark, end), authors=authors, rest=rest, marked=True)
    return None


def _unclosed_after(text: str, mark: str) -> TitleLine | None:
    for end, start in reversed(list(_ends(text, mark))):
        authors = text[start + 1 :].strip()
        return TitleLine(title=_inside(text, mark, end), authors=authors, closed=False, marked=True)
    return None


def _inside(text: str, mark: str, end: int) -> str:
    """Return a title without its marks; one that was emphasised line by line has a seam of two marks."""
    return text[len(mark) : end].replace(f"{mark} {mark}", " ").strip()


def _ends(text: str, mark: str) -> Iterator[tuple[int, int]]:
    """Give each place where a closing mark stands right before a bracket, and that of the bracket."""
    for found in re.finditer(re.escape(mark) + r"[\s\u200b]{0,3}(?=[(（])", text):
        if found.start() > len(mark):
            yield found.start(), found.end()


def _read_plain(text: str) -> TitleLine | None:
    split = split_title(text)
    closed = split is not None
    if not split:
        start = unclosed(text)
        split = (text[:start].strip(), text[start + 1 :].strip()) if start else None
        if not split or split[1].count(",") < 1:
            return None
    title, authors = split
    if not title or len(title) > _LONGEST_TITLE or is_foreign(title) or not looks_like_authors(authors):
        return None
    return TitleLine(title=without_emphasis(title), authors=authors, closed=closed)


def _windows(blocks: list[Block]) -> Iterator[list[Block]]:
    """Give the runs of lines that may be one title line."""
    run = blocks[:LONGEST_RUN]
    free = next((i for i, block in enumerate(run) if i and not _continues(block)), len(run))
    indented = next((i for i in range(1, free) if blocks[i].indent < 2), free)
    if indented > _WRAPPED_LINES or (indented > 1 and not blocks[0].indent):
        yield blocks[:indented]
    for count in range(1, min(free, _WRAPPED_LINES) + 1):
        yield blocks[:count]


def _continues(block: Block) -> bool:
    return not block.gap and block.kind in {"paragraph", "bracket"}


def _joined(lines: list[Block]) -> str:
    return " ".join(line.text for line in lines)
