"""Citation keys: what they are made of, and what they never hold."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from made import entries, entry, link

from pipeline.model import Author, Entry
from pipeline.refine._keys import candidates, year_of


def organisation(name: str) -> Author:
    return Author(name=name, kind="organisation")


FIRST = [
    pytest.param(entry("MusicRL: Aligning", "Geoffrey Cideron"), "cideron2024musicrl", id="as designed"),
    pytest.param(entry("The Road to Scaling", "Ada Kim"), "kim2024road", id="stop words"),
    pytest.param(entry("To Be or Not to Be", "Ada Kim"), "kim2024to", id="nothing but stop words"),
    pytest.param(entry("Self-Attention", "Ada Kim"), "kim2024selfattention", id="hyphen"),
    pytest.param(entry("Éclair", "Léonard Hussenot"), "hussenot2024eclair", id="accents"),
    pytest.param(entry("T", "Łukasz Øster-Straße"), "osterstrasse2024t", id="letters without decomposition"),
    pytest.param(entry("T", "Weinan E"), "e2024t", id="one letter"),
    pytest.param(entry("T", "Éric de la Clergerie"), "clergerie2024t", id="particle"),
    pytest.param(entry("T", "Robert Downey Jr."), "downey2024t", id="suffix"),
    pytest.param(entry("T", "Ada Kim Ph.D."), "kim2024t", id="degree"),
    pytest.param(entry("T", "Ada Kim (MIT)"), "kim2024t", id="affiliation"),
    pytest.param(entry("T", "李明 (Ming Li)"), "li2024t", id="Chinese name with one in Latin letters"),
    pytest.param(entry("T", "García Márquez, Gabriel"), "marquez2024t", id="family name first"),
    pytest.param(entry("T", "Kim A.-B."), "kim2024t", id="initials last"),
    pytest.param(entry("T", "III"), "iii2024t", id="nothing but a suffix"),
    pytest.param(entry("T", organisation("Gemma Team")), "gemmateam2024t", id="organisation"),
    pytest.param(entry("T", organisation("01.AI")), "x01ai2024t", id="organisation with digits"),
    pytest.param(entry("T", "2Pac"), "x2pac2024t", id="person with digits"),
    pytest.param(entry("T"), "anon2024t", id="no authors"),
    pytest.param(entry("T", "김철수"), "xf09c212024t", id="Korean name"),
    pytest.param(entry("대규모 LM", "Ada Kim"), "kim2024lm", id="partly Korean title"),
    pytest.param(entry("맘바", "Ada Kim"), "kim2024x4337f0", id="Korean title"),
    pytest.param(entry("𝐀𝐁 𝐂", "Ada Kim"), "kim2024ab", id="letters of mathematics"),
    pytest.param(entry("T", "Ada Kim", arxiv="1706.03762"), "kim2017t", id="year of the identifier"),
    pytest.param(entry("T", "Ada Kim", arxiv="hep-th/9901001"), "kim1999t", id="year of an old identifier"),
    pytest.param(entry("T", "Ada Kim", arxiv="cs/0102001"), "kim2001t", id="year of an old one since 2000"),
    pytest.param(entry(arxiv="2402.04229"), "anon2024240204229", id="nothing but an identifier"),
    pytest.param(entry(links=[link("https://www.openai.com/x")]), "anon2024openai535891", id="a link"),
    pytest.param(entry(says=["x"], links=[link("https://a.org", "text")]), "anon2024note2d7116", id="a note"),
]


@pytest.mark.parametrize(("one", "key"), FIRST)
def test_prefers(one: Entry, key: str) -> None:
    assert candidates(one)[0] == key


def test_adds_a_word_at_a_time() -> None:
    assert candidates(entry("Mamba and the Art of State Space Design", "Albert Gu")) == (
        "gu2024mamba",
        "gu2024mambaart",
        "gu2024mambaartstate",
        "gu2024mambaartstatespace",
    )


def test_a_digest_gives_the_year_where_no_identifier_does() -> None:
    assert year_of(entry("T", date=dt.date(1987, 1, 1))) == 1987


@given(entries())
def test_every_key_is_lower_case_ascii_and_begins_with_a_letter(one: Entry) -> None:
    keys = candidates(one)
    assert len(set(keys)) == len(keys) >= 1
    for key in keys:
        assert re.fullmatch("[a-z][a-z0-9]*", key)
        assert len(key) < 160
