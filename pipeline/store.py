"""Stage 5: artefacts become files; the only module that writes.

A run either reaches its end or leaves the old site: everything is first written beside its place and
forced to disk, then renamed. A file whose bytes are the same is not touched, so that servers go on
answering 304. What was published and is no more is removed next, and the list of what is published
replaces the old one last: until then the old list and the new one beside it name, together, every
file that a killed run may have left.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import signal
import stat
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import LockedError, StoreError
from pipeline.model import Artefact, Stored
from pipeline.reread import reread

MANIFEST = "manifest.json"
_TEMPORARY = ".digest-pipeline.tmp"
_FLUSHES = 16
_POLL = 0.05
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


class Manifest(Struct, frozen=True, kw_only=True):
    """What is published: path below the site and SHA-256 of every file."""

    version: str = "1.0"
    files: dict[str, str]


@contextlib.contextmanager
def locked(out: Path, wait: float = 0) -> Iterator[None]:
    """Hold the one lock of a published folder: the folder itself, by ``flock``.

    The kernel drops it with the process, it leaves no file in or beside the site, and it holds
    between users. Raise LockedError where another run has it for longer than ``wait`` seconds,
    StoreError where the folder cannot be made or opened.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StoreError("cannot publish there", subject=str(out)) from error
    try:
        _lock(descriptor, out, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, out: Path, deadline: float) -> None:
    """Ask again and again: a lock that is waited for in the kernel knows no end of patience."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise LockedError("another run is publishing there", subject=str(out)) from error
            time.sleep(_POLL)
        except OSError as error:
            raise StoreError("cannot be locked", subject=str(out)) from error
        else:
            return


def published(out: Path) -> frozenset[str]:
    """Return the paths that earlier runs published; none where their list is missing or damaged.

    After a killed run those of its own list are among them. Without a list nothing can be removed,
    only published: the safe side.
    """
    return frozenset(_hashes(out))


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, beside the site: the ledger. Raise StoreError, naming it."""
    _replace(path.parent, (Artefact(path=path.name, content=content),), ())


def touch(path: Path, moment: dt.datetime) -> None:
    """Set the time of a file, of what stays as it is but was found so again. Raise OSError."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def read_published(out: Path, path: str) -> bytes | None:
    """Return the bytes of a published file, None where there is none.

    Raise StoreError where it cannot be read.
    """
    try:
        return (out / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError("what was published cannot be read", subject=str(out / path)) from error


def _hashes(out: Path) -> dict[str, str]:
    """Return the list of the last whole run and, after a killed one, what that would have listed."""
    return _listed(out, _temporary(Path(MANIFEST)).name) | _listed(out, MANIFEST)


def _listed(out: Path, name: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(read_published(out, name) or b"", type=Manifest).files
    except msgspec.MsgspecError:
        return {}


def compare(out: Path, artefacts: Iterable[Artefact], keep: frozenset[str] = frozenset()) -> Stored:
    """Return what `store` would do, without doing it."""
    complete = _with_manifest(tuple(artefacts), out, keep)
    changed = tuple(artefact.path for artefact in complete if not _is_equal(out, artefact))
    gone = published(out) - {artefact.path for artefact in complete} - keep
    return Stored(written=changed, unchanged=len(complete) - len(changed), removed=tuple(sorted(gone)))


def store(out: Path, artefacts: Iterable[Artefact], keep: frozenset[str] = frozenset()) -> Stored:
    """Publish artefacts in their order and remove what earlier runs published and this one does not.

    ``keep`` names earlier paths that stay though no artefact renews them. Raise StoreError, naming
    the path, where the disk refuses, and RenderError where a new file does not read back; the old
    files then still stand.
    """
    complete = _with_manifest(tuple(artefacts), out, keep)
    gone = tuple(sorted(published(out) - {artefact.path for artefact in complete} - keep))
    changed = tuple(artefact for artefact in complete if not _is_equal(out, artefact))
    for artefact in changed:
        reread(artefact)
    _replace(out, changed, gone)
    return Stored(
        written=tuple(artefact.path for artefact in changed),
        unchanged=len(complete) - len(changed),
        removed=gone,
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


def _replace(out: Path, artefacts: tuple[Artefact, ...], gone: tuple[str, ...]) -> None:
    """Write all files beside their places and force them to disk, then rename and remove one by one."""
    targets = tuple(out / artefact.path for artefact in artefacts)
    with _cleared_on_failure(out, targets):
        _remove_leftovers(out, targets, gone)
        for target, artefact in zip(targets, artefacts, strict=True):
            _write(target, artefact.content)
        _flush(map(_temporary, targets))
    # From the first rename on the new list stays beside the old one until a run has come to its end.
    others = tuple(target for target in targets if target != out / MANIFEST)
    with _undisturbed(), _cleared_on_failure(out, others):
        _switch(out, others, gone)
        if others != targets:
            _temporary(out / MANIFEST).replace(out / MANIFEST)
            _flush_one(out)


@contextlib.contextmanager
def _cleared_on_failure(out: Path, targets: tuple[Path, ...]) -> Iterator[None]:
    """Remove the temporary files of what could not be written, whatever the reason; name the path."""
    try:
        yield
    except BaseException as error:
        for target in targets:
            with contextlib.suppress(OSError):
                _temporary(target).unlink()
        if isinstance(error, OSError) and not isinstance(error, StoreError):
            raise StoreError("cannot be published", subject=str(error.filename or out)) from error
        raise


def _switch(out: Path, targets: tuple[Path, ...], gone: tuple[str, ...]) -> None:
    """Put the new files in their places, then remove what is gone."""
    for target in targets:
        _temporary(target).replace(target)
    _flush(_folders(out, targets))
    for path in gone:
        _remove(out, path)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep signals waiting: they may end a run before the first rename or after the last, not between."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _folders(out: Path, targets: Iterable[Path]) -> set[Path]:
    """Return the folders that changed with the files in them: each up to the root of the site."""
    found: set[Path] = set()
    for folder in {target.parent for target in targets}:
        found |= {folder, *(above for above in folder.parents if above.is_relative_to(out))}
    return found


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


def _remove_leftovers(out: Path, targets: tuple[Path, ...], gone: tuple[str, ...]) -> None:
    """Remove what a killed run left: temporary files beside those renewed, and what it alone had listed."""
    unlisted = _hashes(out).keys() - _listed(out, MANIFEST).keys()
    for path in unlisted.intersection(gone):
        _remove(out, path)
    for folder in {target.parent for target in targets}:
        for leftover in folder.glob(f".*{_TEMPORARY}"):
            leftover.unlink(missing_ok=True)


def _remove(out: Path, path: str) -> None:
    """Remove a published file, and the folders that are empty without it."""
    try:
        target = out / path
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == out or (folder.is_dir() and any(folder.iterdir())):
                break
            if folder.is_dir():  # a killed run may have come this far
                folder.rmdir()
        _flush_one(next(parent for parent in target.parents if parent.is_dir()))
    except OSError as error:
        raise StoreError("cannot be removed", subject=str(out / path)) from error
