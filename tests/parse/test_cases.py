"""Each file in ``cases/PROFILE/`` is a digest; the ``.toml`` beside it says what is read from it.

What a table leaves out is expected to be empty, so every field of every entry is compared. A source
of several days has one table of ``days`` for each.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Digest, Entry, Source
from pipeline.parse import front_end, parse, recognise

CASES = Path(__file__).parent / "cases"
FILES = sorted(path for path in CASES.rglob("*") if path.is_file() and path.suffix != ".toml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CASES).as_posix())
def test_reads_exactly(path: Path) -> None:
    expected = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    source = Source(name=expected.pop("name", path.name), text=path.read_bytes().decode("utf-8"))
    assert recognise(front_end(source.name).read(source)[0]).name == path.parent.name
    days = expected.get("days", [expected])
    assert [values(digest) for digest in parse(source)] == [
        {"problems": [], "entries": [], **day} for day in days
    ]


def values(digest: Digest) -> dict[str, Any]:
    """Return the facts of a digest as the tables write them, without what is absent."""
    return {
        "date": digest.date,
        **present(
            since=digest.since,
            title=digest.title,
            introduction=[passage.text for passage in digest.introduction],
        ),
        "problems": [f"{problem.line}: {problem.code}" for problem in digest.problems],
        "entries": [entry_values(entry) for entry in digest.entries],
    }


def entry_values(entry: Entry) -> dict[str, Any]:
    """Return the facts of an entry; organisations in brackets, links behind their slot."""
    return present(
        title=entry.title,
        alternative_titles=list(entry.alternative_titles),
        authors=[f"[{a.name}]" if a.kind == "organisation" else a.name for a in entry.authors],
        more_authors=entry.more_authors,
        abstract=entry.abstract,
        links=[f"{link.slot} {link.url}" for link in entry.links],
        commentary=[passage.text for passage in entry.commentary],
        tags=list(entry.tags),
    )


def present(**facts: Any) -> dict[str, Any]:
    """Leave out what is empty."""
    return {name: value for name, value in facts.items() if value}
