"""The corpus of real notes that a few tests read: where it is, and what one reading of it gives."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.model import Digest, Entry, Source
from pipeline.parse import parse

CHECKOUT = Path(__file__).parents[1]
LABELS = CHECKOUT / "tests" / "corpus-labels.jsonl"


def notes_folder() -> Path | None:
    """Return the folder of notes in the shared folder, None where it is absent."""
    shared = os.environ.get("DIGEST_PIPELINE_SHARED") or CHECKOUT.parent / "shared"
    folder = Path(shared) / "corpus" / "ml-papers" / "papers"
    return folder if folder.is_dir() else None


def sources(folder: Path) -> Iterator[Source]:
    """Give each note as the pipeline would find it, in the order of the names."""
    for path in sorted(folder.rglob("*.md")):
        yield Source(name=path.relative_to(folder).as_posix(), text=path.read_bytes().decode("utf-8"))


def read(folder: Path, name: str) -> Digest:
    """Read one note."""
    return parse(Source(name=name, text=(folder / name).read_bytes().decode("utf-8")))[0]


def labels() -> list[dict[str, Any]]:
    """Return what two careful readers found in each labelled file."""
    return [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


def facts(entry: Entry | None) -> dict[str, Any]:
    """Return the facts of an entry under the names of the labels."""
    if entry is None:
        return {}
    return {
        "title": entry.title,
        "alternative_titles": list(entry.alternative_titles),
        "authors": [author.name for author in entry.authors],
        "links": [link.url for link in entry.links],
        "tags": list(entry.tags),
        "abstract": entry.abstract is not None,
        "commentary_paragraphs": len(entry.commentary),
    }
