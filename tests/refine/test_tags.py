"""Spellings of one tag are one; tags that differ are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made import digest, entry

from pipeline.model import Site
from pipeline.refine import tags
from pipeline.refine.tags import fold_tag

FOLDED = [
    pytest.param("rlhf", "rlhf", id="as it is"),
    pytest.param("RLHF", "rlhf", id="capitals"),
    pytest.param("state_space_model", "state-space-model", id="low lines"),
    pytest.param("State Space Model", "state-space-model", id="blanks"),
    pytest.param("state-space-model", "state-space-model", id="hyphens"),
    pytest.param("state\u2011space\u2013model", "state-space-model", id="other hyphens and dashes"),
    pytest.param("state__space--model", "state-space-model", id="several"),
    pytest.param("_private_", "private", id="at the ends"),
    pytest.param("c", "c", id="c"),
    pytest.param("C++", "c++", id="c++"),
    pytest.param("c#", "c#", id="c sharp"),
    pytest.param("Ｃ＋＋", "c++", id="full width"),
    pytest.param("강화_학습", "강화-학습", id="Korean"),
    pytest.param(unicodedata.normalize("NFD", "강화학습"), "강화학습", id="Korean, decomposed"),
    pytest.param("Größe", "grösse", id="sharp s"),
    pytest.param("e\u0301", "é", id="decomposed"),
]


@pytest.mark.parametrize(("tag", "folded"), FOLDED)
def test_folds(tag: str, folded: str) -> None:
    assert fold_tag(tag) == folded


def test_keeps_the_first_spelling_beside_its_folded_form() -> None:
    one = tags.refine(
        digest(entry("T", tags=["State_Space", "c++", "state-space", "c", "C#", "--"])), Site()
    ).entries[0]
    assert one.tags == ("State_Space", "c++", "c", "C#", "--")
    assert one.folded_tags == ("state-space", "c++", "c", "c#", "--")


@given(st.text(max_size=20))
@example("\u0345\u1fb3")
@example("K\u0345ǅ\u03d2\u0301")
def test_folding_again_changes_nothing(tag: str) -> None:
    folded = fold_tag(tag)
    assert fold_tag(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)


@given(st.lists(st.text(min_size=1, max_size=4), max_size=6))
def test_every_spelling_has_its_own_folded_form(given_tags: list[str]) -> None:
    one = tags.refine(digest(entry("T", tags=given_tags)), Site()).entries[0]
    assert len(one.tags) == len(one.folded_tags) == len(set(one.folded_tags))
    assert all(one.folded_tags)


CHAINS = [
    pytest.param({"a": "b", "b": "c"}, "a b c d", "c d", id="a chain"),
    pytest.param({"b": "c", "a": "B", "x": "a"}, "x", "c", id="in any order and case"),
    pytest.param({"a": "b", "b": "a"}, "a b", "a b", id="a circle"),
    pytest.param({"x": "a", "a": "b", "b": "a"}, "x b", "a b", id="into a circle"),
    pytest.param({"llm": "LLM", "llms": "llm"}, "llms", "LLM", id="another spelling of itself"),
]


@pytest.mark.parametrize(("aliases", "written", "shown"), CHAINS)
def test_aliases_lead_on_to_the_last(aliases: dict[str, str], written: str, shown: str) -> None:
    site = Site(tag_aliases=tuple(aliases.items()))
    once = tags.refine(digest(entry("T", tags=written.split())), site)
    assert once.entries[0].tags == tuple(shown.split())
    assert tags.refine(once, site) == once
