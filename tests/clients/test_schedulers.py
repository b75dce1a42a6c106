"""What ``schedule`` prints, given to the schedulers themselves: cron, systemd, the shell of a workflow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from conftest import PROJECT

CONFIG = '[site]\nbase_url = "https://example.org/"\nauthority = "example.org,2026"\n'
DAY = "2024-02-07\nA Title\n(Ada Lovelace, Alan Turing)\nIt is shown that it works.\n재미있네요.\n#tag\n"
LATER = DAY.replace("02-07", "02-08")
NO_AUTHORS = "2024-02-08\nNo Authors Here\nAn abstract.\n#x\n" + DAY.partition("\n")[2]
AWKWARD = '100% of it\'s "a b" \\n \\% $HOME ${x} <&> 한'
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}


def pipeline(*words: str, folder: Path) -> str:
    command = [sys.executable, "-m", "pipeline", *words]
    asked = subprocess.run(command, check=True, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    assert asked.stderr == ""
    return asked.stdout


def published(folder: Path) -> Path:
    """Make a folder whose one digest is published, and return it."""
    (folder / "digests").mkdir(parents=True)
    (folder / "digests" / "07.txt").write_text(DAY, encoding="utf-8")
    (folder / "digest-pipeline.toml").write_text(CONFIG, encoding="utf-8")
    pipeline("run", folder=folder)
    return folder


def until(what: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so; tell whether it is."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


# Cron in namespaces of its own: it sees the files of this machine, but other places for crontabs, for what
# runs, and for the program that sends mail, which are gone with it. Nothing is removed, and a mount that
# fails ends the script (-e) before anything is written.
CRON_NAMESPACES = ("--mount", "--pid", "--fork", "--kill-child")
PLACES = """
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /etc/cron.d
mount -t tmpfs tmpfs /var/spool/cron
mkdir /run/sbin /run/work
mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=/run/sbin,workdir=/run/work /usr/sbin
mountpoint --quiet /usr/sbin
"""
CRON = (
    PLACES
    + """printf '' >/run/crontab
mount --bind /run/crontab /etc/crontab
install -d -g crontab -m 1730 /var/spool/cron/crontabs
printf '#!/bin/sh\\ncat >"%s/$$"\\n' "$1/mails" >/usr/sbin/sendmail
chmod 755 /usr/sbin/sendmail
crontab "$1/crontab"
exec cron -f
"""
)


@pytest.mark.client("cron", "crontab", "unshare")
def test_cron_publishes_within_a_minute_and_mails_only_what_needs_somebody(tmp_path: Path) -> None:
    probe = ["unshare", *CRON_NAMESPACES, "bash", "-euc", PLACES]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        pytest.skip("namespaces need root, and a kernel or container that allows them")
    well, skips, fails = folders = [tmp_path / name for name in (AWKWARD, "skips", "fails")]
    lines = [pipeline("schedule", "cron", "--every", "1", folder=published(folder)) for folder in folders]
    (tmp_path / "crontab").write_text("".join([f"PYTHONPATH={PROJECT}\n", *lines]), encoding="utf-8")
    mails = tmp_path / "mails"
    mails.mkdir()
    new = [folder / "out" / "2024" / "02" / "08" / "index.html" for folder in (well, skips)]
    with subprocess.Popen(
        ["unshare", *CRON_NAMESPACES, "bash", "-euc", CRON, "cron", str(tmp_path)]
    ) as daemon:
        try:
            (well / "digests" / "08.txt").write_text(LATER, encoding="utf-8")
            (skips / "digests" / "08.txt").write_text(NO_AUTHORS, encoding="utf-8")
            (fails / "digests" / "07.txt").unlink()
            assert until(lambda: all(page.exists() for page in new) and len([*mails.iterdir()]) == 2, 70)
            assert not until(lambda: len([*mails.iterdir()]) > 2 or daemon.poll() is not None, 2)
        finally:
            daemon.kill()
    said = sorted(mail.read_text(encoding="utf-8").partition("\n\n")[2] for mail in mails.iterdir())
    assert said[0].startswith("digest-pipeline: ")
    assert "fails/digests: " in said[0].split("\n")[0]
    assert said[1].startswith("digests/08.txt:2: error: no title with authors in brackets")
    assert [text.count("\n") for text in said] == [1, 2]  # a hint belongs to the second
    assert (fails / "out" / "2024" / "02" / "07" / "index.html").exists()


def units(site: Path, folder: Path, *words: str) -> list[str]:
    """Write both units into a folder, and return their paths."""
    names = ("digest-pipeline.timer", "digest-pipeline.service")
    for name in names:
        text = pipeline("schedule", "systemd", *words, "--file", name, folder=site)
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in names]


@pytest.mark.client("systemd-analyze")
@pytest.mark.parametrize("name", ["plain", AWKWARD], ids=["plain", "awkward"])
@pytest.mark.parametrize(
    "words", [(), ("--every", "1"), ("--every", "1440"), ("--at", "06:30")], ids=" ".join
)
def test_systemd_finds_nothing_wrong_with_the_units(
    tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    site = published(tmp_path / name)
    command = ["systemd-analyze", "verify", "--man=no", *units(site, tmp_path, *words)]
    asked = subprocess.run(command, check=False, capture_output=True, text=True)
    ours = [line for line in (asked.stdout + asked.stderr).split("\n") if "digest-pipeline" in line]
    assert (asked.returncode, ours) == (0, [])


@pytest.mark.client("systemd-analyze")
def test_systemd_notices_what_is_wrong_with_a_unit(tmp_path: Path) -> None:
    service = units(published(tmp_path / "plain"), tmp_path)[1]
    text = Path(service).read_text(encoding="utf-8")
    Path(service).write_text(text.replace("ExecStart=:", "ExecStart=:/not"), encoding="utf-8")
    asked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", service], check=False, capture_output=True
    )
    assert asked.returncode != 0


@pytest.mark.client("systemd-analyze")
def test_the_service_may_do_little(tmp_path: Path) -> None:
    service = units(published(tmp_path / "plain"), tmp_path)[1]
    # Of 100, the most exposed; measured 13 where it runs as root.
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=15", service]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a clone whose remote is beside it, with digests and a workflow, and the command on a path."""
    remote, clone, programs = (tmp_path / name for name in ("remote.git", "clone", "programs"))
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    subprocess.run(["git", "clone", "--quiet", str(remote), str(clone)], check=True, capture_output=True)
    published(clone / "notes of mine")
    shutil.move(clone / "notes of mine" / "out", clone / "out")
    (clone / ".gitignore").write_text("/out/\n", encoding="utf-8")
    git(clone, "add", ".")
    git(clone, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "Begin")
    git(clone, "push", "--quiet", "origin", "HEAD")
    programs.mkdir()
    (programs / "digest-pipeline").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n', "utf-8"
    )
    (programs / "digest-pipeline").chmod(0o755)
    return clone


def git(clone: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(clone), *words], check=True, capture_output=True, text=True
    ).stdout


def step(repository: Path, name: str) -> tuple[int, str]:
    """Run a step of the printed workflow as GitHub does; return its exit code and what it handed on."""
    workflow = yaml.safe_load(pipeline("schedule", "github", folder=repository / "notes of mine"))
    script = next(one["run"] for one in workflow["jobs"]["build"]["steps"] if one.get("id") == name)
    path = f"{repository.parent / 'programs'}:{os.environ['PATH']}"
    handed_on = repository.parent / "handed-on"
    environment = {**ENVIRONMENT, **workflow["env"], "PATH": path, "GITHUB_OUTPUT": str(handed_on)}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=repository, env=environment, check=False, capture_output=True)
    return done.returncode, handed_on.read_text(encoding="utf-8") if handed_on.exists() else ""


@pytest.mark.client("git", "bash")
def test_workflow_commits_the_ledger_that_a_correction_needs(repository: Path) -> None:
    digest = repository / "notes of mine" / "digests" / "07.txt"
    digest.write_text(DAY.replace("it works", "it always works"), encoding="utf-8")
    assert step(repository, "run") == (0, "code=0\n")
    assert step(repository, "ledger")[0] == 0
    changed = git(repository.parent / "remote.git", "show", "--name-only", "--format=%an: %s")
    assert changed == "github-actions[bot]: Record what was published\n\nnotes of mine/digests/ledger.toml\n"
    before = git(repository, "rev-parse", "HEAD")
    assert step(repository, "ledger")[0] == 0
    assert git(repository, "rev-parse", "HEAD") == before


@pytest.mark.client("git", "bash")
@pytest.mark.parametrize(
    ("digest", "code", "handed_on"),
    [
        pytest.param(NO_AUTHORS, 0, "code=3\n", id="skips-and-publishes"),
        pytest.param(None, 1, "code=1\n", id="fails-and-does-not"),
    ],
)
def test_workflow_ends_as_the_run_does(
    repository: Path, digest: str | None, code: int, handed_on: str
) -> None:
    folder = repository / "notes of mine" / "digests"
    if digest is None:
        (folder / "07.txt").unlink()
    else:
        (folder / "08.txt").write_text(digest, encoding="utf-8")
    assert step(repository, "run") == (code, handed_on)


@pytest.mark.client("git")
def test_workflow_is_of_the_schema_of_its_service(repository: Path) -> None:
    """Neither program is a package of Debian; where one is at hand, it judges."""
    file = repository.parent / "workflow.yml"
    file.write_text(pipeline("schedule", "github", folder=repository / "notes of mine"), encoding="utf-8")
    judges = {"check-jsonschema": ["--builtin-schema", "vendor.github-workflows"], "actionlint": []}
    found = [name for name in judges if shutil.which(name)]
    if not found:
        pytest.skip("neither check-jsonschema nor actionlint is installed")
    for name in found:
        asked = subprocess.run([name, *judges[name], str(file)], check=False, capture_output=True, text=True)
        assert asked.returncode == 0, asked.stdout
