"""Validators of other houses over every feed of the samples: the W3C's, grammar and schema, and feedparser.

No package of any system brings the first three. ``FEEDVALIDATOR_SRC`` names the folder ``src`` of a
checkout of https://github.com/w3c/feedvalidator, which needs html5lib, lxml and rdflib in the Python that
``FEEDVALIDATOR_PYTHON`` names; ``ATOM_RNG`` names the grammar of RFC 4287, appendix B, in XML syntax;
``JSON_FEED_SCHEMA`` names a JSON Schema of version 1.1, such as that of npm's package jsonfeed-schema.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest
from jsonschema.validators import validator_for
from msgspec import structs

from pipeline.model import Site
from pipeline.run import History, run

SITE = structs.replace(
    Site(),
    title="Notes & <papers>",
    author="Ada Lovelace",
    base_url="https://papers.example.org/digest/",
    authority="papers.example.org,2024",
)
NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import feedvalidator
from feedvalidator import compatibility, logging
kinds = (logging.Error, logging.Warning)
complaints = {}
for address, path in json.load(sys.stdin).items():
    with open(path, "rb") as file:
        events = feedvalidator.validateString(file.read(), base=address)["loggedEvents"]
    found = [f"{type(e).__name__} {e.params}" for e in compatibility.AA(events) if isinstance(e, kinds)]
    complaints[address] = found
print(json.dumps(complaints))
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    folder = tmp_path_factory.mktemp("site") / "out"
    run(samples, folder, SITE)
    return folder


def _named(name: str) -> str:
    """Return what the environment names, or skip."""
    value = os.environ.get(name)
    if value is None:
        pytest.skip(f"{name} is not set")
    return value


def test_w3c_finds_no_error_and_no_warning(out: Path) -> None:
    source = _named("FEEDVALIDATOR_SRC")
    python = os.environ.get("FEEDVALIDATOR_PYTHON", sys.executable)
    files = sorted((*out.rglob("atom.xml"), *out.rglob("rss.xml"), out / "feeds.opml"))
    asked = subprocess.run(
        [python, "-W", "ignore", "-c", ASK, source],
        input=json.dumps({SITE.base_url + path.relative_to(out).as_posix(): str(path) for path in files}),
        check=True,
        capture_output=True,
        text=True,
    )
    complaints = json.loads(asked.stdout.splitlines()[-1])
    assert len(complaints) == 49
    # It takes titles in OPML for HTML, of which OPML says nothing, and this site's title has a tag in it.
    listed = complaints.pop(SITE.base_url + "feeds.opml")
    assert all(found.startswith("NotHtml") for found in listed)
    assert {address: found for address, found in complaints.items() if found} == {}


@pytest.mark.client("jing")
def test_atom_is_of_the_grammar_of_its_rfc(out: Path) -> None:
    feeds = sorted(map(str, out.rglob("atom.xml")))
    assert len(feeds) == 24
    asked = subprocess.run(["jing", _named("ATOM_RNG"), *feeds], check=False, capture_output=True)
    assert (asked.returncode, asked.stdout) == (0, b"")


def test_json_feed_is_of_its_schema(out: Path) -> None:
    schema = json.loads(Path(_named("JSON_FEED_SCHEMA")).read_text(encoding="utf-8"))
    kind = validator_for(schema)
    judge = kind(schema, format_checker=kind.FORMAT_CHECKER)
    feeds = sorted(out.rglob("feed.json"))
    assert len(feeds) == 17
    for path in feeds:
        found = [error.message for error in judge.iter_errors(json.loads(path.read_bytes()))]
        assert found == [], path


@pytest.mark.client("feedparser")
@pytest.mark.parametrize(("file", "tag"), [("atom.xml", b"<entry"), ("rss.xml", b"<item>")])
def test_feedparser_finds_nothing_malformed(out: Path, file: str, tag: bytes) -> None:
    feeds = sorted(out.rglob(file))
    assert len(feeds) == 24
    for path in feeds:
        found = feedparser.parse(path.read_bytes())
        assert not found.bozo, (path, found.bozo_exception)
        assert len(found.entries) == path.read_bytes().count(tag)


@pytest.mark.client("jing")
def test_deleted_entries_are_of_the_grammar_too(tmp_path: Path, samples: Path) -> None:
    digests, history = tmp_path / "digests", History(ledger=tmp_path / "ledger.toml", now=NOW)
    shutil.copytree(samples, digests)
    run(digests, tmp_path / "out", SITE, history=history)
    (digests / "2024-02-08.txt").unlink()
    run(digests, tmp_path / "out", SITE, history=history)
    feed = tmp_path / "out" / "atom.xml"
    assert b"<at:deleted-entry " in feed.read_bytes()
    read = feedparser.parse(feed.read_bytes())
    assert not read.bozo
    assert read.entries
    asked = subprocess.run(["jing", _named("ATOM_RNG"), str(feed)], check=False, capture_output=True)
    assert (asked.returncode, asked.stdout) == (0, b"")
