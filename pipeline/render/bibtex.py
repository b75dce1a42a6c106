"""BibTeX: one entry per paper, for reference managers and for LaTeX. Fields: docs/bibliography.md.

pybtex holds the data and the grammar of the file; its writer escapes every field alike, twice or
not at all, and so gives way to one that knows what each field is.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Sequence
from typing import TextIO

from msgspec import Struct
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from pipeline.render._bibliography import Bibliography
from pipeline.render._capitals import protected
from pipeline.render._escape import ascii_only, initials, keywords, printed, prose, verbatim
from pipeline.render._names import Name
from pipeline.render._record import Record

FILE = "papers.bib"
BIBLATEX_FILE = "papers.biblatex.bib"

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_BABEL = {"ko": "korean", "ja": "japanese"}
_BRACE = re.compile(r"[{}]")
# Words and signs that part names; inside one, braces keep them from doing so.
_PARTING = re.compile(r"(?i:\b(?:and|others)\b)|,")
_ESCAPES: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("title", "author"), printed),
    **dict.fromkeys(("abstract", "annote"), prose),
    "keywords": keywords,
    **dict.fromkeys(("doi", "eprint", "url"), verbatim),
}


class Flavour(Struct, frozen=True, kw_only=True):
    """What sets one kind of BibTeX file apart."""

    type: str = "misc"
    """Entry type."""
    plain: bool = True
    """For BibTeX's own styles: year and month beside the date, archivePrefix; else biblatex's data model."""
    ascii: bool = False
    """TeX accents instead of letters beyond ASCII."""


_PLAIN = Flavour()
_BIBLATEX = Flavour(type="online", plain=False)
_ASCII = Flavour(ascii=True)


def _writes(flavour: Flavour) -> Callable[[Record], str]:
    writer = _FieldWriter(flavour)

    def write(record: Record) -> str:
        # One at a time: pybtex's dictionaries for all of them at once keep the collector busy.
        stream = io.StringIO()
        writer.write_stream(BibliographyData([(record.key, _entry(record, flavour))]), stream)
        return stream.getvalue()

    return write


def _entry(record: Record, flavour: Flavour) -> Entry:
    people = [*map(_person, record.authors)]
    if people and record.more_authors:
        people.append(_Person(None, None, "others", None))
    persons = {"author": people} if people else {}
    return Entry(flavour.type, fields=_fields(record, flavour), persons=persons)


def _fields(record: Record, flavour: Flavour) -> list[tuple[str, str]]:
    """Return the fields of an entry in the order in which they are written, without the empty ones."""
    archive = record.arxiv and flavour.plain
    named: tuple[tuple[str, str | None], ...] = (
        ("title", record.title),
        # What BibTeX's styles sort and label by, where there is no author.
        ("key", record.key if flavour.plain and not record.authors else None),
        ("year", str(record.year) if flavour.plain else None),
        ("month", _MONTHS[record.month - 1] if flavour.plain else None),
        ("date", f"{record.year:04d}-{record.month:02d}"),
        ("eprint", record.arxiv),
        ("eprinttype", "arxiv" if record.arxiv else None),
        ("archiveprefix", "arXiv" if archive else None),
        ("doi", record.doi),
        ("url", record.url),
        ("urldate", record.seen.isoformat()),
        ("langid", _BABEL.get(record.language or "")),
        ("keywords", ", ".join(record.keywords)),
        ("abstract", record.abstract),
        ("annote", record.commentary),
    )
    return [(name, value) for name, value in named if value]


def _person(name: Name) -> Person:
    """Return pybtex's person; a name that is one stays one word to its grammar."""
    last = f"{{{name.literal}}}" if name.literal else name.family or ""
    return _Person(name.given, name.particle, last, name.suffix)


class _Person(Person):
    """A person whose parts are known: pybtex's own constructor would take each apart again, at length."""

    def __init__(self, first: str | None, prelast: str | None, last: str, lineage: str | None) -> None:
        self.first_names = [first] if first else []
        self.middle_names = []
        self.prelast_names = [prelast] if prelast else []
        self.last_names = [last]
        self.lineage_names = [lineage] if lineage else []


class _FieldWriter(Writer):
    """pybtex's writer, each field escaped once for what it is."""

    def __init__(self, flavour: Flavour) -> None:
        super().__init__(encoding="UTF-8")
        self._finish = ascii_only if flavour.ascii else str
        self._part = functools.lru_cache(maxsize=20_000)(self._escaped_part)
        self._given = (
            functools.lru_cache(maxsize=20_000)(self._escaped_given) if flavour.plain else self._part
        )

    def quote(self, s: str) -> str:
        """Return a value in braces; raise ValueError where its own braces are not balanced."""
        if "{" in s or "}" in s:
            depth = 0
            for brace in _BRACE.findall(s):
                depth += 1 if brace == "{" else -1
                if depth < 0:
                    break
            if depth:
                raise ValueError(f"unbalanced braces: {s[:60]}")
        return f"{{{s}}}"

    def _write_field(self, stream: TextIO, type: str, value: str) -> None:  # noqa: A002 - pybtex's name
        if type == "title":
            escaped = self._finish(protected(value, printed))
        else:
            escape = _ESCAPES.get(type)
            escaped = self._finish(escape(value)) if escape else value
        stream.write(f",\n  {type} = {escaped if type == 'month' else self.quote(escaped)}")

    def _write_persons(self, stream: TextIO, persons: Sequence[Person], role: str) -> None:
        names = " and ".join(self._format_name(stream, person) for person in persons)
        stream.write(f",\n  {role} = {self.quote(names)}")

    def _format_name(self, stream: TextIO, person: Person) -> str:  # noqa: ARG002 - pybtex's signature
        last = " ".join(self._part(part) for part in (*person.prelast_names, *person.last_names))
        return ", ".join(
            (last, *map(self._part, person.lineage_names), *map(self._given, person.first_names))
        )

    def _escaped_given(self, part: str) -> str:
        return initials(self._part(part))

    def _escaped_part(self, part: str) -> str:
        whole = part.startswith("{")
        escaped = self._finish(printed(part.strip("{}")))
        parting = part != "others" and _PARTING.search(part)
        return f"{{{escaped}}}" if whole or parting else escaped


PLAIN = Bibliography(FILE, _writes(_PLAIN), kinds=("day", "site", "tag"))
"""For BibTeX's own styles, in UTF-8."""
BIBLATEX = Bibliography(BIBLATEX_FILE, _writes(_BIBLATEX), kinds=("site",))
"""For biblatex and biber, in UTF-8, under the same keys."""
ASCII = Bibliography("papers.ascii.bib", _writes(_ASCII))
"""In ASCII; ``[?]`` stands for what TeX's accents cannot say. Not published, written on request."""
