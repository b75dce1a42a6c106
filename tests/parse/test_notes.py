"""What a file of cases cannot show well: odd bytes, very long lists, names of groups."""

from __future__ import annotations

import pytest

from pipeline.model import Entry, Source
from pipeline.parse import parse
from pipeline.parse._authors import looks_like_authors, read_authors
from pipeline.parse._groups import looks_like_group

PLAIN = (
    "https://arxiv.org/abs/2403.00001\n\n*Small Steps* (Ada Lovelace, José García)\n\n"
    "> We walk.\n\n걷기 논문입니다.\n\n#rl #walking\n"
)


def entry(text: str) -> Entry:
    (found,) = parse(Source(name="2024/240301 T.md", text=text))[0].entries
    return found


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.removesuffix("\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("\n\n", "\n\u200b\n"),
        PLAIN.replace("https", "\u200bhttps"),
        PLAIN.replace("\n", "\u00a0\n"),
        PLAIN.replace("* (", "*\u00a0("),
        PLAIN.replace("* (", "*\t("),
        PLAIN.replace(" #walking", "\t#walking "),
        PLAIN.replace("> We", ">\u00a0We"),
        PLAIN.replace("é", "e\u0301").replace("í", "i\u0301"),
        PLAIN.replace("\n\n", "\n\n\n\n"),
        PLAIN.replace("\n\n", "\n"),
    ],
    ids=(
        "crlf cr no-final-newline bom zero-width-alone zero-width-before-scheme nbsp-at-end "
        "nbsp-before-authors tab-before-authors tab-between-tags nbsp-behind-mark combining "
        "many-blanks no-blanks"
    ).split(),
)
def test_bytes_make_no_difference(text: str) -> None:
    assert values(entry(text)) == values(entry(PLAIN))


def values(found: Entry) -> tuple[object, ...]:
    """Return what an entry says, without where it stood."""
    links = [(link.url, link.slot) for link in found.links]
    texts = [passage.text for passage in found.commentary]
    return found.title, found.authors, found.abstract, links, texts, found.tags


def test_a_control_character_is_dropped_and_told() -> None:
    (digest,) = parse(Source(name="2024/240301 T.md", text=PLAIN.replace("We walk", "We \x02walk")))
    assert digest.entries[0].abstract == "We walk."
    assert [(problem.code, problem.line) for problem in digest.problems] == [("control-character", 5)]


def test_mathematical_letters_and_curly_quotes_stay_as_written() -> None:
    found = entry(PLAIN.replace("Small Steps", "𝒮mall “Steps”"))
    assert found.title == "𝒮mall “Steps”"


@pytest.mark.parametrize("count", [1, 30, 194, 10_000])
def test_every_author_is_kept(count: int) -> None:
    names = [f"Ada {chr(65 + number % 26)}. Lovelace-{number}x" for number in range(count)]
    found = entry(PLAIN.replace("Ada Lovelace, José García", ", ".join(names)))
    assert [author.name for author in found.authors] == names


@pytest.mark.parametrize(
    "name",
    [
        "OpenAI",
        "Gemini Team",
        "Google DeepMind",
        "LLM-Core Xiaomi",
        "DeepSeek-AI",
        "Mistral AI",
        "Apple",
        "Meta",
        "Meta AI",
        "AI at Meta",
        "FAIR CodeGen team",
        "NVIDIA",
        "xAI",
        "01.AI",
        "LG AI Research",
        "Llama Team, AI @ Meta",
        "BigScience Workshop",
        "ATLAS Collaboration",
    ],
)
def test_organisations_are_told_from_people(name: str) -> None:
    assert looks_like_group(name)


@pytest.mark.parametrize(
    "name",
    [
        "Kai Chen",
        "KAI ZHANG",
        "Masanori Hirai",
        "Qingyao Ai",
        "Ai Weiwei",
        "Weinan E",
        "Aishwarya P S",
        "Meta Schmidt",
        "Kimi Räikkönen",
        "Gemma Roig",
        "Apple Lee",
        "Amazon Ortiz",
        "Sony Park",
        "Jan Seed",
        "Éric de la Clergerie",
        "Brendan O'Donoghue",
    ],
)
def test_people_are_no_organisations(name: str) -> None:
    assert not looks_like_group(name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lovelace and Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace & Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("A. Lovelace, B. Turing, and C. Hopper", ["A. Lovelace", "B. Turing", "C. Hopper"]),
        ("Research and Development Team", ["Research and Development Team"]),
        ("Gemini Team, :, Rohan Anil", ["Gemini Team", "Rohan Anil"]),
        ("Team X: Ada Lovelace, Alan Turing", ["Team X", "Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace (1), Alan Turing (2) ((1) Here, (2) There)", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace1,2, Alan Turing3", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace*, Alan Turing†", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace1Alan Turing, Grace Hopper", ["Ada Lovelace", "Alan Turing", "Grace Hopper"]),
        ("Ada Lovelace, ..., Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace, , Alan Turing,", ["Ada Lovelace", "Alan Turing"]),
        ("Sam Smith, Jr., Ada Lovelace", ["Sam Smith Jr.", "Ada Lovelace"]),
        ("Yuchen (Eric) Zhang, Ada Lovelace", ["Yuchen (Eric) Zhang", "Ada Lovelace"]),
        ("Ada Lovelace，Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada Lovelace et al.", ["Ada Lovelace"]),
    ],
)
def test_lists_are_taken_apart(text: str, names: list[str]) -> None:
    assert [author.name for author in read_authors(text).authors] == names


@pytest.mark.parametrize(
    "text",
    [
        "Noam Shazeer",
        "J. Zico Kolter, I. Zeki Yalniz",
        "Eugene M. Taranta II, Joseph J. LaViola Jr",
        "Gido M. van de Ven, Igor Mordatch",
        "H S V N S Kowndinya Renduchintala",
        "Qwen Team: An Yang, Baosong Yang",
        "OpenAI",
        "Anadi Chaman (1), Ivan Dokmanić (2)",
    ],
)
def test_lists_of_names_look_like_authors(text: str) -> None:
    assert looks_like_authors(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "cold posterior",
        "SinGAN?",
        "imagenet-1k",
        "denoising diffusion, score based model, vae",
        "https://arxiv.org/abs/2103.13744",
        "Gu & Dao, 2023",
        "Extended Abstract",
        "ICML 2024",
        "NeurIPS 2023",
        "이걸 하던 사람들을 싫어할 결과일 듯.",
    ],
)
def test_remarks_do_not_look_like_authors(text: str) -> None:
    assert not looks_like_authors(text)
