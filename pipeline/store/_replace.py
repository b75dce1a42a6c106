"""Write files beside their places, force them to disk, then rename: the old ones or the new ones, whole."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from pipeline.artefact import Artefact, Kept, Piece
from pipeline.errors import StoreError
from pipeline.model import Mark
from pipeline.reread import reread
from pipeline.store._listing import (
    MANIFEST,
    TEMPORARY,
    begun,
    interrupted,
    listed,
    mark_of,
    temporary,
    written,
)

_FLUSHES = 16
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, beside the site: the ledger. Raise StoreError, naming it."""
    with _cleared_on_failure(path.parent, [path]):
        _write(path, (content,))
        _flush_one(temporary(path))
        temporary(path).replace(path)
        _flush_one(path.parent)


def unwrite(path: Path) -> None:
    """Remove what a killed run wrote beside a file that stays as it is, where that can be."""
    with contextlib.suppress(OSError):
        temporary(path).unlink()


def replace(
    out: Path,
    artefacts: Iterable[Artefact],
    gone: Callable[[], tuple[str, ...]],
    ready: Callable[[], None],
) -> dict[str, Mark | None]:
    """Write all files of a site beside their places, then rename them and remove what is gone.

    The last of the artefacts may be the list of all. ``gone`` is asked once they are there, ``ready``
    called before the first is renamed. Return the paths written, and by what each is known unread.
    """
    targets: list[Path] = []
    sign = out / MANIFEST
    with _cleared_on_failure(out, chain(targets, (sign,))):
        for artefact in artefacts:
            reread(artefact)
            if not targets:
                _begin(out)
            targets.append(out / artefact.path)
            _refuse_folder(targets[-1])
            _write(targets[-1], artefact.pieces)
        _flush(map(temporary, targets))
        ready()
    others = [target for target in targets if target != sign]
    # From the first rename on the new list stays beside the old one until a run has come to its end.
    listed_anew = others != targets
    with _undisturbed(), _cleared_on_failure(out, chain(others, () if listed_anew else (sign,))):
        marks = _switch(out, others, gone()) | _end(out, listed_anew=listed_anew)
    return {target.relative_to(out).as_posix(): mark for target, mark in marks.items()}


def heal(out: Path) -> None:
    """Clear away what a killed run left, and let one list name all that it may have renamed.

    Raise StoreError, naming the path, where the disk refuses.
    """
    if not begun(out):
        return
    sign = temporary(out / MANIFEST)
    with _cleared_on_failure(out, ()):
        for leftover in set(out.rglob(f".*{TEMPORARY}")) - {sign}:
            if leftover.is_file():
                _remove(out, leftover.relative_to(out).as_posix())
        if interrupted(out):
            write(sign, written(listed(out)))
            sign.replace(out / MANIFEST)
        else:
            sign.unlink()
        _flush_one(out)


@contextlib.contextmanager
def _cleared_on_failure(out: Path, targets: Iterable[Path]) -> Iterator[None]:
    """Remove the temporary files of what could not be written, whatever the reason; name the path."""
    try:
        yield
    except BaseException as error:
        for target in targets:
            with contextlib.suppress(OSError):
                temporary(target).unlink()
        if isinstance(error, OSError) and not isinstance(error, StoreError):
            raise StoreError("cannot be published", subject=str(error.filename or out)) from error
        raise


def _begin(out: Path) -> None:
    """Leave a sign for the next run, in case that this one is killed."""
    _write(out / MANIFEST, ())


def _end(out: Path, *, listed_anew: bool) -> dict[Path, Mark | None]:
    if not listed_anew:
        temporary(out / MANIFEST).unlink(missing_ok=True)
        return {}
    mark = _rename(out / MANIFEST)
    _flush_one(out)
    return {out / MANIFEST: mark}


def _switch(out: Path, targets: Sequence[Path], gone: tuple[str, ...]) -> dict[Path, Mark | None]:
    """Put the new files in their places, then remove what is gone."""
    marks = {target: _rename(target) for target in targets}
    _flush(_folders(out, targets))
    for path in gone:
        _remove(out, path)
    return marks


def _rename(target: Path) -> Mark | None:
    """Put a new file in its place; return its mark at once, before another can have changed it."""
    temporary(target).replace(target)
    return mark_of(target)


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


def _write(target: Path, pieces: Iterable[Piece]) -> None:
    """Write a file that others may read, whatever the umask says: a web server is another user."""
    _make_folder(target.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(temporary(target), flags, 0o644), "wb") as file:
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


def _refuse_folder(target: Path) -> None:
    """Raise StoreError where a rename would, while the old site still stands."""
    if target.is_dir() and not target.is_symlink():
        raise StoreError("is a folder: a file is to be published there", subject=str(target))


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


def _remove(out: Path, path: str) -> None:
    """Remove a published file, and the folders that are empty without it.

    What another put in its place, or in that of a folder, stays.
    """
    target = out / path
    try:
        # A killed run may have come this far.
        with contextlib.suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
            target.unlink()
        for folder in target.parents:
            if folder == out or not _emptied(folder):
                break
        _flush_one(next(parent for parent in target.parents if parent.is_dir()))
    except OSError as error:
        raise StoreError("cannot be removed", subject=str(target)) from error


def _emptied(folder: Path) -> bool:
    """Remove a folder if it is empty; tell whether it is gone. One that lies elsewhere cannot be removed."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
