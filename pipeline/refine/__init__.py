"""Stage 3: a digest becomes a better one, pass by pass; a pass is one file.

Passes over one digest come first. Passes over the archive see all days at once: what they say of an
entry depends on the days before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial, reduce

from pipeline.model import Digest, Ledger, Site
from pipeline.refine import backlinks, identity, language, links, merge, silence, tags, text
from pipeline.refine._settle import settle

__all__ = [
    "ARCHIVE_PASSES",
    "DIGEST_PASSES",
    "NOTHING_KNOWN",
    "ArchivePass",
    "DigestPass",
    "refine",
    "settle",
]

DigestPass = Callable[[Digest, Site], Digest]
ArchivePass = Callable[[tuple[Digest, ...], Site], tuple[Digest, ...]]

DIGEST_PASSES: tuple[DigestPass, ...] = (text.refine, links.refine, tags.refine, language.refine)
ARCHIVE_PASSES: tuple[ArchivePass, ...] = (merge.refine, identity.refine, backlinks.refine, silence.refine)
NOTHING_KNOWN = Ledger()


def refine(digests: Iterable[Digest], site: Site, ledger: Ledger = NOTHING_KNOWN) -> tuple[Digest, ...]:
    """Return one refined digest a day, oldest first; ``digests`` come in the order of file names.

    ``ledger`` is what history says of identity: of all passes that one alone asks for it.
    """
    remembering: dict[ArchivePass, ArchivePass] = {identity.refine: partial(identity.refine, ledger=ledger)}
    single = tuple(reduce(lambda digest, step: step(digest, site), DIGEST_PASSES, d) for d in digests)
    passes = (remembering.get(step, step) for step in ARCHIVE_PASSES)
    return reduce(lambda archive, step: step(archive, site), passes, single)
