"""Entries that no parser would give, or that authors rarely write: what the feeds must stand nevertheless.

They go to the renderers directly, so nothing has cleaned them; each is set between two plain ones.
"""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from pipeline.model import Author, Digest, Earlier, Entry, Identifiers, Link, Passage, Site

SITE = Site(
    title="Notes & <papers>",
    base_url="https://papers.example.org/digest/",
    authority="papers.example.org,2024",
    author="Ada Lovelace",
    description="Papers & comments, a < b.",
)
DAY = dt.date(2024, 3, 1)
_ODD = "\x00\x0b\x0c\x1f\x7f\x85\ufdd0\ufffe\uffff\U0001fffe\ud800"


def link(url: str, *, kind: str = "paper", slot: str = "header") -> Link:
    return structs.replace(Link(url=url, slot="header", line=1), kind=kind, slot=slot)


def said(text: str, language: str = "ko") -> Passage:
    return Passage(text=text, language=language, first=1, last=1)


def by(*names: str) -> tuple[Author, ...]:
    return tuple(Author(name=name) for name in names)


_PLAIN = Entry(
    file="2024-03-01.txt",
    date=DAY,
    title="A plain paper",
    authors=by("Grace Hopper", "Alan Turing"),
    abstract="What was done, and what came of it.",
    abstract_language="en",
    links=(link("https://arxiv.org/abs/2403.00001"),),
    commentary=(said("평범한 논문."),),
    tags=("plain",),
)

ENTRIES: dict[str, Entry] = {
    "markup": structs.replace(
        _PLAIN,
        title="Is <think> & </b> 'x' < \"y\" or &lt;i&gt; &amp; $\\alpha$?",
        authors=by("Ada <ada@example.org>", 'O\'Neil & "Sons"'),
        abstract='<img src=x onerror=alert(1)> <style>p{}</style> ]]> &amp; <a href="/relative">r</a>',
        commentary=(said("<script>alert(1)</script> <iframe src=//evil.example> </div></blockquote>"),),
        tags=("<b>", '"q"', "a&b"),
    ),
    "forbidden-characters": structs.replace(
        _PLAIN,
        title=f"Ti{_ODD}tle",
        authors=by(f"An{_ODD}n"),
        abstract=f"Ab{_ODD}stract",
        commentary=(said(f"말{_ODD}씀"),),
        tags=(f"t{_ODD}ag", _ODD),
        links=(link(f"https://example.org/{_ODD}"),),
    ),
    "no-link": structs.replace(_PLAIN, links=()),
    "no-title": structs.replace(_PLAIN, title=None, identifiers=Identifiers(arxiv="2403.00001")),
    "no-authors": structs.replace(_PLAIN, authors=()),
    "no-commentary": structs.replace(_PLAIN, commentary=()),
    "no-abstract": structs.replace(_PLAIN, abstract=None, abstract_language=None),
    "nothing-at-all": Entry(file="2024-03-01.txt", date=DAY),
    "194-authors": structs.replace(_PLAIN, authors=by(*(f"Given{n} Family{n}" for n in range(194)))),
    "more-authors": structs.replace(_PLAIN, more_authors=True),
    "odd-tags": structs.replace(_PLAIN, tags=("c", "c++", "C#", "상태 공간", "a/b", "x,y", "-", "#")),
    "international-links": structs.replace(
        _PLAIN,
        links=(
            link("https://例え.jp/パス?x=%zz&y=[1]#節"),
            link("https://example.org/a'b(c)?q=1&r=é", kind="project", slot="line"),
            link("https://xn--zckzah.example:8080/", kind="code", slot="line"),
        ),
    ),
    "unsafe-links": structs.replace(
        _PLAIN,
        links=tuple(
            map(
                link,
                (
                    "javascript:alert(1)",
                    "data:text/html,x",
                    "/relative",
                    "//example.org/x",
                    "https://user@example.org/",
                    "https://example.org/a b",
                    "http://[::1",
                    "http://[fe80::1%25eth0]/",
                    "https://",
                ),
            )
        ),
        commentary=(said("[x](javascript:alert(1)) [y](https://a@b/) file:///etc/passwd"),),
    ),
    "pdf-links": structs.replace(
        _PLAIN,
        links=(
            link("https://example.org/paper.PDF?download=1"),
            link("https://arxiv.org/pdf/2403.00001v2", slot="line"),
            link("https://github.com/example/code", kind="code", slot="line"),
        ),
    ),
    "two-languages": structs.replace(
        _PLAIN, commentary=(said("첫 문단."), said("A second paragraph.", "en"), said("第三段。", "zh"))
    ),
    "lists": structs.replace(
        _PLAIN,
        commentary=(
            said("- 하나 https://example.org/한글?q=1.\n- 둘 [라벨](https://example.org/x)\n계속"),
            said("1. 처음\n  - 안쪽\n2. 다음"),
            said("## 제목"),
        ),
    ),
    "unclosed-bidi-in-a-long-text": structs.replace(
        _PLAIN, commentary=(said("\u202e" + "뒤집힌 글 " * 100 + "\u202c"),)
    ),
    "long-text-without-blanks": structs.replace(_PLAIN, commentary=(said("BERT 是" + "模型" * 500, "zh"),)),
    "discussed-before": structs.replace(
        _PLAIN, earlier=(Earlier(date=dt.date(2024, 2, 7), anchor="a-plain-paper"),)
    ),
    "escapes-only": structs.replace(_PLAIN, abstract="\"\\&<>'" * 500, commentary=(said("<&>" * 300),)),
}


def digest_of(*entries: Entry, date: dt.date = DAY) -> Digest:
    """Return a day of entries with an identity, though they have been through no pass."""
    noon = dt.datetime.combine(date, dt.time(12), dt.UTC)
    identified = tuple(
        structs.replace(
            entry,
            date=date,
            id=f"tag:{SITE.authority}:{date}/entry-{position}",
            anchor=f"entry-{position}",
            key=f"entry{position}",
            published=noon - dt.timedelta(seconds=position),
            updated=noon - dt.timedelta(seconds=position),
        )
        for position, entry in enumerate(entries)
    )
    return Digest(date=date, language="ko", entries=identified)


def between_plain_ones(entry: Entry) -> Digest:
    return digest_of(_PLAIN, entry, _PLAIN)


def day_of(count: int, **fields: object) -> Digest:
    """Return a day of many entries that differ in nothing but their identity."""
    return digest_of(*(structs.replace(_PLAIN, **fields) for _ in range(count)))
