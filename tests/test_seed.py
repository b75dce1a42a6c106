"""The real day 2024-02-07, as it must arrive; skipped where the shared folder is not present."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import main

AUTHORS = (14, 7, 10, 12, 8, 12)
TAGS = ("rlhf audio-generation", "clip", "prompt", "rlhf", "state-space-model in-context-learning", "safety")
COMMENTARY = (2, 1, 1, 2, 2, 1)
FIRST_AUTHORS = ("Geoffrey Cideron", "Quan Sun", "Pei Zhou", "Tianqi Liu", "Jongho Park", "Mantas Mazeika")


@pytest.fixture(scope="module")
def out(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seed") / "out"
    result = CliRunner().invoke(main, ["run", str(seed), str(folder)])
    assert result.exit_code == 0
    return folder


@pytest.fixture(scope="module")
def entries(out: Path) -> list[dict[str, Any]]:
    dump = json.loads((out / "2024/02/07/digest.json").read_text("utf-8"))
    assert (dump["date"], dump["language"], dump["problems"]) == ("2024-02-07", "ko", [])
    found: list[dict[str, Any]] = dump["entries"]
    return found


def test_six_entries_with_all_their_parts(entries: list[dict[str, Any]]) -> None:
    assert tuple(len(entry["authors"]) for entry in entries) == AUTHORS
    assert tuple(entry["authors"][0]["name"] for entry in entries) == FIRST_AUTHORS
    assert tuple(" ".join(entry["tags"]) for entry in entries) == TAGS
    assert tuple(len(entry["commentary"]) for entry in entries) == COMMENTARY
    assert {passage["language"] for entry in entries for passage in entry["commentary"]} == {"ko"}


def test_every_line_arrives_whole(entries: list[dict[str, Any]], seed: Path) -> None:
    lines = (seed / "2024-02-07.txt").read_text("utf-8").split("\n")
    rebuilt = [lines[0]]
    for entry in entries:
        links = [link["url"] for link in entry["links"] if link.get("header")]
        rebuilt += [
            entry["title"],
            f"({', '.join(author['name'] for author in entry['authors'])})",
            entry["abstract"],
            *links,
            *(passage["text"] for passage in entry["commentary"]),
            " ".join("#" + tag for tag in entry["tags"]),
        ]
    assert rebuilt == lines


def test_no_id_is_guessed_and_mentions_stay_mentions(entries: list[dict[str, Any]]) -> None:
    assert all(entry["identifiers"] == {} for entry in entries)
    links = [[(link["kind"], link["url"]) for link in entry["links"]] for entry in entries]
    assert links == [
        [("project", "https://google-research.github.io/seanet/musiclm/rlhf/")],
        [],
        [],
        [],
        [("mention", "https://arxiv.org/abs/2402.03170")],
        [("mention", "https://github.com/centerforaisafety/HarmBench")],
    ]


def test_keys_and_ids(entries: list[dict[str, Any]]) -> None:
    assert [entry["key"] for entry in entries] == [
        "cideron2024musicrl",
        "sun2024evaclip18b",
        "zhou2024selfdiscover",
        "liu2024lipo",
        "park2024mamba",
        "mazeika2024harmbench",
    ]
    assert all(entry["id"].startswith("tag:digests.invalid,2024:2024-02-07/") for entry in entries)


@pytest.mark.client("feedparser")
@pytest.mark.parametrize("file", ["atom.xml", "rss.xml"])
def test_feeds_show_every_author_in_order(out: Path, file: str) -> None:
    import feedparser  # type: ignore[import-untyped]

    feed = feedparser.parse(out / "2024/02/07" / file)
    assert not feed.bozo
    shown = [
        ", ".join(author["name"] for author in entry.authors) if file == "atom.xml" else entry.author
        for entry in feed.entries
    ]
    assert [names.split(", ")[0] for names in shown] == list(FIRST_AUTHORS)
    assert tuple(len(names.split(", ")) for names in shown) == AUTHORS
    assert feed.entries[0].published_parsed > feed.entries[-1].published_parsed


@pytest.mark.client("bibtexparser")
def test_bibliography_reads_back_in_two_parsers(out: Path) -> None:
    from bibtexparser.entrypoint import parse_string as parse_strictly
    from pybtex.database import parse_string

    text = (out / "2024/02/07/papers.bib").read_text("utf-8")
    records = parse_string(text, "bibtex").entries
    assert tuple(len(record.persons["author"]) for record in records.values()) == AUTHORS
    library = parse_strictly(text)
    assert ([entry.key for entry in library.entries], library.failed_blocks) == (list(records), [])
    assert "Hussenot, Léonard" in text
    assert r"80.7\% zero-shot" in records["sun2024evaclip18b"].fields["abstract"]
    assert r"Gu \& Dao (2034)" in records["park2024mamba"].fields["abstract"]
    assert "LiPO-λ, which" in records["liu2024lipo"].fields["abstract"]
    assert "hybrid model, variant, that" in records["park2024mamba"].fields["abstract"]
    assert "2B 샘플에 대해" in records["sun2024evaclip18b"].fields["annote"]


@pytest.mark.client("biber")
def test_biber_has_nothing_to_say(out: Path, tmp_path: Path) -> None:
    command = ["biber", "--tool", "--validate-datamodel", "--output-file", str(tmp_path / "out.bib")]
    path = out / "papers.biblatex.bib"
    said = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True).stdout
    assert "WARN" not in said
    assert (tmp_path / "out.bib").read_text("utf-8").count("@ONLINE") == 6


@pytest.mark.client("jsonschema")
def test_dump_is_of_the_published_schema(out: Path) -> None:
    import jsonschema

    schema = json.loads((out / "digest.schema.json").read_text("utf-8"))
    for file in ("2024/02/07/digest.json", "digests.json"):
        jsonschema.validate(json.loads((out / file).read_text("utf-8")), schema)
