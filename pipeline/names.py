"""What stands round a person's name and is no part of it; how initials look."""

from __future__ import annotations

import functools
import re

INITIALS = re.compile(r"[^\W\d_]\.(?:[ -]?[^\W\d_]\.){0,4}")
"""Given names cut short, as they stand behind a family name too: ``J.``, ``K.-R.``, ``A. B.``."""
SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
"""What stands behind a family name and is none."""
AT_HAND = 65_536
"""How many names and titles are remembered: the same come again, of a paper in each pass over the archive."""

# An affiliation, or the name once more in another script: "Ada Lovelace (MIT)", "Ming Li (李明)".
_BRACKET = re.compile(r"(?<=\S)\s{0,9}(?:\([^()]{0,200}\)|（[^（）]{0,200}）|\[[^\[\]]{0,200}\])$")
_TITLE = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.\s?|Professor\s)+(?=\S)")
_DEGREE = re.compile(r"(?<=[^\s,])(?:,\s?|\s)(?:Ph\.?\s?D\.?|M\.?\s?Sc\.?|M\.D\.|MD)$")


@functools.lru_cache(AT_HAND)
def bare(name: str) -> str:
    """Return a person's name without title, degree and the bracket behind it; itself where none is left."""
    short = _BRACKET.sub("", name.strip())
    short = _TITLE.sub("", _DEGREE.sub("", short), count=1) if " " in short else short
    return short or name


@functools.lru_cache(AT_HAND)
def in_order(name: str) -> str:
    """Return a person's `bare` name with the given name first, however it is printed."""
    family, comma, given = bare(name).partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given else bare(name)
