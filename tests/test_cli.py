"""The command as cron and people call it: exit codes, silence, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pipeline
from pipeline.cli import main

DAY = "2024-02-07\nA Title\n(Ada Lovelace, Alan Turing)\nIt is shown that it works.\n재미있네요.\n#tag\n"
CONFIG = '[site]\nbase_url = "https://example.org/"\nauthority = "example.org,2026"\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one digest and a configuration, as the current one."""
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "2024-02-07.txt").write_text(DAY, encoding="utf-8")
    (tmp_path / "digest-pipeline.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def add(home: Path, name: str, text: str) -> None:
    path = home / "digests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def said(result: Result) -> list[str]:
    """Return the first lines of what was said on standard error, without hints below them."""
    return [line for line in result.stderr.split("\n") if line and not line.startswith(" ")]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="nothing"),
        pytest.param(("run",), id="run"),
        pytest.param(("digests", "out"), id="folders"),
        pytest.param(("run", "digests", "out"), id="run-folders"),
        pytest.param(("--config", "digest-pipeline.toml"), id="option-first"),
    ],
)
def test_builds_silently(home: Path, words: tuple[str, ...]) -> None:
    result = called(*words)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (home / "out" / "2024" / "02" / "07" / "digest.json").is_file()


def test_a_second_run_changes_nothing(home: Path) -> None:
    called()
    before = {path: path.stat().st_mtime_ns for path in (home / "out").rglob("*")}
    assert called().exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in (home / "out").rglob("*")} == before


def test_without_configuration_a_hint_says_how(home: Path) -> None:
    (home / "digest-pipeline.toml").unlink()
    first, second = called(), called()
    assert first.exit_code == 0
    assert "https://digests.invalid/" in first.stderr
    assert "init" in first.stderr
    assert second.stderr == ""
    assert "https://digests.invalid/2024/02/07/" in (home / "out" / "atom.xml").read_text("utf-8")


def test_base_url_moves_links_and_no_id(home: Path) -> None:
    def ids() -> list[str]:
        return [item["id"] for item in json.loads((home / "out" / "feed.json").read_text("utf-8"))["items"]]

    called()
    before = ids()
    called("--base-url", "https://elsewhere.example/papers")
    assert ids() == before
    assert '"https://elsewhere.example/papers/feed.json"' in (home / "out" / "feed.json").read_text("utf-8")


def test_an_entry_without_authors_is_named_and_its_neighbours_live(home: Path) -> None:
    add(home, "2024-02-08.txt", "2024-02-08\nNo Authors Here\nAn abstract.\n#x\n" + DAY.partition("\n")[2])
    result = called()
    assert result.exit_code == 3
    assert len(said(result)) == 1
    assert said(result)[0].startswith("digests/2024-02-08.txt:2: error: no title with authors in brackets")
    assert said(result)[0].endswith("'No Authors Here' [no-authors-line]")
    assert "in brackets on the line right below the title" in result.stderr
    assert "A Title" in (home / "out/2024/02/08/digest.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        pytest.param(
            "notes.txt", "Some Title\n(Ada Lovelace)\nText.\n", "notes.txt:1: error: no date", id="no-date"
        ),
        pytest.param(
            "2024-02-08.txt", b"\xff\xfe\x00", "2024-02-08.txt:1: error: is not UTF-8", id="no-text"
        ),
        pytest.param("2024-02-08.txt", "", "2024-02-08.txt:1: error: this file holds no text", id="empty"),
    ],
)
def test_a_bad_file_costs_no_other_day(home: Path, name: str, content: str | bytes, place: str) -> None:
    (home / "digests" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    result = called()
    assert result.exit_code == 3
    assert place in result.stderr
    assert (home / "out" / "2024" / "02" / "07" / "index.html").is_file()


def test_two_files_of_one_day_are_one_day(home: Path) -> None:
    add(home, "2024-02-07b.txt", DAY.replace("A Title", "Another Title"))
    assert called().exit_code == 0
    dump = json.loads((home / "out/2024/02/07/digest.json").read_text("utf-8"))
    assert [entry["title"] for entry in dump["entries"]] == ["A Title", "Another Title"]


@pytest.mark.parametrize("state", ["empty", "gone"])
def test_no_digests_leave_the_site_as_it_was(home: Path, state: str) -> None:
    called()
    before = sorted((home / "out").rglob("*"))
    (home / "digests" / "2024-02-07.txt").unlink()
    if state == "gone":
        (home / "digests").rmdir()
    result = called()
    assert result.exit_code == 1
    assert "digests" in said(result)[0]
    assert sorted((home / "out").rglob("*")) == before


def test_many_days_gone_at_once_need_prune(home: Path) -> None:
    for day in range(10, 20):
        add(home, f"2024-03-{day}.txt", DAY.replace("2024-02-07", f"2024-03-{day}"))
    called()
    for day in range(10, 13):
        (home / "digests" / f"2024-03-{day}.txt").unlink()
    refused = called()
    assert refused.exit_code == 1
    assert "3 of 11 published days are gone" in refused.stderr
    assert (home / "out" / "2024" / "03" / "10" / "index.html").exists()
    assert called("--prune").exit_code == 0
    assert not (home / "out" / "2024" / "03" / "10").exists()


def test_an_unreadable_file_removes_no_day(home: Path) -> None:
    add(home, "2024-02-08.txt", DAY.replace("2024-02-07", "2024-02-08"))
    called()
    (home / "digests" / "2024-02-08.txt").write_bytes(b"\xff")
    assert called().exit_code == 3
    assert (home / "out" / "2024" / "02" / "08" / "index.html").exists()


PAPERS = """2024-02-08
A First Title
(Ada Lovelace, Alan Turing)
An abstract of the first paper.
Words on the first.
#one
https://arxiv.org/abs/2402.00001
A Second Title
(Grace Hopper)
An abstract of the second paper.
https://example.org/project
Words on the second.
- with a list
#two #more
"""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff", id="not-utf-8"),
        pytest.param(PAPERS[:9].encode(), id="date-alone"),
        pytest.param(PAPERS[: PAPERS.index("Alan")].encode(), id="in-authors"),
        pytest.param(PAPERS[: PAPERS.index("of the first")].encode(), id="in-abstract"),
        pytest.param(PAPERS[: PAPERS.index("Words on the second")].encode(), id="in-last-paper"),
        pytest.param(PAPERS.replace("(Grace Hopper)\n", "").encode(), id="authors-lost"),
        pytest.param(PAPERS.replace("2024-02-08\n", "").encode(), id="date-lost"),
    ],
)
def test_a_published_day_that_breaks_stays_everywhere_until_it_is_mended(home: Path, content: bytes) -> None:
    def published() -> dict[str, bytes]:
        out = home / "out"
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*")}

    add(home, "second.txt", PAPERS)
    add(home, "third.txt", PAPERS.replace("2024-02-08", "2024-02-09").replace("#two", "#again"))
    assert called().exit_code == 0
    before = published()
    (home / "digests" / "second.txt").write_bytes(content)
    result = called()
    assert result.exit_code == 3
    assert (
        "digests/second.txt:1: error: what this file said when it was whole stays published" in result.stderr
    )
    assert published() == before
    add(home, "second.txt", PAPERS.replace("Words", "Other words"))
    assert called().exit_code == 0
    assert "Other words on the first" in (home / "out" / "atom.xml").read_text("utf-8")


def test_papers_that_the_author_deletes_are_gone(home: Path) -> None:
    add(home, "second.txt", PAPERS)
    called()
    add(home, "second.txt", PAPERS[: PAPERS.index("https://arxiv")])
    assert called().exit_code == 0
    assert "A Second Title" not in (home / "out" / "atom.xml").read_text("utf-8")


def test_prune_gives_up_the_day_of_a_file_that_cannot_be_read(home: Path) -> None:
    add(home, "second.txt", PAPERS)
    assert called().exit_code == 0
    (home / "digests" / "second.txt").write_bytes(b"\xff")
    assert called("--prune").exit_code == 3
    assert not (home / "out/2024/02/08").exists()
    assert "A Second Title" not in (home / "out/atom.xml").read_text("utf-8")


def test_prune_believes_a_file_that_looks_cut_short(home: Path) -> None:
    add(home, "second.txt", PAPERS)
    called()
    add(home, "second.txt", PAPERS[: PAPERS.index("Words on the second")])
    assert called("--prune").exit_code == 0
    assert "Words on the second" not in (home / "out" / "atom.xml").read_text("utf-8")


def test_day_renews_its_folder_alone(home: Path) -> None:
    add(home, "2024-02-08.txt", DAY.replace("2024-02-07", "2024-02-08"))
    called()
    for day in ("07", "08"):
        add(
            home, f"2024-02-{day}.txt", DAY.replace("2024-02-07", f"2024-02-{day}").replace("shown", "proven")
        )
    called("--day", "2024-02-08")
    pages = {day: (home / "out/2024/02" / day / "index.html").read_text("utf-8") for day in ("07", "08")}
    assert "shown" in pages["07"]
    assert "proven" in pages["08"]


def test_dry_run_says_and_does_nothing(home: Path) -> None:
    result = called("--dry-run")
    assert result.exit_code == 0
    assert "would be written: 2024/02/07/digest.json" in result.stdout
    assert not (home / "out").exists()


def test_json_report(home: Path) -> None:
    add(home, "notes.txt", "A\n(Ada Lovelace)\nText.\n")
    result = called("--json")
    report = json.loads(result.stdout)
    assert (report["days"], report["papers"], report["dry_run"]) == (1, 1, False)
    assert "2024/02/07/digest.json" in report["written"]
    assert [problem["code"] for problem in report["problems"]] == ["no-date"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(("--no-such-option",), 2, "No such option", id="option"),
        pytest.param(("--day", "yesterday"), 2, "does not match", id="date"),
        pytest.param(("--since", "2024-03-01", "--until", "2024-02-01"), 2, "after --until", id="range"),
        pytest.param(
            ("--day", "2024-03-01", "--until", "2024-02-01"), 2, "--day goes without", id="day-range"
        ),
        pytest.param(
            ("no-such-folder",),
            1,
            "no-such-folder: the folder of digests cannot be read: No such file",
            id="folder",
        ),
        pytest.param(("--config", "no-such.toml"), 78, "cannot be read", id="config"),
        pytest.param(("--base-url", "example.org"), 78, "no http or https address", id="base-url"),
        pytest.param(("digests", "digest-pipeline.toml"), 1, "cannot publish there", id="out-is-a-file"),
        pytest.param(("digests", "digests"), 78, "would read the site as digests", id="out-is-the-digests"),
        pytest.param(
            ("digests", "digests/out"), 78, "would read the site as digests", id="out-in-the-digests"
        ),
        pytest.param((".", "out"), 78, "would read the site as digests", id="out-beside-digests-in-them"),
    ],
)
@pytest.mark.usefixtures("home")
def test_failures_say_what_and_exit(words: tuple[str, ...], code: int, message: str) -> None:
    result = called(*words)
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_publishes_where_no_digests_are_looked_for(home: Path) -> None:
    assert called("digests", "digests/_site").exit_code == 0
    assert called("digests", "digests/_site").stderr == ""
    assert (home / "digests" / "_site" / "2024" / "02" / "07" / "index.html").is_file()


def test_version() -> None:
    result = called("--version")
    assert (result.exit_code, result.stdout) == (0, f"digest-pipeline {pipeline.__version__}\n")


def test_init_writes_once(home: Path) -> None:
    (home / "digest-pipeline.toml").unlink()
    assert called("init", "--base-url", "https://papers.example/", "--title", "My papers").exit_code == 0
    text = (home / "digest-pipeline.toml").read_text("utf-8")
    assert 'authority = "papers.example,' in text
    again = called("init")
    assert again.exit_code == 78
    assert "left alone" in again.stderr
    assert (home / "digest-pipeline.toml").read_text("utf-8") == text
    assert called().exit_code == 0


SURROUNDINGS = {
    "plain": {},
    "C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8"},
    "Honolulu": {"TZ": "Pacific/Honolulu"},
    "Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "hash seed": {"PYTHONHASHSEED": "1"},
    "optimised": {"PYTHONOPTIMIZE": "2"},
    "no home": {"HOME": "/nonexistent"},
}


def test_the_surroundings_do_not_show(samples: Path, tmp_path: Path) -> None:
    trees = {}
    for number, (name, extra) in enumerate(SURROUNDINGS.items()):
        out = tmp_path / str(number) / "out"
        command = [sys.executable, "-m", "pipeline", "run", str(samples), str(out)]
        subprocess.run(command, env={**os.environ, **extra}, check=True, capture_output=True)
        trees[name] = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert all(tree == trees["plain"] for tree in trees.values()), [
        n for n in trees if trees[n] != trees["plain"]
    ]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        pytest.param((), ["lovelace2024another", "lovelace2024title"], id="all"),
        pytest.param(("--since", "2024-02-08"), ["lovelace2024another"], id="since"),
        pytest.param(("--until", "2024-02-07"), ["lovelace2024title"], id="until"),
        pytest.param(("--tag", "#RLHF"), ["lovelace2024another"], id="tag"),
        pytest.param(("--query", "another LOVELACE"), ["lovelace2024another"], id="words"),
        pytest.param(("--query", "nowhere"), [], id="none"),
    ],
)
def test_bib_writes_what_is_asked_for(home: Path, words: tuple[str, ...], keys: list[str]) -> None:
    text = (
        DAY.replace("A Title", "Another Title").replace("2024-02-07", "2024-02-08").replace("#tag", "#rlhf")
    )
    add(home, "2024-02-08.txt", text)
    result = called("bib", "--format", "csl", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [item["id"] for item in json.loads(result.stdout)] == keys


@pytest.mark.parametrize(
    ("form", "start"),
    [("bibtex", "@misc{"), ("biblatex", "@online{"), ("ascii", "@misc{"), ("csl", "["), ("ris", "TY  - GEN")],
)
@pytest.mark.usefixtures("home")
def test_bib_writes_every_format(form: str, start: str) -> None:
    assert called("bib", "--format", form).stdout.startswith(start)


def test_a_history_at_given_times_is_built_again_to_the_byte(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called()
    add(home, "2024-02-07.txt", DAY.replace("shown", "proven"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert called().exit_code == 0
    dump = json.loads((home / "out/2024/02/07/digest.json").read_text("utf-8"))
    assert dump["entries"][0]["updated"] == "2026-01-01T00:00:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    assert called().exit_code == 78
