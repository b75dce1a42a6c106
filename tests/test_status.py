"""What is remembered of runs, and what ``status`` says of a site."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.cli._log import Line
from pipeline.errors import NothingParsedError, StoreError
from pipeline.status import Counts, LastRun, Outcome, SiteStatus, State, failed, states

DAY = "2024-02-07\nA Title\n(Ada Lovelace, Alan Turing)\nIt is shown that it works.\nGood.\n#tag\n"
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=1)
TODAY, YESTERDAY = dt.date(2026, 3, 1), dt.date(2026, 2, 28)


def last(outcome: Outcome = "published", changed: dt.datetime | None = NOON) -> LastRun:
    return LastRun(run="a", outcome=outcome, exit_code=0, days=3, papers=9, counts=Counts(), changed=changed)


def untouched(path: Path) -> tuple[int, int, int]:
    """Return what stays of a file that nobody writes; who reads it may set the time of access."""
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@pytest.mark.parametrize(
    ("known", "ended", "newest", "expected"),
    [
        pytest.param(last(), NOON, TODAY, ("published",), id="published"),
        pytest.param(last(), LATER, TODAY, ("unchanged",), id="unchanged"),
        pytest.param(last(changed=None), NOON, TODAY, ("unchanged",), id="change-unknown"),
        pytest.param(last(), NOON, YESTERDAY, ("no digest today", "published"), id="no-digest-today"),
        pytest.param(last("failed"), LATER, TODAY, ("failed",), id="failed"),
        pytest.param(last("parsed nothing"), LATER, TODAY, ("parsed nothing",), id="parsed-nothing"),
        pytest.param(last("failed"), LATER, YESTERDAY, ("failed", "no digest today"), id="failed-and-old"),
        pytest.param(last(), NOON, dt.date(2026, 3, 2), ("published",), id="digest-of-tomorrow"),
        pytest.param(None, None, YESTERDAY, ("no digest today",), id="nothing-remembered"),
        pytest.param(None, None, None, (), id="nothing-known"),
    ],
)
def test_what_holds(
    known: LastRun | None, ended: dt.datetime | None, newest: dt.date | None, expected: tuple[str, ...]
) -> None:
    assert states(known, ended, newest, TODAY) == expected


def test_a_failed_run_keeps_what_was_known_of_the_site() -> None:
    broken = failed("b", StoreError("cannot be published", subject="out"), last())
    assert (broken.run, broken.outcome, broken.exit_code) == ("b", "failed", 1)
    assert broken.message == "out: cannot be published"
    assert (broken.days, broken.papers, broken.changed) == (3, 9, NOON)
    nothing = failed("c", NothingParsedError("no paper", subject="digests"), None)
    assert (nothing.outcome, nothing.days) == ("parsed nothing", None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one digest, as the current one; sites are remembered below it."""
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "a.txt").write_text(DAY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def ran(*words: str) -> Result:
    return called("run", "--base-url", "https://example.org/", *words)


def standing(*words: str) -> tuple[int, dict[str, object]]:
    result = called("status", "--json", *words)
    return result.exit_code, json.loads(result.stdout)


def memory(home: Path) -> Path:
    (file,) = (home / "state" / "digest-pipeline").glob("out-*/last-run.json")
    return file


def test_a_run_that_changes_nothing_writes_nothing_but_its_time(home: Path) -> None:
    ran()
    before = memory(home).stat()
    ran()
    after = memory(home).stat()
    assert after.st_ino == before.st_ino  # what store writes is another file
    assert after.st_mtime_ns > before.st_mtime_ns
    assert msgspec.json.decode(memory(home).read_bytes(), type=LastRun).outcome == "published"


def test_states_follow_the_runs(home: Path) -> None:
    def now() -> tuple[object, ...]:
        code, said = standing()
        assert isinstance(said["states"], list)
        return code, said["exit_code"], *said["states"]

    digest = home / "digests" / "a.txt"
    ran()
    assert now() == (0, 0, "no digest today", "published")
    ran()
    assert now() == (0, 0, "no digest today", "unchanged")
    (home / "digests" / "b.txt").write_bytes(b"\xff")
    ran()
    assert now() == (0, 3, "no digest today", "published")
    (home / "digests" / "b.txt").unlink()
    digest.unlink()
    ran()
    assert now() == (1, 1, "parsed nothing", "no digest today")
    (home / "digests").rmdir()
    ran()
    assert now() == (1, 1, "failed", "no digest today")
    assert standing()[1]["days"] == 1


def test_dry_runs_and_runs_that_another_keeps_out_are_not_remembered(home: Path) -> None:
    ran()
    before = untouched(memory(home))
    (home / "digests" / "a.txt").write_text(DAY.replace("shown", "proven"), encoding="utf-8")
    ran("--dry-run")
    holding = (
        "import fcntl, os, sys; fcntl.flock(os.open('out', os.O_RDONLY), 2); print(1, flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", holding], cwd=home, **pipes) as holder:  # type: ignore[call-overload]
        holder.stdout.readline()
        assert ran().exit_code == 75
        holder.stdin.close()
    assert untouched(memory(home)) == before


def test_status_is_read_by_people(home: Path) -> None:
    (home / "digests" / "b.txt").write_bytes(b"\xff")
    ran()
    result = called("status")
    head = [line[:13] for line in result.stdout.splitlines()[:5]]
    assert head == ["last run     ", "last change  ", "newest day   ", "site         ", "problems     "]
    assert "published (exit 3)" in result.stdout
    assert "2024-02-07; no digest today" in result.stdout
    assert "1 days, 1 papers" in result.stdout
    assert "    b.txt:1: error: is not UTF-8" in result.stdout


def test_a_published_file_that_breaks_is_told_by_status_and_leaves_the_site_alone(home: Path) -> None:
    ran()
    site = untouched(home / "out" / "status.json")
    (home / "digests" / "a.txt").write_bytes(b"\xff")
    ran()
    assert (
        "    a.txt:1: error: what this file said when it was whole stays published" in called("status").stdout
    )
    assert untouched(home / "out" / "status.json") == site


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param((), 0, id="not-asked"),
        pytest.param(("--stale", "100000"), 0, id="young-enough"),
        pytest.param(("--stale", "30"), 1, id="too-old"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_silent_author_is_noticed(words: tuple[str, ...], code: int) -> None:
    ran()
    assert standing(*words)[0] == code


def test_a_site_is_known_without_memory(home: Path) -> None:
    ran("--state", "elsewhere")
    code, said = standing()
    assert (code, said["states"], said["days"], said["ended"]) == (0, ["no digest today"], 1, None)
    assert said["changed"] is not None
    assert "none is remembered" in called("status").stdout
    assert standing("--state", "elsewhere")[1]["exit_code"] == 0
    assert not (home / "state").exists()


@pytest.mark.usefixtures("home")
def test_where_nothing_was_ever_run_status_fails() -> None:
    result = called("status")
    assert result.exit_code == 1
    assert "nothing is published there" in result.stderr


def unusable_file(home: Path) -> None:
    (home / "state").write_text("no folder", encoding="utf-8")


def unusable_memory(home: Path) -> None:
    ran()
    memory(home).write_bytes(b"{")
    (home / "digests" / "a.txt").write_text(DAY.replace("shown", "proven"), encoding="utf-8")


@pytest.mark.parametrize("spoil", [unusable_file, unusable_memory])
def test_runs_go_on_where_nothing_can_be_remembered(home: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(home)
    for _ in range(2):
        result = ran()
        assert (result.exit_code, result.output) == (0, "")


def test_a_user_without_a_home_is_served(home: Path) -> None:
    surroundings = {k: v for k, v in os.environ.items() if k != "XDG_STATE_HOME"} | {"HOME": "/nonexistent"}
    command = [sys.executable, "-m", "pipeline", "run", "--base-url", "https://example.org/"]
    said = subprocess.run(command, cwd=home, env=surroundings, capture_output=True, check=True, timeout=60)
    assert (said.stdout, said.stderr) == (b"", b"")


def test_the_site_tells_monitors_of_its_content_and_of_no_time_of_a_run(home: Path) -> None:
    (home / "digests" / "b.txt").write_bytes(b"\xff")
    ran()
    status = home / "out" / "status.json"
    before = untouched(status)
    assert json.loads(status.read_text("utf-8")) == {
        "version": "1.0",
        "days": 1,
        "papers": 1,
        "newest": "2024-02-07",
        "updated": "2024-02-07T12:00:00Z",
        "counts": {"error": 1, "warning": 0, "note": 0},
        "problems": [
            {
                "file": "b.txt",
                "line": 1,
                "severity": "error",
                "code": "unreadable-file",
                "message": "is not UTF-8: byte 0xFF at offset 0; nothing of it is read",
            }
        ],
    }
    ran()
    assert untouched(status) == before


# A signal that arrives while the new files are put in their places waits until all of them are.
SIGNALLED = """
import os, signal, sys
def signalled(event, args):
    if event == "os.rename" and str(args[1]).endswith("out/manifest.json"):
        os.kill(os.getpid(), signal.SIGTERM)
sys.addaudithook(signalled)
sys.argv[0] = "digest-pipeline"
from pipeline.cli import main
main()
"""


def test_a_signal_while_publishing_is_said_to_come_after_it(home: Path) -> None:
    command = [sys.executable, "-c", SIGNALLED, "--base-url", "https://example.org/"]
    stopped = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, timeout=60)
    assert stopped.returncode == 128 + signal.SIGTERM
    assert stopped.stderr == "digest-pipeline: terminated; the new site is published\n"
    assert (home / "out" / "manifest.json").exists()


DOCS = (Path(__file__).parent.parent / "docs" / "running.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    sorted({*SiteStatus.__struct_fields__, *Line.__struct_fields__, *get_args(State)}),
)
def test_what_programs_are_told_is_described(name: str) -> None:
    assert f"`{name}`" in DOCS or f"`{name}[]`" in DOCS
