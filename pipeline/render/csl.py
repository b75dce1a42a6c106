"""CSL-JSON: the same records as data, for Zotero (which makes preprints of them), pandoc and citeproc.

The variables are those of the Citation Style Language's input schema, version 1.0.2.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from pipeline.render._bibliography import Bibliography
from pipeline.render._escape import verbatim
from pipeline.render._names import Name
from pipeline.render._record import Record

FILE = "papers.csl.json"


class _Name(Struct, omit_defaults=True):
    family: str | None = None
    given: str | None = None
    suffix: str | None = None
    literal: str | None = None


class _Date(Struct, rename={"parts": "date-parts"}):
    parts: tuple[tuple[int, ...]]


class _Item(Struct, omit_defaults=True, kw_only=True, rename={"citation_key": "citation-key"}):
    id: str
    citation_key: str
    type: str
    title: str
    author: tuple[_Name, ...] = ()
    issued: _Date
    accessed: _Date
    DOI: str | None = None
    URL: str
    number: str | None = None
    publisher: str | None = None
    abstract: str | None = None
    keyword: str | None = None
    annote: str | None = None
    language: str | None = None


def _write(record: Record) -> str:
    return msgspec.json.format(msgspec.json.encode(_item(record), order="sorted"), indent=1).decode()


def _item(record: Record) -> _Item:
    """Return a record; of arXiv's papers type, number and publisher are what Zotero makes preprints of."""
    return _Item(
        id=record.key,
        citation_key=record.key,
        type="article" if record.arxiv else "document",
        title=record.title,
        author=(*map(_name, record.authors), *([_Name(literal="others")] if record.more_authors else [])),
        issued=_Date(((record.year, record.month),)),
        accessed=_Date(((record.seen.year, record.seen.month, record.seen.day),)),
        DOI=record.doi,
        URL=verbatim(record.url),
        number=f"arXiv:{record.arxiv}" if record.arxiv else None,
        publisher="arXiv" if record.arxiv else None,
        abstract=record.abstract,
        keyword=", ".join(record.keywords) or None,
        annote=record.commentary,
        language=record.language,
    )


def _name(name: Name) -> _Name:
    """Return a name with its particle inside the family: Zotero drops one of its own."""
    return _Name(family=name.full_family, given=name.given, suffix=name.suffix, literal=name.literal)


CSL = Bibliography(FILE, _write, opening="[\n", between=",\n", closing="\n]\n")
"""An array in the order of the other bibliographies."""
