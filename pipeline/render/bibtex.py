"""BibTeX: one entry per paper, for reference managers and for LaTeX. Fields: docs/bibliography.md.

pybtex has the grammar of the file and of its names; its writer escapes every field alike, twice or not
at all, and so gives way to one that knows what each field is.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Sequence
from typing import TextIO

from msgspec import Struct
from pybtex.database import Person
from pybtex.database.output.bibtex import Writer

from pipeline.render._bibliography import Bibliography
from pipeline.render._escape import ascii_only, initials, keywords, printed, printed_title, prose, verbatim
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
    "title": printed_title,
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
        self._flavour = flavour
        self._finish = ascii_only if flavour.ascii else str
        self._part = functools.lru_cache(maxsize=20_000)(self._escaped_part)
        self._given = (
            functools.lru_cache(maxsize=20_000)(self._escaped_given) if flavour.plain else self._part
        )

    def entry(self, record: Record) -> str:
        """Return one entry, part by part: pybtex's own dictionaries would take a third of the time."""
        stream = io.StringIO()
        stream.write(f"@{self._flavour.type}{{{record.key}")
        people = [*map(_person, record.authors)]
        if people:
            people += [_Person(None, None, "others", None)] if record.more_authors else []
            self._write_persons(stream, people, "author")
        for name, value in _fields(record, self._flavour):
            self._write_field(stream, name, value)
        stream.write("\n}\n")
        return stream.getvalue()

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
        escape = _ESCAPES.get(type)
        escaped = self._finish(escape(value)) if escape else value
        stream.write(f",\n  {type} = {escaped if type == 'month' else self.quote(escaped)}")

    def _write_persons(self, stream: TextIO, persons: Sequence[Person], role: str) -> None:
        names = " and ".join(self._format_name(stream, person) for person in persons)
        stream.write(f",\n  {role} = {self.quote(names)}")

    def _format_name(self, stream: TextIO, person: Person) -> str:  # noqa: ARG002 - pybtex's signature
        last = " ".join(map(self._part, (*person.prelast_names, *person.last_names)))
        parts = (last, *map(self._part, person.lineage_names), *map(self._given, person.first_names))
        return ", ".join(parts)

    def _escaped_given(self, part: str) -> str:
        return initials(self._part(part))

    def _escaped_part(self, part: str) -> str:
        whole = part.startswith("{")
        escaped = self._finish(printed(part.strip("{}")))
        parting = part != "others" and _PARTING.search(part)
        return f"{{{escaped}}}" if whole or parting else escaped


PLAIN = Bibliography(FILE, _FieldWriter(Flavour()).entry, kinds=("day", "site", "tag"))
"""For BibTeX's own styles, in UTF-8."""
BIBLATEX = Bibliography(
    BIBLATEX_FILE, _FieldWriter(Flavour(type="online", plain=False)).entry, kinds=("site",)
)
"""For biblatex and biber, in UTF-8, under the same keys."""
ASCII = Bibliography("papers.ascii.bib", _FieldWriter(Flavour(ascii=True)).entry)
"""In ASCII; ``[?]`` stands for what TeX's accents cannot say. Not published, written on request."""
