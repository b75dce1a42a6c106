"""Take the labelled lines of an entry, and the abstract in a ``<details>`` element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, structs

from pipeline.model import Problem
from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import Block, whole_url
from pipeline.parse._draft import Draft
from pipeline.parse._head import take_authors
from pipeline.parse._inline import inline_links, whole_link, without_emphasis
from pipeline.parse._labels import Label, is_slip, link_role, read_bare_abstract, read_label
from pipeline.problems import problem

_URL = re.compile(r"https?://[^\s<>()（）\[\]]+(?:\([^\s()]*\)[^\s<>()（）\[\]]*)?")
_ARXIV = re.compile(
    r"(?:arxiv:\s?)?([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}(?:v[0-9]+)?)",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:doi:\s?)?(10\.[0-9]{4,9}/[^\s]+)", re.IGNORECASE)
_ELEMENT = re.compile(r"</?(?:details|summary|p|br|div)\b[^<>]{0,200}>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^<>]{0,200}>(.*?)(?:</summary>|$)", re.IGNORECASE)
_TAG_BREAK = re.compile(r"[,，、;；|/]\s*|`\s+`")
_BETWEEN_LINKS = re.compile(r"[|,、，;；/·•()（）\[\]]|\s[-–—]\s|\s(?:and|or|&)\s")
_WORD = re.compile(r"[^\W_]")
_HASHTAG = re.compile(r"#[^\s#,]+")
_PROSE = frozenset({"paragraph", "bracket", "quote"})


class _Line(Struct, frozen=True):
    """A block as the fields see it."""

    block: Block
    hidden: bool = False
    """It stands in a ``<details>`` element."""
    mark: bool = False
    """It is nothing but marks of that element."""


def take_fields(
    draft: Draft, blocks: list[Block], name: str, *, bare: bool = False
) -> tuple[list[Block], tuple[Problem, ...]]:
    """Take each labelled line; return the blocks left, and the labels that were misspelt.

    A label without value takes the paragraph behind it; lines of the same paragraph go on with an
    abstract. With ``bare`` the word abstract needs no colon. A comment loses its label and is left; a line
    of links that says more than where they lead is left as it is, too.
    """
    left: list[Block] = []
    slips: list[Problem] = []
    open_field: str | None = None
    for line in _lines(blocks):
        block = line.block
        label = _label(block, bare=bare and not draft.abstract) if block.kind in {*_PROSE, "item"} else None
        if line.mark:
            draft.took("skipped", block, "details")
            open_field = None
        elif label and _take(draft, label, block):
            slips.extend(_slip(name, label, block))
            if label.field in {"paper", "link"} and says_more(label.value):
                left.append(block)
            open_field = label.field if label.field == "abstract" or not label.value else None
        elif label and label.field == "comment":
            open_field = None if label.value else "comment"
            left.extend(_comment(draft, label, block))
        elif block.kind in _PROSE and (line.hidden or open_field) and _go_on(draft, line, open_field):
            open_field = open_field if open_field == "abstract" and not line.hidden else None
        else:
            open_field = None
            left.append(block)
    return left, tuple(slips)


def take_italic_authors(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Take ``*A, B*`` right behind a title as the authors."""
    text = blocks[0].text if blocks and blocks[0].kind == "paragraph" else ""
    inside = without_emphasis(text)
    if not text or inside == text or draft.authors or not looks_like_authors(inside):
        return blocks
    take_authors(draft, inside, blocks[0], "italic-authors")
    return blocks[1:]


def take_addresses(draft: Draft, text: str, block: Block, *, paper: bool, rule: str) -> bool:
    """Take the links of a label's value or of a cell; tell whether there was one.

    With ``paper`` the first link without another role is the paper's own; the rest are further
    links. An identifier of arXiv or a DOI alone stands for its address.
    """
    found = addresses(text)
    bare = text.strip(" *_`<>")
    identifier, doi = _ARXIV.fullmatch(bare), _DOI.fullmatch(bare)
    if not found and paper and identifier:
        found = [("arxiv", f"https://arxiv.org/abs/{identifier[1]}")]
    elif not found and paper and doi:
        found = [("doi", f"https://doi.org/{doi[1]}")]
    own = next((url for label, url in found if link_role(label) != "link"), None) if paper else None
    for _, url in found:
        draft.add_link(url, "header" if url == own else "line", block, rule)
    return bool(found)


def addresses(text: str) -> list[tuple[str, str]]:
    """Return label and address of each link of a text: Markdown links, or else bare addresses."""
    links = [(link.label, link.url) for link in inline_links(text) if not link.url.startswith("#")]
    return links or [("", found[0].rstrip(".,;，。；*_")) for found in _URL.finditer(text)]


def says_more(text: str) -> bool:
    """Tell whether a text of links holds words beside them, and not only names of what they lead to."""
    if not addresses(text):
        return False
    for link in reversed(inline_links(text)):
        text = text[: link.start] + "|" + text[link.end :]
    parts = _BETWEEN_LINKS.split(_ELEMENT.sub("|", _URL.sub("|", text)))
    return any(_WORD.search(part) and link_role(part.strip(": ：")) is None for part in parts)


def tag_names(text: str) -> list[str]:
    """Return the tags of a value: hashtags, code spans or names between commas."""
    hashed = _HASHTAG.findall(text)
    return hashed or [name.strip("[]` ") for name in _TAG_BREAK.split(text.strip("[]"))]


def unlinked(text: str) -> str:
    """Return a text in which each Markdown link is only its label."""
    for link in reversed(inline_links(text)):
        text = text[: link.start] + link.label + text[link.end :]
    return text


def _lines(blocks: list[Block]) -> Iterator[_Line]:
    """Give the blocks without the marks of ``<details>``; what it hides under an own name stays open."""
    hidden = False
    for block in blocks:
        if not hidden and "<details" not in block.text.lower():
            yield _Line(block)
            continue
        summary = _SUMMARY.search(block.text)
        words = _SUMMARY.sub("", block.text) if summary else block.text
        text = _ELEMENT.sub(" ", words).strip()
        kept = structs.replace(block, text=text) if text else block
        yield _Line(kept, hidden=bool(text), mark=not text)
        hidden = "</details>" not in block.text.lower()


def _label(block: Block, *, bare: bool) -> Label | None:
    if "\n" in block.text:
        return None
    return read_label(block.text) or (read_bare_abstract(block.text) if bare else None)


def _take(draft: Draft, label: Label, block: Block) -> bool:
    """Take a labelled line if its value fits; a comment is never taken here."""
    rule = "label"
    match label.field:
        case "title" if label.value and not draft.title:
            _take_title(draft, label.value, block)
        case "authors" if not draft.authors and label.value:
            take_authors(draft, without_emphasis(unlinked(label.value)), block, rule)
        case "abstract" if not draft.abstract:
            draft.add_abstract(label.value, block, rule)
        case "paper" | "link":
            return take_addresses(draft, label.value, block, paper=label.field == "paper", rule=rule)
        case "tags" if label.value:
            draft.took("tags", block, rule)
            draft.add_tag_names(tag_names(label.value))
        case "votes" if label.value[:1].isdigit():
            draft.took("skipped", block, "votes")
        case _:
            return False
    return True


def _take_title(draft: Draft, value: str, block: Block) -> None:
    link = whole_link(value)
    draft.title = link.label if link else without_emphasis(value)
    draft.took("title", block, "label")
    if link:
        draft.add_link(link.url, "header", block, "label")


def _comment(draft: Draft, label: Label, block: Block) -> list[Block]:
    if label.value:
        return [structs.replace(block, text=label.value)]
    draft.took("commentary", block, "label")
    return []


def _go_on(draft: Draft, line: _Line, field: str | None) -> bool:
    """Take a line as more of the abstract: in ``<details>``, or in the paragraph of its label."""
    block = line.block
    joined = bool(draft.abstract) and not block.gap
    goes_on = field == "abstract" and (joined or not draft.abstract)
    if whole_url(block.text) or not (line.hidden or goes_on):
        return False
    draft.add_abstract(block.text, block, "details" if line.hidden else "label", joined=joined)
    return True


def _slip(name: str, label: Label, block: Block) -> list[Problem]:
    if not is_slip(label):
        return []
    return [problem("misspelt-label", name, block.first, label=label.written, meant=label.name)]
