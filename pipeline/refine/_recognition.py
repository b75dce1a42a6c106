"""Which entry of a day is which of those that were published of it: corrected, but the same.

Certain signs go before weaker ones, and each entry is taken once. Titles that merely resemble each
other count at a ratio that, with first author and figures alike, took 3 of 1,723 real papers for
another; here both stand on one day besides, and one of them is gone.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator

from msgspec import structs

from pipeline.model import Entry
from pipeline.refine._papers import first_author, folded, own_links

_ALIKE = 0.9
_GAP = 0.05
_LONGEST = 400
_MOST = 400
_MANY = 80
# Figures tell the parts of a series apart, Roman ones too.
_FIGURES = re.compile(r"[0-9]+|\b[ivx]+\b")

Sign = Callable[[Entry], Hashable | None]


def recognised(entries: tuple[Entry, ...], published: tuple[Entry, ...]) -> dict[int, int]:
    """Return for the place of an entry that of the published one that it is, both counted from 0.

    Both are of one day. An entry has an anchor where the ledger says with which it was published.
    """
    found: dict[int, int] = {}
    for sign, certain in _SIGNS:
        found |= _by_sign(entries, published, found, sign, certain=certain)
    found |= _by_likeness(entries, published, found)
    # Last, for papers of different people may be called alike: then one stays, as a rule.
    return found | dict(_by_sign(entries, published, found, _title, certain=False))


def visible(entry: Entry) -> tuple[str | tuple[str, ...] | None, ...]:
    """Return what a reader sees of an entry; not how a version of this program classes it.

    That is, in this order: title, authors, abstract, commentary, tags, links.
    """
    return (
        entry.title,
        tuple(author.name for author in entry.authors),
        entry.abstract,
        tuple(passage.text for passage in entry.commentary),
        entry.tags,
        tuple(link.url for link in entry.links),
    )


def _heading(entry: Entry) -> Hashable | None:
    return (entry.title, tuple(author.name for author in entry.authors)) if entry.title else None


def _anchor(entry: Entry) -> Hashable | None:
    return entry.anchor or None


def _arxiv(entry: Entry) -> Hashable | None:
    return entry.identifiers.arxiv


def _doi(entry: Entry) -> Hashable | None:
    return entry.identifiers.doi


def _link(entry: Entry) -> Hashable | None:
    return next((link.url for link in own_links(entry)), None)


def _title(entry: Entry) -> Hashable | None:
    return folded(entry.title) if entry.title else None


def _said(entry: Entry) -> Hashable | None:
    """Return the words of abstract and commentary, if so many that no two papers share them."""
    words = (entry.abstract or "", *(passage.text for passage in entry.commentary))
    return words if sum(map(len, words)) >= _MANY else None


# A certain sign pairs its bearers in their order, others must be unique and not contradicted.
_SIGNS: tuple[tuple[Sign, bool], ...] = (
    (visible, True),
    (_heading, True),
    (_anchor, True),
    (_arxiv, False),
    (_doi, False),
    (_link, False),
    (_said, False),
)


def _by_sign(
    entries: tuple[Entry, ...],
    published: tuple[Entry, ...],
    found: dict[int, int],
    sign: Sign,
    *,
    certain: bool,
) -> Iterator[tuple[int, int]]:
    """Give the pairs that share a sign, of those that are not found yet."""
    waiting: dict[Hashable, list[int]] = {}
    for place in _others(published, found.values()):
        waiting.setdefault(sign(published[place]), []).append(place)
    free = list(_others(entries, found))
    times = Counter(sign(entries[place]) for place in free)
    for place in free:
        mark = sign(entries[place])
        same = waiting.get(mark, []) if mark is not None else []
        alone = len(same) == times[mark] == 1 and not _apart(entries[place], published[same[0]])
        if same and (certain or alone):
            yield place, same.pop(0)


def _by_likeness(
    entries: tuple[Entry, ...], published: tuple[Entry, ...], found: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Give the pairs whose titles are alike, each clearly the best choice of the other."""
    left = {place: _trait(published[place]) for place in _others(published, found.values())}
    free = {place: _trait(entries[place]) for place in _others(entries, found)}
    pairs = [
        (place, other)
        for place in free
        for other in left
        if free[place] is not None and free[place] == left[other]
    ]
    if len(pairs) > _MOST:  # a day of which so much is new was written again, not corrected
        return
    ratios = {
        (place, other): _ratio(entries[place].title or "", published[other].title or "")
        for place, other in pairs
        if not _apart(entries[place], published[other])
    }
    for (place, other), ratio in ratios.items():
        rivals = (r for (p, o), r in ratios.items() if (p == place) != (o == other))
        if ratio >= _ALIKE and ratio - max(rivals, default=0) >= _GAP:
            yield place, other


def _others(all_of_them: tuple[Entry, ...], taken: Iterable[int]) -> Iterator[int]:
    known = set(taken)
    return (place for place in range(len(all_of_them)) if place not in known)


def _trait(entry: Entry) -> Hashable | None:
    """Return what a corrected title leaves as it was: first author and figures."""
    if not entry.title or not entry.authors:
        return None
    return first_author(entry), tuple(_FIGURES.findall(entry.title.casefold()))


def _ratio(one: str, other: str) -> float:
    """Return how much of two titles is the same, 0 to 1; of titles beyond all measure 0."""
    first, second = folded(one), folded(other)
    if max(len(first), len(second)) > _LONGEST:
        return 0
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    rough = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return matcher.ratio() if rough >= _ALIKE - _GAP else rough


def _apart(one: Entry, other: Entry) -> bool:
    """Tell whether both have an identifier of one kind, and not the same."""
    mine, theirs = structs.astuple(one.identifiers), structs.astuple(other.identifiers)
    return any(a and b and a != b for a, b in zip(mine, theirs, strict=True))
