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
import os
import signal
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from pipeline.errors import LockedError, StoreError
from pipeline.model import Artefact, Kept, Mark, Piece, Stored, size_of, whole
from pipeline.reread import reread

MANIFEST = "manifest.json"
_TEMPORARY = ".digest-pipeline.tmp"
_FLUSHES = 16
_POLL = 0.05
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


Names = dict[str, tuple[str, ...]]
"""Folders below the site, empty for itself, else ending in a slash; and the names of the files in each."""


Keeps = Callable[[str], bool]


def nothing(_: str) -> bool:
    """Keep nothing that is not renewed."""
    return False


class Manifest(Struct, frozen=True, kw_only=True):
    """What is published."""

    version: str = "1.0"
    folders: Names


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
    return frozenset(_paths(listed(out)))


def listed(out: Path) -> Names:
    """Return the same by folder."""
    last, killed = _listed(out, MANIFEST), _listed(out, _temporary(Path(MANIFEST)).name)
    if not killed:
        return last
    folders = dict.fromkeys((*last, *killed))
    return {
        folder: tuple(dict.fromkeys((*last.get(folder, ()), *killed.get(folder, ())))) for folder in folders
    }


def interrupted(out: Path) -> bool:
    """Tell whether a run was killed there before it came to its end."""
    return _temporary(out / MANIFEST).exists()


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, beside the site: the ledger. Raise StoreError, naming it."""
    _replace(path.parent, (whole(path.name, content),), gone=lambda: (), ready=lambda: None)


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


def marks(out: Path, folder: str, names: Iterable[str]) -> dict[str, Mark]:
    """Return by what published files are known unread; none of what is no file."""
    found: dict[str, Mark] = {}
    for name in names:
        mark = _mark(f"{out}/{folder}{name}")
        if mark:
            found[name] = mark
    return found


def not_as_left(out: Path, left: Mapping[str, Mapping[str, Mark]]) -> Iterator[str]:
    """Give the folders whose published files are not as a run left them."""
    root = f"{out}/"
    if _mark(str(_temporary(out / MANIFEST))):
        yield ""  # a killed run came so far as to rename: what it added is in no other list
    for folder, files in left.items():
        below = root + folder
        for name, mark in files.items():
            if _mark(below + name) != mark:
                yield folder
                break


def _mark(path: str) -> Mark | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def _listed(out: Path, name: str) -> Names:
    try:
        return msgspec.json.decode(read_published(out, name) or b"", type=Manifest).folders
    except msgspec.MsgspecError:
        return {}


def _paths(names: Names) -> Iterator[str]:
    return (folder + name for folder, files in names.items() for name in files)


def compare(out: Path, artefacts: Iterable[Artefact], keeps: Keeps = nothing) -> Stored:
    """Return what `store` would do, without doing it."""
    publication = _Publication(out, keeps)
    changed = tuple(artefact.path for artefact in publication.changed(artefacts))
    return publication.done(changed)


def store(
    out: Path,
    artefacts: Iterable[Artefact],
    keeps: Keeps = nothing,
    ready: Callable[[], None] = lambda: None,
) -> Stored:
    """Publish artefacts in their order and remove what earlier runs published and this one does not.

    ``keeps`` tells of which folders the earlier files stay though no artefact renews them. Artefacts
    are taken one by one, as they are made. ``ready`` is called once all are written beside their
    places, before the first is published. Raise StoreError, naming the path, where the disk refuses,
    and RenderError where a new file does not read back; the old files then still stand.
    """
    publication = _Publication(out, keeps)
    changed = _replace(out, publication.changed(artefacts), publication.gone, ready)
    return publication.done(changed)


class _Publication:
    """What a run publishes, beside what was published before it."""

    def __init__(self, out: Path, keeps: Keeps) -> None:
        self._out = out
        self._before = listed(out)
        self._after = {folder: files for folder, files in self._before.items() if keeps(folder)}
        self._made: dict[str, dict[str, None]] = {}

    def changed(self, artefacts: Iterable[Artefact]) -> Iterator[Artefact]:
        """Give the artefacts that are not published as they are, and last the list of all."""
        for artefact in artefacts:
            folder, slash, name = artefact.path.rpartition("/")
            kept = dict.fromkeys(self._after.get(folder + slash, ()))
            self._made.setdefault(folder + slash, kept)[name] = None
            if not _is_equal(self._out, artefact):
                yield artefact
        self._after |= {folder: tuple(names) for folder, names in self._made.items()}
        manifest = Manifest(folders={folder: tuple(sorted(n)) for folder, n in sorted(self._after.items())})
        listing = whole(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        if not _is_equal(self._out, listing):
            yield listing

    def gone(self) -> tuple[str, ...]:
        """Return the paths that are published no more; known once all artefacts are made."""
        return tuple(
            sorted(
                folder + name
                for folder, names in self._before.items()
                if self._after.get(folder) != names
                for name in names
                if name not in self._after.get(folder, ())
            )
        )

    def done(self, changed: tuple[str, ...]) -> Stored:
        """Return what publishing did with all artefacts, given the paths of those that changed."""
        files = sum(map(len, self._after.values())) + 1  # the list itself
        return Stored(written=changed, unchanged=files - len(changed), removed=self.gone())


def _is_equal(out: Path, artefact: Artefact) -> bool:
    """Compare bytes, not times: an edit may keep both size and time."""
    path = out / artefact.path
    size = sum(map(size_of, artefact.pieces))
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return False
        with path.open("rb") as file:
            return all(_is_next(file, piece) for piece in artefact.pieces)
    except OSError:
        return False


def _is_next(file: BinaryIO, piece: Piece) -> bool:
    """Tell whether a piece is what a file says next."""
    if isinstance(piece, Kept):
        # What moved within a file of the same size did so because something else changed.
        moved = file.tell() != piece.start
        file.seek(piece.size, os.SEEK_CUR)
        return not moved
    return file.read(len(piece)) == piece


def _replace(
    out: Path,
    artefacts: Iterable[Artefact],
    gone: Callable[[], tuple[str, ...]],
    ready: Callable[[], None],
) -> tuple[str, ...]:
    """Write all files beside their places and force them to disk, then rename and remove one by one.

    Return the paths written. ``gone`` is asked once all artefacts are there.
    """
    targets: list[Path] = []
    with _cleared_on_failure(out, targets):
        for artefact in artefacts:
            reread(artefact)
            targets.append(out / artefact.path)
            _write(targets[-1], artefact.pieces)
        _remove_leftovers(out, targets, gone())
        _flush(map(_temporary, targets))
        ready()
    # From the first rename on the new list stays beside the old one until a run has come to its end.
    others = [target for target in targets if target != out / MANIFEST]
    with _undisturbed(), _cleared_on_failure(out, others):
        _switch(out, others, gone())
        if others != targets:
            _temporary(out / MANIFEST).replace(out / MANIFEST)
            _flush_one(out)
    return tuple(target.relative_to(out).as_posix() for target in targets)


@contextlib.contextmanager
def _cleared_on_failure(out: Path, targets: Sequence[Path]) -> Iterator[None]:
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


def _switch(out: Path, targets: Sequence[Path], gone: tuple[str, ...]) -> None:
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


def _write(target: Path, pieces: Iterable[Piece]) -> None:
    """Write a file that others may read, whatever the umask says: a web server is another user."""
    _make_folder(target.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(_temporary(target), flags, 0o644), "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        for piece in pieces:
            if isinstance(piece, Kept):
                file.flush()
                _copy(target, piece, file.fileno())
            else:
                file.write(piece)


def _copy(published: Path, piece: Kept, to: int) -> None:
    """Append what is kept of a published file, without its bytes passing through here."""
    descriptor = os.open(published, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        offset, left = piece.start, piece.size
        while left:
            copied = os.sendfile(to, descriptor, offset, left)
            if not copied:
                raise StoreError("is shorter than it was published", subject=str(published))
            offset, left = offset + copied, left - copied
    finally:
        os.close(descriptor)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _flush(paths: Iterable[Path]) -> None:
    """Force files and entries of folders to disk, several at a time: the kernel joins their commits."""
    # Importing it takes a tenth of a run that changes nothing.
    from concurrent.futures import ThreadPoolExecutor

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


def _remove_leftovers(out: Path, targets: Iterable[Path], gone: tuple[str, ...]) -> None:
    """Remove what a killed run left: temporary files beside those renewed, and what it alone had listed.

    Its list is replaced with that of this run only when the targets hold one.
    """
    own = set(map(_temporary, targets))
    # Once this run has written its list, what the killed one alone had listed is among what is gone.
    listed = (*gone, *_paths(_listed(out, _temporary(Path(MANIFEST)).name)), MANIFEST)
    begun = {_temporary(out / path) for path in listed}
    beside = {left for folder in {path.parent for path in own} for left in folder.glob(f".*{_TEMPORARY}")}
    for leftover in (begun | beside) - own:
        if leftover.is_file():
            _remove(out, leftover.relative_to(out).as_posix())
    for path in set(gone).difference(_paths(_listed(out, MANIFEST))):
        _remove(out, path)


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
