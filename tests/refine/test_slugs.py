"""ASCII forms that never change."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from made import hostile

from pipeline.refine._slugs import ascii_fold, compact, digest_of, slug

SLUGS = [
    pytest.param("MusicRL: Aligning Music", "musicrl-aligning-music", id="words"),
    pytest.param("  --A/B?c#d%20 ", "a-b-c-d-20", id="marks"),
    pytest.param(
        "Größe: Łódź naïve Ωmega",
        "grosse-lodz-naive-mega-" + digest_of("Größe: Łódź naïve Ωmega"),
        id="a letter lost",
    ),
    pytest.param("Größe: Łódź", "grosse-lodz", id="letters kept"),
    pytest.param("™ 𝐀𝐁 ﬁ ½", "tm-ab-fi-12", id="decomposed to capitals"),
    pytest.param("맘바", "4337f096", id="no ASCII form"),
    pytest.param("맘바 Mamba", "mamba-" + digest_of("맘바 Mamba"), id="partly"),
    pytest.param("", "e3b0c442", id="empty"),
    pytest.param("?!", digest_of("?!"), id="marks alone"),
    pytest.param("word " * 20, "-".join(["word"] * 12), id="cut at a word"),
    pytest.param("a" * 80, "a" * 60, id="one long word"),
]


@pytest.mark.parametrize(("text", "expected"), SLUGS)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_titles_that_differ_in_lost_letters_differ() -> None:
    assert slug("맘바") != slug("바맘")
    assert slug("맘바 1") != slug("바맘 1")


@given(hostile)
def test_every_slug_fits_a_fragment_and_an_id(text: str) -> None:
    made = slug(text)
    assert re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", made)
    assert len(made) <= 69
    assert slug(unicodedata.normalize("NFD", text)) == slug(unicodedata.normalize("NFC", text))
    assert re.fullmatch("[a-z0-9]*", compact(text))
    assert ascii_fold(text) == ascii_fold(text).lower()
