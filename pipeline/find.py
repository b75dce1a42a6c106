"""Stage 1: folders and files become sources, sorted by name; the only module that reads digests.

A folder in use holds more than digests: editors leave swap files, a pipe or a device must not hang
a run, one unreadable file must not cost the others.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from msgspec import Struct

from pipeline.errors import SourceError
from pipeline.model import Mark, Problem, Source
from pipeline.problems import problem

LARGEST = 64 * 1024 * 1024
"""Bytes; a larger file is no digest and is refused unread."""

_TABLE, _BODIES, _ZIPS = "posts.csv", "posts", frozenset({".zip"})
_PASSED_OVER = (".", "_")
"""How the names of folders begin in which there are no digests."""
_NO_DIGESTS = frozenset({"readme", "license", "licence", "contributing", "changelog", "ledger", "index"})


class Found(Struct, frozen=True, kw_only=True):
    """What lies in a folder of digests."""

    names: tuple[str, ...]
    """Names of the digests below the folder, with ``/``, sorted."""
    exports: tuple[str, ...] = ()
    """Names of Substack exports: zips, and folders with ``posts.csv`` beside ``posts/``."""
    problems: tuple[Problem, ...]
    """Folders that cannot be listed."""


def find(folder: Path, suffixes: frozenset[str]) -> Found:
    """Return the names of the digests below a folder.

    A digest is a file that ends in one of ``suffixes`` and is not hidden, not an editor's copy and
    not a read-me. Links to folders are not followed: they may lead round in a circle. Raise
    SourceError where the folder itself cannot be listed.
    """
    names: list[str] = []
    exports: list[str] = []
    problems: list[Problem] = []

    def refuse(error: OSError) -> None:
        name = Path(str(error.filename)).relative_to(folder).as_posix()
        if name == ".":
            message = "the folder of digests cannot be read"
            raise SourceError(f"{message}: {error.strerror}", subject=str(folder)) from error
        problems.append(problem("unreadable-file", name, 1, reason=f"folder: {error.strerror}"))

    for path, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith(_PASSED_OVER))
        # Text, not paths: an archive of many years is looked through every few minutes.
        below = os.path.relpath(path, folder)
        prefix = "" if below == "." else f"{below}/"
        problems += (_unnamed(prefix + name) for name in (*folders, *files) if not _is_text(name))
        folders[:] = filter(_is_text, folders)
        if _TABLE in files and _BODIES in folders:
            exports.append(below)
            folders.remove(_BODIES)
        texts = [*filter(_is_text, files)]
        names += [prefix + name for name in texts if _is_digest(name, suffixes)]
        exports += [prefix + name for name in texts if _is_digest(name, _ZIPS)]
    return Found(names=tuple(sorted(names)), exports=tuple(sorted(exports)), problems=tuple(problems))


def is_looked_through(folder: Path, path: Path) -> bool:
    """Tell whether `find` looks for digests of a folder in a path, both without links and absolute."""
    if not path.is_relative_to(folder):
        return False
    return not any(part.startswith(_PASSED_OVER) for part in path.relative_to(folder).parts)


def mark(folder: Path, name: str) -> Mark | None:
    """Return by what a source is known unread, None where it cannot even be looked at."""
    path = f"{folder}/{name}"
    try:
        found = os.stat(path)  # noqa: PTH116 - once a source in every run: pathlib takes four times as long
        if not stat.S_ISDIR(found.st_mode):
            return found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
        parts = [*map(os.stat, (f"{path}/{_TABLE}", *map(os.fspath, Path(path, _BODIES).glob("*.html"))))]
    except OSError:
        return None
    return (
        sum(part.st_size for part in parts),
        sum(part.st_ino for part in parts),
        max(part.st_mtime_ns for part in parts),
        max(part.st_ctime_ns for part in parts),
    )


def content_mark(folder: Path, name: str) -> bytes:
    """Return the SHA-256 of what a source holds, empty where that cannot be read."""
    try:
        path = folder / name
        files = (path / _TABLE, *sorted((path / _BODIES).glob("*.html"))) if path.is_dir() else (path,)
        known = hashlib.sha256()
        for file in files:
            content = _content(file)
            known.update(b"%s %d " % (os.fsencode(file.name), len(content)) + content)
    except OSError:
        return b""
    return known.digest()


def _is_text(name: str) -> bool:
    """Tell whether a name is UTF-8: what is not cannot be written into any of our files."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def _unnamed(path: str) -> Problem:
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return problem("unreadable-file", shown, 1, reason="its name is not UTF-8")


def read(folder: Path, name: str) -> Source:
    """Return a digest's text, decoded as UTF-8 with or without a byte order mark.

    Raise SourceError where the file is no regular file, too large, unreadable or not UTF-8.
    """
    try:
        content = _content(folder / name)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", subject=name) from error
    return _decoded(name, content)


def _decoded(name: str, content: bytes) -> Source:
    try:
        return Source(name=name, text=content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8: byte 0x{content[error.start]:02X} at offset {error.start}"
        raise SourceError(message, subject=name, line=line) from error


def read_export(folder: Path, name: str) -> tuple[Source, ...]:
    """Return the table and the posts of a Substack export, a zip or an unpacked folder.

    Only ``posts.csv`` and ``posts/*.html`` are opened: the other tables hold readers' addresses. Raise
    SourceError where the export or one of its files cannot be read.
    """
    path = folder / name
    if path.is_dir():
        bodies = sorted(body.name for body in (path / _BODIES).glob("*.html"))
        members = (_TABLE, *(f"{_BODIES}/{body}" for body in bodies))
        return tuple(read(folder, (Path(name) / member).as_posix()) for member in members)
    # Importing them takes a tenth of a run that changes nothing.
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(path) as archive:
            members = tuple(filter(_is_member, sorted(archive.namelist())))
            if sum(archive.getinfo(member).file_size for member in members) > LARGEST:
                raise SourceError(f"holds more than {LARGEST // 1024 // 1024} MiB", subject=name)
            return tuple(_decoded(f"{name}/{member}", archive.read(member)) for member in members)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise SourceError(f"cannot be read as a zip: {error}", subject=name) from error


def _is_member(name: str) -> bool:
    """Tell whether a member is the table or a post, at the top of the zip or below one folder."""
    parts = name.split("/")
    inside = parts[1:] if len(parts) > 1 and parts[0] != _BODIES else parts
    return inside == [_TABLE] or (len(inside) == 2 and inside[0] == _BODIES and inside[1].endswith(".html"))


def _is_digest(name: str, suffixes: frozenset[str]) -> bool:
    stem, dot, ending = name.rpartition(".")
    if name.startswith((".", "~", "#", "_")) or name.endswith("~"):
        return False
    return f"{dot}{ending}".lower() in suffixes and stem.lower() not in _NO_DIGESTS


def _content(path: Path) -> bytes:
    """Read a regular file, without waiting for one that is a pipe or a device after all."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
        if status.st_size > LARGEST:
            raise OSError(0, f"larger than {LARGEST // 1024 // 1024} MiB")
        return file.read()
