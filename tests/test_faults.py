"""Faults from outside: a run killed, a disk that is full, two runs at once, readers during a run."""

from __future__ import annotations

import datetime as dt
import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from costs import Work, growth

from pipeline.cli import _memory
from pipeline.errors import PipelineError
from pipeline.model import Site
from pipeline.run import History
from pipeline.run import run as build
from pipeline.run.cache import Cache
from pipeline.status import failed
from pipeline.store import locked

LATER = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
OLD = "2024-02-07\nA Title\n(Ada Lovelace)\nAn abstract.\nIt is shown.\n#tag\n"
NEW = OLD + "Another Title\n(Alan Turing)\nMore of an abstract.\n#tag\n"
TEN = OLD.replace("07", "10")
CORRECTED = NEW.replace("More of", "Less of")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a published site and digests changed since: one longer, one gone, one new."""
    # Of what is withdrawn the time of the run is told.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    write(tmp_path / "in", {"07.txt": OLD, "08.txt": OLD.replace("07", "08")})
    assert run(tmp_path).returncode == 0
    (tmp_path / "in" / "08.txt").unlink()
    write(tmp_path / "in", {"07.txt": NEW, "09.txt": OLD.replace("07", "09")})
    return tmp_path


def write(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def command(work: Path, *options: str) -> list[str]:
    base = ("--base-url", "https://example.org/")
    return [sys.executable, "-m", "pipeline", "run", *base, *options, str(work / "in"), str(work / "out")]


def run(work: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(work, *options), capture_output=True, text=True, check=False, timeout=60)


def tree(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def undisturbed(work: Path) -> dict[str, bytes]:
    """Return what a run leaves that nothing happens to."""
    apart = work / "apart"
    for name in ("in", "out"):
        shutil.copytree(work / name, apart / name)
    assert run(apart).returncode == 0
    return tree(apart / "out")


HOLDING = """
import fcntl, os, sys, time
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print(flush=True)
time.sleep(60)
"""
# The interpreter dies before the so-manieth call that changes the disk: no clearing away, as by kill -9.
DYING = """
import os, sys
left = int(sys.argv.pop(1))
def dying(event, args):
    global left
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_CREAT | os.O_WRONLY)
    if (writes or event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir")) and "/out" in str(args[0]):
        left -= 1
        if left < 0:
            os._exit(137)
sys.addaudithook(dying)
sys.argv[0] = "digest-pipeline"
from pipeline.cli import main
main()
"""
# Some deed just before a file below the site gets its new bytes.
AT_RENAME = """
import os, sys
name, deed = sys.argv.pop(1), int(sys.argv.pop(1))
def renaming(event, args):
    if event == "os.rename" and name in str(args[1]):
        os.kill(os.getpid(), deed)
sys.addaudithook(renaming)
sys.argv[0] = "digest-pipeline"
from pipeline.cli import main
main()
"""


@pytest.mark.parametrize("point", [9, 45, 60, 66, 70])
def test_a_killed_run_leaves_each_file_old_or_new_and_the_next_heals(work: Path, point: int) -> None:
    old, new = tree(work / "out"), undisturbed(work)
    words = command(work)[3:]
    subprocess.run([sys.executable, "-c", DYING, str(point), *words], check=False, timeout=60)
    left = {path: content for path, content in tree(work / "out").items() if "/." not in f"/{path}"}
    assert all(content in {old.get(path), new.get(path)} for path, content in left.items())
    assert old.keys() & new.keys() <= left.keys()
    assert run(work).returncode == 0
    assert tree(work / "out") == new


def at_rename(work: Path, name: str, deed: signal.Signals) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", AT_RENAME, name, str(int(deed)), *command(work)[3:]]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("name", "text", "then"),
    [
        pytest.param(
            "10.txt", TEN, TEN.replace("A Title", "A Better Title"), id="a new day, corrected since"
        ),
        pytest.param("07.txt", CORRECTED, CORRECTED, id="a correction, made at that time"),
    ],
)
def test_what_a_killed_run_published_is_known_to_the_next(
    work: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, then: str
) -> None:
    assert run(work).returncode == 0
    write(work / "in", {name: text})
    at_rename(work, "/out/feed.json", signal.SIGKILL)
    write(work / "in", {name: then})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000001")
    new = undisturbed(work)
    assert run(work).returncode == 0
    assert tree(work / "out") == new


def test_what_a_killed_run_left_beside_the_ledger_goes_though_nothing_is_written_there(work: Path) -> None:
    at_rename(work, "/in/ledger.toml", signal.SIGKILL)
    assert (work / "in/.ledger.toml.digest-pipeline.tmp").exists()
    (work / "in/09.txt").unlink()
    write(work / "in", {"07.txt": OLD, "08.txt": OLD.replace("07", "08")})
    assert run(work).returncode == 0
    assert {path.name for path in (work / "in").iterdir()} == {"07.txt", "08.txt"}


def test_a_run_that_puts_back_what_a_killed_one_began_leaves_nothing_of_it(work: Path) -> None:
    assert run(work).returncode == 0
    old = tree(work / "out")
    write(work / "in", {"10.txt": TEN})
    at_rename(work, "/out/2024/02/10/", signal.SIGKILL)
    assert tree(work / "out") != old
    (work / "in" / "10.txt").unlink()
    assert run(work).returncode == 0
    assert tree(work / "out") == old


@pytest.mark.parametrize("size", [0, 500, 1_000])
def test_a_disk_that_takes_no_more_leaves_the_old_site(work: Path, size: int) -> None:
    old = tree(work / "out")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    full = subprocess.run(
        command(work), capture_output=True, text=True, check=False, preexec_fn=limit, timeout=60
    )
    assert full.returncode == 1
    assert "cannot be published" in full.stderr
    assert full.stderr.count("\n") == 1
    assert tree(work / "out") == old


def test_of_two_runs_at_once_one_publishes_and_the_other_says_so(work: Path) -> None:
    new = undisturbed(work)
    runs = [subprocess.Popen(command(work), stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [(one.communicate(timeout=60)[1], one.returncode) for one in runs]
    assert {code for _, code in said} <= {0, 75}
    assert 0 in {code for _, code in said}
    assert all("another run is publishing there" in text for text, code in said if code)
    assert tree(work / "out") == new


def test_runs_that_wait_all_end_well(work: Path) -> None:
    runs = [subprocess.Popen(command(work, "--wait", "60")) for _ in range(3)]
    assert [one.wait(timeout=60) for one in runs] == [0, 0, 0]


def test_readers_meet_whole_files_all_the_time(work: Path) -> None:
    old, new = tree(work / "out"), undisturbed(work)
    with subprocess.Popen(command(work)) as running:
        while running.poll() is None:
            for path in old.keys() & new.keys():
                assert (work / "out" / path).read_bytes() in {old[path], new[path]}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_a_run_in_one_line_with_a_whole_site(work: Path, number: signal.Signals) -> None:
    held = [sys.executable, "-c", HOLDING, str(work / "out")]
    with subprocess.Popen(held, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline()
        old = tree(work / "out")
        with subprocess.Popen(command(work, "--wait", "60"), stderr=subprocess.PIPE, text=True) as waiting:
            time.sleep(1.5)
            waiting.send_signal(number)
            text = waiting.communicate(timeout=30)[1]
        holder.kill()
    assert waiting.returncode == 128 + number
    assert text.endswith("; the old site stands\n")
    assert text.count("\n") == 1
    assert tree(work / "out") == old


def test_who_is_stopped_while_publishing_publishes_everything_and_says_so(work: Path) -> None:
    assert run(work).returncode == 0
    # The same files with other bytes: the list of what is published stays as it is.
    write(work / "in", {"09.txt": OLD.replace("07", "09").replace("An abstract", "Another abstract")})
    new = undisturbed(work)
    stopped = at_rename(work, "/out/2024/02/09/digest.json", signal.SIGTERM)
    assert stopped.returncode == 128 + signal.SIGTERM
    assert stopped.stderr == "digest-pipeline: terminated; the new site is published\n"
    assert tree(work / "out") == new


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("2024/02/07/index.html", id="just published"),
        pytest.param("2024/02/08/index.html", id="published as it was"),
        pytest.param("digests.json", id="what tells of the site"),
    ],
)
def test_what_another_edits_during_a_run_is_put_right_by_the_next(
    work: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    history = History(ledger=work / "in/ledger.toml", now=LATER, state=work / "state")
    write(work / "in", {"08.txt": OLD.replace("07", "08")})
    edited, real = work / "out" / path, Path.replace

    def editing(new: Path, target: Path) -> Path:
        if target == work / "out/manifest.json":
            edited.write_bytes(edited.read_bytes() + b"edited")
        return real(new, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", editing)
        build(work / "in", work / "out", Site(), history=history)
    assert edited.read_bytes().endswith(b"edited")
    assert build(work / "in", work / "out", Site(), history=history).stored.written == (path,)


def test_cost_grows_with_broken_files(tmp_path: Path) -> None:
    def building(count: int) -> Work:
        folder, out = tmp_path / f"{count}", tmp_path / f"{count}-out"
        write(folder, {"07.txt": OLD, **{f"{number:05}.txt": "" for number in range(count)}})
        history = History(ledger=folder / "ledger.toml", now=LATER)
        return lambda: build(folder, out, Site(base_url="https://example.org/"), history=history)

    assert growth(building, 1_000) < 1.1


def test_what_cannot_be_remembered_fails_no_run(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(ledger=work / "in/ledger.toml", now=LATER, state=work / "state")

    def refused(_: Cache) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    build(work / "in", work / "out", Site(), history=history)
    monkeypatch.setattr(Cache, "clock", refused)
    (work / "in" / "07.txt").touch()
    assert build(work / "in", work / "out", Site(), history=history).stored.written == ()


def test_of_two_runs_that_end_at_once_the_later_is_remembered(tmp_path: Path) -> None:
    first, later = (failed(name, PipelineError("no"), None) for name in ("first", "later"))
    _memory.remember(tmp_path, lambda _: later, LATER)
    _memory.remember(tmp_path, lambda _: first, LATER - dt.timedelta(seconds=1))
    assert _memory.recall(tmp_path) == (later, LATER)


def test_no_run_writes_what_another_is_writing_of_itself(tmp_path: Path) -> None:
    with locked(tmp_path):
        _memory.remember(tmp_path, lambda before: failed("one", PipelineError("no"), before), LATER)
    assert _memory.recall(tmp_path) == (None, None)


def test_the_time_allowed_is_kept(work: Path) -> None:
    old = tree(work / "out")
    late = run(work, "--timeout", "0.001")
    assert (late.returncode, late.stderr.count("\n")) == (1, 1)
    assert "not done within 0.001 s; the old site stands" in late.stderr
    assert tree(work / "out") == old


def test_a_full_standard_output_is_said_after_publishing(work: Path) -> None:
    new = undisturbed(work)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(
            command(work, "-v"), stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert told.returncode == 1
    assert told.stderr == (
        "digest-pipeline: standard output: published, but it cannot be reported: No space left on device\n"
    )
    assert tree(work / "out") == new
