"""Faults from outside: a run killed, a disk that is full, two runs at once, readers during a run."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

OLD = "2024-02-07\nA Title\n(Ada Lovelace)\nAn abstract.\nIt is shown.\n#tag\n"
# A paper more, not one corrected: of a correction the time of the run shows, so no two are alike.
NEW = OLD + "Another Title\n(Alan Turing)\nMore of an abstract.\n#tag\n"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a published site and digests changed since: one longer, one gone, one new."""
    # Of what is gone the time of the run is told.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1707458400")
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


def fresh(work: Path) -> dict[str, bytes]:
    """Return what a run gives that nothing disturbs, on a copy of all there is."""
    copy = work / "copy"
    shutil.copytree(work / "in", copy / "in")
    shutil.copytree(work / "out", copy / "out")
    assert run(copy).returncode == 0
    return tree(copy / "out")


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


@pytest.mark.parametrize("point", [9, 45, 60, 66, 70])
def test_a_killed_run_leaves_each_file_old_or_new_and_the_next_heals(work: Path, point: int) -> None:
    old, new = tree(work / "out"), fresh(work)
    words = command(work)[3:]
    subprocess.run([sys.executable, "-c", DYING, str(point), *words], check=False, timeout=60)
    left = {path: content for path, content in tree(work / "out").items() if "/." not in f"/{path}"}
    assert all(content in {old.get(path), new.get(path)} for path, content in left.items())
    assert old.keys() & new.keys() <= left.keys()
    assert run(work).returncode == 0
    assert tree(work / "out") == new


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
    new = fresh(work)
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
    old, new = tree(work / "out"), fresh(work)
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


def test_the_time_allowed_is_kept(work: Path) -> None:
    old = tree(work / "out")
    late = run(work, "--timeout", "0.001")
    assert (late.returncode, late.stderr.count("\n")) == (1, 1)
    assert "not done within 0.001 s; the old site stands" in late.stderr
    assert tree(work / "out") == old


def test_a_full_standard_output_is_said_after_publishing(work: Path) -> None:
    new = fresh(work)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(
            command(work, "-v"), stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert told.returncode == 1
    assert told.stderr == (
        "digest-pipeline: standard output: published, but it cannot be reported: No space left on device\n"
    )
    assert tree(work / "out") == new
