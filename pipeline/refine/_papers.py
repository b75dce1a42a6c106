"""When two entries are one paper: a shared arXiv id, a shared DOI, or title and first author alike."""

from __future__ import annotations

import unicodedata

from pipeline.model import Entry


def names_of(entry: Entry) -> tuple[str, ...]:
    """Return every name by which the paper of an entry is known, strongest first.

    Two entries are one paper if they share a name. Titles count only together with the first
    author, since papers of different people may be called alike. An entry that has nothing else is
    known by its first header link.
    """
    ids = entry.identifiers
    names = [f"arxiv:{ids.arxiv}" if ids.arxiv else "", f"doi:{ids.doi}" if ids.doi else ""]
    titles = [title for title in (entry.title, *entry.alternative_titles) if title]
    if entry.authors:
        first = _folded(entry.authors[0].name)
        names += [f"title:{_folded(title)}:{first}" for title in titles]
    headers = [link.url for link in entry.links if link.slot == "header"]
    if headers and not ids.arxiv and not ids.doi:
        names.append(f"link:{headers[0]}")
    return tuple(dict.fromkeys(name for name in names if name))


def _folded(text: str) -> str:
    """Return letters and digits only, case folded; an exact comparison of what is left."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
