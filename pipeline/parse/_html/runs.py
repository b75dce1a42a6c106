"""Pieces of running text -> lines: blanks collapsed as HTML does, links as ``[label](address)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from msgspec import Struct, structs

from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import bracketed

# HTML collapses the four blanks; editors write the non-breaking one for a second blank typed.
_BLANKS = re.compile("[ \t\n\r\f\u00a0]+")
_SAME = re.compile(r"^https?://(?:www\.)?|[?&]utm_[^#]*|/$", re.IGNORECASE)
_HASHTAG = re.compile(r"#[^\s#]+")


class Run(Struct, frozen=True, kw_only=True):
    """A piece of text that looks the same throughout."""

    text: str
    line: int
    """Source line, from 1."""
    url: str | None = None
    """Address of the link it is in."""
    em: bool = False
    strong: bool = False
    call: str | None = None
    """It is the call of a footnote: the fragment that names it."""
    hard: bool = False
    """It is a line break."""
    kept: bool = False
    """Its blanks and line ends count."""


class TextLine(Struct, frozen=True, kw_only=True):
    """One line as it is read."""

    text: str
    noted: str
    """The text with ``[n]`` where a footnote is called."""
    line: int
    """Source line, from 1."""
    header: str | None = None
    """Address of the title, where the line is a title with its authors."""
    calls: tuple[str, ...] = ()
    """Footnotes called."""


def text_lines(runs: list[Run], *, titles: bool, keep_strong: bool) -> list[TextLine]:
    """Return the lines of a paragraph, the empty ones left out.

    Emphasis is dropped, but where ``titles`` and a line is an emphasised title with its authors; with
    ``keep_strong`` strong words keep their ``**``: in cells and items they tell the title.
    """
    lines = (_text_line(line, titles=titles, keep_strong=keep_strong) for line in _lines(runs))
    return [line for line in lines if line.text or line.calls]


def _lines(runs: list[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        pieces = run.text.split("\n") if run.kept else [run.text]
        for number, piece in enumerate(pieces):
            if number or run.hard:
                yield line
                line = []
            line.append(structs.replace(run, text=piece, line=run.line + number))
    yield line


def _text_line(runs: list[Run], *, titles: bool, keep_strong: bool) -> TextLine:
    plain = [run for run in runs if run.call is None]
    title = _title(plain) if titles else None
    text = title[1] if title else _text(plain, keep_strong=keep_strong)
    calls = tuple(run.call for run in runs if run.call is not None)
    return TextLine(
        text=text,
        noted=_text(runs, keep_strong=keep_strong) if calls else text,
        line=next((run.line for run in runs if run.text.strip()), runs[0].line if runs else 1),
        header=title[0] if title else None,
        calls=calls,
    )


def _title(runs: list[Run]) -> tuple[str | None, str] | None:
    """Return address and text of ``Title (A, B)`` whose title alone is emphasised or a link."""
    first = next((run for run in runs if run.text.strip()), None)
    if first is None or not (first.em or first.strong or first.url):
        return None

    def look(run: Run) -> tuple[bool, bool, str | None]:
        return (first.em and run.em, first.strong and run.strong, run.url)

    end = next((i for i, r in enumerate(runs) if r.text.strip() and look(r) != look(first)), len(runs))
    title, rest = _collapsed(runs[:end]), _collapsed(runs[end:])
    if not rest.startswith(("(", "（")) or not bracketed(rest) or not looks_like_authors(rest[1:-1]):
        return None
    mark = "*" * (first.em + 2 * first.strong)
    return first.url, f"{mark}{title}{mark} {rest}"


def _collapsed(runs: list[Run]) -> str:
    return _BLANKS.sub(" ", "".join(run.text for run in runs)).strip()


def _text(runs: list[Run], *, keep_strong: bool) -> str:
    spaced = _spaced(runs)
    if not keep_strong:
        return _linked(spaced).rstrip() if any(run.kept for run in runs) else _linked(spaced).strip()
    parts: list[str] = []
    for strong, group in groupby(spaced, key=lambda run: run.strong):
        text = _linked(list(group))
        parts.append(_around(text, lambda inner: f"**{inner}**") if strong else text)
    return "".join(parts).strip()


def _spaced(runs: list[Run]) -> list[Run]:
    """Collapse blanks, across the borders of runs too."""
    spaced: list[Run] = []
    blank = False
    for run in runs:
        text = run.text if run.kept else _BLANKS.sub(" ", run.text)
        text = text[1:] if blank and not run.kept and text[:1] == " " else text
        blank = text[-1:] == " " if text else blank
        shown = f"[{text}]" if run.call is not None else text
        spaced.append(structs.replace(run, text=shown))
    return spaced


def _linked(runs: list[Run]) -> str:
    parts: list[str] = []
    for url, group in groupby(runs, key=lambda run: run.url):
        text = "".join(run.text for run in group)
        parts.append(_around(text, _link(url)) if url else text)
    return "".join(parts)


def _link(url: str) -> Callable[[str], str]:
    def linked(label: str) -> str:
        if _HASHTAG.fullmatch(label):
            return label  # a tag that leads to the list of its posts
        return url if _shows_itself(label, url) else f"[{label}]({url})"

    return linked


def _shows_itself(label: str, url: str) -> bool:
    shown, target = _SAME.sub("", label), _SAME.sub("", url)
    cut = shown.rstrip(".…")
    return shown == target or (cut != shown and len(cut) > 8 and target.startswith(cut))


def _around(text: str, wrap: Callable[[str], str]) -> str:
    """Wrap a text, the blanks at its edges left outside."""
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner)
    return text[:start] + wrap(inner) + text[start + len(inner) :]
