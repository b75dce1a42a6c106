"""Nine years of one author's notes: none crashes, no link is lost, and the fields are what people read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpus import CHECKOUT, facts, labels, notes_folder, read, sources

from pipeline.errors import SourceError
from pipeline.parse import parse
from pipeline.parse._blocks import whole_url
from pipeline.parse._lines import read_lines

NOTES = 1706
# Thoughts without a date, a link or a title: nothing that a digest could publish.
SCRIBBLES = {"2016/09.md": "no-entries"}
AGREEMENT = 0.98

Disagreement = tuple[str, int, str]


@pytest.fixture(scope="module")
def folder() -> Path:
    found = notes_folder()
    if found is None:
        pytest.skip("the shared folder is absent")
    return found


def test_every_note_is_read(folder: Path) -> None:
    refused: dict[str, str] = {}
    count = 0
    for source in sources(folder):
        count += 1
        try:
            parse(source)
        except SourceError as error:
            refused[source.name] = error.code
    assert (count, refused) == (NOTES, SCRIBBLES)


def test_every_header_link_is_kept(folder: Path) -> None:
    lost: list[str] = []
    for source in sources(folder):
        if source.name not in SCRIBBLES:
            kept = {link.url for digest in parse(source) for entry in digest.entries for link in entry.links}
            lost += [f"{source.name}: {url}" for url in header_links(source.text) if url not in kept]
    assert lost == []


def test_fields_are_what_two_readers_found(folder: Path) -> None:
    compared = list(comparison(folder))
    found = {where for where, agrees in compared if not agrees}
    explained = set(disagreements())
    assert found == explained
    assert len(found) <= len(compared) * (1 - AGREEMENT)


def header_links(text: str) -> Iterator[str]:
    """Give the addresses of the lines at the top that are nothing else, blank lines between or not."""
    for line in read_lines(text, "")[0]:
        url = whole_url(line.text) if line.text else None
        if line.text and not url:
            return
        if url:
            yield url


def comparison(folder: Path) -> Iterator[tuple[Disagreement, bool]]:
    """Give each labelled field, and whether the parser finds the same."""
    for row in labels():
        entries = read(folder, row["file"]).entries
        expected: list[dict[str, Any]] = row["entries"]
        for index in range(max(len(expected), len(entries))):
            wanted = expected[index] if index < len(expected) else {}
            found = facts(entries[index] if index < len(entries) else None)
            for field in wanted or found:
                yield (row["file"], index, field), wanted.get(field) == found.get(field, ...)


def disagreements() -> Iterator[Disagreement]:
    """Give what ``corpus-disagreements.toml`` explains."""
    text = (CHECKOUT / "tests" / "corpus-disagreements.toml").read_text(encoding="utf-8")
    for file, cases in tomllib.loads(text).items():
        for case in cases:
            assert case["reason"]
            yield from ((file, case["entry"], field) for field in case["fields"])
