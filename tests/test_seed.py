"""The real day 2024-02-07, as it must arrive; skipped where the shared folder is not present."""

from __future__ import annotations

import json
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
