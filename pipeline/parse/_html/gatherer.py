"""Lines of running text and open elements become the pieces of a post."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from lxml import etree

from pipeline.parse._blocks import Kind, line_kind
from pipeline.parse._html.footnotes import Footnote, Piece
from pipeline.parse._html.markup import classes
from pipeline.parse._html.runs import Run, TextLine, text_lines

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
HOLDING = frozenset({"heading", "quote", "cell", "footnote"})
"""What keeps its lines until it ends; the rest lets them flow."""

Hold = Literal["flow", "heading", "quote", "item", "list", "table", "row", "cell", "footnote"]


class Frame:
    """An open element that gathers text or counts items."""

    def __init__(self, kind: Hold, element: etree._Element, line: int, mark: str = "") -> None:
        self.kind = kind
        self.element = element
        self.line = line
        self.mark = mark
        self.lines: list[TextLine] = []
        self.cells: list[str] = []
        self.header: tuple[str, ...] = ()
        self.count = 0


class Gatherer:
    """Hold the open elements, and the pieces of those that have ended."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.footnotes: list[Footnote] = []
        self.frames: list[Frame] = []
        self.lists = 0

    @property
    def top(self) -> Frame:
        """The innermost open element."""
        return self.frames[-1]

    def kind_of(self, element: etree._Element, tag: str) -> Hold | None:
        """Return what an element gathers, None where it only parts lines or says how words look."""
        names = classes(element)
        if tag in HEADINGS:
            return "heading"
        if tag == "blockquote" or "pullquote" in names:
            return "quote"
        if tag == "div" and "footnote" in names:
            return "footnote"
        if tag in {"td", "th"}:
            return "cell" if self.top.kind == "row" else None
        if tag == "tr":
            return "row" if self.top.kind == "table" and self._is_row(element) else None
        kinds: dict[str, Hold] = {"ul": "list", "ol": "list", "li": "item", "table": "table"}
        return kinds.get(tag)

    def open(self, kind: Hold, element: etree._Element, line: int) -> None:
        """Open an element."""
        self.frames.append(Frame(kind, element, line, self._mark(kind, element) if self.frames else ""))
        self.lists += kind == "list"

    def close(self) -> None:
        """Turn what the innermost element gathered into a piece."""
        self._end(self.frames.pop())

    def end_line(self, runs: list[Run], *, code: bool) -> None:
        """Give the text of a finished line to what is open; of ``code`` the line ends stay."""
        frame = self.top
        flow = frame.kind not in HOLDING and (frame.kind != "item" or frame.count > 0)
        lines = text_lines(runs, titles=flow, keep_strong=frame.kind in {"cell", "item"})
        if not lines:
            return
        if frame.kind == "quote":
            frame.lines.append(_joined(lines, " "))
        elif frame.kind in HOLDING:
            frame.lines += lines
        elif frame.kind == "item" and not frame.count:
            frame.count = 1
            frame.lines = lines
            self._add_lines("item", frame, "\n", level=max(self.lists, 1), mark=frame.mark)
        elif code:
            self._add_text(_joined(lines, "\n"))
        else:
            for line in lines:
                self._add_line(line)

    def add(self, kind: Kind, text: str, line: int) -> None:
        """Add a piece that is all of one line."""
        self.pieces.append(Piece(kind=kind, text=text, noted=text, line=line))

    def _is_row(self, row: etree._Element) -> bool:
        """A table has rows from its first row of ``th`` on; one without only lays out the page."""
        return bool(self.top.header) or (len(row) > 0 and all(cell.tag == "th" for cell in row))

    def _mark(self, kind: Hold, element: etree._Element) -> str:
        above = self.top
        if kind == "list" and element.tag == "ol":
            start = element.get("start", "")
            return str(int(start) - 1) if start.isascii() and start.isdigit() and len(start) < 6 else "0"
        if kind == "item" and above.kind == "list" and above.mark:
            above.count += 1
            return f"{int(above.mark) + above.count}."
        return "-" if kind == "item" else ""

    def _end(self, frame: Frame) -> None:
        """Turn what a frame gathered into a piece."""
        texts = [line.text for line in frame.lines]
        match frame.kind:
            case "list":
                self.lists -= 1
            case "heading" if any(texts):
                self._add_lines("heading", frame, " ", level=int(str(frame.element.tag)[1]))
            case "quote" if any(texts):
                self._add_lines("quote", frame, "\n\n")
            case "cell":
                self.frames[-1].cells.append("<br>".join(texts))
                self.frames[-1].lines += frame.lines
            case "row":
                self._end_row(frame)
            case "footnote":
                note = Footnote(
                    names=tuple(frame.cells), number=frame.mark, texts=tuple(texts), line=frame.line
                )
                self.footnotes.append(note)

    def _end_row(self, row: Frame) -> None:
        table = self.top
        text = "| " + " | ".join(row.cells) + " |"
        if not table.header:
            table.header = tuple(row.cells)
            self.add("header", text, row.line)
            return
        headers = (*table.header, *[""] * len(row.cells))
        calls = tuple(call for line in row.lines for call in line.calls)
        cells = tuple(zip(headers, row.cells, strict=False))
        self.pieces.append(Piece(kind="row", text=text, noted=text, line=row.line, cells=cells, calls=calls))

    def _add_line(self, line: TextLine) -> None:
        if line.header:
            self.add("url", line.header, line.line)
        if line.text:
            kind = line_kind(line.text)
            noted = line.noted if kind == "paragraph" else line.text
            self.pieces.append(
                Piece(kind=kind, text=line.text, noted=noted, line=line.line, calls=line.calls)
            )

    def _add_text(self, line: TextLine) -> None:
        self.pieces.append(
            Piece(kind="paragraph", text=line.text, noted=line.noted, line=line.line, calls=line.calls)
        )

    def _add_lines(self, kind: Kind, frame: Frame, between: str, *, level: int = 0, mark: str = "") -> None:
        whole = _joined(frame.lines, between)
        noted = whole.text if kind == "heading" else whole.noted
        self.pieces.append(
            Piece(
                kind=kind,
                text=whole.text,
                noted=noted,
                line=whole.line,
                level=level,
                mark=mark,
                calls=whole.calls,
            )
        )


def _joined(lines: Iterable[TextLine], between: str) -> TextLine:
    lines = list(lines)
    return TextLine(
        text=between.join(line.text for line in lines if line.text),
        noted=between.join(line.noted for line in lines if line.noted),
        line=lines[0].line,
        calls=tuple(call for line in lines for call in line.calls),
    )
