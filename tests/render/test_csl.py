"""CSL-JSON says what the BibTeX says, in the shapes that Zotero and citeproc know."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from typing import Any

import pytest
from papers import KOREAN, MUSICRL, SAMPLE, SITE, UNTITLED, listing, paper, read_back, said, squeezed
from pybtex.database import parse_string

from pipeline.model import Entry
from pipeline.render import bibtex, csl
from pipeline.render._bibliography import render


def items(*entries: Entry) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(render(csl.CSL, SITE, listing(*entries)))
    return read


def test_tells_a_preprint() -> None:
    assert items(MUSICRL) == [
        {
            "id": "cideron2024musicrl",
            "citation-key": "cideron2024musicrl",
            "type": "article",
            "title": "MusicRL: Aligning Music Generation to Human Preferences",
            "author": [
                {"family": "Cideron", "given": "Geoffrey"},
                {"family": "van den Oord", "given": "Aäron"},
                {"literal": "Gemma Team"},
                {"literal": "others"},
            ],
            "issued": {"date-parts": [[2024, 2]]},
            "accessed": {"date-parts": [[2024, 2, 7]]},
            "DOI": "10.48550/arXiv.2402.04229",
            "URL": "https://arxiv.org/abs/2402.04229",
            "number": "arXiv:2402.04229",
            "publisher": "arXiv",
            "abstract": "Raters prefer it in 80.7% of pairs; LiPO-λ costs $5.",
            "keyword": "rlhf, audio_generation",
            "annote": "사람의 선호를 배웁니다. 100%!\n\n두 번째 문단.",
        }
    ]


def test_tells_what_is_no_preprint() -> None:
    assert items(KOREAN) == [
        {
            "id": "kim2024llm",
            "citation-key": "kim2024llm",
            "type": "document",
            "title": "한국어 대규모 언어 모델",
            "author": [
                {"literal": "김철수"},
                {"family": "de Gibert", "given": "Ona"},
                {"family": "Downey", "given": "Robert", "suffix": "Jr."},
            ],
            "issued": {"date-parts": [[2024, 2]]},
            "accessed": {"date-parts": [[2024, 2, 7]]},
            "DOI": "10.1145/3580305_x",
            "URL": "https://digests.example/2024/02/07/#kim",
            "language": "ko",
        }
    ]


def test_leaves_out_what_is_unknown() -> None:
    assert set(items(UNTITLED)[0]) == {
        *("id", "citation-key", "type", "title", "issued", "accessed", "URL", "annote"),
    }


def test_is_sorted_and_the_same_each_time() -> None:
    content = render(csl.CSL, SITE, SAMPLE)
    text = content.decode("utf-8")
    assert content == render(csl.CSL, SITE, SAMPLE)
    assert text.endswith("]\n")
    assert [list(item) for item in json.loads(text)] == [sorted(item) for item in json.loads(text)]
    assert json.loads(render(csl.CSL, SITE, listing())) == []


@pytest.mark.parametrize("text", ['"}, "x": 1', "a\\u0000b", "\\", "</script>", "\u2028", "NaN"])
def test_no_text_leaves_its_value(text: str) -> None:
    (item,) = items(paper(title=text, commentary=said(text)))
    assert set(item) == {"id", "citation-key", "type", "title", "issued", "accessed", "URL", "annote"}


def test_says_what_the_bibtex_says() -> None:
    again = paper(key="cideron2024musicrl", date=dt.date(2024, 3, 1), commentary=said("다시."))
    papers = listing(MUSICRL, UNTITLED, KOREAN, again)
    entries = parse_string(render(bibtex.PLAIN, SITE, papers).decode("utf-8"), "bibtex").entries
    told = json.loads(render(csl.CSL, SITE, papers))
    assert [item["id"] for item in told] == list(entries)
    for item in told:
        entry = entries[item["id"]]
        same = {"title": "title", "abstract": "abstract", "annote": "annote", "DOI": "doi", "URL": "url"}
        for ours, field in {**same, "keyword": "keywords"}.items():
            assert squeezed(item.get(ours, "")) == read_back(entry.fields.get(field, ""))
        year, month = item["issued"]["date-parts"][0]
        assert entry.fields["date"] == f"{year}-{month:02d}"
        families = [
            " ".join((*person.prelast_names, *person.last_names)).strip("{}")
            for person in entry.persons.get("author", ())
        ]
        assert families == [name.get("literal") or name["family"] for name in item.get("author", [])]


@pytest.mark.client("pandoc")
def test_pandoc_reads_every_item() -> None:
    done = subprocess.run(
        [shutil.which("pandoc") or "pandoc", "-f", "csljson", "-t", "csljson"],
        input=render(csl.CSL, SITE, SAMPLE),
        capture_output=True,
        check=True,
        timeout=60,
    )
    back = {item["id"]: item for item in json.loads(done.stdout)}
    assert set(back) == {"cideron2024musicrl", "anon2024note", "kim2024llm"}
    assert back["cideron2024musicrl"]["title"] == "MusicRL: Aligning Music Generation to Human Preferences"
