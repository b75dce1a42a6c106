"""Entries as feeds carry them, whole as HTML and in short as text; the templates of entries and pages.

Jinja escapes everything that is not made by `_passages`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

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
from pipeline.render._passages import blocks, linked, unlinked

if TYPE_CHECKING:
    from jinja2 import Environment

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
    return shortened(" ".join(unlinked(text).split())) or display_title(entry)


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
