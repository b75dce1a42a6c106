"""What is remembered, by itself: values, looks at sources, and what is not believed."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import find
from pipeline.find import Found
from pipeline.run import watch
from pipeline.run.cache import Cache, Memory, Seen


def memory() -> Memory:
    return Memory(
        inputs=b"",
        ledger=b"",
        told={},
        suffixes=frozenset(),
        sources={},
        exports=(),
        unlisted=(),
        days=1,
        papers=1,
        files=1,
        newest=dt.date(2024, 2, 7),
        noticed=(),
    )


def saved(cache: Cache) -> None:
    with cache.saving():
        cache.put_past()


def test_a_shelf_holds_what_was_saved_and_what_is_new(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    shelf = cache.new_shelf("keys", str, int)
    shelf["old"] = 1
    saved(cache)
    cache = Cache(tmp_path)
    shelf = cache.shelf("keys", str, int)
    shelf["new"] = 2
    assert ("old" in shelf, "new" in shelf, "none" in shelf) == (True, True, False)
    assert (shelf["old"], shelf["new"], shelf.get("none", 3)) == (1, 2, 3)
    shelf["old"] = 4
    assert shelf["old"] == 4
    assert "old" not in cache.shelf("others", str, int)
    saved(cache)
    assert Cache(tmp_path).shelf("keys", str, int)["old"] == 4


def test_new_shelves_take_the_place_of_all_old_ones(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.new_shelf("keys", tuple[str, ...], str)["a", "b"] = "old"
    saved(cache)
    cache = Cache(tmp_path)
    cache.new_shelf("keys", tuple[str, ...], str)["c",] = "new"
    saved(cache)
    shelf = Cache(tmp_path).shelf("keys", tuple[str, ...], str)
    assert (shelf.get(("a", "b")), shelf["c",]) == (None, "new")


LISTED: dict[str, Callable[[Cache], object]] = {
    "iterated": lambda cache: list(cache.shelf("keys", str, int)),
    "counted": lambda cache: len(cache.shelf("keys", str, int)),
    "undone": lambda cache: cache.shelf("keys", str, int).pop("old"),
}


@pytest.mark.parametrize("use", LISTED.values(), ids=LISTED)
def test_the_past_is_looked_up_and_nothing_else(tmp_path: Path, use: Callable[[Cache], object]) -> None:
    cache = Cache(tmp_path)
    cache.shelf("keys", str, int)["old"] = 1
    with pytest.raises(TypeError):
        use(cache)


def test_what_fails_while_it_is_saved_is_not_saved(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    def save() -> None:
        with cache.saving():
            cache.put("fact", {"memory": memory()})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save()
    assert cache.memory() is None


# One bit of a value, one of the name that it lies under.
@pytest.mark.parametrize("column", ["value", "name"])
def test_a_damaged_value_is_not_believed(tmp_path: Path, column: str) -> None:
    cache = Cache(tmp_path)
    cache.put("folder", {"2024/": {"index.html": (1, 2, 3, 4)}})
    with sqlite3.connect(cache.path) as base:
        (was,) = base.execute(f"SELECT {column} FROM folder").fetchone()  # noqa: S608 - a column of ours
        worse = was[:-1] + (bytes([was[-1] ^ 1]) if isinstance(was, bytes) else "0")
        base.execute(f"UPDATE folder SET {column} = ?", (worse,))  # noqa: S608 - the same
    with pytest.raises(sqlite3.DatabaseError):
        dict(cache.left())


def seen_of(folder: Path, name: str) -> Seen:
    mark = find.mark(folder, name)
    assert mark
    return Seen(mark, find.content_mark(folder, name), ())


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def edit(path: Path) -> None:
    """Write as many other bytes into the same file, and give it the time that it had."""
    status = path.stat()
    path.write_bytes(b"x" * status.st_size)
    while path.stat().st_ctime_ns == status.st_ctime_ns:  # a clock may be coarse
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace(path: Path) -> None:
    """Put another file of the same bytes and times in its place."""
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


LOOKS: dict[str, tuple[Callable[[Path], object], bool, bool]] = {
    # What happens to a file: whether it has the same mark, whether it is known.
    "nothing": (lambda _: None, True, True),
    "saved again": (touch, False, True),
    "replaced with the same": (replace, False, True),
    "edited to the same size and time": (edit, False, False),
    "longer": (lambda path: path.write_bytes(b"longer than it was"), False, False),
    "gone": (Path.unlink, False, False),
    "a folder now": (become_a_folder, False, False),
}


@pytest.mark.parametrize(("happens", "same", "known"), LOOKS.values(), ids=LOOKS)
def test_a_source_is_known_by_its_mark_or_else_by_its_bytes(
    tmp_path: Path, happens: Callable[[Path], object], *, same: bool, known: bool
) -> None:
    path = tmp_path / "2024-02-07.txt"
    path.write_bytes(b"a digest")
    seen = seen_of(tmp_path, path.name)
    happens(path)
    found = Found(names=(path.name,), problems=())
    looked = watch.known_sources(tmp_path, found, {path.name: seen})[path.name]
    assert (find.mark(tmp_path, path.name) == seen.mark, looked is not None) == (same, known)
    if looked:
        assert (looked.mark, looked.content) == (find.mark(tmp_path, path.name), seen.content)


def test_a_source_that_could_not_be_read_is_not_known_by_having_no_bytes(tmp_path: Path) -> None:
    found = Found(names=("gone.txt",), problems=())
    assert watch.known_sources(tmp_path, found, {"gone.txt": Seen((0, 0, 0, 0), b"", ())}) == {
        "gone.txt": None
    }


@pytest.mark.parametrize(
    ("age", "trusted"),
    [pytest.param(-5, False, id="from the future"), pytest.param(0, False, id="new"),
     pytest.param(1.9, False, id="young"), pytest.param(2.1, True, id="old enough")],
)  # fmt: skip
@pytest.mark.parametrize("which", [2, 3], ids=["modified", "changed"])
def test_a_young_mark_is_not_trusted(tmp_path: Path, age: float, which: int, *, trusted: bool) -> None:
    """An edit a moment after the look may leave size and time as they were."""
    cache = Cache(tmp_path)
    mark = [1, 2, 3, 4]
    mark[which] = cache.clock() - int(age * 10**9)
    seen = Seen((mark[0], mark[1], mark[2], mark[3]), b"known", ())
    watch.remember(cache, memory(), {"a.txt": seen})
    remembered = cache.memory()
    assert remembered
    kept = remembered.sources["a.txt"]
    assert kept.content == b"known"
    assert (kept.mark == seen.mark) == trusted


EXPORTS: dict[str, Callable[[Path], object]] = {
    "a post more": lambda export: (export / "posts" / "2.html").write_bytes(b""),
    "a post less": lambda export: (export / "posts" / "1.html").unlink(),
    "a post edited": lambda export: edit(export / "posts" / "1.html"),
    "the table edited": lambda export: edit(export / "posts.csv"),
    "no table": lambda export: (export / "posts.csv").unlink(),
}


@pytest.mark.parametrize("happens", EXPORTS.values(), ids=EXPORTS)
def test_an_export_is_known_by_its_table_and_posts(tmp_path: Path, happens: Callable[[Path], object]) -> None:
    export = tmp_path / "export"
    (export / "posts").mkdir(parents=True)
    for name in ("posts.csv", "posts/1.html", "posts/3.html", "subscribers.csv"):
        (export / name).write_bytes(b"some bytes")
    before = seen_of(tmp_path, "export")
    (export / "subscribers.csv").write_bytes(b"is not looked at")
    assert find.mark(tmp_path, "export") == before.mark
    happens(export)
    assert find.mark(tmp_path, "export") != before.mark
    assert find.content_mark(tmp_path, "export") != before.content
