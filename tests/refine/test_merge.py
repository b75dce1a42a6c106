"""Files of one day become one digest; of two copies of a paper the richer stays, the other is told."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import DAY, digest, entry, histories, link
from msgspec import structs

from pipeline.model import Digest, Entry, Site
from pipeline.problems import problem
from pipeline.refine import merge
from pipeline.refine._papers import names_of

SITE = Site()


def merged(*entries: Entry) -> Digest:
    return merge.refine((digest(*entries),), SITE)[0]


def test_joins_files_of_one_day_in_the_order_of_their_names() -> None:
    later = dt.date(2024, 2, 8)
    b = structs.replace(digest(entry("B", file="b.txt"), says=["intro b"]), title="Of b", since=DAY)
    a = digest(entry("A", file="a.txt"), says=["intro a"])
    c = digest(entry("C", file="0.txt", date=later))
    days = merge.refine((c, b, a), SITE)
    assert [day.date for day in days] == [DAY, later]
    assert [one.title for one in days[0].entries] == ["A", "B"]
    assert [passage.text for passage in days[0].introduction] == ["intro a", "intro b"]
    assert (days[0].title, days[0].since) == ("Of b", DAY)


def test_keeps_the_problems_of_all_files() -> None:
    first, second = problem("empty-file", "a.txt", 1), problem("empty-file", "b.txt", 2)
    parts = [structs.replace(digest(), problems=(found,)) for found in (second, first)]
    assert merge.refine(tuple(parts), SITE)[0].problems == (first, second)


def test_the_language_of_a_joined_day_is_that_of_most_of_its_words() -> None:
    def of(language: str, words: str, file: str) -> Digest:
        one = entry(words, says=[words], file=file)
        commentary = tuple(structs.replace(passage, language=language) for passage in one.commentary)
        return structs.replace(digest(structs.replace(one, commentary=commentary)), language=language)

    parts = of("en", "Hm.", "a"), of("en", "Oh.", "b"), of("ko", "아주 긴 한국어 문장", "c")
    assert merge.refine(parts, SITE)[0].language == "ko"


def test_an_introduction_copied_with_its_file_is_kept_once() -> None:
    one = digest(entry("T", "A"), says=["Today."])
    assert len(merge.refine((one, one), SITE)[0].introduction) == 1


SAME = [
    pytest.param(entry("T", "A", arxiv="2402.04229"), entry("U", "B", arxiv="2402.04229"), id="arXiv"),
    pytest.param(entry("T", "A", doi="10.1145/1"), entry("U", "B", doi="10.1145/1"), id="DOI"),
    pytest.param(entry("Grok: A Report", "Ada"), entry("grok - a report!", "ADA"), id="title and author"),
    pytest.param(entry("T", "Kim, Ada"), entry("T", "Ada Kim (MIT)"), id="author otherwise printed"),
    pytest.param(entry("T", "A", other=["New T"]), entry("new t", "A"), id="a later name"),
    pytest.param(entry("T", "A", arxiv="2402.04229"), entry("T", "A"), id="one without arXiv"),
    pytest.param(
        entry("T", "A", links=[link("https://a.org")]), entry("U", links=[link("https://a.org")]), id="link"
    ),
]
APART = [
    pytest.param(
        entry("T", "A", arxiv="2402.04229"), entry("T", "A", arxiv="2402.03170"), id="other arXiv ids"
    ),
    pytest.param(entry("Report", "A"), entry("Report", "B"), id="other authors"),
    pytest.param(entry("Report"), entry("Report"), id="no authors"),
    pytest.param(entry("?", "A"), entry("!", "A"), id="titles without letters"),
    pytest.param(entry("Qwen2", "A"), entry("Qwen2.5", "A"), id="other digits"),
    pytest.param(entry("हिन्दी", "A"), entry("हिन्दु", "A"), id="other vowel signs"),
    pytest.param(
        entry("T", links=[link("https://a.org", "line")]),
        entry("U", links=[link("https://a.org", "line")]),
        id="a project that they share",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_paper_is_one_entry(one: Entry, other: Entry) -> None:
    assert len(merged(one, other).entries) == 1
    assert len(merged(other, one).entries) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_papers_are_two_entries(one: Entry, other: Entry) -> None:
    assert merged(one, other).entries == (one, other)
    assert merged(one, other).problems == ()


RICHER = [
    pytest.param(entry("T", "A", says=["good"]), entry("T", "A", abstract="x" * 99), id="commentary first"),
    pytest.param(entry("T", "A", abstract="xx"), entry("T", "A", tags=["a", "b"]), id="then the abstract"),
    pytest.param(entry("T", "A", tags=["a"]), entry("T", "A"), id="then the rest"),
]


@pytest.mark.parametrize(("rich", "poor"), RICHER)
def test_the_richer_copy_stays_at_the_place_of_the_first_and_the_other_is_told(
    rich: Entry, poor: Entry
) -> None:
    poor = structs.replace(poor, file="poor.txt")
    between = entry("Between", "B")
    for order in ((rich, between, poor), (poor, between, rich)):
        day = merged(*order)
        assert day.entries == (rich, between)
        assert [(found.code, found.file) for found in day.problems] == [("repeated-paper", "poor.txt")]


def test_of_two_equal_copies_the_first_stays() -> None:
    first, second = entry("T", "A", file="a.txt"), entry("T", "A", file="b.txt")
    day = merged(first, second)
    assert day.entries == (first,)
    assert [found.file for found in day.problems] == ["b.txt"]


def test_an_entry_may_tell_that_two_are_one() -> None:
    by_title, by_arxiv = entry("T", "A"), entry(None, arxiv="2402.04229")
    both = entry("T", "A", arxiv="2402.04229", says=["the richest"])
    day = merged(by_title, entry("Between", "B"), by_arxiv, both)
    assert day.entries == (both, entry("Between", "B"))
    assert len(day.problems) == 2


def test_an_entry_without_arxiv_identifier_never_joins_two_that_differ_in_theirs() -> None:
    first = entry("T", "A", arxiv="2402.04229")
    second = entry("U", "A", arxiv="2402.03170", doi="10.1145/1")
    both = entry("T", "A", doi="10.1145/1")
    assert {one.identifiers.arxiv for one in merged(first, second, both).entries} == {
        "2402.04229",
        "2402.03170",
    }


@given(histories(), st.randoms(use_true_random=False))
def test_nothing_is_lost_silently_and_the_order_of_files_does_not_matter(
    files: tuple[Digest, ...], random: Random
) -> None:
    days = merge.refine(files, SITE)
    given_entries = [one for file in files for one in file.entries]
    kept = [one for day in days for one in day.entries]
    assert len(kept) + sum(len(day.problems) for day in days) == len(given_entries)
    assert all(one in given_entries for one in kept)
    for day in days:
        names = [name for one in day.entries for name in names_of(one) if name[0] == "arxiv"]
        assert len(names) == len(set(names))
    shuffled = list(files)
    random.shuffle(shuffled)
    assert merge.refine(tuple(shuffled), SITE) == days
