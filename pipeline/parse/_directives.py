"""Words to the linter inside a digest: ``# lint: off CODE`` silences a code in that file."""

from __future__ import annotations

import re

from msgspec import structs

from pipeline.model import Source

_DIRECTIVE = re.compile(
    r"[ \t]*(?:<!--)?[ \t]*#[ \t]*lint:[ \t]*off[ \t]+(?P<codes>[a-z][a-z, -]{0,200}?)[ \t]*(?:-->)?[ \t]*"
)


def take_directives(source: Source) -> tuple[Source, frozenset[str]]:
    """Return the source with its directives emptied, line numbers kept, and the silenced codes."""
    if "lint:" not in source.text:
        return source, frozenset()
    codes: set[str] = set()
    lines: list[str] = []
    for line in source.text.split("\n"):
        found = _DIRECTIVE.fullmatch(line.rstrip("\r"))
        codes.update(found["codes"].replace(",", " ").split() if found else ())
        lines.append("" if found else line)
    return structs.replace(source, text="\n".join(lines)), frozenset(codes)
