"""When two entries are one paper: a shared arXiv id, a shared DOI, or title and first author alike."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import MutableMapping

from pipeline.model import Entry, Link
from pipeline.names import AT_HAND, in_order
from pipeline.refine._past import Name

_SIGNS = re.compile("[^0-9a-z]+")


class Register:
    """The papers met so far, numbered by the caller, and the names by which each is known."""

    def __init__(
        self,
        paper_of: MutableMapping[Name, int] | None = None,
        arxiv_of: MutableMapping[int, str] | None = None,
    ) -> None:
        """Begin with the papers that two mappings hold, and fill these."""
        self._paper_of: MutableMapping[Name, int] = {} if paper_of is None else paper_of
        self._arxiv_of: MutableMapping[int, str] = {} if arxiv_of is None else arxiv_of

    def find(self, entry: Entry) -> tuple[int, ...]:
        """Return the papers that an entry is, that of its strongest name first.

        They are several where it has the names of papers that were not known to be one. A paper
        with another arXiv identifier is another paper, however alike the rest may be.
        """
        known = (self._paper_of[name] for name in names_of(entry) if name in self._paper_of)
        arxiv = entry.identifiers.arxiv
        found: list[int] = []
        for paper in dict.fromkeys(known):
            theirs = self._arxiv_of.get(paper, arxiv)
            if theirs == arxiv or arxiv is None:
                arxiv = theirs
                found.append(paper)
        return tuple(found)

    def add(self, entry: Entry, paper: int) -> None:
        """Remember the names of an entry for its paper; a name stays with the paper that had it first."""
        for name in names_of(entry):
            self._paper_of.setdefault(name, paper)
        if entry.identifiers.arxiv:
            self._arxiv_of.setdefault(paper, entry.identifiers.arxiv)

    def move(self, entry: Entry, paper: int) -> None:
        """Give the names of an entry to a paper, whoever had them."""
        self._paper_of.update(dict.fromkeys(names_of(entry), paper))
        self.add(entry, paper)


def names_of(entry: Entry) -> tuple[Name, ...]:
    """Return every name by which the paper of an entry is known, strongest first.

    Titles count only together with the first author, since papers of different people may be called
    alike. An entry without identifiers is known by its first header link too.
    """
    ids = entry.identifiers
    names: list[Name] = []
    if ids.arxiv:
        names.append(("arxiv", ids.arxiv))
    if ids.doi:
        names.append(("doi", ids.doi))
    titles = [title for title in (entry.title, *entry.alternative_titles) if title]
    if entry.authors and titles:
        first = first_author(entry)
        names += [("title", folded(title), first) for title in titles]
    headers = [link.url for link in entry.links if link.slot == "header"]
    if headers and not ids.arxiv and not ids.doi:
        names.append(("link", headers[0]))
    return tuple(dict.fromkeys(names))


def first_author(entry: Entry) -> str:
    """Return the first author of an entry, which has one, as it is compared: however the name is printed."""
    author = entry.authors[0]
    return folded(in_order(author.name) if author.kind == "person" else author.name)


def own_links(entry: Entry) -> tuple[Link, ...]:
    """Return the links of slots: what the entry is about, not what its text mentions."""
    return tuple(link for link in entry.links if link.slot != "text")


@functools.lru_cache(AT_HAND)
def folded(text: str) -> str:
    """Return the letters, digits and vowel signs, case folded; the text itself where it has none."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    if normal.isascii():
        return _SIGNS.sub("", normal) or text
    return "".join(c for c in normal if c.isalnum() or unicodedata.category(c) in {"Mn", "Mc"}) or text
