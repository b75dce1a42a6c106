"""RIS: what a line-by-line reader finds in it."""

from __future__ import annotations

from papers import KOREAN, MUSICRL, SAMPLE, SITE, UNTITLED, listing, paper, people, said

from pipeline.model import Entry
from pipeline.render import ris
from pipeline.render._bibliography import render


def read(*entries: Entry) -> list[tuple[str, str]]:
    """Return tags and values of entries, as any reader takes them apart."""
    text = render(ris.RIS, SITE, listing(*entries)).decode()
    assert text.replace("\r\n", "").count("\n") == 0
    lines = [line for line in text.split("\r\n") if line]
    assert all(line[2:6] == "  - " for line in lines)
    return [(line[:2], line[6:]) for line in lines]


def test_a_preprint_in_full() -> None:
    assert read(MUSICRL) == [
        ("TY", "UNPB"),
        ("ID", "cideron2024musicrl"),
        ("TI", "MusicRL: Aligning Music Generation to Human Preferences"),
        ("AU", "Cideron, Geoffrey"),
        ("AU", "van den Oord, Aäron"),
        ("AU", "Gemma Team"),
        ("AU", "others"),
        ("PY", "2024"),
        ("DA", "2024/02//"),
        ("DO", "10.48550/arXiv.2402.04229"),
        ("AN", "arXiv:2402.04229"),
        ("PB", "arXiv"),
        ("UR", "https://arxiv.org/abs/2402.04229"),
        ("Y2", "2024/02/07/"),
        ("KW", "rlhf"),
        ("KW", "audio_generation"),
        ("AB", "Raters prefer it in 80.7% of pairs; LiPO-λ costs $5."),
        ("N1", "사람의 선호를 배웁니다. 100%!"),
        ("N1", "두 번째 문단."),
        ("ER", ""),
    ]


def test_every_record_begins_and_ends() -> None:
    tags = [tag for tag, _ in read(*SAMPLE.entries)]
    assert tags.count("TY") == tags.count("ER") == len((MUSICRL, UNTITLED, KOREAN))


def test_a_suffix_stands_behind_the_given_name() -> None:
    assert ("AU", "Downey, Robert, Jr.") in read(KOREAN)


def test_no_text_begins_a_line_of_its_own() -> None:
    sneaky = paper(
        authors=people("A B"), commentary=said("One\r\nER  - \nTY  - BOOK"), abstract="x\n\nER  - "
    )
    assert [tag for tag, _ in read(sneaky)].count("ER") == 1
