"""A run that remembers leaves what a run without memory leaves, whatever happened between the two.

Between two runs authors add, correct, take back and break digests, and the site or the cache is
damaged. After each change the same run is made twice: with the cache that all runs before it filled,
and on a copy of digests, site and ledger without any.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import Struct, structs

from pipeline import watch
from pipeline.cache import Cache
from pipeline.errors import PipelineError
from pipeline.model import Site
from pipeline.run import History, run

# Few entries in a feed, that the window moves.
SITE = Site(base_url="https://example.org/", authority="example.org,2024", feed_entries=3)
PAGE = 4096
START = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
DATES = tuple(dt.date(2024, month, day) for month in (1, 2, 3) for day in (5, 6, 20, 25))
NAMES = [f"{date}{second}.txt" for date in DATES for second in ("", "-more")]
TAGS = ("", "#rlhf", "#RLHF", "#c++ #rlhf")
TITLES = (
    "Gradual Alignment of Long Contexts",
    "Sparse Routing for Small Models",
    "Proof Search at Scale",
    "Retrieval That Forgets",
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
    return "\n".join((name[:10], *(line for paper in papers for line in lines_of(paper))))


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

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def path(self, name: str) -> Path:
        return self.root / "digests" / name

    def write(self, name: str, papers: tuple[Paper, ...]) -> None:
        self.papers[name] = papers
        self.path(name).parent.mkdir(exist_ok=True)
        self.path(name).write_text(text_of(name, papers), encoding="utf-8")

    def one_of(self, data: st.DataObject, label: str) -> str:
        return data.draw(st.sampled_from(sorted(self.papers)), label=label)

    @initialize(days=st.sampled_from([2, 4, 4, 10]))
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

    def later(self) -> list[str]:
        return [name for name in NAMES if not self.papers or name > max(self.papers) + "~"]

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
        name = self.one_of(data, "name")
        self.path(name).unlink()
        del self.papers[name]

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), content=st.sampled_from([b"", b"\xff", None]))
    def break_(self, data: st.DataObject, content: bytes | None) -> None:
        """Nothing but a blank, no UTF-8, or cut in the midst of the last paper; any other rule mends it."""
        path = self.path(self.one_of(data, "name"))
        path.write_bytes(path.read_bytes()[:-120] if content is None else content)

    @precondition(lambda self: self.papers)
    @rule(data=st.data())
    def rewrite(self, data: st.DataObject) -> None:
        """Save the same again, or mend what is broken."""
        name = self.one_of(data, "name")
        self.write(name, self.papers[name])

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
        self.older += [path.read_bytes() for path in self.state.glob(Cache.FILE)]
        self.runs += 1

    def told(self, root: Path, state: Path | None) -> object:
        now = START + dt.timedelta(days=self.runs)
        history = History(ledger=root / "ledger.toml", now=now, state=state)
        try:
            # What is forced to disk is not looked at here, and takes longer than all else.
            with mock.patch("os.fsync"):
                report = run(root / "digests", root / "out", SITE, history=history)
        except PipelineError as error:
            return type(error), error.message, str(error.__cause__)
        # The folder of a day that is gone stays while some file cannot be read. A run without memory
        # tells again of the day until the folder is gone too.
        changes = [day for day in report.changes if day.new or day.corrected or day.discussed_again]
        return report.noticed, report.days, report.papers, report.newest, changes


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
    max_examples=50,
    stateful_step_count=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
