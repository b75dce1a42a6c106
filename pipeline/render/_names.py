"""Names of authors taken apart as bibliographies need them: family, given, particle, suffix.

The grammar is BibTeX's, "von Last, Jr, First", with what it gets wrong set right before: a suffix is
no family name, a lower-case given name no particle, an organisation no person.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.model import Author
from pipeline.names import INITIALS, SUFFIX, bare
from pipeline.render._characters import INVISIBLE, clean
from pipeline.render._tex import readable_title

_PARTICLE = frozenset(
    """van von vom zu zum zur der den dem de del della delle dei di da das do dos du des la las le los lo
    el al bin ibn ben ter ten te tot op 't af av y e und""".split()
)
# Capitalised ones begin a family name too ("Luc Van Gool"), unless Vietnamese names have them in the middle.
_CAPITAL_PARTICLE = frozenset("Van Von De Del Della Di Du Dos Des Den Der Ter".split())
_VIETNAMESE = frozenset(
    """nguyen nguyễn tran trần le lê pham phạm hoang hoàng huynh phan vu vũ vo võ dang đặng bui bùi do đỗ
    ho hồ ngo ngô duong dương ly lý dinh đinh truong trương""".split()
)
# Family names come first there, and nothing says where they end.
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W_]")
# What one part of a name opens, another one would close.
_BRACES = re.compile("[{}]+")
_PARTING = frozenset("and others &".split())
_GLUED = re.compile(r"\)(?=\w)")


class Name(Struct, frozen=True, gc=False):
    """One author: the parts of a person's name, or one name whole."""

    family: str | None = None
    """Family name without particle; a person's only name."""
    given: str | None = None
    """Given names."""
    particle: str | None = None
    """What stands before the family name: ``van den``."""
    suffix: str | None = None
    """``Jr.``, ``III``."""
    literal: str | None = None
    """A name never taken apart: an organisation, or a name in East Asian script."""

    @property
    def full_family(self) -> str | None:
        """Return the family name with its particle."""
        return f"{self.particle} {self.family}" if self.particle else self.family


def read_name(author: Author) -> Name | None:
    """Return the parts of an author's name, or None where nothing is left of it."""
    words = author.name.split()
    # Most names; the rest would say the same.
    if len(words) == 2 and author.kind == "person" and author.name.isascii() and "".join(words).isalpha():
        return _person(words)
    name = INVISIBLE.sub("", _BRACES.sub("", readable_title(clean(author.name)))).strip(" ,;")
    if not _LETTER.search(name):
        return None
    name = bare(name) if author.kind == "person" else name
    if author.kind == "organisation" or (not name.isascii() and _EAST_ASIAN.search(name)):
        return Name(literal=name)
    if "," in name:
        return _turned(name)
    words = (_GLUED.sub(") ", name) if ")" in name else name).split()
    # "Johnson and Johnson" is two people or a company; no rule tells which.
    return Name(literal=name) if _PARTING.intersection(words) else _person(words)


def _turned(name: str) -> Name:
    """Take a name that already has its family name first: ``Family, Given``, ``Family, Jr., Given``."""
    family, *middle, given = (part.strip() for part in name.split(","))
    suffix = " ".join(part for part in middle if part)
    if SUFFIX.fullmatch(given) and not suffix:
        person = _person(family.split())
        return Name(person.family, person.given, person.particle, given)
    if SUFFIX.fullmatch(given):  # "King, Martin Luther, Jr."
        given, suffix = suffix, given
    particle, rest = _split_particle(family.split())
    return Name(" ".join(rest) or None, given or None, " ".join(particle) or None, suffix or None)


def _person(words: list[str]) -> Name:
    if INITIALS.fullmatch(words[-1]) and not INITIALS.fullmatch(words[0]) and len(words) > 1:
        return _turned(f"{' '.join(words[:-1])}, {words[-1]}")  # "Smith J.", as medicine prints names
    if len(words) == 2 and words[0] not in _PARTICLE:
        return Name(words[1], words[0])
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else None
    # The first particle behind the first word opens the family name; one in front leaves no given name.
    opening = (at for at in range(1, len(words) - 1) if _opens_family(words, at))
    start = 0 if words[0] in _PARTICLE else next(opening, len(words) - 1)
    particle, family = _split_particle(words[start:])
    return Name(" ".join(family), " ".join(words[:start]) or None, " ".join(particle) or None, suffix)


def _opens_family(words: list[str], at: int) -> bool:
    if words[at] in _CAPITAL_PARTICLE:
        return words[-1].lower() not in _VIETNAMESE
    return words[at] in _PARTICLE


def _split_particle(words: list[str]) -> tuple[list[str], list[str]]:
    """Split lower-case particles off the front; a capitalised one is part of the name itself."""
    count = 0
    while count < len(words) - 1 and words[count] in _PARTICLE:
        count += 1
    return words[:count], words[count:]
