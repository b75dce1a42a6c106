"""Links and emphasis inside a line, found in one pass: linear in the line, however hostile."""

from __future__ import annotations

import re

from msgspec import Struct

_BRACKET = re.compile(r"[\[\]]")
_TARGET = re.compile(
    r"\(\s{0,9}<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s{1,9}(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\s{0,9}\)"
)
_WIKILINK = re.compile(r"!?\[\[(?:[^\[\]|]{0,300}\|)?([^\[\]|]{0,300})\]\]")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|___|__|_)(?=\S)(.+)(?<=\S)\1", re.DOTALL)


class InlineLink(Struct, frozen=True):
    """A Markdown link inside a text."""

    label: str
    """What stands in the square brackets, as written."""
    url: str
    """The target."""
    start: int
    """Where the link begins in the text."""
    end: int
    """Where it ends."""


def inline_links(text: str) -> tuple[InlineLink, ...]:
    """Return the Markdown links of a text in order; images and links inside labels are left out."""
    if "](" not in text:
        return ()
    opened: list[int] = []
    found: list[InlineLink] = []
    for mark in _BRACKET.finditer(text):
        if mark[0] == "[":
            opened.append(mark.start())
            continue
        start = opened.pop() if opened else None
        target = _TARGET.match(text, mark.end()) if start is not None else None
        if start is None or not target or text[start - 1 : start] == "!":
            continue
        while found and found[-1].start > start:
            found.pop()
        found.append(InlineLink(text[start + 1 : mark.start()], target[1], start, target.end()))
    return tuple(found)


def whole_link(text: str) -> InlineLink | None:
    """Return the link that a text wholly is, bare or inside emphasis, else None."""
    text = without_emphasis(text)
    links = inline_links(text)
    if len(links) == 1 and links[0].start == 0 and links[0].end == len(text):
        link = links[0]
        return InlineLink(without_emphasis(link.label.strip()), link.url, link.start, link.end)
    return None


def without_emphasis(text: str) -> str:
    """Return a text without the emphasis marks that enclose the whole of it."""
    while True:
        found = _EMPHASIS.fullmatch(text)
        if not found or found[1] in found[2]:
            return text
        text = found[2]


def without_wikilinks(text: str) -> str:
    """Return a text in which a wikilink is only its label."""
    return _WIKILINK.sub(r"\1", text) if "[[" in text else text


def only_wikilinks(text: str) -> bool:
    """Tell whether a text holds wikilinks and nothing else."""
    return "[[" in text and not _WIKILINK.sub("", text).strip(" ,;-*")
