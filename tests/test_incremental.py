"""A run that remembers leaves what a run without memory leaves, whatever happened between the two.

Between two runs authors add, correct, take back and break digests, and the site or the cache is
damaged. After each change the same run is made twice: with the cache that all runs before it filled,
and on a copy of digests, site and ledger without any.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from examples import tries
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import Struct, structs

from pipeline.errors import PipelineError
from pipeline.model import Site
from pipeline.run import ALL_DAYS, History, Selection, run, watch
from pipeline.run.cache import Cache

# Few entries in a feed, that the window moves.
SITE = Site(base_url="https://example.org/", authority="example.org,2024", feed_entries=3)
PAGE = 4096
START = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
DATES = tuple(dt.date(2024, month, day) for month in (1, 2, 3, 4) for day in (5, 6, 20, 25))
NAMES = [f"{folder}{date}.txt" for date in DATES for folder in ("", "more/")]
TAGS = ("", "#rlhf", "#RLHF", "#c++ #rlhf")
TITLES = (
    "Gradual Alignment of Long Contexts",
    "Sparse Routing for Small Models",
    "Proof Search at Scale",
    "Retrieval That Forgets",
)


class Asked(Struct, frozen=True, kw_only=True):
    """How the next run is called."""

    site: Site = SITE
    selection: Selection = ALL_DAYS
    prune: bool = False
    dry_run: bool = False


USUAL = Asked()
UNUSUAL = (
    Asked(site=structs.replace(SITE, title="Another", feed_entries=2)),
    Asked(selection=Selection(since=DATES[6])),
    Asked(selection=Selection(since=DATES[4], until=DATES[4])),
    Asked(prune=True),
    Asked(dry_run=True),
)


class Paper(Struct, frozen=True, kw_only=True):
    """One paper of a file, by its place among the titles."""

    number: int
    edits: int = 0
    """How often its title was corrected."""
    remarks: int = 0
    """How often the comment was."""
    tags: str = TAGS[1]


def text_of(name: str, papers: tuple[Paper, ...]) -> str:
    return "\n".join((day_of(name), *(line for paper in papers for line in lines_of(paper))))


def day_of(name: str) -> str:
    return Path(name).stem


def lines_of(paper: Paper) -> list[str]:
    number, other = paper.number, (paper.number + 1) % len(TITLES)
    lines = [
        f"{TITLES[number]}{'!' * paper.edits}",
        f"(Ada{number} Gu, Bo Chen)",
        f"This abstract tells of paper {number} what its authors did, and how well it went in the end.",
        f"https://arxiv.org/abs/2401.{number:05}",
        f"재미있네요 {paper.remarks}. https://arxiv.org/abs/2401.{other:05} 도 보세요.",
    ]
    return [*lines, paper.tags] if paper.tags else lines


class _Histories(RuleBasedStateMachine):
    """What may happen to a folder of digests and its site between two runs."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="histories-"))
        self.site, self.state = self.root / "out", self.root / "state"
        self.papers: dict[str, tuple[Paper, ...]] = {}
        self.older: list[bytes] = []
        self.runs = 0
        self.held = 0
        self.asked = USUAL
        self.closed = False

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def path(self, name: str) -> Path:
        return self.root / "digests" / name

    def write(self, name: str, papers: tuple[Paper, ...]) -> None:
        self.papers[name] = papers
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text_of(name, papers), encoding="utf-8")

    def one_of(self, data: st.DataObject, label: str) -> str:
        return data.draw(st.sampled_from(sorted(self.papers)), label=label)

    @initialize(days=st.sampled_from([2, 4, 4, 13]))
    def begin(self, days: int) -> None:
        for place, name in enumerate(NAMES[4 : 4 + 2 * days : 2]):
            self.write(name, (Paper(number=place % len(TITLES)),))

    @rule(name=st.sampled_from(NAMES), number=st.integers(0, 3), tags=st.sampled_from(TAGS))
    def add(self, name: str, number: int, tags: str) -> None:
        """A later day, one before the others, another file of one that is there, one more paper."""
        self.write(name, (*self.papers.get(name, ()), Paper(number=number, tags=tags)))

    @precondition(lambda self: self.later())
    @rule(number=st.integers(0, 3), tags=st.sampled_from(TAGS))
    def add_a_later_day(self, number: int, tags: str) -> None:
        self.write(self.later()[0], (Paper(number=number, tags=tags),))

    def last(self) -> str:
        return max(self.papers, key=day_of)

    def later(self) -> list[str]:
        return [name for name in NAMES if not self.papers or day_of(name) > day_of(self.last())]

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), what=st.sampled_from(["edits", "remarks"]))
    def correct(self, data: st.DataObject, what: str) -> None:
        name = self.one_of(data, "name")
        first, *others = self.papers[name]
        first = structs.replace(first, **{what: getattr(first, what) + 1})
        self.write(name, (first, *others))

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), tags=st.sampled_from(TAGS))
    def tag(self, data: st.DataObject, tags: str) -> None:
        name = self.one_of(data, "name")
        *others, last = self.papers[name]
        self.write(name, (*others, structs.replace(last, tags=tags)))

    @precondition(lambda self: len(self.papers) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.take_away(self.one_of(data, "name"))

    def take_away(self, name: str) -> None:
        self.path(name).unlink()
        del self.papers[name]

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), content=st.sampled_from([b"", b"\xff", None]))
    def break_(self, data: st.DataObject, content: bytes | None) -> None:
        """Nothing but a blank, no UTF-8, or cut in the midst of the last paper; any other rule mends it."""
        path = self.path(self.one_of(data, "name"))
        path.write_bytes(path.read_bytes()[:-120] if content is None else content)

    def prune_broken(self, name: str) -> None:
        self.break_empty(name)
        self.asked = Asked(prune=True)

    def break_empty(self, name: str) -> None:
        self.path(name).write_bytes(b"")

    @precondition(lambda self: self.papers)
    @rule(data=st.data())
    def rewrite(self, data: st.DataObject) -> None:
        """Save the same again, or mend what is broken."""
        name = self.one_of(data, "name")
        self.write(name, self.papers[name])

    @rule(closed=st.booleans())
    def close_a_folder(self, closed: bool) -> None:
        """Let it be unreadable, as one on a disk that is not mounted, or readable again."""
        self.closed = closed

    @rule(asked=st.sampled_from(UNUSUAL))
    def ask(self, asked: Asked) -> None:
        """Call one run otherwise: the next one, or the one after the next change."""
        self.asked = asked
        self.held = 1

    @precondition(lambda self: (self.root / "ledger.toml").exists())
    @rule(how=st.sampled_from(["delete", "comment", "cut"]))
    def edit_the_ledger(self, how: str) -> None:
        path = self.root / "ledger.toml"
        content = path.read_text("utf-8")
        if how == "delete":
            path.unlink()
        elif how == "comment":
            path.write_text(f"{content}# by hand", encoding="utf-8")
        else:
            path.write_text(content.rpartition("\n[[")[0], encoding="utf-8")

    @rule()
    def hold(self) -> None:
        """Let the next change be one of two before the next run."""
        self.held = 2

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), how=st.sampled_from(["delete", "truncate", "overwrite", "append"]))
    def damage_the_site(self, data: st.DataObject, how: str) -> None:
        files = sorted(path for path in self.site.rglob("*") if path.is_file())
        path = data.draw(st.sampled_from(files), label="path")
        content = path.read_bytes()
        match how:
            case "delete":
                path.unlink()
            case "truncate":
                path.write_bytes(content[: len(content) // 2])
            case "overwrite":
                path.write_bytes(b"#" * len(content))
            case _:
                path.write_bytes(content + b"\n")

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), how=st.sampled_from(["delete", "scribble", "older"]))
    def damage_the_cache(self, data: st.DataObject, how: str) -> None:
        path = self.state / Cache.FILE
        if how == "delete" or not path.exists():
            path.unlink(missing_ok=True)
        elif how == "older":
            path.write_bytes(data.draw(st.sampled_from(self.older), label="cache"))
        else:
            chance = data.draw(st.randoms(use_true_random=False), label="chance")
            path.write_bytes(scribbled(path.read_bytes(), chance))

    @invariant()
    def leaves_the_same(self) -> None:
        self.held -= 1
        if self.held >= 0 or not self.papers:
            return
        copy = self.root / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("state", "copy"))
        without = self.told(copy, None)
        # No wait of two seconds after each change: the times here are finer than a run is long.
        with mock.patch.object(watch, "_RACE", -(10**10)):
            assert self.told(self.root, self.state) == without
        assert files_of(self.root) == files_of(copy)
        self.asked = USUAL
        self.older += [path.read_bytes() for path in self.state.glob(Cache.FILE) if path.is_file()]
        self.runs += 1

    def scandir(self, path: str) -> object:
        if self.closed and Path(path).name == "more":
            raise PermissionError(13, "Permission denied", path)
        return SCANDIR(path)

    def told(self, root: Path, state: Path | None) -> object:
        now = START + dt.timedelta(days=self.runs)
        history = History(ledger=root / "ledger.toml", now=now, state=state)
        try:
            # What is forced to disk is not looked at here, and takes longer than all else.
            with mock.patch("os.fsync"), mock.patch("os.scandir", self.scandir):
                report = run(
                    root / "digests",
                    root / "out",
                    self.asked.site,
                    history=history,
                    selection=self.asked.selection,
                    prune=self.asked.prune,
                    dry_run=self.asked.dry_run,
                )
        except PipelineError as error:
            return type(error), error.message, str(error.__cause__)
        return report.noticed, report.days, report.papers, report.newest, report.changes


SCANDIR = os.scandir


def scribbled(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes of a cache with others on some pages, as disks fail."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 20))):
        place = chance.randrange(0, len(changed), PAGE)
        changed[place : place + PAGE] = chance.choice((bytes(PAGE), chance.randbytes(PAGE)))
    return bytes(changed)


def files_of(root: Path) -> dict[str, bytes]:
    paths = [root / "ledger.toml", *(root / "out").rglob("*")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.is_file()}


TestHistories = _Histories.TestCase
TestHistories.settings = settings(
    tries(30),
    stateful_step_count=6,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def put_back(histories: _Histories) -> None:
    (histories.state / Cache.FILE).write_bytes(histories.older[0])


def put_back_and_correct(histories: _Histories) -> None:
    put_back(histories)
    histories.write(histories.last(), (Paper(number=2, tags="", remarks=1),))


def leave_a_list(histories: _Histories) -> None:
    manifest = histories.site / "manifest.json"
    shutil.copy(manifest, manifest.with_name(f".{manifest.name}.digest-pipeline.tmp"))


def break_dump_and_digest(histories: _Histories) -> None:
    (histories.site / "2024/02/05/digest.json").write_bytes(b"{")
    histories.path("2024-02-05.txt").write_bytes(b"\xff")


def export_of(*numbers: int) -> Callable[[_Histories], None]:
    """Put a Substack export among the digests, with one day of one paper for each number."""

    def export(histories: _Histories) -> None:
        folder = histories.path("export")
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "posts").mkdir(parents=True)
        rows = (f"{n}.a,2024-03-{n:02}T12:00:00.000Z,true\n" for n in numbers)
        (folder / "posts.csv").write_text("post_id,post_date,is_published\n" + "".join(rows), "utf-8")
        for n in numbers:
            lines = "".join(f"<p>{line}</p>" for line in lines_of(Paper(number=n % len(TITLES))))
            (folder / "posts" / f"{n}.a.html").write_text(lines, "utf-8")

    return export


# What happens to a site of two days, each before a run: what was once wrong, and what is seldom drawn above.
HISTORIES: dict[str, tuple[Callable[[_Histories], object], ...]] = {
    "the list of what is published is lost": (lambda h: (h.site / "manifest.json").unlink(),),
    "a page beside those of listings is damaged": (lambda h: (h.site / "tags/index.html").write_bytes(b""),),
    "a tag has a page again": (
        lambda h: h.take_away(NAMES[4]),
        lambda h: h.add_a_later_day(number=2, tags="#rlhf"),
    ),
    "a cache is put back after a correction": (
        lambda h: h.write(NAMES[4], (Paper(number=0, remarks=1),)),
        put_back,
    ),
    "a run was killed before its cache was saved, and its day is corrected": (
        lambda h: h.add_a_later_day(number=2, tags=""),
        put_back_and_correct,
    ),
    "a killed run left its list": (leave_a_list,),
    "a day's dump is damaged and its digest broken": (
        lambda h: h.write("2024-02-05.txt", (Paper(number=3),)),
        break_dump_and_digest,
        lambda h: h.write("2024-02-05.txt", (Paper(number=3, remarks=1),)),
    ),
    "a folder is out of sight": (
        lambda h: h.write("more/2024-02-20.txt", (Paper(number=3),)),
        lambda h: h.close_a_folder(closed=True),
        lambda h: h.add_a_later_day(number=1, tags=""),
        lambda h: h.close_a_folder(closed=False),
    ),
    "a day is gone while another file cannot be read": (
        lambda h: h.write("2024-02-20.txt", (Paper(number=3),)),
        lambda h: h.break_empty("2024-02-05.txt"),
        lambda h: h.take_away("2024-02-20.txt"),
        lambda h: h.add_a_later_day(number=1, tags=""),
    ),
    "a broken day is given up, and the ledger lost": (
        lambda h: h.prune_broken("2024-01-20.txt"),
        lambda h: (h.root / "ledger.toml").unlink(),
    ),
    "an export comes, grows, shrinks and goes": (
        export_of(7),
        export_of(7, 8),
        export_of(8),
        lambda h: (h.path("export") / "posts.csv").unlink(),
    ),
}


@pytest.mark.parametrize("steps", HISTORIES.values(), ids=HISTORIES)
def test_what_was_once_wrong(steps: tuple[Callable[[_Histories], object], ...]) -> None:
    histories = _Histories()
    histories.begin(days=2)
    histories.leaves_the_same()
    for step in steps:
        step(histories)
        histories.leaves_the_same()
    histories.teardown()


@pytest.mark.parametrize(
    ("step", "error"),
    [
        pytest.param("clock", PermissionError(), id="a cache of another user"),
        pytest.param("put", sqlite3.OperationalError("database or disk is full"), id="a full disk"),
    ],
)
def test_a_run_that_may_not_remember_goes_on(
    monkeypatch: pytest.MonkeyPatch, step: str, error: Exception
) -> None:
    histories = _Histories()
    histories.begin(days=2)
    histories.leaves_the_same()
    monkeypatch.setattr(Cache, step, mock.Mock(side_effect=error))
    os.utime(histories.path(NAMES[4]))
    histories.leaves_the_same()
    histories.add_a_later_day(number=1, tags="")
    histories.leaves_the_same()
    monkeypatch.undo()
    histories.add_a_later_day(number=2, tags="")
    histories.leaves_the_same()
    histories.teardown()


@pytest.mark.parametrize("state", ["a file", "a folder in its place", "no database"])
def test_a_state_of_no_use_costs_nothing(state: str) -> None:
    histories = _Histories()
    histories.begin(days=2)
    match state:
        case "a file":
            histories.state.write_bytes(b"")
        case "a folder in its place":
            (histories.state / Cache.FILE).mkdir(parents=True)
        case _:
            histories.state.mkdir()
            (histories.state / Cache.FILE).write_bytes(b"x" * 3 * PAGE)
    histories.leaves_the_same()
    histories.leaves_the_same()
    histories.teardown()
