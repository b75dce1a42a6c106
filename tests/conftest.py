"""What all tests share: real clients that may be missing, sample folders, and golden files."""

from __future__ import annotations

import importlib.util
import os
import pkgutil
import shutil
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("DIGEST_PIPELINE_SHARED", PROJECT.parent / "shared"))

# Each run of the suite tries the same examples: it tells of what was changed, never of luck. New ones are
# looked for by ``make fuzz``. Neither looks at the clock: a busy machine is no failure.
UNHURRIED = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("suite", UNHURRIED, derandomize=True, max_examples=100)
settings.register_profile("fuzz", UNHURRIED, max_examples=100 * int(os.environ.get("FUZZ_TIMES", "35")))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--accept``, which rewrites golden files instead of comparing with them."""
    parser.addoption("--accept", action="store_true", help="rewrite the golden files; then read the diff")


def pytest_configure() -> None:
    """Let Ctrl-C be heard: a shell that starts tests in the background makes them and all they start deaf."""
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if deaf and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import all of the package before a property is tried: Hypothesis draws constants of what is imported.

    Otherwise the examples would depend on the tests that the same process ran before.
    """
    if any(item.get_closest_marker("hypothesis") for item in session.items):
        package = importlib.import_module("pipeline")
        for module in pkgutil.walk_packages(package.__path__, "pipeline."):
            importlib.import_module(module.name)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test of real clients where one is missing; fail it if they are required."""
    for marker in item.iter_markers("client"):
        missing = [name for name in marker.args if not _is_there(name)]
        if not missing:
            continue
        reason = f"not installed: {', '.join(missing)}"
        if os.environ.get("REQUIRE_CLIENTS") == "1":
            pytest.fail(f"{reason}, although REQUIRE_CLIENTS=1", pytrace=False)
        pytest.skip(reason)


def _is_there(name: str) -> bool:
    """Look for a program on the path, for an importable package, or for one that Debian brings to Emacs."""
    if shutil.which(name) is not None or importlib.util.find_spec(name) is not None:
        return True
    return any(Path("/usr/share/emacs/site-lisp").glob(f"elpa*/{name}-*"))


@pytest.fixture(autouse=True)
def _state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what runs remember out of the home of whoever tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the sample digests of the project."""
    return PROJECT / "digests"


@pytest.fixture(scope="session")
def seed() -> Path:
    """Give the folder that holds the real day 2024-02-07, or skip."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the shared folder is not present")
    return folder
