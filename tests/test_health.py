"""A health check on loopback: what it is told, and that nothing depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from loopback import Listener, listening

from pipeline.cli import _health, main

DAY = "2024-02-07\nA Title\n(Ada Lovelace)\nIt is shown that it works.\nGood.\n#tag\n"


@pytest.fixture
def check() -> Iterator[Listener]:
    with listening() as listener:
        listener.url += "some-uuid"
        yield listener


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "a.txt").write_text(DAY, encoding="utf-8")
    return tmp_path


def ran(home: Path, url: str, *options: str) -> Result:
    config = home / "digest-pipeline.toml"
    site = '[site]\nbase_url = "https://example.org/"\n'
    config.write_text(f'{site}[health]\nping = "{url}"\n', encoding="utf-8")
    return CliRunner().invoke(main, ["run", "--config", str(config), *options])


def test_a_run_that_ends_well_is_told_at_both_ends(home: Path, check: Listener) -> None:
    assert ran(home, check.url).exit_code == 0
    assert check.told == [("/some-uuid/start", ""), ("/some-uuid", "")]


def test_skipped_papers_are_told_as_success_with_the_log(home: Path, check: Listener) -> None:
    (home / "digests" / "b.txt").write_bytes(b"\xff")
    assert ran(home, check.url).exit_code == 3
    path, log = check.told[-1]
    assert path == "/some-uuid"
    assert "b.txt:1: error: is not UTF-8" in log


def test_a_run_that_fails_is_told_as_failure_with_the_log(home: Path, check: Listener) -> None:
    (home / "digests" / "a.txt").unlink()
    assert ran(home, check.url).exit_code == 1
    path, log = check.told[-1]
    assert path == "/some-uuid/fail"
    assert log.endswith("digests: no paper to publish; what was published stays")


def test_a_dry_run_says_nothing(home: Path, check: Listener) -> None:
    assert ran(home, check.url, "--dry-run").exit_code == 0
    assert check.told == []


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_check_that_refuses_is_told_of_with_verbose_alone(home: Path, check: Listener, status: int) -> None:
    check.status = status
    silent, spoken = ran(home, check.url), ran(home, check.url, "-v")
    assert (silent.exit_code, silent.stderr) == (0, "")
    assert spoken.exit_code == 0
    assert spoken.stderr.count("warning: the health check was not told: HTTP Error") == 2
    assert (home / "out" / "atom.xml").exists()


def test_a_check_that_is_not_there_costs_nothing(home: Path) -> None:
    result = ran(home, "http://127.0.0.1:1/x")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_check_that_does_not_answer_is_left(check: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_health, "SECONDS", 0.1)
    check.delay = 30  # no run waits so long: it would get the answer, and so nothing would be wrong
    assert "not told" in str(_health.ping(check.url, "success"))


@pytest.mark.parametrize(
    ("log", "kept"),
    [
        pytest.param("short", "short", id="short"),
        pytest.param("x" * 150_000 + "end", "x" * 99_997 + "end", id="its-end"),
        pytest.param("가" * 50_000, "가" * 33_333, id="whole-characters"),
    ],
)
def test_a_log_is_limited(check: Listener, log: str, kept: str) -> None:
    assert _health.ping(check.url, "fail", log) is None
    assert check.told == [("/some-uuid/fail", kept)]


def test_a_query_stays_behind_the_event(check: Listener) -> None:
    assert _health.ping(check.url + "?create=1", "start") is None
    assert check.told == [("/some-uuid/start?create=1", "")]
