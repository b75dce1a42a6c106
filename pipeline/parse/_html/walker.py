"""One walk over the tree of a post, without recursion: what is text, what parts it, what is left out.

Block elements end a line, ``br`` ends a line, the rest is running text.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree
from msgspec import Struct

from pipeline.model import Problem
from pipeline.parse._html.embeds import Embed, embed, embedded_address
from pipeline.parse._html.footnotes import Footnote, Piece
from pipeline.parse._html.gatherer import HEADINGS, HOLDING, Gatherer
from pipeline.parse._html.markup import attributes, classes, line_of, link_address, text_of
from pipeline.parse._html.runs import Run
from pipeline.problems import problem

_LINES = frozenset(
    "address article aside body caption center dd details div dl dt fieldset figcaption figure footer "
    "header hgroup html legend main p section summary table tbody tfoot thead ul ol".split()
)
_BREAKS = _LINES | HEADINGS | frozenset("blockquote li pre td th tr".split())
_MARKED = frozenset("sup s del strike".split())
_STRONG, _EM = frozenset({"b", "strong"}), frozenset({"em", "i", "cite"})
# libxml2 keeps the line of an element in 16 bits.
_LAST_LINE = 65_535


class Body(Struct, frozen=True, kw_only=True):
    """What the body of a post holds."""

    pieces: tuple[Piece, ...]
    """In the order read."""
    footnotes: tuple[Footnote, ...]
    """In the order written."""
    problems: tuple[Problem, ...]
    """What was left out."""


class Walker:
    """Walk a tree once and give its lines to a `Gatherer`."""

    def __init__(self, file: str, line: int, base: str | None) -> None:
        self.file, self.base, self.offset = file, base, line - 1
        self.line = line
        self.gathered = Gatherer()
        self.problems: list[Problem] = []
        self.runs: list[Run] = []
        self.links: list[str | None] = []
        self.em = self.strong = self.kept = 0
        self.code = False
        self.left_out: Counter[str] = Counter()

    def walk(self, body: etree._Element) -> None:
        """Read all that ``body`` holds, up to a paywall."""
        self.gathered.open("flow", body, self.line)
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
            pieces=tuple(self.gathered.pieces),
            footnotes=tuple(self.gathered.footnotes),
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
        frame = self.gathered.top
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
            if self.gathered.top.kind not in HOLDING:
                self.gathered.add("rule", "---", self.line)
        else:
            self._open_block(element, tag)

    def _picture(self, element: etree._Element) -> None:
        """Leave a picture out; what its author wrote for those who cannot see it stays in the page."""
        self.left_out["picture"] += 1
        said = (element.get("alt") or "").strip()
        if said and not self.runs and self.gathered.top.kind not in HOLDING:
            self.gathered.add("skipped", said, self.line)

    def _open_block(self, element: etree._Element, tag: str) -> None:
        kind = self.gathered.kind_of(element, tag)
        if tag in _BREAKS or kind:
            self._flush()
        if tag == "pre":
            self.kept += 1
            self.code = element.find("code") is not None
        if self.gathered.top.kind in HOLDING:
            if tag == "li":
                self._text("- ")
        elif kind:
            self.gathered.open(kind, element, self.line)

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
        if self.gathered.top.element is element:
            self._flush()
            self.gathered.close()

    def _flush(self) -> None:
        """End a line."""
        if self.runs:
            runs, self.runs = self.runs, []
            self.gathered.end_line(runs, code=self.kept > 0 and self.code)

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
        while self.gathered.frames:
            self._flush()
            self.gathered.close()


def _marks(element: etree._Element) -> tuple[str, str]:
    """Return the marks without which an element would say something else: powers, struck words."""
    if element.tag != "sup":
        return "~~", "~~"
    digits = (element.text or "").strip().lstrip("-−+")
    return ("^", "") if digits.isdigit() and len(element) == 0 else ("", "")
