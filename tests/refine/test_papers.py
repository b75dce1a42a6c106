"""By which names a paper is known."""

from __future__ import annotations

import pytest
from made import entry, link

from pipeline.model import Entry
from pipeline.refine._papers import Register, names_of, own_links
from pipeline.refine._past import Name

NAMES: list[tuple[str, Entry, tuple[Name, ...]]] = [
    ("arXiv", entry(arxiv="2402.04229"), (("arxiv", "2402.04229"),)),
    ("DOI", entry(doi="10.1145/1"), (("doi", "10.1145/1"),)),
    ("title", entry("MusicRL: Aligning!", "Ada L."), (("title", "musicrlaligning", "adal"),)),
    ("no author", entry("MusicRL"), ()),
    ("no letters", entry("?", "…"), (("title", "?", "…"),)),
    ("later name", entry("T", "A", other=["U"]), (("title", "t", "a"), ("title", "u", "a"))),
    ("header link", entry(links=[link("https://a.org")]), (("link", "https://a.org"),)),
    ("own line", entry(links=[link("https://a.org", "line")]), ()),
    (
        "link beside arXiv",
        entry(arxiv="2402.04229", links=[link("https://a.org")]),
        (("arxiv", "2402.04229"),),
    ),
]


@pytest.mark.parametrize(("one", "names"), [pytest.param(*case[1:], id=case[0]) for case in NAMES])
def test_knows_a_paper_by(one: Entry, names: tuple[Name, ...]) -> None:
    assert names_of(one) == names


def test_a_register_finds_the_strongest_name_first() -> None:
    register = Register()
    register.add(entry("T", "A"), 1)
    register.add(entry(arxiv="2402.04229"), 2)
    assert register.find(entry("T", "A", arxiv="2402.04229")) == (2, 1)
    assert register.find(entry("T", "A", arxiv="2402.03170")) == (1,)
    assert register.find(entry("U", "A")) == ()


def test_a_name_stays_with_the_paper_that_had_it_first() -> None:
    register = Register()
    register.add(entry("T", "A", arxiv="2402.04229"), 1)
    register.add(entry("T", "A", arxiv="2402.03170"), 2)
    assert register.find(entry("T", "A")) == (1,)
    assert register.find(entry("T", "A", arxiv="2402.03170")) == (2,)


def test_mentions_are_not_own_links() -> None:
    slot, mention = link("https://a.org", "line"), link("https://b.org", "text")
    assert own_links(entry("T", links=[slot, mention])) == (slot,)
