"""The front end of HTML: the body of a post becomes the blocks that text and Markdown give.

One walk over the tree, without recursion. Block elements end a line, ``br`` ends a line, the rest is
running text. An editor may put a whole post on one source line, so the lines of blocks are counted as
a text file would have them, and ``Page.lines`` says on which source line each begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from lxml import etree
from msgspec import Struct

from pipeline.model import Problem
from pipeline.parse._blocks import Kind, line_kind
from pipeline.parse._embeds import Embed, embed, embedded_address
from pipeline.parse._footnotes import Footnote, Piece
from pipeline.parse._markup import attributes, classes, line_of, link_address, parse_html, text_of
from pipeline.parse._runs import Run, TextLine, text_lines
from pipeline.problems import problem

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LINES = frozenset(
    "address article aside body caption center dd details div dl dt fieldset figcaption figure footer "
    "header hgroup html legend main p section summary table tbody tfoot thead ul ol".split()
)
_BREAKS = _LINES | _HEADINGS | frozenset("blockquote li pre td th tr".split())
_MARKED = frozenset("sup s del strike".split())
_STRONG, _EM = frozenset({"b", "strong"}), frozenset({"em", "i", "cite"})
# libxml2 keeps the line of an element in 16 bits.
_LAST_LINE = 65_535

Hold = Literal["flow", "heading", "quote", "item", "list", "table", "row", "cell", "footnote"]
_HOLDING = frozenset({"heading", "quote", "cell", "footnote"})


class Body(Struct, frozen=True, kw_only=True):
    """What the body of a post holds."""

    pieces: tuple[Piece, ...]
    """In the order read."""
    footnotes: tuple[Footnote, ...]
    """In the order written."""
    problems: tuple[Problem, ...]
    """What was left out."""


class _Frame:
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


def read_body(html: str, file: str, line: int = 1, base: str | None = None) -> Body:
    """Return the pieces of the body of a page or of a fragment that begins on ``line`` of a file.

    ``base`` is the address that relative links start from. Raise SourceError where the HTML is
    nested beyond what libxml2 reads.
    """
    root = parse_html(html, file)
    walker = _Walker(file, line, base)
    if root is not None:
        walker.walk(body_element(root))
    return walker.body()


def body_element(root: etree._Element) -> etree._Element:
    """Return the element that holds the post: Substack's, else the only article, main or the body."""
    articles: list[etree._Element] = []
    others: dict[str, etree._Element] = {}
    for element in root.iter("div", "article", "main", "body"):
        names = classes(element)
        if "available-content" in names or ("body" in names and "markup" in names):
            return element
        if element.tag == "article":
            articles.append(element)
        else:
            others.setdefault(str(element.tag), element)
    if len(articles) == 1:
        return articles[0]
    return others.get("main", others.get("body", root))


class _Walker:
    """Walk a tree once and gather its pieces."""

    def __init__(self, file: str, line: int, base: str | None) -> None:
        self.file, self.base, self.offset = file, base, line - 1
        self.line = line
        self.pieces: list[Piece] = []
        self.footnotes: list[Footnote] = []
        self.problems: list[Problem] = []
        self.frames: list[_Frame] = []
        self.runs: list[Run] = []
        self.links: list[str | None] = []
        self.em = self.strong = self.kept = self.lists = 0
        self.code = False
        self.left_out: Counter[str] = Counter()

    def walk(self, body: etree._Element) -> None:
        """Read all that ``body`` holds, up to a paywall."""
        self.frames.append(_Frame("flow", body, self.line))
        steps = etree.iterwalk(body, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in steps:
            if event == "start":
                self._follow(element)
                if self._skips(element):
                    steps.skip_subtree()
                    skipped = element
                elif self.problems:
                    break
                else:
                    self._open(element)
                    self._text(element.text)
                continue
            if element is not skipped:
                self._close(element)
            skipped = None
            if element is not body:
                self._text(element.tail)
        self._finish()

    def body(self) -> Body:
        """Return what was read, with a note on what was left out."""
        left = ", ".join(f"{count} {name}" for name, count in sorted(self.left_out.items()))
        notes = (problem("left-out", self.file, self.offset + 1, what=left),) if left else ()
        return Body(
            pieces=tuple(self.pieces),
            footnotes=tuple(self.footnotes),
            problems=(*self.problems, *notes),
        )

    def _follow(self, element: etree._Element) -> None:
        line = line_of(element)
        if 0 < line < _LAST_LINE:
            self.line = line + self.offset

    def _skips(self, element: etree._Element) -> bool:
        """Treat what is no running text; tell whether its inside is done with."""
        found = embed(element)
        if found:
            self._embed(element, found)
            return found.action != "stop"
        if element.tag != "a":
            return False
        names = classes(element)
        if "footnote-anchor" in names:
            self._call(element)
        elif "footnote-number" in names:
            self._name_footnote(element)
        return "footnote-anchor" in names or "footnote-number" in names

    def _embed(self, element: etree._Element, found: Embed) -> None:
        said = attributes(element)
        if found.action == "stop":
            self.problems.append(problem("paywalled", self.file, self.line))
        elif found.action == "formula" and said.tex:
            self._own_line(f"$${said.tex.strip()}$$")
        elif found.action == "name" and (said.name or element.text):
            self._text(said.name or element.text)
        elif found.action == "link":
            address = embedded_address(element, self.base)
            if address:
                self._own_line(address)
            else:
                self.left_out[found.name] += 1
        elif found.name:
            self.left_out[found.name] += 1

    def _own_line(self, text: str) -> None:
        self._flush()
        self._text(text)
        self._flush()

    def _call(self, element: etree._Element) -> None:
        target = (element.get("href") or "").rpartition("#")[2] or element.get("id") or ""
        number = text_of(element).strip()
        self.runs.append(Run(text=number, line=self.line, call=target))

    def _name_footnote(self, element: etree._Element) -> None:
        frame = self.frames[-1]
        if frame.kind == "footnote":
            back = (element.get("href") or "").rpartition("#")[2]
            frame.cells = [frame.element.get("id") or "", element.get("id") or "", back]
            frame.mark = text_of(element).strip()

    def _open(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == "a":
            self.links.append(link_address(element.get("href"), self.base))
        elif tag in _EM:
            self.em += 1
        elif tag in _STRONG:
            self.strong += 1
        elif tag in _MARKED:
            self._text(_marks(element)[0])
        elif tag == "br":
            self.runs.append(Run(text="", line=self.line, hard=True))
        elif tag == "img":
            self._picture(element)
        elif tag == "hr":
            self._flush()
            if self.frames[-1].kind not in _HOLDING:
                self._add("rule", "---", self.line)
        else:
            self._open_block(element, tag)

    def _picture(self, element: etree._Element) -> None:
        """Leave a picture out; what its author wrote for those who cannot see it stays in the page."""
        self.left_out["picture"] += 1
        said = (element.get("alt") or "").strip()
        if said and not self.runs and self.frames[-1].kind not in _HOLDING:
            self._add("skipped", said, self.line)

    def _open_block(self, element: etree._Element, tag: str) -> None:
        kind = self._hold(element, tag)
        if tag in _BREAKS or kind:
            self._flush()
        if tag == "pre":
            self.kept += 1
            self.code = element.find("code") is not None
        if self.frames[-1].kind in _HOLDING:
            if tag == "li":
                self._text("- ")
        elif kind:
            self.frames.append(_Frame(kind, element, self.line, self._mark(kind, element)))
            self.lists += kind == "list"

    def _hold(self, element: etree._Element, tag: str) -> Hold | None:
        """Return what an element gathers, None where it only parts lines or says how words look."""
        names = classes(element)
        if tag in _HEADINGS:
            return "heading"
        if tag == "blockquote" or "pullquote" in names:
            return "quote"
        if tag == "div" and "footnote" in names:
            return "footnote"
        if tag in {"td", "th"}:
            return "cell" if self.frames[-1].kind == "row" else None
        if tag == "tr":
            return "row" if self.frames[-1].kind == "table" and self._is_row(element) else None
        kinds: dict[str, Hold] = {"ul": "list", "ol": "list", "li": "item", "table": "table"}
        return kinds.get(tag)

    def _is_row(self, row: etree._Element) -> bool:
        """A table has rows from its first row of ``th`` on; one without only lays out the page."""
        return bool(self.frames[-1].header) or (len(row) > 0 and all(cell.tag == "th" for cell in row))

    def _mark(self, kind: Hold, element: etree._Element) -> str:
        above = self.frames[-1]
        if kind == "list" and element.tag == "ol":
            start = element.get("start", "")
            return str(int(start) - 1) if start.isascii() and start.isdigit() and len(start) < 6 else "0"
        if kind == "item" and above.kind == "list" and above.mark:
            above.count += 1
            return f"{int(above.mark) + above.count}."
        return "-" if kind == "item" else ""

    def _close(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == "a":
            self.links.pop()
        elif tag in _EM:
            self.em -= 1
        elif tag in _STRONG:
            self.strong -= 1
        elif tag in _MARKED:
            self._text(_marks(element)[1])
        elif tag in _BREAKS:
            self._flush()
            self.kept -= tag == "pre"
        if self.frames[-1].element is element:
            self._flush()
            self._end(self.frames.pop())

    def _end(self, frame: _Frame) -> None:
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

    def _end_row(self, row: _Frame) -> None:
        table = self.frames[-1]
        text = "| " + " | ".join(row.cells) + " |"
        if not table.header:
            table.header = tuple(row.cells)
            self._add("header", text, row.line)
            return
        headers = (*table.header, *[""] * len(row.cells))
        calls = tuple(call for line in row.lines for call in line.calls)
        cells = tuple(zip(headers, row.cells, strict=False))
        self.pieces.append(Piece(kind="row", text=text, noted=text, line=row.line, cells=cells, calls=calls))

    def _flush(self) -> None:
        """End a line: give its text to what is open."""
        if not self.runs:
            return
        runs, self.runs = self.runs, []
        frame = self.frames[-1]
        flow = frame.kind not in _HOLDING and (frame.kind != "item" or frame.count > 0)
        lines = text_lines(runs, titles=flow, keep_strong=frame.kind in {"cell", "item"})
        if not lines:
            return
        if frame.kind == "quote":
            frame.lines.append(_joined(lines, " "))
        elif frame.kind in _HOLDING:
            frame.lines += lines
        elif frame.kind == "item" and not frame.count:
            frame.count = 1
            frame.lines = lines
            self._add_lines("item", frame, "\n", level=max(self.lists, 1), mark=frame.mark)
        elif self.kept and self.code:
            self._add_text(_joined(lines, "\n"))
        else:
            for line in lines:
                self._add_line(line)

    def _add_line(self, line: TextLine) -> None:
        if line.header:
            self._add("url", line.header, line.line)
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

    def _add_lines(self, kind: Kind, frame: _Frame, between: str, *, level: int = 0, mark: str = "") -> None:
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

    def _add(self, kind: Kind, text: str, line: int) -> None:
        self.pieces.append(Piece(kind=kind, text=text, noted=text, line=line))

    def _text(self, text: str | None) -> None:
        if not text:
            return
        url = next((link for link in reversed(self.links) if link), None) if self.links else None
        self.runs.append(
            Run(
                text=text,
                line=self.line,
                url=url,
                em=self.em > 0,
                strong=self.strong > 0,
                kept=self.kept > 0,
            )
        )
        self.line += text.count("\n")

    def _finish(self) -> None:
        """Close what a paywall left open."""
        while self.frames:
            self._flush()
            frame = self.frames.pop()
            if self.frames or frame.kind != "flow":
                self._end(frame)


def _marks(element: etree._Element) -> tuple[str, str]:
    """Return the marks without which an element would say something else: powers, struck words."""
    if element.tag != "sup":
        return "~~", "~~"
    digits = (element.text or "").strip().lstrip("-−+")
    return ("^", "") if digits.isdigit() and len(element) == 0 else ("", "")


def _joined(lines: Iterable[TextLine], between: str) -> TextLine:
    lines = list(lines)
    return TextLine(
        text=between.join(line.text for line in lines if line.text),
        noted=between.join(line.noted for line in lines if line.noted),
        line=lines[0].line,
        calls=tuple(call for line in lines for call in line.calls),
    )
