"""RIS: the same records line by line, for EndNote and the reference managers that read nothing else.

Tags are those of the RIS format as EndNote and Zotero read it: two letters, two blanks, a hyphen, a
blank, one value a line, lines ended by CR and LF.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.render._bibliography import Bibliography
from pipeline.render._escape import verbatim
from pipeline.render._names import Name
from pipeline.render._record import Record

FILE = "papers.ris"


def _write(record: Record) -> str:
    return "".join(f"{line}\r\n" for line in (*_lines(record), "ER  - ", ""))


def _lines(record: Record) -> Iterator[str]:
    """Give the lines of a record but the last; paragraphs of commentary are notes of their own."""
    named: tuple[tuple[str, str | None], ...] = (
        ("TY", "UNPB" if record.arxiv else "GEN"),
        ("ID", record.key),
        ("TI", record.title),
        *(("AU", _name(name)) for name in record.authors),
        ("AU", "others" if record.more_authors else None),
        ("PY", f"{record.year:04d}"),
        ("DA", f"{record.year:04d}/{record.month:02d}//"),
        ("DO", record.doi),
        ("AN", f"arXiv:{record.arxiv}" if record.arxiv else None),
        ("PB", "arXiv" if record.arxiv else None),
        ("UR", verbatim(record.url)),
        ("Y2", f"{record.seen:%Y/%m/%d}/"),
        ("LA", record.language),
        *(("KW", keyword) for keyword in record.keywords),
        ("AB", record.abstract),
        *(("N1", paragraph) for paragraph in (record.commentary or "").split("\n\n")),
    )
    return (f"{tag}  - {' '.join(value.split())}" for tag, value in named if value)


def _name(name: Name) -> str:
    """Return ``Family, Given, Suffix``; a name that is one stays one."""
    parts = (name.literal or name.full_family, name.given or (name.suffix and ""), name.suffix)
    return ", ".join(part for part in parts if part is not None)


RIS = Bibliography(FILE, _write, kinds=("site",), between="")
"""In UTF-8, in the order of the other bibliographies."""
