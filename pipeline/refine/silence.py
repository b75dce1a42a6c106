"""Drop the problems that an author has silenced with ``# lint: off CODE`` in the file they are in."""

from __future__ import annotations

from msgspec import structs

from pipeline.model import Digest, Site


def refine(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:  # noqa: ARG001 - one signature
    """Return the digests without problems that their files silence."""
    silenced = {pair for digest in digests for pair in digest.silenced}
    if not silenced:
        return digests
    return tuple(
        structs.replace(
            digest, problems=tuple(p for p in digest.problems if (p.file, p.code) not in silenced)
        )
        for digest in digests
    )
