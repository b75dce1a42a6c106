"""What stands at the head of a Markdown file for machines: front matter, or lines of metadata."""

from __future__ import annotations

import re

from pipeline.parse._lines import Line

Meta = tuple[tuple[str, str], ...]

_VALUE = re.compile(r"([A-Za-z_][\w -]{0,40}):\s*(.*)")
_LIST_ITEM = re.compile(r"-\s+(.+)")
# The keys of Pelican and its kin; a block of labelled paper lines has others, such as URL.
_HEAD_KEYS = frozenset(
    "title subtitle number issue date modified category slug author authors tags summary status lang".split()
)
_LONGEST = 60


def read_meta(lines: tuple[Line, ...]) -> tuple[Meta, int]:
    """Return the values at the head of a file, keys in lower case, and how many lines they take.

    Either front matter between two ``---`` lines, or plain ``Key: value`` lines of known keys, a
    date or a number among them, up to a blank line.
    """
    if lines and lines[0].text == "---":
        return _front_matter(lines)
    return _head_lines(lines)


def _front_matter(lines: tuple[Line, ...]) -> tuple[Meta, int]:
    values: list[tuple[str, str]] = []
    for index, line in enumerate(lines[1:_LONGEST], start=1):
        if line.text in {"---", "..."}:
            return tuple(values), index + 1
        found, listed = _VALUE.fullmatch(line.text), _LIST_ITEM.fullmatch(line.text)
        if found:
            values.append((found[1].strip().lower(), found[2].strip().strip("\"'")))
        elif listed and values:  # a YAML list, one value a line
            key, before = values.pop()
            values.append((key, f"{before}, {listed[1].strip(chr(34) + chr(39))}".lstrip(", ")))
    return (), 0


def _head_lines(lines: tuple[Line, ...]) -> tuple[Meta, int]:
    values: list[tuple[str, str]] = []
    for line in lines[:_LONGEST]:
        found = _VALUE.fullmatch(line.text)
        if not found or found[1].lower() not in _HEAD_KEYS:
            break
        values.append((found[1].lower(), found[2].strip()))
    ended = len(values) == len(lines) or not lines[len(values)].text
    if len(values) >= 2 and ended and {key for key, _ in values} & {"date", "number", "issue"}:
        return tuple(values), len(values)
    return (), 0
