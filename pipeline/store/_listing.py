"""What is published: the list of all files, and the files themselves.

The list of a run lies beside the old one from its first rename to its end. Until then both name, together,
every file that a killed run may have left; while it only writes beside their places, its list is empty.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pipeline.errors import StoreError
from pipeline.model import Mark

MANIFEST = "manifest.json"
TEMPORARY = ".digest-pipeline.tmp"
_PART = r"(?!\.\.?(?:/|\Z))[^/\0]+"

Names = dict[str, tuple[str, ...]]
"""Folders below the site, empty for itself, else ending in a slash; and the names of the files in each."""


# What is listed may be removed: nothing beside the site may be listed.
_Name = Annotated[str, Meta(pattern=rf"^{_PART}\Z")]
_Folder = Annotated[str, Meta(pattern=rf"^(?:{_PART}/)*\Z")]


class Manifest(Struct, frozen=True, kw_only=True):
    """What is published."""

    version: str = "1.0"
    folders: dict[_Folder, tuple[_Name, ...]]


def written(names: Names) -> bytes:
    """Return the list as a file."""
    manifest = Manifest(folders={folder: tuple(sorted(files)) for folder, files in sorted(names.items())})
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def temporary(target: Path) -> Path:
    """Return beside a file where the next one is written."""
    return target.with_name(f".{target.name}{TEMPORARY}")


def published(out: Path) -> frozenset[str]:
    """Return the paths that earlier runs published; none where their list is missing or damaged.

    After a killed run those of its own list are among them. Without a list nothing can be removed,
    only published: the safe side.
    """
    return frozenset(folder + name for folder, files in listed(out).items() for name in files)


def listed(out: Path) -> Names:
    """Return the same by folder."""
    last, killed = _listed(out / MANIFEST), _listed(temporary(out / MANIFEST))
    if not killed:
        return last
    folders = dict.fromkeys((*last, *killed))
    return {
        folder: tuple(dict.fromkeys((*last.get(folder, ()), *killed.get(folder, ())))) for folder in folders
    }


def _listed(path: Path) -> Names:
    try:
        return msgspec.json.decode(_read(path) or b"", type=Manifest).folders
    except msgspec.MsgspecError:
        return {}


def begun(out: Path) -> bool:
    """Tell whether a run was killed there, whatever it had done."""
    return temporary(out / MANIFEST).exists()


def interrupted(out: Path) -> bool:
    """Tell whether a run was killed there that may have renamed files."""
    mark = mark_of(temporary(out / MANIFEST))
    return mark is not None and mark[0] > 0


def read_published(out: Path, path: str) -> bytes | None:
    """Return the bytes of a published file, None where there is none.

    Raise StoreError where it cannot be read.
    """
    return _read(out / path)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError("what was published cannot be read", subject=str(path)) from error


def marks(out: Path, folder: str, names: Iterable[str]) -> dict[str, Mark]:
    """Return by what published files are known unread; none of what is no file."""
    found: dict[str, Mark] = {}
    for name in names:
        mark = mark_of(f"{out}/{folder}{name}")
        if mark:
            found[name] = mark
    return found


def not_as_left(out: Path, left: Iterable[tuple[str, Mapping[str, Mark]]]) -> Iterator[str]:
    """Give the folders whose published files are not as a run left them; ``left`` has the marks of each."""
    root = f"{out}/"
    for folder, files in left:
        below = root + folder
        for name, mark in files.items():
            if mark_of(below + name) != mark:
                yield folder
                break


def mark_of(path: str | Path) -> Mark | None:
    """Return by what a published file is known unread, None where there is no file."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
