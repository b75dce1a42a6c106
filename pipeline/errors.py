"""What stops a run or a part of it: one base class, and a child for each kind of subject.

What merely concerns one entry or one line is no exception but a `model.Problem`.
"""

from __future__ import annotations


class PipelineError(Exception):
    """Say what failed, about what, and why.

    Prints as ``subject: message: cause``. ``exit_code`` is what the command line exits with when
    nothing below it caught the error.
    """

    exit_code = 1

    def __init__(self, message: str, *, subject: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.hint = hint

    def __str__(self) -> str:
        cause = self.__cause__
        reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause or "")
        parts = (self.subject, self.message, "" if reason in self.message else reason)
        return ": ".join(part for part in parts if part)


class SourceError(PipelineError, ValueError):
    """A file of digests cannot be read; the subject is its name, ``code`` that of its problem."""

    def __init__(self, message: str, *, subject: str, code: str = "unreadable-file", line: int = 1) -> None:
        super().__init__(message, subject=subject)
        self.code = code
        self.line = line


class NothingParsedError(SourceError):
    """No digest holds a paper; the subject is their folder."""


class ConfigError(PipelineError, ValueError):
    """The configuration does not say something usable; the subject is its path."""

    exit_code = 78


class LedgerError(PipelineError, ValueError):
    """The ledger does not say something usable; the subject is its path."""

    exit_code = 78


class ScheduleError(PipelineError, ValueError):
    """A scheduler cannot be told to run that; the subject is what it cannot hold."""

    exit_code = 2


class RenderError(PipelineError):
    """An output cannot be made or does not read back; the subject is its path below ``out/``."""


class StoreError(PipelineError, OSError):
    """The published tree cannot be changed; the subject is a path in it."""


class LockedError(PipelineError):
    """Another run holds the lock; the subject is the folder it publishes to."""

    exit_code = 75


class StoppedError(PipelineError):
    """A signal or the time allowed ended the run before anything was published."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
