"""Publishing: the old file or the new one, never half of one, and nothing touched without need."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from unittest import mock

import pytest

from pipeline import store
from pipeline.artefact import Artefact, Kept, Layout, Piece, whole
from pipeline.errors import LockedError, RenderError, StoreError


def artefacts(**contents: str) -> tuple[Artefact, ...]:
    return tuple(whole(name.replace("__", "/"), text.encode()) for name, text in contents.items())


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
    assert done.written == ("b",)
    assert done.unchanged == 2


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
    store.store(tmp_path, artefacts(b="3"), keeps=lambda folder: folder == "")
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


def test_what_a_killed_run_only_wrote_is_found_in_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.store(tmp_path, artefacts(a="1"))

    def cut_short() -> Iterator[Artefact]:
        yield from artefacts(a="2", new__b="2")
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", mock.Mock())
        with pytest.raises(SystemExit):
            store.store(tmp_path, cut_short())
    assert (store.begun(tmp_path), store.interrupted(tmp_path)) == (True, False)
    store.store(tmp_path, artefacts(a="1"))
    assert {path.name for path in tmp_path.rglob("*")} == {"manifest.json", "a"}


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


def kill_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Let the process die before the so-manieth rename or removal: nothing is cleared away after it."""
    left = iter(range(call))

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*args: object, **kwargs: object) -> object:
            if next(left, None) is None:
                raise SystemExit
            return real(*args, **kwargs)

        return wrapped

    monkeypatch.setattr(Path, "replace", dying(Path.replace))
    monkeypatch.setattr(Path, "unlink", dying(Path.unlink))


@pytest.mark.parametrize("call", range(5))
def test_what_a_killed_run_published_is_known_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    store.store(tmp_path, artefacts(a="1", old__gone="2"))
    with monkeypatch.context() as patched:
        kill_at(patched, call)
        with pytest.raises(SystemExit):
            store.store(tmp_path, artefacts(a="8", new="9", newer="10"))
    # The next run wants none of what the killed one was about to add.
    store.store(tmp_path, artefacts(a="7"))
    assert set(tree(tmp_path)) == {"a", "manifest.json"}


def test_signals_wait_for_the_last_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: int, __: FrameType | None) -> None:
        raise InterruptedError("stopped")

    real = Path.replace

    def signalling(path: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGTERM)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", signalling)
    before = signal.signal(signal.SIGTERM, stopped)
    try:
        with pytest.raises(InterruptedError, match="stopped"):
            store.store(tmp_path, artefacts(a="1", b="2", c="3"))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert set(tree(tmp_path)) == {"a", "b", "c", "manifest.json"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("atom.xml", b"<feed", id="xml-cut"),
        pytest.param("atom.xml", b"<other/>", id="xml-other"),
        pytest.param("rss.xml", b"", id="xml-empty"),
        pytest.param("index.html", b"", id="html-empty"),
        pytest.param("index.html", b"<title>x</title><p>x</b>", id="html-broken"),
        pytest.param("index.html", b"<title></title><main>x</main>", id="html-without-title"),
        pytest.param("digest.json", b'{"a": 1', id="json-cut"),
        pytest.param("digest.json", b'"\xff"', id="json-not-utf-8"),
        pytest.param("papers.bib", b"@misc{a,\n title = {x}\n", id="bib-cut"),
        pytest.param("papers.bib", b"@misc{a,\n title = {x\n}\n\n@misc{b}\n}", id="bib-nested"),
        pytest.param("papers.bib", b"@misc{a}}{", id="bib-closed-twice"),
        pytest.param("papers.bib", b"@misc{a, title = {\\{}", id="bib-escaped"),
        pytest.param("papers.bib", b"@misc{\xff}", id="bib-not-utf-8"),
    ],
)
def test_what_does_not_read_back_is_not_published(tmp_path: Path, name: str, content: bytes) -> None:
    store.store(tmp_path, artefacts(a="1"))
    before = tree(tmp_path)
    with pytest.raises(RenderError, match=f"{name}: does not read back"):
        store.store(tmp_path, (*artefacts(a="2"), whole(f"x/{name}", content)))
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((b"[\n", b"{", b",\n", Kept(2, 3), b"\n]\n"), id="a day"),
        pytest.param((b"[\n", b'{"a": 1}', b",\n", Kept(2, 3), b"\n\n"), id="what stands around the days"),
        pytest.param((b"[\n", b"[1]", b",\n", b"2}", b"\n]\n"), id="one of several days"),
    ],
)
def test_a_file_that_grows_is_read_back_day_by_day(tmp_path: Path, pieces: tuple[Piece, ...]) -> None:
    old = whole("a.json", b"[\n[1]\n]\n")
    store.store(tmp_path, (old,))
    spoilt = Artefact(path="a.json", pieces=pieces, layout=Layout())
    with pytest.raises(RenderError, match=r"a\.json: does not read back"):
        store.store(tmp_path, (spoilt,))
    sound = (b"[\n", b"[2]", b",\n", Kept(2, 3), b"\n]\n")
    assert store.store(tmp_path, (Artefact(path="a.json", pieces=sound, layout=Layout()),)).written
    assert tree(tmp_path)["a.json"] == "[\n[2],\n[1]\n]\n"


def test_a_feed_of_ten_megabytes_reads_back(tmp_path: Path) -> None:
    content = b"<rss><title>" + b"x" * 11_000_000 + b"</title></rss>"
    assert store.store(tmp_path, [whole("rss.xml", content)]).written


def test_a_lock_that_is_dropped_in_time_is_waited_for(tmp_path: Path) -> None:
    code = f"""
import pathlib, time, pipeline.store as s
with s.locked(pathlib.Path({str(tmp_path)!r})):
    print("held", flush=True)
    time.sleep(0.3)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline()
        with pytest.raises(LockedError), store.locked(tmp_path, wait=0.1):
            pass
        with store.locked(tmp_path, wait=30):
            pass


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


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        pytest.param("../digests/", "07.txt", id="beside the site"),
        pytest.param("a/../../digests/", "07.txt", id="beside it, on a way through it"),
        pytest.param("{}/digests/", "07.txt", id="anywhere"),
        pytest.param("", "../digests/07.txt", id="beside it, by a name"),
        pytest.param("", "..", id="a folder"),
        pytest.param("", "a\0b", id="no name"),
    ],
)
def test_a_list_that_leads_out_of_the_site_is_damaged(tmp_path: Path, folder: str, name: str) -> None:
    source, out = tmp_path / "digests" / "07.txt", tmp_path / "out"
    source.parent.mkdir()
    source.touch()
    store.store(out, artefacts(a="1"))
    names = {"": ("a",), "a/": ("b",), folder.format(tmp_path): (name,)}
    (out / "manifest.json").write_text(json.dumps({"version": "1.0", "folders": names}), encoding="utf-8")
    assert store.store(out, artefacts(a="2")).removed == ()
    assert source.exists()
    assert set(tree(out)) == {"a", "manifest.json"}


def test_a_folder_in_the_place_of_a_file_leaves_the_old_site(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1", b="2"))
    (tmp_path / "b").unlink()
    (tmp_path / "b").mkdir()
    before = tree(tmp_path)
    with pytest.raises(StoreError, match="/b: is a folder"):
        store.store(tmp_path, artefacts(a="8", b="9"))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("place", ["folder", "folder/file"])
@pytest.mark.parametrize("made", [Path.mkdir, Path.touch, lambda path: path.symlink_to("/nowhere")])
def test_what_another_put_in_the_place_of_what_is_gone_keeps_no_run_from_its_end(
    tmp_path: Path, place: str, made: Callable[[Path], None]
) -> None:
    store.store(tmp_path, artefacts(a="1", folder__file="2"))
    shutil.rmtree(tmp_path / "folder")
    (tmp_path / place).parent.mkdir(exist_ok=True)
    made(tmp_path / place)
    store.store(tmp_path, artefacts(a="1"))
    assert store.published(tmp_path) == {"a"}
    assert not store.begun(tmp_path)


def test_a_folder_that_lies_elsewhere_stays_where_nothing_is_left_in_it(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    for folder in (elsewhere, out):
        folder.mkdir()
    (out / "linked").symlink_to(elsewhere)
    store.store(out, artefacts(a="1", linked__b="2"))
    store.store(out, artefacts(a="1"))
    assert store.published(out) == {"a"}
    assert list(elsewhere.iterdir()) == []


def growing(*pieces: Piece) -> tuple[Artefact, ...]:
    return (Artefact(path="a", pieces=pieces),)


# Pieces of the new file, its bytes, and whether it is written: published is [2,1].
SPLICES: dict[str, tuple[tuple[Piece, ...], str, bool]] = {
    "a later day": ((b"[", b"3", Kept(1, 3), b"]"), "[32,1]", True),
    "nothing new": ((b"[", Kept(1, 3), b"]"), "[2,1]", False),
    "kept in two pieces": ((b"[", Kept(1, 2), Kept(3, 1), b"]"), "[2,1]", False),
    "one gone": ((b"[", Kept(3, 1), b"]"), "[1]", True),
    "moved, at the same size": ((b"[", Kept(3, 1), b",", Kept(1, 1), b"]"), "[1,2]", True),
    "nothing of it": ((b"[", Kept(1, 0), b"]"), "[]", True),
}


@pytest.mark.parametrize(("pieces", "content", "written"), SPLICES.values(), ids=SPLICES)
def test_what_is_kept_of_a_file_is_copied(
    tmp_path: Path, pieces: tuple[Piece, ...], content: str, *, written: bool
) -> None:
    store.store(tmp_path, artefacts(a="[2,1]"))
    assert store.compare(tmp_path, growing(*pieces)).written == (("a",) if written else ())
    assert store.store(tmp_path, growing(*pieces)).written == (("a",) if written else ())
    assert tree(tmp_path)["a"] == content


@pytest.mark.parametrize("published", ["[2", None], ids=["cut short", "gone"])
def test_a_file_that_is_not_as_told_is_not_spliced(tmp_path: Path, published: str | None) -> None:
    store.store(tmp_path, artefacts(a="[2,1]", b="old"))
    if published is None:
        (tmp_path / "a").unlink()
    else:
        (tmp_path / "a").write_text(published, encoding="utf-8")
    before = tree(tmp_path)
    with pytest.raises(StoreError, match="/a"):
        store.store(tmp_path, (*artefacts(b="new"), *growing(b"[", b"3,", Kept(1, 3), b"]")))
    assert tree(tmp_path) == before


def test_a_killed_run_is_known_until_another_comes_to_its_end(tmp_path: Path) -> None:
    store.store(tmp_path, artefacts(a="1"))
    (tmp_path / ".manifest.json.digest-pipeline.tmp").write_bytes((tmp_path / "manifest.json").read_bytes())
    assert store.interrupted(tmp_path)
    store.store(tmp_path, artefacts(a="1"))
    assert not store.interrupted(tmp_path)
