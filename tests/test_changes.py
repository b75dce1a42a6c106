"""What subscribers will see: days as they are published beside the same days as they will be."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.changes import changes_of, counted, day_change, plain_text
from pipeline.cli import main
from pipeline.model import Author, Digest, Earlier, Entry, Link, Passage
from pipeline.report import Correction, DayChange, EntryName

DAY = dt.date(2024, 2, 7)
MAMBA = Entry(
    file="2024-02-07.txt",
    date=DAY,
    id="tag:example.org,2024:2024-02-07/mamba",
    title="Mamba",
    authors=(Author(name="Albert Gu"), Author(name="Tri Dao")),
    abstract="A state space model.",
    commentary=(Passage(text="Fast.\nVery fast.", first=4, last=5),),
    tags=("ssm",),
    links=(Link(url="https://arxiv.org/abs/2312.00752", slot="line", line=3),),
)
RWKV = Entry(file="2024-02-07.txt", date=DAY, id="tag:example.org,2024:2024-02-07/rwkv", title="RWKV")
MAMBA_NAME, RWKV_NAME = EntryName(id=MAMBA.id, title="Mamba"), EntryName(id=RWKV.id, title="RWKV")
TEXT = """\
title:
  Mamba
authors:
  Albert Gu
  Tri Dao
abstract:
  A state space model.
commentary:
  Fast.
  Very fast.
tags:
  ssm
links:
  https://arxiv.org/abs/2312.00752
"""


def entry(like: Entry, **values: object) -> Entry:
    return type(like)(**{name: getattr(like, name) for name in like.__struct_fields__} | values)


def day(*entries: Entry) -> Digest:
    return Digest(date=DAY, entries=entries)


def corrected(after: str, *fields: str, title: str | None = "Mamba") -> DayChange:
    fixed = Correction(id=MAMBA.id, title=title, fields=fields, before=TEXT, after=after)
    return DayChange(date=DAY, corrected=(fixed,))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, None, None, id="no-day"),
        pytest.param(day(MAMBA), day(MAMBA), None, id="the-same"),
        pytest.param(day(MAMBA, RWKV), day(RWKV, MAMBA), None, id="another-order"),
        pytest.param(None, day(MAMBA), DayChange(date=DAY, new=(MAMBA_NAME,)), id="new-day"),
        pytest.param(day(MAMBA), None, DayChange(date=DAY, removed=(MAMBA_NAME,)), id="day-gone"),
        pytest.param(day(RWKV), day(RWKV, MAMBA), DayChange(date=DAY, new=(MAMBA_NAME,)), id="new-paper"),
        pytest.param(
            day(MAMBA, RWKV), day(MAMBA), DayChange(date=DAY, removed=(RWKV_NAME,)), id="paper-gone"
        ),
        pytest.param(
            day(MAMBA),
            day(MAMBA, entry(RWKV, earlier=(Earlier(date=dt.date(2024, 1, 1), anchor="rwkv"),))),
            DayChange(date=DAY, discussed_again=(RWKV_NAME,)),
            id="discussed-again",
        ),
        pytest.param(
            day(MAMBA),
            day(entry(MAMBA, title="Mamba 2")),
            corrected(TEXT.replace("Mamba", "Mamba 2"), "title", title="Mamba 2"),
            id="title-corrected",
        ),
        pytest.param(
            day(MAMBA),
            day(entry(MAMBA, tags=("ssm", "rnn"), abstract=None)),
            corrected(
                TEXT.replace("  ssm\n", "  ssm\n  rnn\n").replace("abstract:\n  A state space model.\n", ""),
                "abstract",
                "tags",
            ),
            id="two-fields-corrected",
        ),
        pytest.param(
            day(MAMBA),
            day(entry(MAMBA, file="other.txt", earlier=(Earlier(date=DAY, anchor="x"),))),
            None,
            id="moved-to-another-file",
        ),
    ],
)
def test_a_day_changes(before: Digest | None, after: Digest | None, expected: DayChange | None) -> None:
    assert day_change(before, after) == expected


def test_days_are_paired_by_date_and_come_oldest_first() -> None:
    other = Digest(date=dt.date(2024, 2, 8), entries=(RWKV,))
    same = Digest(date=dt.date(2024, 2, 6), entries=(RWKV,))
    changes = changes_of((same, day(MAMBA)), (other, same))
    assert changes == (
        DayChange(date=DAY, removed=(MAMBA_NAME,)),
        DayChange(date=other.date, new=(RWKV_NAME,)),
    )
    assert counted(changes) == "1 new, 0 corrected, 0 discussed again, 1 removed"


def test_plain_text_has_each_field_on_lines_of_its_own() -> None:
    assert plain_text(MAMBA) == TEXT


SAMPLE = """2024-02-07
A First Title
(Ada Lovelace)
It is shown that it works.
Good.
#one
A Second Title
(Grace Hopper)
It is shown again.
Better.
#two
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a published folder with one day, as the current one."""
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "a.txt").write_text(SAMPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert called().exit_code == 0
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, ["--base-url", "https://example.org/", *words])


def correct(home: Path) -> None:
    """Correct an abstract, take one paper away, bring one again on another day."""
    text = SAMPLE.replace("shown that", "proven that")
    (home / "digests" / "a.txt").write_text(text[: text.index("A Second")], encoding="utf-8")
    again = "2024-02-08\nA First Title\n(Ada Lovelace)\nIt is shown that it works.\nYes.\n#one\n"
    (home / "digests" / "b.txt").write_text(again, encoding="utf-8")


def test_dry_run_says_what_subscribers_will_see_and_touches_nothing(home: Path) -> None:
    correct(home)
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    said = called("--dry-run").stdout.splitlines()
    assert said[-4:-1] == [
        "2024-02-07: 0 new, 1 corrected, 0 discussed again, 1 removed",
        "2024-02-08: 0 new, 0 corrected, 1 discussed again, 0 removed",
        "0 new, 1 corrected, 1 discussed again, 1 removed",
    ]
    assert "would be written: 2024/02/08/index.html" in said
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


@pytest.mark.parametrize("words", [("--dry-run", "-v"), ("-v",)], ids=" ".join)
def test_verbose_shows_corrections_as_a_diff(home: Path, words: tuple[str, ...]) -> None:
    correct(home)
    text = called(*words).stdout
    assert (
        "--- published/tag:digests.invalid,2024:2024-02-07/a-first-title\n"
        "+++ digests/tag:digests.invalid,2024:2024-02-07/a-first-title\n"
        "@@ -3,7 +3,7 @@\n"
        " authors:\n"
        "   Ada Lovelace\n"
        " abstract:\n"
        "-  It is shown that it works.\n"
        "+  It is proven that it works.\n"
        " commentary:\n"
        "   Good.\n"
        " tags:\n"
    ) in text
    assert "\n0 new, 1 corrected, 1 discussed again, 1 removed\n" in text


def test_json_carries_what_subscribers_will_see(home: Path) -> None:
    correct(home)
    first, second = json.loads(called("--json", "--dry-run").stdout)["changes"]
    assert (first["date"], first["new"], first["discussed_again"]) == ("2024-02-07", [], [])
    assert first["corrected"][0]["fields"] == ["abstract"]
    assert first["removed"][0]["title"] == "A Second Title"
    assert [entry["title"] for entry in second["discussed_again"]] == ["A First Title"]
    called()
    assert json.loads(called("--json").stdout)["changes"] == []
