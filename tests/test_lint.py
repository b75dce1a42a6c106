"""``lint``, ``explain`` and ``new``: what an author sees while writing."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.model import Source
from pipeline.parse import PROFILES, Profile, parse

BAD = "2024-02-08\nNo Authors Here\nAn abstract.\n#x\nA Title\n(Ada Lovelace)\nText.\n#y\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "2024-02-08.txt").write_text(BAD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param((), id="default-folder"),
        pytest.param(("digests",), id="folder"),
        pytest.param(("digests/2024-02-08.txt",), id="file"),
    ],
)
@pytest.mark.usefixtures("home")
def test_names_place_code_and_remedy(paths: tuple[str, ...]) -> None:
    result = called("lint", *paths)
    first, second = result.stdout.rstrip("\n").split("\n")
    assert result.exit_code == 1
    assert first.startswith("digests/2024-02-08.txt:2:1: error: ")
    assert first.endswith("[no-authors-line]")
    assert "in brackets" in second


@pytest.mark.usefixtures("home")
def test_json_lists_all_facts() -> None:
    (found,) = json.loads(called("lint", "--format", "json").stdout)
    assert (found["file"], found["line"], found["code"]) == ("digests/2024-02-08.txt", 2, "no-authors-line")
    assert found.keys() == {"file", "line", "column", "code", "severity", "message", "hint"}


@pytest.mark.usefixtures("home")
def test_github_gives_one_command_a_problem() -> None:
    (line,) = called("lint", "--format", "github").stdout.rstrip("\n").split("\n")
    assert line.startswith("::error file=digests/2024-02-08.txt,line=2,col=1,title=no-authors-line::")


@pytest.mark.usefixtures("home")
def test_sarif_names_rule_and_region() -> None:
    log = json.loads(called("lint", "--format", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.mark.parametrize(
    "line", ["# lint: off no-authors-line", "<!-- # lint: off no-title, no-authors-line -->"]
)
def test_a_directive_silences_one_code(home: Path, line: str) -> None:
    (home / "digests" / "2024-02-08.txt").write_text(BAD + line + "\n", encoding="utf-8")
    result = called("lint")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_missing_path_is_said(home: Path) -> None:
    result = called("lint", str(home / "nothing.txt"))
    assert result.exit_code == 1
    assert "no such file" in result.stderr


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """End a process whatever the test finds, or when nothing comes: a watch would go on for ever."""
    limit = threading.Timer(30, process.kill)
    limit.start()
    try:
        yield
    finally:
        limit.cancel()
        process.terminate()


def test_watch_lints_again_after_a_change(home: Path) -> None:
    command = [sys.executable, "-u", "-m", "pipeline", "lint", "--watch"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True) as process, ended(process):
        assert process.stdout
        assert "no-authors-line" in process.stdout.readline()
        process.stdout.readline()
        digest = home / "digests" / "2024-02-08.txt"
        digest.write_text(BAD.replace("(Ada", "(Bob"), encoding="utf-8")
        os.utime(digest, ns=(time.time_ns(), time.time_ns() + 10**9))
        assert "no-authors-line" in process.stdout.readline()


@pytest.mark.parametrize("what", ["lovelace2024title", "digests/2024-02-08.txt:6", "2024-02-08.txt:8"])
@pytest.mark.usefixtures("home")
def test_explain_shows_lines_and_rules(what: str) -> None:
    rows = [line.split(maxsplit=3) for line in called("explain", what).stdout.split("\n")[2:] if line]
    assert [row[:3] for row in rows] == [
        ["5", "title", "title-line"],
        ["6", "authors", "authors-line"],
        ["7", "abstract", "first-paragraph"],
        ["8", "tags", "tags-line"],
    ]


@pytest.mark.usefixtures("home")
def test_explain_says_when_there_is_nothing() -> None:
    result = called("explain", "nobody2024nothing")
    assert result.exit_code == 1
    assert "nobody2024nothing" in result.stderr


@pytest.mark.parametrize("profile", [p for p in PROFILES if p.template], ids=lambda profile: profile.name)
def test_new_writes_a_day_that_reads_back(home: Path, profile: Profile) -> None:
    result = called("new", "2024-03-01", "--profile", profile.name)
    path = Path(result.stdout.strip())
    source = Source(name=path.name, text=path.read_text("utf-8"))
    (digest,) = parse(source)
    assert ([*digest.entries], [found.code for found in digest.problems]) == ([], ["unfilled-template"])
    filled = source.text.replace("Title", "On Two").replace("Author, Author", "Ada Lovelace")
    (digest,) = parse(Source(name=source.name, text=filled))
    assert str(digest.date) == "2024-03-01"
    assert digest.entries[0].title == "On Two"
    assert digest.entries[0].tags == ("tag",)
    assert called("new", "2024-03-01", "--profile", profile.name).exit_code == 1
    assert path.is_relative_to(home / "digests")


@pytest.mark.usefixtures("home")
def test_new_knows_the_configured_profile() -> None:
    Path("digest-pipeline.toml").write_text('[writing]\nprofile = "note"\n', encoding="utf-8")
    assert called("new", "2024-03-01").stdout.strip().endswith("240301 Title.md")


@pytest.mark.usefixtures("home")
def test_new_refuses_an_unknown_profile() -> None:
    result = called("new", "--profile", "sonnet")
    assert result.exit_code == 78
    assert "flat" in result.stderr
