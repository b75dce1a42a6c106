"""Publishing: the old file or the new one, never half of one, and nothing touched without need."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import store
from pipeline.errors import LockedError, StoreError
from pipeline.model import Artefact


def artefacts(**contents: str) -> tuple[Artefact, ...]:
    return tuple(
        Artefact(path=name.replace("__", "/"), content=text.encode()) for name, text in contents.items()
    )


def tree(out: Path) -> dict[str, str]:
    return {p.relative_to(out).as_posix(): p.read_text("utf-8") for p in out.rglob("*") if p.is_file()}


def test_writes_files_and_their_list(tmp_path: Path) -> None:
    done = store.store(tmp_path, artefacts(a__b="1", c="2"))
    assert done.written == ("a/b", "c", "manifest.json")
    assert {name: text for name, text in tree(tmp_path).items() if name != "manifest.json"} == {
        "a/b": "1",
        "c": "2",
    }
    assert store.published(tmp_path) == {"a/b", "c"}


def test_equal_files_are_not_touched(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1", b="2"))
    before = (tmp_path / "a").stat()
    done = store.store(tmp_path, artefacts(a="1", b="3"))
    after = (tmp_path / "a").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert done.written == ("b", "manifest.json")
    assert done.unchanged == 1


def test_an_edit_of_the_same_size_and_time_is_noticed(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1"))
    status = (tmp_path / "a").stat()
    (tmp_path / "a").write_text("x", encoding="utf-8")
    os.utime(tmp_path / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert store.store(tmp_path, artefacts(a="1")).written == ("a",)


def test_what_is_no_more_is_removed_with_its_empty_folder(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a__b__c="1", a__d="2"))
    done = store.store(tmp_path, artefacts(a__d="2"))
    assert done.removed == ("a/b/c",)
    assert not (tmp_path / "a" / "b").exists()
    assert (tmp_path / "a" / "d").exists()


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_text("example.org", encoding="utf-8")
    store.store(tmp_path, artefacts(a="1"))
    store.store(tmp_path, artefacts(b="1"))
    assert set(tree(tmp_path)) == {"CNAME", "b", "manifest.json"}


def test_kept_paths_stay_and_stay_listed(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1", b="2"))
    store.store(tmp_path, artefacts(b="3"), keep=frozenset({"a"}))
    assert store.published(tmp_path) == {"a", "b"}
    assert tree(tmp_path)["a"] == "1"


def test_compare_says_the_same_and_does_nothing(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1", b="2"))
    before = tree(tmp_path)
    said = store.compare(tmp_path, artefacts(a="9", c="3"))
    assert tree(tmp_path) == before
    assert said == store.store(tmp_path, artefacts(a="9", c="3"))


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_others_may_read_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        store.store(tmp_path, artefacts(a__b="1"))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755


def test_leftovers_of_a_killed_run_are_cleared(tmp_path: Path) -> None:
    (tmp_path / ".a.digest-pipeline.tmp").write_text("half", encoding="utf-8")
    store.store(tmp_path, artefacts(a="1"))
    assert set(tree(tmp_path)) == {"a", "manifest.json"}


def test_a_failing_disk_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.store(tmp_path, artefacts(a="1", b="2"))
    before = tree(tmp_path)
    calls = iter([None, OSError(28, "No space left on device")])

    def failing(_: int) -> None:
        error = next(calls, None)
        if error:
            raise error

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match="No space left"):
        store.store(tmp_path, artefacts(a="8", b="9"))
    assert tree(tmp_path) == before


def test_a_second_run_is_told_at_once(tmp_path: Path) -> None:
    code = f"import pathlib, pipeline.store as s\nwith s.locked(pathlib.Path({str(tmp_path)!r})): pass"
    with store.locked(tmp_path):
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert LockedError.__name__ in other.stderr
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_lock_leaves_nothing_behind(tmp_path: Path) -> None:
    with store.locked(tmp_path / "out"):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


def test_a_damaged_list_is_no_licence_to_delete(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1"))
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    assert store.store(tmp_path, artefacts(b="1")).removed == ()
    assert (tmp_path / "a").exists()
    assert store.published(tmp_path) == {"b"}
