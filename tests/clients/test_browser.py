"""The pages in a real browser, over loopback."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from loopback import served

from pipeline.model import Site
from pipeline.run import run


@pytest.mark.client("chromium")
@pytest.mark.parametrize("page", ["index.html", "2024/02/07/index.html"])
def test_browser_obeys_the_policy_and_shows_the_page(page: str, samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(samples, out, Site())
    with served(out) as site:
        asked = subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={tmp_path}/profile",
                "--enable-logging=stderr",
                "--dump-dom",
                site.url + page,
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
    assert b"CONSOLE" not in asked.stderr  # what a policy refuses, the console says
    assert "MusicRL" in asked.stdout.decode()
    assert ("/style.css", 200) in site.answers
