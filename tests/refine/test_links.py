"""What each link is, which addresses are mentions, and which link may name the paper."""

from __future__ import annotations

import pytest
from made import digest, entry, link

from pipeline.model import Entry, Identifiers, Link, LinkKind, LinkSlot, Site
from pipeline.refine import links

KINDS: list[tuple[str, LinkSlot, LinkKind]] = [
    ("https://arxiv.org/abs/2402.04229", "header", "paper"),
    ("https://arxiv.org/abs/2402.04229", "line", "paper"),
    ("https://arxiv.org/abs/2402.04229", "text", "mention"),
    ("https://openreview.net/forum?id=x", "line", "paper"),
    ("https://aclanthology.org/P18-1055", "line", "paper"),
    ("https://proceedings.mlr.press/v202/x23a.html", "line", "paper"),
    ("https://papers.nips.cc/paper/x", "line", "paper"),
    ("https://openaccess.thecvf.com/content/x.pdf", "line", "paper"),
    ("https://doi.org/10.1145/1", "line", "paper"),
    ("https://huggingface.co/papers/2402.04229", "line", "paper"),
    ("https://huggingface.co/google/gemma-7b", "line", "project"),
    ("https://github.com/state-spaces/mamba", "line", "code"),
    ("https://github.com/state-spaces/mamba", "header", "code"),
    ("https://gist.github.com/x", "line", "code"),
    ("https://GitHub.com./x", "line", "code"),
    ("https://state-spaces.github.io/mamba", "line", "project"),
    ("https://notgithub.com/x", "line", "project"),
    ("https://openai.com/sora", "header", "paper"),
    ("https://openai.com/sora", "line", "project"),
]


def refined(one: Entry) -> Entry:
    return links.refine(digest(one), Site()).entries[0]


@pytest.mark.parametrize(("url", "slot", "kind"), KINDS)
def test_says_what_stands_behind_a_link(url: str, slot: LinkSlot, kind: LinkKind) -> None:
    assert refined(entry("T", links=[link(url, slot)])).links == (
        Link(url=url, slot=slot, line=1, kind=kind),
    )


CLEANED = [
    pytest.param("arxiv.org/abs/2402.04229", "https://arxiv.org/abs/2402.04229", id="no scheme"),
    pytest.param("www.example.org", "https://www.example.org", id="no scheme, no path"),
    pytest.param("https://example.org/x).", "https://example.org/x", id="marks behind it"),
    pytest.param("https://example.org/x_(y)", "https://example.org/x_(y)", id="brackets of its own"),
]


@pytest.mark.parametrize(("written", "url"), CLEANED)
def test_cleans_an_address_without_a_word(written: str, url: str) -> None:
    done = links.refine(digest(entry("T", links=[link(written)])), Site())
    assert [found.url for found in done.entries[0].links] == [url]
    assert done.problems == ()


def test_keeps_each_address_once_where_it_came_first() -> None:
    given = [link("https://example.org/x"), link("https://example.org/x.", "line"), link("https://a.org")]
    found = refined(entry("T", links=given)).links
    assert [(one.url, one.slot) for one in found] == [
        ("https://example.org/x", "header"),
        ("https://a.org", "header"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript:alert.call/1",
        "data:text/html,x",
        "data:x.y/z",
        "vbscript:a.b",
        "https://ada:word@example.org/",
        "https://example.org/\x07",
        "https://example.org/a b",
        "https://example.org:port/",
        "https://[::1]/",
        "https://[::1",
        "ftp://example.org/x",
        "mailto:ada@example.org",
    ],
)
def test_an_unsafe_link_never_leaves_and_is_reported(url: str) -> None:
    done = links.refine(digest(entry("T", links=[link(url), link("https://example.org")])), Site())
    assert [found.url for found in done.entries[0].links] == ["https://example.org"]
    assert [(found.code, found.line) for found in done.problems] == [("unsafe-link", 1)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://me:secret@example.org/x", "https://...@example.org/x", id="password"),
        pytest.param("https://secret@example.org/x", "https://...@example.org/x", id="token"),
        pytest.param("ftp://me:s@cret@example.org/", "ftp://...@example.org/", id="two-ats"),
        pytest.param(f"https://{'secret' * 40}@example.org/", "https://...@example.org/", id="long"),
        pytest.param("ftp://example.org/@user", "ftp://example.org/@user", id="at-in-path"),
    ],
)
def test_an_unsafe_link_is_named_without_user_and_password(url: str, shown: str) -> None:
    done = links.refine(digest(entry("T", links=[link(url)])), Site())
    assert done.problems[0].message == (
        f"{shown!r} is no address that a reader may open; it is not published"
    )


def test_mentions_stand_in_order_behind_the_links_each_once() -> None:
    one = entry(
        "T",
        links=[link("https://own.org")],
        abstract="Code: https://b.org.",
        says=["(https://c.org, https://own.org)", "https://b.org에, https://d.org/x_(y)."],
    )
    assert [found.url for found in refined(one).links] == [
        "https://own.org",
        "https://b.org",
        "https://c.org",
        "https://d.org/x_(y)",
    ]


def test_a_mention_stands_on_the_line_of_its_passage() -> None:
    assert refined(entry("T", says=["https://c.org"])).links == (
        Link(url="https://c.org", slot="text", kind="mention", line=1),
    )


IDENTIFIED = [
    pytest.param(
        [("https://arxiv.org/abs/2402.04229", "header")], Identifiers(arxiv="2402.04229"), id="header"
    ),
    pytest.param([("https://arxiv.org/abs/2402.04229", "line")], Identifiers(arxiv="2402.04229"), id="line"),
    pytest.param([("https://arxiv.org/abs/2402.04229", "text")], Identifiers(), id="commentary"),
    pytest.param(
        [("https://arxiv.org/abs/2402.00001", "line"), ("https://arxiv.org/abs/2402.04229", "header")],
        Identifiers(arxiv="2402.04229"),
        id="header before line",
    ),
    pytest.param(
        [("https://github.com/x", "header"), ("https://arxiv.org/abs/2402.04229", "line")],
        Identifiers(arxiv="2402.04229"),
        id="line where the header names none",
    ),
    pytest.param(
        [("https://arxiv.org/abs/2402.04229", "header"), ("https://doi.org/10.1145/1", "header")],
        Identifiers(arxiv="2402.04229", doi="10.1145/1"),
        id="both in the header",
    ),
    pytest.param(
        [("https://arxiv.org/abs/2402.04229", "header"), ("https://doi.org/10.1145/1", "line")],
        Identifiers(arxiv="2402.04229"),
        id="a line's DOI may be another paper's",
    ),
    pytest.param(
        [
            ("https://arxiv.org/abs/2402.04229", "header"),
            ("https://doi.org/10.48550/arXiv.2402.00001", "header"),
        ],
        Identifiers(arxiv="2402.04229"),
        id="a DOI that is another paper's",
    ),
    pytest.param(
        [("https://arxiv.org/abs/2402.04229", "header"), ("https://arxiv.org/abs/2402.00001", "header")],
        Identifiers(arxiv="2402.04229"),
        id="the first of two",
    ),
]


@pytest.mark.parametrize(("slots", "expected"), IDENTIFIED)
def test_names_the_paper(slots: list[tuple[str, LinkSlot]], expected: Identifiers) -> None:
    assert refined(entry("T", links=[link(url, slot) for url, slot in slots])).identifiers == expected


def test_never_takes_an_identifier_from_running_text() -> None:
    one = entry(
        "Can Mamba Learn How to Learn?",
        abstract="See arXiv:2402.00001, https://arxiv.org/abs/2402.00001 and doi:10.1145/1.",
        says=["https://arxiv.org/abs/2402.03170", "https://doi.org/10.1145/1 를 보라"],
    )
    assert refined(one).identifiers == Identifiers()
