"""Papers for the tests of bibliographies, and what a reader of BibTeX makes of a field."""

from __future__ import annotations

import datetime as dt
import re

from pipeline.archive import Days, Listing
from pipeline.model import Author, Digest, Entry, Identifiers, Link, Passage, Site

SITE = Site(base_url="https://digests.example/")


def paper(**facts: object) -> Entry:
    """Return an entry of 2024-02-07 with a key, and whatever facts are given."""
    plain: dict[str, object] = {
        "file": "2024-02-07.txt",
        "date": dt.date(2024, 2, 7),
        "title": "A Paper",
        "key": "cideron2024paper",
        "anchor": "a-paper",
    }
    return Entry(**{**plain, **facts})  # type: ignore[arg-type]


def listing(*entries: Entry) -> Listing:
    """Return the site's listing of entries, newest day first."""
    days = sorted({entry.date for entry in entries}, reverse=True)
    digests = tuple(
        Digest(date=day, entries=tuple(entry for entry in entries if entry.date == day)) for day in days
    )
    return Listing(kind="site", path="", title="Digest", language="ko", digests=Days.of(digests))


def people(*names: str) -> tuple[Author, ...]:
    """Return authors; a name in square brackets is an organisation's."""
    return tuple(
        Author(name=name.strip("[]"), kind="organisation" if name.startswith("[") else "person")
        for name in names
    )


def said(*texts: str) -> tuple[Passage, ...]:
    """Return passages of commentary."""
    return tuple(Passage(text=text, language="ko", first=1, last=1) for text in texts)


MUSICRL = paper(
    title="MusicRL: Aligning Music Generation to Human Preferences",
    key="cideron2024musicrl",
    anchor="musicrl",
    authors=people("Geoffrey Cideron", "Aäron van den Oord", "[Gemma Team]"),
    more_authors=True,
    abstract=r"Raters prefer it in 80.7\% of pairs; LiPO-{\lambda} costs $5.",
    links=(
        Link(url="https://arxiv.org/abs/2402.04229", kind="paper", slot="header", line=2),
        Link(url="https://example.org/a_b", kind="project", slot="line", line=4),
    ),
    commentary=said("사람의 선호를 배웁니다. 100%!", "두 번째 문단."),
    tags=("rlhf", "audio_generation"),
    identifiers=Identifiers(arxiv="2402.04229"),
)
UNTITLED = paper(
    title=None,
    key="anon2024note",
    anchor="note",
    commentary=said("제목이 없는 메모."),
)
KOREAN = paper(
    title="한국어 대규모 언어 모델",
    key="kim2024llm",
    anchor="kim",
    authors=people("김철수", "Ona de Gibert", "Robert Downey Jr."),
    identifiers=Identifiers(doi="10.1145/3580305_x"),
)
SAMPLE = listing(MUSICRL, UNTITLED, KOREAN)


# What the printed fields of BibTeX leave out, since LaTeX cannot set it and nobody sees it.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]")


def read_back(value: str) -> str:
    """Return what a field of ours says, once its escapes are undone and its blanks are squeezed."""
    text = re.sub(r"\\\$\$(?:\{\}|([0-9]))\$", r"\\$\1", value)
    text = text.replace("$<$", "<").replace("$>$", ">").replace("{}", "")
    text = re.sub(r"\\([%&#_$])", r"\1", text).replace(r"{\textbackslash}", "∖")
    text = text.replace(r"\textasciicircum", "ˆ")
    text = re.sub(r"(?<!\\)[{}]", "", text)
    text = text.replace(r"\{", "{").replace(r"\}", "}")
    return squeezed(text)


def squeezed(text: str) -> str:
    """Return text on one line, with the look-alikes of the signs that BibTeX has no spelling for."""
    alike = str.maketrans({"~": "∼", "˜": "∼", "\\": "∖", "^": "ˆ"})
    return " ".join(_INVISIBLE.sub("", text).translate(alike).split())
