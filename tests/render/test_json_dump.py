"""The JSON dump: of the published schema, with the promised names, and saying what was read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hostile import ENTRIES, SITE, between_plain_ones, digest_of, link, said
from msgspec import structs

from pipeline.archive import Archive
from pipeline.model import Digest, Identifiers, Problem, Span
from pipeline.reading import read_all
from pipeline.render import day_listing, json_dump, site_listing
from pipeline.render._growing import grown

PROJECT = Path(__file__).parents[2]
# Surrogates cannot be read from a file; JSON in UTF-8 could not say them.
DAYS: dict[str, Digest] = {
    **{str(day.date): day for day in read_all(PROJECT / "digests", SITE)[0]},
    **{name: between_plain_ones(entry) for name, entry in ENTRIES.items() if name != "forbidden-characters"},
}
# What always stands, and what stands only where it says something.
NAMES: dict[str, tuple[str, str]] = {
    "digest": ("version date title language entries problems", "since introduction"),
    "entry": (
        """id key title alternative_titles authors abstract links identifiers commentary tags
        published updated source""",
        "more_authors earlier",
    ),
    "author": ("name kind", ""),
    "link": ("url kind", "header"),
    "identifiers": ("", "arxiv doi"),
    "passage": ("language text", ""),
    "earlier": ("date url", ""),
    "source": ("file lines", ""),
    "problem": ("file line code message hint", ""),
}


def dump(day: Digest) -> Any:
    return json.loads(json_dump.render(SITE, day_listing(day, SITE)))


def test_schema_file_says_what_the_structs_say(pytestconfig: pytest.Config) -> None:
    path = Path(json_dump.__file__).with_name(json_dump.SCHEMA_FILE)
    if pytestconfig.getoption("--accept"):
        path.write_bytes(json_dump.schema())
    assert json.loads(path.read_bytes()) == json.loads(json_dump.schema())


def schema() -> Any:
    return json.loads(json_dump.render_schema(SITE, site_listing(Archive.of(tuple(DAYS.values())), SITE)))


def validate(value: object) -> None:
    published = schema()
    jsonschema.Draft202012Validator.check_schema(published)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(published, format_checker=checker).validate(value)


def named(kind: str, value: dict[str, Any]) -> None:
    always, sometimes = (set(names.split()) for names in NAMES[kind])
    assert always <= value.keys() <= always | sometimes, kind


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_day_is_of_the_schema_and_of_the_promised_names(day: Digest) -> None:
    found = dump(day)
    validate(found)
    named("digest", found)
    for problem in found["problems"]:
        named("problem", problem)
    for entry in found["entries"]:
        named("entry", entry)
        named("identifiers", entry["identifiers"])
        named("source", entry["source"])
        for kind, name in (
            ("author", "authors"),
            ("link", "links"),
            ("passage", "commentary"),
            ("earlier", "earlier"),
        ):
            for value in entry.get(name, []):
                named(kind, value)


def test_archive_holds_all_days_newest_first() -> None:
    days, _ = read_all(PROJECT / "digests", SITE)
    found = json.loads(grown(json_dump.ARCHIVE, SITE, site_listing(Archive.of(days), SITE)).content)
    validate(found)
    assert found == {"version": "1.0", "digests": [dump(day) for day in reversed(days)]}
    assert all(
        day["date"] > later["date"]
        for day, later in zip(found["digests"], found["digests"][1:], strict=False)
    )


def test_says_exactly_what_was_read() -> None:
    entry = structs.replace(
        ENTRIES["discussed-before"],
        more_authors=True,
        alternative_titles=("A later name",),
        identifiers=Identifiers(arxiv="2403.00001"),
        links=(
            link("https://arxiv.org/abs/2403.00001"),
            link("https://example.org/", kind="mention", slot="text"),
        ),
        commentary=(said("말."), said("- one\n- two", "en")),
        spans=(
            Span(field="title", first=2, last=2, rule="title"),
            Span(field="tags", first=8, last=8, rule="tags"),
        ),
    )
    problem = Problem(
        file="2024-03-01.txt", line=9, code="a-code", severity="note", message="What is.", hint="What to do."
    )
    day = structs.replace(digest_of(entry), problems=(problem,), introduction=(said("서문."),))
    assert dump(day) == {
        "version": "1.0",
        "date": "2024-03-01",
        "title": None,
        "language": "ko",
        "introduction": [{"language": "ko", "text": "서문."}],
        "entries": [
            {
                "id": "tag:papers.example.org,2024:2024-03-01/entry-0",
                "key": "entry0",
                "title": "A plain paper",
                "alternative_titles": ["A later name"],
                "authors": [
                    {"name": "Grace Hopper", "kind": "person"},
                    {"name": "Alan Turing", "kind": "person"},
                ],
                "more_authors": True,
                "abstract": "What was done, and what came of it.",
                "links": [
                    {"url": "https://arxiv.org/abs/2403.00001", "kind": "paper", "header": True},
                    {"url": "https://example.org/", "kind": "mention"},
                ],
                "identifiers": {"arxiv": "2403.00001"},
                "commentary": [
                    {"language": "ko", "text": "말."},
                    {"language": "en", "text": "- one\n- two"},
                ],
                "tags": ["plain"],
                "published": "2024-03-01T12:00:00Z",
                "updated": "2024-03-01T12:00:00Z",
                "earlier": [
                    {
                        "date": "2024-02-07",
                        "url": "https://papers.example.org/digest/2024/02/07/#a-plain-paper",
                    }
                ],
                "source": {"file": "2024-03-01.txt", "lines": [2, 8]},
            }
        ],
        "problems": [
            {
                "file": "2024-03-01.txt",
                "line": 9,
                "code": "a-code",
                "message": "What is.",
                "hint": "What to do.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 1),
        (("date",), "7 February 2024"),
        (("entries", 0, "title"), 7),
        (("entries", 0, "authors", 0, "kind"), "machine"),
        (("entries", 0, "links", 0, "kind"), "film"),
        (("entries", 0, "published"), "yesterday"),
        (("entries", 0, "source", "lines"), [1]),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else repr(value),
)
def test_schema_refuses_what_is_no_dump(path: tuple[str | int, ...], value: object) -> None:
    found = dump(DAYS["2024-02-07"])
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        validate(found)
