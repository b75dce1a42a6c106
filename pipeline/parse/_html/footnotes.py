"""Pieces of a post -> blocks: each footnote goes to the paper that calls it, each block gets its line."""

from __future__ import annotations

from msgspec import Struct, structs

from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import Block, Kind
from pipeline.parse._inline import whole_link
from pipeline.parse._lines import read_lines


class Piece(Struct, frozen=True, kw_only=True):
    """A block before it is known where footnotes go."""

    kind: Kind
    text: str
    noted: str
    """The text with ``[n]`` where a footnote is called."""
    line: int
    """Source line, from 1."""
    level: int = 0
    mark: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    calls: tuple[str, ...] = ()
    """Footnotes called."""
    gap: bool = False
    """It begins something new."""


class Footnote(Struct, frozen=True, kw_only=True):
    """A footnote at the end of a post."""

    names: tuple[str, ...]
    """Fragments that calls name it by."""
    number: str
    """The number shown."""
    texts: tuple[str, ...]
    """Its paragraphs."""
    line: int
    """Source line, from 1."""


def attach_footnotes(
    pieces: tuple[Piece, ...], footnotes: tuple[Footnote, ...]
) -> tuple[tuple[Piece, ...], tuple[Footnote, ...]]:
    """Put each footnote at the end of the text that calls it, before its tags.

    Return the pieces and the footnotes that nothing calls.
    """
    by_name = {name: note for note in reversed(footnotes) for name in note.names if name}
    placed: list[Piece] = []
    waiting: list[Footnote] = []
    called: set[int] = set()
    listed = False
    for index, piece in enumerate(pieces):
        if waiting and (_ends_text(pieces, index) or (listed and piece.kind in {"item", "row"})):
            placed += [part for note in waiting for part in _pieces(note)]
            waiting = []
        placed.append(piece)
        for call in piece.calls:
            note = by_name.get(call)
            if note and id(note) not in called:
                called.add(id(note))
                waiting.append(note)
                listed = piece.kind in {"item", "row"}
    placed += [part for note in waiting for part in _pieces(note)]
    return tuple(placed), tuple(note for note in footnotes if id(note) not in called)


def part_titles(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Write a title that is a link, above its authors, as an address and a title: two lines."""
    parted: list[Piece] = []
    for index, piece in enumerate(pieces):
        link = whole_link(piece.text) if _is_title(pieces, index) else None
        if link:
            parted.append(Piece(kind="url", text=link.url, noted=link.url, line=piece.line, gap=True))
            parted.append(structs.replace(piece, text=link.label, noted=link.label, gap=True))
        elif _is_title(pieces, index):
            parted.append(structs.replace(piece, noted=piece.text))
        else:
            parted.append(piece)
    return tuple(parted)


def blocks_of(pieces: tuple[Piece, ...], file: str) -> tuple[tuple[Block, ...], tuple[int, ...]]:
    """Return pieces as blocks, counted as lines from 1, and the source line of each."""
    blocks: list[Block] = []
    lines: list[int] = []
    for piece in pieces:
        text = _normal(piece.noted, file)
        if not text:
            continue
        number = len(blocks) + 1
        cells = tuple((_normal(header, file), _normal(cell, file)) for header, cell in piece.cells)
        blocks.append(
            Block(
                kind=piece.kind,
                text=text,
                first=number,
                last=number,
                level=piece.level,
                gap=piece.gap or number == 1,
                mark=piece.mark,
                cells=cells,
            )
        )
        lines.append(piece.line)
    return tuple(blocks), tuple(lines)


def _ends_text(pieces: tuple[Piece, ...], index: int) -> bool:
    """Tags, headings and rules end the text of a paper, and so does the next title."""
    piece = pieces[index]
    return piece.kind in {"tags", "heading", "rule"} or _is_title(pieces, index)


def _is_title(pieces: tuple[Piece, ...], index: int) -> bool:
    below = pieces[index + 1] if index + 1 < len(pieces) else None
    if pieces[index].kind != "paragraph" or below is None or below.kind != "bracket":
        return False
    return looks_like_authors(below.text[1:-1])


def _pieces(note: Footnote) -> list[Piece]:
    texts = [f"[{note.number}] {text}" if not i else text for i, text in enumerate(note.texts)]
    return [Piece(kind="paragraph", text=text, noted=text, line=note.line) for text in texts]


def _normal(text: str, file: str) -> str:
    """Normalise as the other front ends do: what an entity stood for was not there to be seen before."""
    if text.isascii() and text.isprintable():
        return text.strip()
    lines, _ = read_lines(text, file)
    return "\n".join(" " * line.indent + line.text for line in lines).strip()
