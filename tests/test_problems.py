"""The table of problems: permanent codes, all of them documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.problems import KINDS, Kind, problem

DOCS = Path(__file__).parent.parent / "docs" / "problems.md"


def test_codes_are_unique_and_plain() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_kinds_are_documented_with_their_weight(kind: Kind) -> None:
    assert f"| `{kind.code}` | {kind.severity} |" in DOCS.read_text(encoding="utf-8")


def test_problem_fills_the_message() -> None:
    found = problem("unclaimed-line", "a.txt", 3, text="odd")
    assert (found.file, found.line, found.column, found.severity) == ("a.txt", 3, 1, "warning")
    assert "'odd'" in found.message


def test_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        problem("no-such-code", "a.txt", 1)
