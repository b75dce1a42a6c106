"""Stage 5: artefacts become files; the only module that writes.

A run either reaches its end or leaves the old site: everything is first written beside its place and
forced to disk, then renamed. A file whose bytes are the same is not touched, so that servers go on
answering 304. What was published and is no more is removed last.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import LockedError, StoreError
from pipeline.model import Artefact, Stored

MANIFEST = "manifest.json"
_TEMPORARY = ".digest-pipeline.tmp"
_FLUSHES = 16


class Manifest(Struct, frozen=True, kw_only=True):
    """What is published: path below the site and SHA-256 of every file."""

    version: str = "1.0"
    files: dict[str, str]


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the one lock of a published folder: the folder itself, by ``flock``.

    The kernel drops it with the process, it leaves no file in or beside the site, and it holds
    between users. Raise LockedError where another run has it, StoreError where the folder cannot be
    made or opened.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StoreError("cannot publish there", subject=str(out)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise LockedError("another run is publishing there", subject=str(out)) from error
    finally:
        os.close(descriptor)


def published(out: Path) -> frozenset[str]:
    """Return the paths that the last run published; none where its list is missing or damaged.

    Without a list nothing can be removed, only published: the safe side.
    """
    return frozenset(_hashes(out))


def read(out: Path, path: str) -> bytes | None:
    """Return the bytes of a published file; None where it is gone. Raise StoreError if it is unreadable."""
    try:
        return (out / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError("cannot be read", subject=str(out / path)) from error


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, beside the site: the ledger. Raise StoreError, naming it."""
    _replace(path.parent, (Artefact(path=path.name, content=content),))


def _hashes(out: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((out / MANIFEST).read_bytes(), type=Manifest).files
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}
    except OSError as error:
        raise StoreError(
            "the list of what was published cannot be read", subject=str(out / MANIFEST)
        ) from error


def compare(out: Path, artefacts: Iterable[Artefact], keep: frozenset[str] = frozenset()) -> Stored:
    """Return what `store` would do, without doing it."""
    complete = _with_manifest(tuple(artefacts), out, keep)
    changed = tuple(artefact.path for artefact in complete if not _is_equal(out, artefact))
    gone = published(out) - {artefact.path for artefact in complete} - keep
    return Stored(written=changed, unchanged=len(complete) - len(changed), removed=tuple(sorted(gone)))


def store(out: Path, artefacts: Iterable[Artefact], keep: frozenset[str] = frozenset()) -> Stored:
    """Publish artefacts in their order and remove what the last run published and this one does not.

    ``keep`` names earlier paths that stay though no artefact renews them. Raise StoreError, naming
    the path, where the disk refuses; the old files then still stand.
    """
    complete = _with_manifest(tuple(artefacts), out, keep)
    gone = published(out) - {artefact.path for artefact in complete} - keep
    changed = tuple(artefact for artefact in complete if not _is_equal(out, artefact))
    _remove_leftovers(out, changed)
    _replace(out, changed)
    for path in sorted(gone):
        _remove(out, path)
    return Stored(
        written=tuple(artefact.path for artefact in changed),
        unchanged=len(complete) - len(changed),
        removed=tuple(sorted(gone)),
    )


def _with_manifest(artefacts: tuple[Artefact, ...], out: Path, keep: frozenset[str]) -> tuple[Artefact, ...]:
    hashes = {path: known for path, known in _hashes(out).items() if path in keep}
    hashes |= {artefact.path: hashlib.sha256(artefact.content).hexdigest() for artefact in artefacts}
    manifest = Manifest(files=dict(sorted(hashes.items())))
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    return (*artefacts, Artefact(path=MANIFEST, content=content))


def _is_equal(out: Path, artefact: Artefact) -> bool:
    """Compare bytes, not times: an edit may keep both size and time."""
    path = out / artefact.path
    try:
        status = path.lstat()
        same_size = stat.S_ISREG(status.st_mode) and status.st_size == len(artefact.content)
        return same_size and path.read_bytes() == artefact.content
    except OSError:
        return False


def _replace(out: Path, artefacts: tuple[Artefact, ...]) -> None:
    """Write all files beside their places and force them to disk, then rename one by one."""
    written: list[tuple[Path, Path]] = []
    try:
        for artefact in artefacts:
            target = out / artefact.path
            written.append((_temporary(target), target))
            _write(target, artefact.content)
        _flush(temporary for temporary, _ in written)
        for temporary, target in written:
            temporary.replace(target)
        _flush(_folders(out, (target for _, target in written)))
    except OSError as error:
        for temporary, _ in written:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise StoreError("cannot be published", subject=str(error.filename or out)) from error


def _folders(out: Path, targets: Iterable[Path]) -> set[Path]:
    """Return the folders that changed with the files in them: each up to the root of the site."""
    below = (parent for target in targets for parent in target.relative_to(out).parents)
    return {out / parent for parent in below}


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}{_TEMPORARY}")


def _write(target: Path, content: bytes) -> None:
    """Write a file that others may read, whatever the umask says: a web server is another user."""
    _make_folder(target.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(_temporary(target), flags, 0o644), "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(content)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _flush(paths: Iterable[Path]) -> None:
    """Force files and entries of folders to disk, several at a time: the kernel joins their commits."""
    with ThreadPoolExecutor(_FLUSHES) as pool:
        list(pool.map(_flush_one, paths))


def _flush_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(descriptor)


def _remove_leftovers(out: Path, artefacts: tuple[Artefact, ...]) -> None:
    """Remove what a killed run left beside the files that this one renews."""
    for folder in {(out / artefact.path).parent for artefact in artefacts}:
        for path in folder.glob(f".*{_TEMPORARY}"):
            path.unlink(missing_ok=True)


def _remove(out: Path, path: str) -> None:
    """Remove a published file, and the folders that are empty without it."""
    try:
        target = out / path
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == out or any(folder.iterdir()):
                break
            folder.rmdir()
        _flush_one(next(parent for parent in target.parents if parent.is_dir()))
    except OSError as error:
        raise StoreError("cannot be removed", subject=str(out / path)) from error
