"""What a configuration says of reading, applied to a page before a profile sees it.

A declared profile is a built-in one that knows further words: its labels and column headers are
written as the built-in profile knows them, and sections without papers are set aside. So a new digest
needs no code, and profiles need not know of configurations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from pipeline.model import DeclaredProfile, Rules
from pipeline.parse._blocks import Block, Page

_COLONS = ":："


def profile_name(name: str, rules: Rules) -> str | None:
    """Return the profile that the configuration sets for a source, by the longest path it lies in."""
    fitting = [(path, profile) for path, profile in rules.folders if _lies_in(name, path)]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None


def with_day(page: Page, rules: Rules) -> Page:
    """Return the page with the day that the configuration gives to its file name or issue number."""
    if not rules.dates:
        return page
    file = page.name.rpartition("/")[2]
    known = (page.name, file, file.partition(".")[0], page.value("issue", "number", "no") or "")
    day = next((date for name, date in rules.dates if name in known), None)
    return structs.replace(page, path=day.isoformat()) if day else page


def as_declared(page: Page, declared: DeclaredProfile) -> Page:
    """Return the page as the built-in profile reads it: known words for the declared ones."""
    words = {_fold(word): field for word, field in declared.labels}
    blocks = [_translated(block, words) for block in page.blocks] if words else page.blocks
    return structs.replace(page, blocks=tuple(_without_sections(blocks, declared.skip)))


def _lies_in(name: str, path: str) -> bool:
    bare = path.strip("/")
    return not bare or name == bare or name.startswith(bare + "/")


def _translated(block: Block, words: Mapping[str, str]) -> Block:
    """Return a row with known headers, or a labelled line with a known label."""
    if block.kind == "row":
        cells = tuple((words.get(_fold(header), header), text) for header, text in block.cells)
        return structs.replace(block, cells=cells)
    at = next((index for index, letter in enumerate(block.text[:80]) if letter in _COLONS), None)
    field = words.get(_fold(block.text[:at])) if at is not None else None
    if at is None or field is None:
        return block
    value = block.text[at + 1 :].lstrip("*_ ")
    return structs.replace(block, kind="paragraph", text=f"{field}: {value}")


def _without_sections(blocks: Sequence[Block], names: tuple[str, ...]) -> list[Block]:
    """Set aside the sections of some names: from their heading to the next of its level or above."""
    skipped = frozenset(map(_fold, names))
    kept: list[Block] = []
    level = 0
    for block in blocks:
        if block.kind == "heading" and (not level or block.level <= level):
            level = block.level if _fold(block.text) in skipped else 0
        kept.append(structs.replace(block, kind="skipped") if level else block)
    return kept


def _fold(text: str) -> str:
    return " ".join(text.strip(" *_`#").casefold().split())
