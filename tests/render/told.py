"""What each bibliography tells of its papers, in one form that can be compared."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import NamedTuple

from papers import SITE, read_back, squeezed
from pybtex.database import Person, parse_string

from pipeline.archive import Listing
from pipeline.render import csl, ris
from pipeline.render._bibliography import Bibliography, render
from pipeline.render._tex_signs import ACCENTS, LETTERS, MATHS_ACCENTS, maths

_SIGNS = {spelling: sign for sign, spelling in maths().items()}
_MATHS = re.compile("|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))))
_LETTER = re.compile(r"\{\\([A-Za-z]+)\}")
_ACCENTED = re.compile(rf"\\([{re.escape(''.join(ACCENTS))}])\{{([^\W\d_][\u0300-\u036f]*)\}}")
_DRESSED = re.compile(r"\{\$\\([a-z]+)\{(\\?[A-Za-z]+)\}\$\}")
_LETTERS = {spelling[1:]: letter for letter, spelling in LETTERS.items()} | {"textbackslash": "∖"}


class Told(NamedTuple):
    """What one file tells of one paper, its blanks squeezed and its look-alikes made one."""

    key: str
    title: str
    authors: tuple[str, ...]
    month: str
    seen: str
    arxiv: str
    doi: str
    url: str
    language: str
    keywords: tuple[str, ...]
    abstract: str
    commentary: str


def by_bibtex(form: Bibliography, listing: Listing) -> list[Told]:
    entries = parse_string(render(form, SITE, listing).decode(), "bibtex").entries.values()
    return [
        Told(
            key=entry.key,
            title=shown(fields["title"]),
            authors=tuple(map(by_person, entry.persons.get("author", ()))),
            month=fields["date"],
            seen=fields["urldate"],
            arxiv=fields.get("eprint", ""),
            doi=fields.get("doi", ""),
            url=fields["url"],
            language={"korean": "ko", "japanese": "ja"}.get(fields.get("langid", ""), ""),
            keywords=split(shown(fields.get("keywords", ""))),
            abstract=shown(fields.get("abstract", "")),
            commentary=shown(fields.get("annote", "")),
        )
        for entry in entries
        for fields in (dict(entry.fields.items()),)
    ]


def by_csl(listing: Listing) -> list[Told]:
    return [
        Told(
            key=item["id"],
            title=plain(item["title"]),
            authors=tuple(
                plain(name["literal"] if "literal" in name else joined(name))
                for name in item.get("author", ())
            ),
            month="{:04}-{:02}".format(*item["issued"]["date-parts"][0]),
            seen="{:04}-{:02}-{:02}".format(*item["accessed"]["date-parts"][0]),
            arxiv=item.get("number", "").removeprefix("arXiv:"),
            doi=item.get("DOI", ""),
            url=item["URL"],
            language=item.get("language", ""),
            keywords=split(plain(item.get("keyword", ""))),
            abstract=plain(item.get("abstract", "")),
            commentary=plain(item.get("annote", "")),
        )
        for item in json.loads(render(csl.CSL, SITE, listing))
    ]


def by_ris(listing: Listing) -> list[Told]:
    told = []
    for record in render(ris.RIS, SITE, listing).decode().split("ER  - \r\n\r\n")[:-1]:
        lines = [(line[:2], line[6:]) for line in record.removesuffix("\r\n").split("\r\n")]

        def all_of(tag: str, lines: list[tuple[str, str]] = lines) -> tuple[str, ...]:
            return tuple(plain(value) for name, value in lines if name == tag)

        told.append(
            Told(
                key=all_of("ID")[0],
                title=all_of("TI")[0],
                authors=all_of("AU"),
                month=all_of("DA")[0].rstrip("/").replace("/", "-"),
                seen=all_of("Y2")[0].rstrip("/").replace("/", "-"),
                arxiv="".join(all_of("AN")).removeprefix("arXiv:"),
                doi="".join(all_of("DO")),
                url="".join(value for name, value in lines if name == "UR"),
                language="".join(all_of("LA")),
                keywords=all_of("KW"),
                abstract="".join(all_of("AB")),
                commentary=" ".join(all_of("N1")),
            )
        )
    return told


def shown(value: str) -> str:
    """Return what a field of BibTeX says, with its maths and its accents of TeX as letters."""
    letters = _LETTER.sub(lambda found: _LETTERS.get(found[1], found[0]), value.replace("{}", "{ }"))
    while _ACCENTED.search(letters):  # an accent may stand on another
        letters = _ACCENTED.sub(lambda found: found[2] + ACCENTS[found[1]], letters)
    bare = _DRESSED.sub(_dressed, letters)
    signs = _MATHS.sub(lambda found: _SIGNS[found[0]], bare).replace("{ }", "{}")
    return plain(read_back(signs))


def _dressed(found: re.Match[str]) -> str:
    if found[1] not in MATHS_ACCENTS:
        return found[0]
    return _SIGNS.get(f"{{${found[2]}$}}", found[2]) + MATHS_ACCENTS[found[1]]


def plain(text: str) -> str:
    """Return text as it is compared: squeezed, its accents on their letters."""
    return squeezed(unicodedata.normalize("NFC", text))


def by_person(person: Person) -> str:
    last = " ".join((*person.prelast_names, *person.last_names))
    given = " ".join((*person.first_names, *person.middle_names))
    jr = " ".join(person.lineage_names)
    return joined({"family": shown(last), "given": shown(given), "suffix": shown(jr)})


def joined(name: dict[str, str]) -> str:
    return plain(", ".join(filter(None, (name.get("family"), name.get("given"), name.get("suffix")))))


def split(keywords: str) -> tuple[str, ...]:
    return tuple(keyword for keyword in keywords.split(", ") if keyword)
