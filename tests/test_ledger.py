"""The ledger as a person and cron meet it: a corrected digest, its file, a rebuild, what cannot be meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from pipeline.cli import main

TITLE = "Scaling Reward Models for Music"
DAY = f"2024-02-07\n{TITLE}\n(Ada Lovelace, Alan Turing)\nIt is shown that it works.\n재미있네요.\n#tag\n"
CORRECTED = DAY.replace("Models", "Model")
CONFIG = '[site]\nbase_url = "https://example.org/"\nauthority = "example.org,2026"\n'
ANCHOR = "scaling-reward-models-for-music"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one published digest, as the current one."""
    (tmp_path / "digests").mkdir()
    (tmp_path / "digest-pipeline.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    write(tmp_path, DAY)
    assert called().exit_code == 0
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def write(home: Path, text: str, name: str = "2024-02-07.txt") -> None:
    (home / "digests" / name).write_text(text, encoding="utf-8")


def tree(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def entries(home: Path) -> list[dict[str, str]]:
    dump = json.loads((home / "out/2024/02/07/digest.json").read_text("utf-8"))
    found: list[dict[str, str]] = dump["entries"]
    return found


def test_nothing_to_say_is_no_file(home: Path) -> None:
    assert called().exit_code == 0
    assert not (home / "digests" / "ledger.toml").exists()


def test_a_corrected_title_keeps_id_key_and_date(home: Path) -> None:
    before = entries(home)[0]
    write(home, CORRECTED)
    result = called()
    assert (result.exit_code, result.output) == (0, "")
    after = entries(home)[0]
    assert [after[name] for name in ("id", "key", "published")] == [
        before[name] for name in ("id", "key", "published")
    ]
    assert after["title"] != before["title"]
    assert after["updated"] > before["updated"]


def test_the_file_is_readable(home: Path) -> None:
    write(home, CORRECTED)
    called()
    text = (home / "digests" / "ledger.toml").read_text("utf-8")
    assert text.startswith("# What was published and must not change")
    assert text.partition("\n\n")[2].split("updated")[0] == (
        f'[[entry]]\nday = 2024-02-07\nslug = "scaling-reward-model-for-music"\nanchor = "{ANCHOR}"\n'
    )


def test_a_rebuild_gives_the_same_bytes(home: Path) -> None:
    write(home, CORRECTED)
    called()
    write(home, DAY.replace("A", "B").replace("2024-02-07", "2024-02-06"), "2024-02-06.txt")
    called()
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")


def test_an_unchanged_rerun_touches_nothing(home: Path) -> None:
    write(home, CORRECTED)
    called()
    files = [path for path in home.rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    result = called()
    assert (result.exit_code, result.output) == (0, "")
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()} == before


def test_a_dry_run_says_and_does_nothing(home: Path) -> None:
    write(home, CORRECTED)
    result = called("--dry-run")
    assert "would be recorded in the ledger: 2024-02-07 scaling-reward-model-for-music" in result.stdout
    assert not (home / "digests" / "ledger.toml").exists()


@pytest.mark.parametrize("how", ["option", "configuration"])
def test_it_may_lie_elsewhere(home: Path, how: str) -> None:
    write(home, CORRECTED)
    if how == "configuration":
        text = CONFIG + '[paths]\nledger = "kept.toml"\n'
        (home / "digest-pipeline.toml").write_text(text, encoding="utf-8")
    called(*(("--ledger", "kept.toml") if how == "option" else ()))
    assert (home / "kept.toml").is_file()
    assert not (home / "digests" / "ledger.toml").exists()


def test_a_trial_under_the_placeholder_is_forgotten(home: Path) -> None:
    (home / "digest-pipeline.toml").unlink()
    called("digests", "trial")
    write(home, CORRECTED)
    (home / "digest-pipeline.toml").write_text(CONFIG, encoding="utf-8")
    called("digests", "trial")
    assert not (home / "digests" / "ledger.toml").exists()


def test_a_day_that_could_not_be_read_for_a_while_is_still_known(home: Path) -> None:
    write(home, DAY.replace("2024-02-07", "2024-02-08"), "2024-02-08.txt")
    called()
    before = entries(home)[0]
    (home / "digests" / "2024-02-07.txt").write_bytes(b"\xff")
    assert called().exit_code == 3
    write(home, CORRECTED)
    assert called().exit_code == 0
    assert entries(home)[0]["id"] == before["id"]


OTHER = "Other\n(Alan Turing)\nText of it.\n좋습니다.\n#tag\n"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def tombstones(home: Path, folder: str = "") -> list[tuple[str | None, str | None]]:
    root = etree.parse(home / "out" / folder / "atom.xml").getroot()
    return [(found.get("ref"), found.get("when")) for found in root.iter(DELETED)]


def test_what_is_withdrawn_is_told_until_it_comes_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, DAY + OTHER)
    called()
    before = tree(home / "out")
    write(home, DAY)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1707458400")
    assert "would be recorded as withdrawn: 2024-02-07 other" in called("--dry-run").stdout
    assert called().output == ""
    assert (home / "digests" / "ledger.toml").read_text("utf-8").partition("\n\n")[2] == (
        '[[withdrawn]]\nday = 2024-02-07\nanchor = "other"\nslug = "other-c30aaed7"\n'
        'key = "turing2024other"\n'
        "published = 2024-02-07T11:59:59Z\nwhen = 2024-02-09T06:00:00Z\n"
        'feeds = ["lang/ko/", "tags/tag/"]\n'
    )
    assert called("ledger").stdout == (
        "2024-02-07/other  withdrawn=2024-02-09 06:00:00+00:00  key=turing2024other"
        "  published=2024-02-07 11:59:59+00:00\n"
    )
    told = [("tag:example.org,2026:2024-02-07/other", "2024-02-09T06:00:00Z")]
    for folder in ("", "2024/02", "2024/02/07", "lang/ko"):
        assert tombstones(home, folder) == told
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")
    write(home, DAY + OTHER)
    called()
    assert tombstones(home) == []
    # Later than what readers were told: else they need not believe it.
    assert entries(home)[1]["updated"] == "2024-02-09T06:00:01Z"
    after = {
        path: content.replace(b"2024-02-09T06:00:01Z", b"2024-02-07T11:59:59Z")
        for path, content in tree(home / "out").items()
    }
    assert after["2024/02/07/digest.json"] == before["2024/02/07/digest.json"]
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")


def test_a_day_that_is_withdrawn_is_told_day_by_day(home: Path) -> None:
    write(home, DAY.replace("2024-02-07", "2024-02-08"), "2024-02-08.txt")
    called()
    (home / "digests" / "2024-02-08.txt").unlink()
    called()
    assert [ref for ref, _ in tombstones(home, "days")] == ["tag:example.org,2026:2024-02-08"]
    assert [ref for ref, _ in tombstones(home)] == [f"tag:example.org,2026:2024-02-08/{ANCHOR}"]


def test_what_is_withdrawn_can_still_be_renamed(home: Path) -> None:
    write(home, DAY + OTHER)
    called()
    write(home, DAY)
    called()
    write(home, DAY + OTHER.replace("Other", "Mamba"))
    assert called("rename", "turing2024other", "mamba").exit_code == 0
    called()
    assert entries(home)[1]["id"] == "tag:example.org,2026:2024-02-07/other"
    assert tombstones(home) == []
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")


ENTRY = '[[entry]]\nday = 2024-02-07\nslug = "a"\n'

GONE = """[[withdrawn]]
day = 2024-02-07
anchor = "a"
slug = "a-12345678"
key = "a1"
published = 2024-02-07T12:00:00Z
when = 2024-02-08T12:00:00Z
feeds = ["lang/ko/"]
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("<<<<<<< HEAD\n", "ledger.toml", id="a merge conflict"),
        pytest.param(ENTRY + "ancor = 'b'\n", "unknown field `ancor`", id="a misspelt name"),
        pytest.param(ENTRY + "anchor = 'B b'\n", "words of a-z and 0-9", id="no anchor"),
        pytest.param(ENTRY + "key = 'a-b'\n", "'a-b' is not a letter", id="no key"),
        pytest.param(ENTRY + "updated = 2024-02-07T12:00:00\n", "no zone", id="no zone"),
        pytest.param(ENTRY + ENTRY, "2024-02-07 has the slug 'a' twice", id="twice"),
        pytest.param(
            ENTRY + ENTRY.replace('"a"', '"b"\nanchor = "a"'),
            "has the anchor 'a' twice",
            id="one anchor for two",
        ),
        pytest.param(ENTRY.replace("2024-02-07", "7"), "$.entry[0].day", id="no day"),
        pytest.param(
            GONE.replace("anchor", "ancor"), "unknown field `ancor`", id="withdrawn: a misspelt name"
        ),
        pytest.param(GONE.replace('"a1"', '"-"'), "the key '-' is not", id="withdrawn: no key"),
        pytest.param(GONE.replace("00:00Z", "00:00", 1), "no zone", id="withdrawn: no zone"),
        pytest.param(GONE.replace("lang/ko/", "../"), "the folder of a tag", id="withdrawn: no feed"),
        pytest.param(GONE + GONE, "has the anchor 'a' twice", id="withdrawn: twice"),
        pytest.param(ENTRY + GONE, "has the anchor 'a' twice", id="withdrawn and there"),
        pytest.param(GONE + "became = 'B b'\n", "words of a-z and 0-9", id="withdrawn: became no anchor"),
    ],
)
def test_what_cannot_be_meant_stops_the_run(home: Path, text: str, message: str) -> None:
    before = tree(home / "out")
    (home / "digests" / "ledger.toml").write_text(text, encoding="utf-8")
    write(home, CORRECTED)
    result = called()
    assert result.exit_code == 78
    assert "ledger.toml" in result.stderr
    assert message in result.stderr
    assert tree(home / "out") == before


def test_a_ledger_that_cannot_be_written_leaves_the_old_site(home: Path) -> None:
    before = tree(home / "out")
    write(home, CORRECTED)
    (home / "file").touch()
    result = called("--ledger", "file/ledger.toml")
    assert result.exit_code in {1, 78}
    assert "file/ledger.toml" in result.stderr
    assert tree(home / "out") == before


REWRITTEN = "2024-02-07\nMamba\n(Albert Gu)\nAnother abstract.\n다릅니다.\n#ssm\n"
KEY = "lovelace2024scaling"


@pytest.mark.parametrize("new", ["2024-02-07.txt:3", "digests/2024-02-07.txt:2", "mamba", "gu2024mamba"])
@pytest.mark.parametrize("old", [KEY, f"tag:example.org,2026:2024-02-07/{ANCHOR}"])
def test_rename_says_that_an_entry_is_the_same(home: Path, old: str, new: str) -> None:
    before = entries(home)[0]
    write(home, REWRITTEN)
    result = called("rename", old, new)
    assert (result.exit_code, result.output) == (0, "")
    assert (
        called("ledger").stdout
        == f"2024-02-07/mamba  anchor={ANCHOR}  key={KEY}  published=2024-02-07 12:00:00+00:00\n"
    )
    assert called().exit_code == 0
    after = entries(home)[0]
    assert (after["id"], after["key"], after["title"]) == (before["id"], KEY, "Mamba")
    assert after["updated"] > before["updated"]
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")


OTHER_NAMES = [
    pytest.param("lovelace2024scaling", "gu2024mamba", id="keys"),
    pytest.param(ANCHOR, "mamba", id="anchors"),
    pytest.param(f"2024-02-07/{ANCHOR}", "2024-02-07/mamba", id="as the ledger prints it"),
    pytest.param(
        f"tag:example.org,2026:2024-02-07/{ANCHOR}", "tag:example.org,2026:2024-02-07/mamba", id="ids"
    ),
    pytest.param(ANCHOR, "Mamba", id="title"),
    pytest.param(ANCHOR, "digests/2024-02-07.txt:4", id="line"),
]


@pytest.mark.parametrize(("old", "new"), OTHER_NAMES)
def test_rename_after_the_run_that_published_it_as_new(
    home: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    before = entries(home)[0]
    write(home, REWRITTEN)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1707458400")
    called()
    assert entries(home)[0]["id"] == "tag:example.org,2026:2024-02-07/mamba"
    assert [ref for ref, _ in tombstones(home)] == [before["id"]]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1707458700")
    result = called("rename", old, new)
    assert (result.exit_code, result.output) == (0, "")
    assert called().output == ""
    after = entries(home)[0]
    assert [after[name] for name in ("id", "key", "published", "updated")] == [
        *(before[name] for name in ("id", "key", "published")),
        "2024-02-09T06:05:00Z",
    ]
    assert tombstones(home) == [("tag:example.org,2026:2024-02-07/mamba", "2024-02-09T06:05:00Z")]
    assert (home / "digests" / "ledger.toml").read_text("utf-8").partition("\n\n")[2] == (
        f'[[entry]]\nday = 2024-02-07\nslug = "mamba"\nanchor = "{ANCHOR}"\nkey = "{KEY}"\n'
        "updated = 2024-02-09T06:05:00Z\n\n"
        '[[withdrawn]]\nday = 2024-02-07\nanchor = "mamba"\nslug = "mamba-faa6fac8"\nkey = "gu2024mamba"\n'
        "published = 2024-02-07T11:59:59Z\nwhen = 2024-02-09T06:05:00Z\n"
        f'feeds = ["lang/ko/", "tags/ssm/"]\nbecame = "{ANCHOR}"\n'
    )
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")


def test_what_became_another_never_comes_back(home: Path) -> None:
    first = entries(home)[0]
    for text in (REWRITTEN, None, DAY + OTHER, REWRITTEN + OTHER):
        write(home, text) if text else called("rename", ANCHOR, "mamba")
        called()
    assert [entry["id"] for entry in entries(home)] == [first["id"], "tag:example.org,2026:2024-02-07/other"]
    assert "tag:example.org,2026:2024-02-07/mamba" in {ref for ref, _ in tombstones(home)}


def test_a_title_may_change_again_before_the_run(home: Path) -> None:
    first = entries(home)[0]
    write(home, REWRITTEN)
    assert called("rename", ANCHOR, "mamba").exit_code == 0
    write(home, DAY.replace(TITLE, "Grok").replace("Ada Lovelace", "A. Nother"))
    assert called("rename", ANCHOR, "grok").exit_code == 0
    assert called().output == ""
    after = entries(home)[0]
    assert [after[name] for name in ("id", "key", "published")] == [
        first[name] for name in ("id", "key", "published")
    ]
    assert called("digests", "new").exit_code == 0
    assert tree(home / "new") == tree(home / "out")


def test_a_rename_can_be_taken_back(home: Path) -> None:
    write(home, REWRITTEN)
    called()
    before = entries(home)[0]
    for old, new in ((ANCHOR, "mamba"), ("mamba", "2024-02-07.txt:2")):
        assert called("rename", old, new).exit_code == 0
        called()
    after = entries(home)[0]
    assert [after[name] for name in ("id", "key", "published")] == [
        before[name] for name in ("id", "key", "published")
    ]
    assert [ref for ref, _ in tombstones(home)] == [f"tag:example.org,2026:2024-02-07/{ANCHOR}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "nobody2024",
            "mamba",
            "names no entry that was published; gone are: tag:example.org,2026:2024-02-07/scaling",
            id="no such entry",
        ),
        pytest.param(
            KEY, "nothing", "07/scaling-reward-models-for-music, which has: mamba, other", id="no such place"
        ),
        pytest.param("turing2024other", "mamba", "is in the digests as it was", id="still there"),
        pytest.param(KEY, "turing2024other", "was published side by side with", id="both published"),
        pytest.param(KEY, "later", "is of 2024-02-08; an id keeps its day", id="of another day"),
    ],
)
def test_rename_refuses_what_would_move_an_id(home: Path, old: str, new: str, message: str) -> None:
    write(home, DAY + OTHER)
    called()
    write(home, REWRITTEN + OTHER)
    write(home, OTHER.replace("Other", "Later"), "2024-02-08.txt")
    result = called("rename", old, new)
    assert result.exit_code == 78
    assert message in result.stderr
    assert not (home / "digests" / "ledger.toml").exists()


def test_rename_tells_several_apart_by_id(home: Path) -> None:
    write(home, DAY.replace("2024-02-07", "2024-02-08"), "2024-02-08.txt")
    called()
    write(home, REWRITTEN)
    write(home, REWRITTEN.replace("2024-02-07", "2024-02-08"), "2024-02-08.txt")
    ids = [f"tag:example.org,2026:2024-02-0{day}/{ANCHOR}" for day in (7, 8)]
    result = called("rename", KEY, "mamba")
    assert "names several that are gone: " + ", ".join(ids) in result.stderr
    assert called("rename", ids[1], "mamba").exit_code == 0


@pytest.mark.usefixtures("home")
def test_rename_needs_what_was_published() -> None:
    result = called("rename", KEY, "mamba", "digests", "elsewhere")
    assert (result.exit_code, "nothing is published" in result.stderr) == (78, True)
