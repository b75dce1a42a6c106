"""The sample digests and every byte that comes of them.

After a change on purpose: ``make accept``, then read the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import Site
from pipeline.run import run

GOLDEN = Path(__file__).parent / "golden"
DAYS = ("2024/02/07", "2024/02/13")
SITE = Site(base_url="https://example.org/", authority="example.org,2024", title="Paper digest")


def built(samples: Path, out: Path) -> dict[str, bytes]:
    """Return the files of two days and of the site, and the list of all."""
    run(samples, out, SITE)
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    kept = (name for name in files if name.startswith(DAYS) or "/" not in name)
    return {name: files[name].read_bytes() for name in kept}


def test_bytes_are_as_accepted(samples: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    made = built(samples, tmp_path / "out")
    if pytestconfig.getoption("--accept"):
        for name, content in made.items():
            path = GOLDEN / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    accepted = {p.relative_to(GOLDEN).as_posix(): p.read_bytes() for p in GOLDEN.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(accepted)
    for name, content in made.items():
        assert content.decode() == accepted[name].decode(), name
