"""Messages for programs: one JSON object a line, and what each says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import pipeline
from pipeline.cli import main
from pipeline.cli._log import STAGES
from pipeline.problems import SEVERITIES

PACKAGE = Path(pipeline.__file__).parent
DAY = "2024-02-07\nA Title\n(Ada Lovelace\nIt is shown that it works.\nGood.\n#tag\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one digest, whose authors are not closed, as the current one."""
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "a.txt").write_text(DAY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, ["--base-url", "https://example.org/", "--log-format", "json", *words])


def said(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stderr.splitlines()]


def test_a_problem_names_digest_entry_and_line(home: Path) -> None:
    (line,) = said(called())
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", line.pop("run"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line.pop("time"))
    assert line == {
        "level": "warning",
        "stage": "parse",
        "digest": "2024-02-07",
        "entry": "tag:digests.invalid,2024:2024-02-07/a-title",
        "title": "A Title",
        "file": "digests/a.txt",
        "line": 3,
        "code": "unclosed-authors",
        "message": "the bracket of the authors is not closed; the line is taken to its end",
        "hint": "close the bracket after the last author",
    }
    assert (home / "out" / "atom.xml").exists()


def test_a_file_that_gave_no_day_is_named_itself(home: Path) -> None:
    (home / "digests" / "b.txt").write_bytes(b"\xff")
    result = called("-q")
    (line,) = said(result)
    assert result.exit_code == 3
    assert (line["level"], line["stage"], line["digest"], line["file"]) == (
        "error",
        "find",
        "b.txt",
        "digests/b.txt",
    )
    assert "entry" not in line


def test_lines_of_a_run_share_its_id_with_the_report(home: Path) -> None:
    (home / "digests" / "b.txt").write_bytes(b"\xff")
    result = called("--json")
    ids = {line["run"] for line in said(result)}
    assert ids == {json.loads(result.stdout)["run"]}


@pytest.mark.parametrize(
    ("words", "code", "stage", "message"),
    [
        pytest.param(
            ("no-folder",), 1, "find", "no-folder: the folder of digests cannot be read", id="folder"
        ),
        pytest.param(("empty",), 1, "parse", "empty: no paper to publish", id="nothing-parsed"),
        pytest.param(("digests", "a-file"), 1, "store", "cannot publish there", id="out-is-a-file"),
        pytest.param(("--config", "no.toml"), 78, None, "no.toml: cannot be read", id="configuration"),
    ],
)
def test_what_ends_a_run_comes_likewise(
    home: Path, words: tuple[str, ...], code: int, stage: str | None, message: str
) -> None:
    (home / "empty").mkdir()
    (home / "a-file").touch()
    result = called(*words)
    (line,) = said(result)
    assert result.exit_code == code
    assert (line["level"], line.get("stage")) == ("error", stage)
    assert message in line["message"]


def test_without_a_site_of_ones_own_the_hint_comes_likewise(home: Path) -> None:
    (home / "digests" / "a.txt").write_text(DAY.replace("Lovelace", "Lovelace)"), encoding="utf-8")
    result = CliRunner().invoke(main, ["run", "--log-format", "json"])
    assert [line["level"] for line in said(result)] == ["info"]


def test_stages_are_those_that_emit_the_codes() -> None:
    def emitted(*paths: Path) -> set[str]:
        text = "".join(path.read_text(encoding="utf-8") for path in paths)
        return set(re.findall(r'problem\(\s*"([a-z-]+)"', text))

    assert STAGES.keys() <= SEVERITIES.keys()
    refined = emitted(*(PACKAGE / "refine").glob("*.py"))
    assert refined == {code for code, stage in STAGES.items() if stage == "refine"}
    assert emitted(PACKAGE / "find.py") <= {code for code, stage in STAGES.items() if stage == "find"}


def test_what_ends_lint_comes_likewise(home: Path) -> None:
    result = CliRunner().invoke(main, ["lint", "--log-format", "json", str(home / "none")])
    assert [line["level"] for line in said(result)] == ["error"]
