"""Text of digests as HTML: escaped always, addresses made links, lists made lists.

Jinja escapes everything that is not built here; here everything goes through `markupsafe`. No HTML
of an author ever passes.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from pipeline.model import Entry, Site
from pipeline.paths import day_folder
from pipeline.render._addresses import (
    author_line,
    display_title,
    further_links,
    page_url,
    paper_link,
    tag_links,
)
from pipeline.urls import find_addresses, is_safe

if TYPE_CHECKING:
    from jinja2 import Environment

_LABELLED = re.compile(r"\[([^\[\]]{1,500})\]\((https?://[^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\))?)\)")
_ITEM = re.compile(r"\s*(?:[-*+•]|[0-9]{1,4}[.)])\s+")
_LINK = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SUMMARY_LENGTH, _LONGEST_WORD = 300, 40


def feed_content(entry: Entry, site: Site) -> str:
    """Return an entry as the HTML that feeds carry: comment, authors, abstract, links, tags.

    Of an entry that has nothing else it is the title: readers show an empty one as broken.
    """
    body = environment().get_template("entry.html").render(entry=entry, site=site).strip()
    return body or Markup("<p>{}</p>").format(display_title(entry))


def summary(entry: Entry) -> str:
    """Return the beginning of what the author wrote, as plain text of at most 300 characters."""
    text = " ".join(passage.text for passage in entry.commentary) or entry.abstract or author_line(entry)
    return shortened(" ".join(_LABELLED.sub(r"\1", text).split())) or display_title(entry)


def shortened(text: str) -> str:
    """Return plain text of at most 300 characters, cut at a word."""
    if len(text) <= _SUMMARY_LENGTH:
        return text
    # What a bidirectional control opens, the cut would leave open.
    text = _BIDI.sub("", text)
    # Not far back for a blank: Chinese and Japanese have few.
    blank = text.rfind(" ", _SUMMARY_LENGTH - _LONGEST_WORD, _SUMMARY_LENGTH - 1)
    return text[: blank if blank > 0 else _SUMMARY_LENGTH - 2].rstrip(" ,;") + " …"


@functools.cache
def environment() -> Environment:
    """Return the templates with what they call; made once, since it holds no state of a run."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("pipeline.render"),
        autoescape=True,
        auto_reload=False,  # or every entry asks the disk whether its template has changed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(linked=linked, blocks=blocks, display_title=display_title)
    made.globals.update(
        author_line=author_line,
        day_folder=day_folder,
        further_links=further_links,
        page_url=page_url,
        paper_link=paper_link,
        tag_links=tag_links,
    )
    return made


def linked(text: str) -> Markup:
    """Return one paragraph with its addresses, bare or as ``[label](address)``, made links."""
    parts: list[Markup] = []
    at = 0
    for found in _LABELLED.finditer(text):
        if is_safe(found[2]):
            parts += [_bare_links(text[at : found.start()]), _LINK.format(found[2], found[1])]
            at = found.end()
    return Markup("").join((*parts, _bare_links(text[at:])))


def blocks(text: str) -> Markup:
    """Return a passage as a paragraph or, where every line is an item, as a list."""
    lines = text.split("\n")
    items = [_ITEM.match(line) for line in lines]
    if items[0] is None:
        return Markup("<p>{}</p>").format(Markup("<br>\n").join(map(linked, lines)))
    tag = "ol" if items[0][0].strip()[0].isdigit() else "ul"
    return _list(tag, lines)


def _list(tag: str, lines: list[str]) -> Markup:
    """Return a flat list; a line without a mark continues the item above it."""
    items: list[Markup] = []
    for line in lines:
        found = _ITEM.match(line)
        if found:
            items.append(linked(line[found.end() :]))
        else:
            items[-1] += Markup("<br>\n") + linked(line.strip())
    inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), inner)  # noqa: S704 - one of two words


def _bare_links(text: str) -> Markup:
    parts: list[Markup] = []
    at = 0
    for address in find_addresses(text):
        parts += [escape(text[at : address.start]), _LINK.format(address.url, address.url)]
        at = address.end
    return Markup("").join((*parts, escape(text[at:])))
