"""One entry while it is being read: it remembers which lines it took, and by which rule."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from pipeline.model import Author, Entry, Link, LinkSlot, Passage, Span
from pipeline.parse._blocks import Block

_TAG = re.compile(r"#([^\s#,]+)")


class Draft:
    """Collect the parts of one entry in the order met; `entry` freezes them."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.alternative_titles: list[str] = []
        self.authors: tuple[Author, ...] = ()
        self.more_authors = False
        self.abstract: list[str] = []
        self.links: list[Link] = []
        self.commentary: list[Passage] = []
        self.tags: list[str] = []
        self.spans: list[Span] = []
        self._continued: list[int] = []  # places in the abstract of lines that go on with the one before
        self._known: set[str] = set()  # addresses, and tags with their mark: a list would be searched

    def took(self, field: str, block: Block, rule: str) -> None:
        """Remember that ``rule`` took the lines of a block for a field."""
        self.spans.append(Span(field=field, first=block.first, last=block.last, rule=rule))

    def add_link(self, url: str, slot: LinkSlot, block: Block, rule: str) -> None:
        """Add an address; one that the entry already has in a better place is not repeated."""
        self.took("links", block, rule)
        if url not in self._known:
            self._known.add(url)
            self.links.append(Link(url=url, slot=slot, line=block.first))

    def add_tags(self, text: str, block: Block, rule: str) -> None:
        """Add the ``#words`` of a line, each spelling once."""
        self.took("tags", block, rule)
        for found in _TAG.finditer(text):
            if found[0] not in self._known:
                self._known.add(found[0])
                self.tags.append(found[1])

    def add_passage(self, text: str, block: Block | list[Block], rule: str) -> None:
        """Add a paragraph of commentary, or the list that a run of blocks makes."""
        blocks = [block] if isinstance(block, Block) else block
        for part in blocks:
            self.took("commentary", part, rule)
        self.commentary.append(Passage(text=text, first=blocks[0].first, last=blocks[-1].last))

    def add_tag_names(self, names: Iterable[str]) -> None:
        """Add tags that are written without ``#``: names of sections, keywords."""
        for name in names:
            tag = name.strip(" #`*_.\"'")
            if tag and f"#{tag}" not in self._known:
                self._known.add(f"#{tag}")
                self.tags.append(tag)

    def add_abstract(self, text: str, block: Block, rule: str, *, joined: bool = False) -> None:
        """Add a paragraph to the abstract, or with ``joined`` a line to its last paragraph."""
        self.took("abstract", block, rule)
        if text:
            self._continued += [len(self.abstract)] if joined else []
            self.abstract.append(text)

    def empty(self) -> bool:
        """Tell whether there is neither title nor link nor tag, so that nothing names a paper."""
        return not (self.title or self.links or self.tags)

    def is_unfilled(self) -> bool:
        """Tell whether title or authors are still those that `digest-pipeline new` writes."""
        return self.title == "Title" or [author.name for author in self.authors] == ["Author", "Author"]

    def entry(self, file: str, date: dt.date) -> Entry:
        """Return the entry as a value."""
        return Entry(
            file=file,
            date=date,
            title=self.title,
            alternative_titles=tuple(self.alternative_titles),
            authors=self.authors,
            more_authors=self.more_authors,
            abstract="".join(self._abstract_parts()) or None,
            links=tuple(self.links),
            commentary=tuple(self.commentary),
            tags=tuple(self.tags),
            spans=tuple(self.spans),
        )

    def _abstract_parts(self) -> Iterator[str]:
        """Give the lines of the abstract, and between them a blank or a blank line."""
        continued = set(self._continued)
        for index, text in enumerate(self.abstract):
            if index:
                yield " " if index in continued else "\n\n"
            yield text
