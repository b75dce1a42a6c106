"""A workflow of GitHub Actions that publishes to GitHub Pages.

Its syntax: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pipeline.errors import ScheduleError
from pipeline.schedules._job import Every, Job, Text, crontab_times

_SHORTEST = 5
"""Minutes between two runs that GitHub starts by the clock."""


def texts(job: Job) -> tuple[Text, ...]:
    """Return the workflow.

    Raise ScheduleError for an interval that GitHub does not keep, and for paths outside the repository.
    """
    if isinstance(job.timing, Every) and job.timing.minutes < _SHORTEST:
        raise ScheduleError(
            f"GitHub runs nothing more often than every {_SHORTEST} minutes", subject="github"
        )
    values = {
        "NAME": job.name,
        "TIMES": crontab_times(job.timing),
        "REQUIREMENT": _quoted(job.requirement),
        "CONFIG": _quoted(_inside(job.config, job.root) if job.config else ""),
        "LEDGER": _quoted(_inside(job.ledger, job.root)),
        "DIGESTS": _quoted(_inside(job.digests, job.root)),
    }
    content = re.sub("<([A-Z]+)>", lambda place: values[place[1]], _WORKFLOW)
    return (Text(path=f".github/workflows/{job.name}.yml", content=content),)


def _inside(path: Path, root: Path) -> str:
    """Return a path as seen from the root of the repository, which is where runs start."""
    if not path.is_relative_to(root):
        raise ScheduleError("lies outside the repository", subject=str(path), hint=f"whose root is {root}")
    return path.relative_to(root).as_posix()


def _quoted(text: str) -> str:
    """Return a YAML scalar: JSON's strings are some of YAML's. What GitHub would evaluate stays text."""
    return json.dumps(text.replace("${{", "${{ '${{' }}"), ensure_ascii=False)


_WORKFLOW = """\
# Builds the digests and publishes them to GitHub Pages. In the repository's settings, under Pages, the
# source is to be "GitHub Actions".
name: <NAME>

on:
  push:
  workflow_dispatch:
  schedule:
    - cron: "<TIMES>" # by UTC

# Runs follow each other: none is broken off between the ledger and the site that belongs to it.
concurrency:
  group: <NAME>
  cancel-in-progress: false

permissions: {}

env:
  REQUIREMENT: <REQUIREMENT>
  CONFIG: <CONFIG>
  LEDGER: <LEDGER>
  DIGESTS: <DIGESTS>
  OUT: out

jobs:
  build:
    if: github.event_name == 'schedule' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: write # the ledger is committed
    outputs:
      code: ${{ steps.run.outputs.code }}
    steps:
      # The newest commit is enough: history that counts stands in the ledger, not in commits.
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install "$REQUIREMENT"

      # What was published last, by which a run knows what was corrected since.
      - id: published
        uses: actions/cache/restore@v4
        with:
          path: ${{ env.OUT }}
          key: <NAME>-${{ github.run_id }}-${{ github.run_attempt }}
          restore-keys: <NAME>-
      - if: steps.published.outputs.cache-matched-key == ''
        run: echo "::warning::nothing is known of what was published last; corrections since then pass as new"

      # 3: published, but some entries were skipped. That fails the workflow at its end, after publishing.
      - id: run
        run: |
          code=0
          digest-pipeline run ${CONFIG:+--config "$CONFIG"} --ledger "$LEDGER" "$DIGESTS" "$OUT" || code=$?
          echo "code=$code" >>"$GITHUB_OUTPUT"
          test "$code" = 0 || test "$code" = 3

      # Ids, keys and dates that this run settled must be known to the next, or readers get entries twice.
      # They are pushed before the site is: if that fails, the old site stands.
      - id: ledger
        run: |
          test -f "$LEDGER" || exit 0
          git add -- "$LEDGER"
          git diff --cached --quiet && exit 0
          git config user.name "github-actions[bot]"
          git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
          git commit --quiet --message "Record what was published"
          git push --quiet
      - uses: actions/cache/save@v4
        with:
          path: ${{ env.OUT }}
          key: <NAME>-${{ github.run_id }}-${{ github.run_attempt }}
      - uses: actions/upload-pages-artifact@v3
        with:
          path: ${{ env.OUT }}
      - if: steps.run.outputs.code == '3'
        run: digest-pipeline lint ${CONFIG:+--config "$CONFIG"} --format github "$DIGESTS" || true

  publish:
    needs: build
    runs-on: ubuntu-latest
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.pages.outputs.page_url }}
    steps:
      - id: pages
        uses: actions/deploy-pages@v4
      - if: needs.build.outputs.code == '3'
        run: |
          echo "::error::published, but some entries were skipped; the annotations of the build name them"
          exit 3
"""
