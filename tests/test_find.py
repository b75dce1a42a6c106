"""Finding digests among whatever else lies in a folder, and reading them strictly."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from pipeline import find
from pipeline.errors import SourceError

SUFFIXES = frozenset({".txt", ".md"})


def made(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("2024-02-07.txt", True, id="text"),
        pytest.param("2024/02/07.md", True, id="in-folders"),
        pytest.param("A.TXT", True, id="capital-suffix"),
        pytest.param("240207 C++ & C#.md", True, id="odd-characters"),
        pytest.param("한글 2024-02-07.md", True, id="hangul"),
        pytest.param(".2024-02-07.txt.swp", False, id="vim-swap"),
        pytest.param(".hidden.txt", False, id="hidden"),
        pytest.param("2024-02-07.txt~", False, id="backup"),
        pytest.param("#2024-02-07.txt#", False, id="emacs-autosave"),
        pytest.param(".git/a.txt", False, id="hidden-folder"),
        pytest.param("_drafts/a.md", False, id="drafts"),
        pytest.param("README.md", False, id="read-me"),
        pytest.param("ledger.toml", False, id="ledger"),
        pytest.param("figure.png", False, id="picture"),
        pytest.param("txt", False, id="no-suffix"),
    ],
)
def test_what_is_a_digest(tmp_path: Path, name: str, *, found: bool) -> None:
    assert find.find(made(tmp_path, name), SUFFIXES).names == ((name,) if found else ())


def test_names_are_sorted_whatever_the_disk_says(tmp_path: Path) -> None:
    made(tmp_path, "b.txt", "a/z.txt", "a.txt", "B.txt")
    assert find.find(tmp_path, SUFFIXES).names == ("B.txt", "a.txt", "a/z.txt", "b.txt")


def test_a_link_to_a_folder_above_does_not_loop(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert find.find(tmp_path, SUFFIXES).names == ("a.txt",)


@pytest.mark.parametrize("exists", [pytest.param(False, id="missing"), pytest.param(True, id="a-file")])
def test_no_folder_is_an_error(tmp_path: Path, *, exists: bool) -> None:
    folder = tmp_path / "digests"
    if exists:
        folder.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="not"):
        find.find(folder, SUFFIXES)


def test_reads_text_with_and_without_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeff한글\r\n".encode())
    assert find.read(tmp_path, "a.txt").text == "한글\r\n"


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to("/nonexistent")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(find.LARGEST + 1)


def latin(path: Path) -> None:
    path.write_bytes(b"one\ntwo\nd\xe9j\xe0 vu\n")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(fifo, "not a regular file", id="pipe"),
        pytest.param(device, "not a regular file", id="device"),
        pytest.param(folder, "", id="folder"),
        pytest.param(dangling, "No such file", id="dangling-link"),
        pytest.param(sparse, "larger than", id="huge"),
        pytest.param(latin, "not UTF-8: byte 0xE9 at offset 9", id="latin-1"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, make: object, message: str) -> None:
    make(tmp_path / "a.txt")  # type: ignore[operator]
    with pytest.raises(SourceError) as caught:
        find.read(tmp_path, "a.txt")
    assert message in str(caught.value)
    assert caught.value.subject == "a.txt"


def test_bad_bytes_name_their_line(tmp_path: Path) -> None:
    latin(tmp_path / "a.txt")
    with pytest.raises(SourceError) as caught:
        find.read(tmp_path, "a.txt")
    assert caught.value.line == 3


EXPORT = {
    "posts.csv": "post_id,title\n1.a,2024-02-07\n",
    "posts/1.a.html": "<p>one</p>",
    "posts/1.a.delivers.csv": "email\nsomebody@example.org\n",
    "email_list.csv": "email\nsomebody@example.org\n",
}


def unpacked(folder: Path, prefix: str) -> None:
    for name, text in EXPORT.items():
        path = folder / "export" / prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def zipped(folder: Path, prefix: str) -> None:
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        for name, text in EXPORT.items():
            archive.writestr(prefix + name, text)


@pytest.mark.parametrize(
    ("make", "prefix", "name"),
    [
        pytest.param(unpacked, "", "export", id="folder"),
        pytest.param(zipped, "", "export.zip", id="zip"),
        pytest.param(zipped, "my-letter/", "export.zip", id="zip-with-a-folder"),
    ],
)
def test_an_export_is_one_thing(tmp_path: Path, make: object, prefix: str, name: str) -> None:
    make(tmp_path, prefix)  # type: ignore[operator]
    found = find.find(tmp_path, frozenset({".html"}))
    assert (found.names, found.exports) == ((), (name,))
    sources = find.read_export(tmp_path, name)
    assert [(source.name, source.text) for source in sources] == [
        (f"{name}/{prefix}{member}", EXPORT[member]) for member in ("posts.csv", "posts/1.a.html")
    ]


def test_a_broken_zip_says_so(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK\x03\x04 half")
    with pytest.raises(SourceError, match="zip"):
        find.read_export(tmp_path, "export.zip")


def test_a_name_that_is_not_utf_8_costs_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.txt")).write_text("x", encoding="utf-8")
    found = find.find(tmp_path, frozenset({".txt"}))
    assert found.names == ("a.txt",)
    assert [(lost.file, lost.code) for lost in found.problems] == [(r"b\xff.txt", "unreadable-file")]
