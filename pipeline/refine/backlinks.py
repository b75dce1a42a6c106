"""Tell of every entry what it points back to: earlier talk of papers it mentions, pages of its tags.

Only what earlier days say counts, and the day itself: a digest of tomorrow changes no entry of today,
so that feeds of months past stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from pipeline.model import Digest, Earlier, Entry, Mentioned, Site
from pipeline.refine._identifiers import identify
from pipeline.refine._past import Past


def refine(digests: tuple[Digest, ...], site: Site, past: Past | None = None) -> tuple[Digest, ...]:
    """Return the digests, which come oldest first and with identities, with what entries point back to.

    ``past`` is where the days before these have led, and is carried on.
    """
    past = past or Past()
    days, entries_of = past.discussed, past.tagged
    refined: list[Digest] = []
    for digest in digests:
        for tag in (tag for entry in digest.entries for tag in entry.folded_tags):
            entries_of[tag] = entries_of.get(tag, 0) + 1
        entries = tuple(
            structs.replace(
                entry,
                mentioned=_mentioned(entry, days),
                topics=tuple(t for t in entry.folded_tags if entries_of[t] >= site.tag_feed_entries),
            )
            for entry in digest.entries
        )
        for entry in entries:
            if entry.identifiers.arxiv:
                met = Earlier(date=entry.date, anchor=entry.anchor)
                days[entry.identifiers.arxiv] = (*days.get(entry.identifiers.arxiv, ()), met)
        refined.append(structs.replace(digest, entries=entries))
    return tuple(refined)


def _mentioned(entry: Entry, days: Mapping[str, tuple[Earlier, ...]]) -> tuple[Mentioned, ...]:
    """Return the other papers of the archive that the texts of an entry name, each once."""
    named = (identify(link.url).arxiv for link in entry.links if link.slot == "text")
    others = dict.fromkeys(arxiv for arxiv in named if arxiv and arxiv != entry.identifiers.arxiv)
    return tuple(Mentioned(arxiv=arxiv, days=days[arxiv]) for arxiv in others if arxiv in days)
