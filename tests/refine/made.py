"""Entries and digests made from the few facts that a test is about."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable

from hypothesis import strategies as st

from pipeline.model import Author, Digest, Entry, Identifiers, Link, LinkSlot, Passage

DAY = dt.date(2024, 2, 7)


def passage(text: str, *, language: str = "und", line: int = 1) -> Passage:
    """Return a passage of one line."""
    return Passage(text=text, language=language, first=line, last=line)


def link(url: str, slot: LinkSlot = "header") -> Link:
    """Return a link as the parser gives it."""
    return Link(url=url, slot=slot, line=1)


def entry(
    title: str | None = None,
    *authors: str | Author,
    date: dt.date = DAY,
    file: str = "2024-02-07.txt",
    arxiv: str | None = None,
    doi: str | None = None,
    links: Iterable[Link] = (),
    says: Iterable[str] = (),
    abstract: str | None = None,
    tags: Iterable[str] = (),
    other: Iterable[str] = (),
) -> Entry:
    """Return an entry; ``says`` is its commentary, ``other`` its alternative titles."""
    return Entry(
        file=file,
        date=date,
        title=title,
        alternative_titles=tuple(other),
        authors=tuple(a if isinstance(a, Author) else Author(name=a) for a in authors),
        abstract=abstract,
        links=tuple(links),
        commentary=tuple(passage(text) for text in says),
        tags=tuple(tags),
        identifiers=Identifiers(arxiv=arxiv, doi=doi),
    )


def digest(*entries: Entry, date: dt.date | None = None, says: Iterable[str] = ()) -> Digest:
    """Return a digest of the day of its first entry; ``says`` is its introduction."""
    day = date or (entries[0].date if entries else DAY)
    return Digest(date=day, entries=entries, introduction=tuple(passage(text) for text in says))


# What authors write, and what they never should.
hostile = st.text(max_size=80) | st.sampled_from(
    [
        "",
        " ",
        "?!",
        "…",
        "0",
        "3M",
        "Kim Jr.",
        "MusicRL: Aligning Music Generation to Human Preferences",
        "Mamba",
        "mamba",
        "MAMBA!",
        "맘바",
        "맘바는 어떻게 배우는가",
        "Обучение",
        "数学",
        "İstanbul ẞ ŉ ﬁ ™ 𝐀𝐁",
        "हिन्दी",
        "हिन्दु",
        "a" * 300,
        "word " * 200,
        'x" onload="y',
        "<b>&amp;",
        "a/b?c#d%20",
        "../../etc",
        "\u202eabc",
        "e\u0301",
        "é",
    ]
)
arxiv_ids = st.sampled_from([None, None, "2402.04229", "2402.03170", "hep-th/9901001"])
dois = st.sampled_from([None, None, None, "10.1145/1", "10.1145/2"])
few_words = st.sampled_from(["Mamba", "Scaling CLIP", "맘바", "?", "Grok Report", "Grok report", "Q"])


@st.composite
def entries(draw: st.DrawFn, titles: st.SearchStrategy[str] = hostile | few_words) -> Entry:
    """Give an entry of few names, so that papers are often met again, and of hostile ones."""
    names = draw(st.lists(few_words | titles, max_size=2))
    made = draw(st.sampled_from(["none", "person", "organisation"]))
    return entry(
        draw(st.none() | titles) or None,
        *(
            Author(name=n, kind="person" if made == "person" else "organisation")
            for n in names
            if n and made != "none"
        ),
        arxiv=draw(arxiv_ids),
        doi=draw(dois),
        links=[
            link(url)
            for url in draw(st.lists(st.sampled_from(["https://a.org/1", "https://b.org/2"]), max_size=1))
        ],
        says=[text for text in draw(st.lists(titles, max_size=2)) if text],
        tags=draw(st.lists(st.sampled_from(["rlhf", "c++"]), max_size=1)),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[Digest, ...]:
    """Give files of a few days, several of some days, each with its name; in the order of names."""
    days = draw(st.lists(st.integers(0, 4), min_size=1, max_size=6))
    numbered = itertools.count(1)
    files: list[Digest] = []
    for day in sorted(days):
        date = DAY + dt.timedelta(days=day)
        name = f"{date.isoformat()}-{next(numbered):02}.txt"
        given = draw(st.lists(entries(), min_size=1, max_size=4))
        files.append(digest(*(_moved(one, date, name) for one in given)))
    return tuple(files)


def _moved(one: Entry, date: dt.date, file: str) -> Entry:
    from msgspec import structs

    return structs.replace(one, date=date, file=file)
