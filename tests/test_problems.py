"""The table of problems: permanent codes, all of them documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.problems import KINDS, problem

DOCS = Path(__file__).parent.parent / "docs" / "problems.md"


def test_codes_are_unique_and_plain() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in codes)


def table() -> str:
    """Return the rows of the documentation as the code says them."""
    cells = ((f"`{kind.code}`", kind.severity, kind.message, kind.hint) for kind in KINDS)
    rows = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in cells)
    return "".join(f"| {row} |\n" for row in rows)


def test_every_kind_is_documented(pytestconfig: pytest.Config) -> None:
    text = DOCS.read_text(encoding="utf-8")
    head, rule, _ = text.partition("| --- | --- | --- | --- |\n")
    if pytestconfig.getoption("--accept"):
        DOCS.write_text(head + rule + table(), encoding="utf-8")
        return
    assert text == head + rule + table()


def test_problem_fills_the_message() -> None:
    found = problem("unclaimed-line", "a.txt", 3, text="odd")
    assert (found.file, found.line, found.column, found.severity) == ("a.txt", 3, 1, "warning")
    assert "'odd'" in found.message


def test_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        problem("no-such-code", "a.txt", 1)
