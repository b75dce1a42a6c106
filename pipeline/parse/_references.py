"""Reference links of Markdown: ``[T][ref]`` becomes ``[T](U)`` before any profile looks at it.

A profile must see where a link leads; the definition, far below, is no content of any entry.
CommonMark 0.31, sections 4.7 and 6.3, with definitions of one line that name a web address.
"""

from __future__ import annotations

import re

from msgspec import structs

from pipeline.parse._lines import Line

_DEFINITION = re.compile(
    r"\[([^\[\]^][^\[\]]{0,200})\]:\s*<?((?:https?://|www\.)[^\s<>]+)>?(?:\s+[\"'(].{0,300})?"
)
_USE = re.compile(r"\[([^\[\]]{1,400})\](?:\[([^\[\]]{0,200})\])?(?![\[(:])")


def resolve_references(lines: list[Line]) -> list[Line]:
    """Return the lines with reference links written out and the definitions in use emptied.

    A definition that nothing refers to stays, so that it is reported like any other line.
    """
    found = {index: _DEFINITION.fullmatch(line.text) for index, line in enumerate(lines)}
    targets = {_fold(match[1]): match[2] for match in found.values() if match}
    if not targets:
        return lines
    used: set[str] = set()

    def written_out(use: re.Match[str]) -> str:
        name = _fold(use[2] or use[1])
        if name not in targets:
            return use[0]
        used.add(name)
        return f"[{use[1]}]({targets[name]})"

    texts = [line.text if found[i] else _USE.sub(written_out, line.text) for i, line in enumerate(lines)]
    return [
        structs.replace(line, text="" if match and _fold(match[1]) in used else text)
        for line, text, match in zip(lines, texts, found.values(), strict=True)
    ]


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
