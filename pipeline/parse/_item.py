"""One line that names a paper: an item, a numbered line or a cell, with its links and its remark."""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.parse._inline import InlineLink, inline_links, without_emphasis
from pipeline.parse._labels import known_label, link_role
from pipeline.parse._sections import without_number

_CHECKBOX = re.compile(r"\[[ xX]\]\s+")
_PREFIX = re.compile(r"\[([^\[\]]{1,24})\]\s+(?=[\[*_])")
_IMAGES = re.compile(r"(?:!\[[^\[\]]{0,300}\]\([^()\s]{0,600}\)\s*)+")
_BOLD = re.compile(r"(\*\*\*|\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BARE_URL = re.compile(r"https?://[^\s<>()（）]+")
# ":star:" is an emoji.
_SEPARATOR = re.compile(r"\s*(?!:[a-z0-9_+-]{1,40}:)(?:[-–—:：|]+|[,.](?=\s|$)|[，。])\s*")
# What stands between the links of a row of links, and around it.
_CONNECTORS = re.compile(
    r"[\s\[\]()（）|/,，;、·•&*_-]*|[\s(（,]*(?:(?:read\s+more\s+on|or|and|on|및|和|또는)[\s\[\]()（）,]*)+",
    re.IGNORECASE,
)
_CLOSED = {")": "(", "]": "[", "）": "（"}


class Item(Struct, frozen=True, kw_only=True):
    """What one line says of a paper."""

    title: str
    """The title as written, without emphasis."""
    paper: str | None = None
    """The paper's own address."""
    links: tuple[str, ...] = ()
    """Addresses of links that name a role: code, project, tweet."""
    comment: str = ""
    """What is left, as written."""
    tags: tuple[str, ...] = ()
    """Words in square brackets before the title."""
    sure: bool = True
    """False where several links may be the paper's."""


def read_item(text: str) -> Item | None:
    """Return what a line says of a paper, or None where no link in it names one.

    ``[T](U) words``, ``T [[arXiv](U)] [[code](U2)] words``, ``words [T](U)``, ``T: U``.
    """
    text, tags = _without_prefixes(text)
    links = [link for link in inline_links(text) if not link.url.startswith("#")]
    if not links:
        return _bare_address(text, tags)
    roles = [_role(text, link) for link in links]
    first = links[0]
    before = text[: first.start].strip(" *_")
    if not before and not roles[0]:
        return _linked_title(text, links, tags)
    if before and roles[0]:
        return _title_then_links(text, links, tags)
    named = [link for link, role in zip(links, roles, strict=True) if not role]
    if not named:
        return None
    # The whole line is the comment: words lead up to the link, so it cannot be cut.
    sure = len(named) == 1 or not before
    return Item(title=_plain(named[0].label), paper=named[0].url, comment=text, tags=tags, sure=sure)


def read_title_cell(text: str) -> tuple[str, str] | None:
    """Split ``**T** - C``, ``T - C`` or ``T  C`` into title and comment; None where nothing parts them."""
    bold = _BOLD.match(text)
    if bold:
        return bold[2].strip(" :："), _tail(text, bold.end())
    for sign in ("  ", " - ", " – ", " — "):
        title, found, comment = text.partition(sign)
        if found and title.strip():
            return title.strip(), _tail(comment, 0)
    return None


def _without_prefixes(text: str) -> tuple[str, tuple[str, ...]]:
    """Take off the check box, the number and pictures; ``[video]`` before a link is a tag."""
    text = _IMAGES.sub("", text) if text[:1] == "!" else text
    text = without_number(_CHECKBOX.sub("", text, count=1) if text[:1] == "[" else text)
    tags: list[str] = []
    while found := _PREFIX.match(text):
        tags.append(found[1].strip())
        text = text[found.end() :]
    return text, tuple(tags)


def _linked_title(text: str, links: list[InlineLink], tags: tuple[str, ...]) -> Item:
    first = links[0]
    emphasis = text[: first.start].strip()
    start = first.end + (len(emphasis) if text.startswith(emphasis, first.end) else 0)
    taken, comment = _role_links(text[start:], [_moved(link, start) for link in links[1:]])
    return Item(
        title=_plain(first.label),
        paper=first.url,
        links=tuple(link.url for link in taken),
        comment=_tail(comment, 0),
        tags=tags,
    )


def _title_then_links(text: str, links: list[InlineLink], tags: tuple[str, ...]) -> Item | None:
    start = _open_bracket(text[: links[0].start])
    title, remark = text[:start].strip(), ""
    bold = _BOLD.match(title)
    if bold and bold.end() < len(title):
        title, remark = bold[2], _tail(title, bold.end())
    taken, rest = _role_links(text[start:], [_moved(link, start) for link in links])
    papers = [link.url for link in taken if link_role(link.label) == "paper"]
    paper = papers[0] if papers else taken[0].url
    title = _plain(title).rstrip(" -–—:：,，|.")
    comment = " ".join(part for part in (remark, _tail(rest, 0)) if part)
    others = tuple(link.url for link in taken if link.url != paper)
    return Item(title=title, paper=paper, links=others, comment=comment, tags=tags) if title else None


def _role_links(text: str, links: list[InlineLink]) -> tuple[list[InlineLink], str]:
    """Part the links that name a role, where only connectors stand around them, from the words left."""
    taken: list[InlineLink] = []
    kept: list[str] = []
    position = 0
    for link in links:
        if not _role(text, link):
            break
        between = text[position : link.start]
        if not _CONNECTORS.fullmatch(between):
            if taken:
                break
            kept.append(between.rstrip(" ([|"))
        taken.append(link)
        position = link.end
    rest = text[position:]
    if taken:
        rest = rest.lstrip(")]） *_")
    return taken, " ".join(part for part in (*kept, rest) if part.strip())


def _role(text: str, link: InlineLink) -> str | None:
    """Return the role of a link: its label names it; any other word in ``[[word](U)]`` is a further link."""
    boxed = text[link.start - 1 : link.start] == "[" and text[link.end : link.end + 1] == "]"
    return link_role(link.label) or ("link" if boxed else None)


def _open_bracket(text: str) -> int:
    """Return where the bracket opens that is still open at the end of a text, else its length."""
    opened: list[tuple[str, int]] = []
    for found in re.finditer(r"[\[\](){}（）]", text):
        sign = found[0]
        if sign in _CLOSED:
            if opened and opened[-1][0] == _CLOSED[sign]:
                opened.pop()
        else:
            opened.append((sign, found.start()))
    return opened[0][1] if opened else len(text)


def _bare_address(text: str, tags: tuple[str, ...]) -> Item | None:
    found = _BARE_URL.search(text)
    title = _plain(text[: found.start()].rstrip(" (（-–—:：,，|<.")) if found else ""
    if not found or not title or known_label(title):
        return None
    return Item(
        title=title,
        paper=found[0].rstrip(".,;"),
        comment=_tail(text[found.end() :].lstrip(")）>"), 0),
        tags=tags,
    )


def _moved(link: InlineLink, start: int) -> InlineLink:
    return InlineLink(link.label, link.url, link.start - start, link.end - start)


def _plain(text: str) -> str:
    return without_emphasis(text.strip())


def _tail(text: str, start: int) -> str:
    """Return what follows a title, without the sign that joins the two."""
    rest = text[start:].strip().lstrip(">")
    found = _SEPARATOR.match(rest)
    return (rest[found.end() :] if found else rest).strip()
