"""The three registries: whatever is registered keeps the same promises, and nothing is forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pipeline
from pipeline import parse, refine, render
from pipeline.archive import Archive, Listing
from pipeline.errors import PipelineError
from pipeline.model import Digest, Site, Source
from pipeline.parse._profile import Profile, Reading
from pipeline.reading import read_all

PACKAGE = Path(pipeline.__file__).parent
DOCS = PACKAGE.parent / "docs"


def over_archive(step: refine.DigestPass) -> refine.ArchivePass:
    """Return a pass over one digest as a pass over the archive."""

    def whole(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:
        return tuple(step(digest, site) for digest in digests)

    whole.__module__ = step.__module__
    return whole


PASSES = (*map(over_archive, refine.DIGEST_PASSES), *refine.ARCHIVE_PASSES)
TEXTS = {
    "empty": "",
    "only-date": "2024-02-07\n",
    "prose": "2024-02-07\nNothing here is a paper.\nNor here.\n",
    "markup": "2024-02-07\n<script>alert(1)</script>\n(<b>A</b>, B)\n]]>&amp;\n#<i>\n",
    "brackets": "2024-02-07\n" + "(" * 500 + "\n" + "[" * 500 + "\n",
}


@pytest.mark.parametrize("folder", ["parse", "refine", "render"])
def test_every_public_module_is_registered(folder: str) -> None:
    public = {path.stem for path in (PACKAGE / folder).glob("[!_]*.py")}
    tree = ast.parse((PACKAGE / folder / "__init__.py").read_text(encoding="utf-8"))
    used = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert public <= used


@pytest.mark.parametrize("profile", parse.PROFILES, ids=lambda profile: profile.name)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("end", parse.FRONT_ENDS, ids=lambda end: end.name)
def test_profiles_read_any_page(end: parse.FrontEnd, text: str, profile: Profile) -> None:
    try:
        pages = end.read(Source(name=f"2024-02-07{end.suffixes[0]}", text=text))
    except PipelineError:
        return
    for page in pages:
        assert profile.recognises(page) in {True, False}
        assert isinstance(profile.read(page), Reading)


@pytest.mark.parametrize("profile", parse.PROFILES, ids=lambda profile: profile.name)
def test_profiles_are_described(profile: Profile) -> None:
    assert f"## {profile.name}" in (DOCS / "formats.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("step", PASSES, ids=lambda step: step.__module__.rpartition(".")[2])
def test_passes_keep_entries_and_run_twice_alike(step: refine.ArchivePass, samples: Path) -> None:
    archive, _ = read_all(samples, Site())

    def applied(digests: tuple[Digest, ...]) -> tuple[Digest, ...]:
        return step(digests, Site())

    once = applied(archive)
    assert [[entry.title for entry in d.entries] for d in once] == [
        [e.title for e in d.entries] for d in archive
    ]
    assert applied(once) == once


@pytest.mark.parametrize("form", render.FORMATS, ids=lambda form: form.file)
def test_formats_give_the_same_bytes_twice(form: render.Format, samples: Path) -> None:
    digests, _ = read_all(samples, Site())
    listings: list[Listing] = [
        render.day_listing(digests[0], Site()),
        render.site_listing(Archive.of(digests), Site()),
    ]
    for listing in listings:
        if listing.kind in form.kinds:
            content = form.render(Site(), listing)
            assert content
            assert content == form.render(Site(), listing)


@pytest.mark.parametrize(
    "form", [*render.FORMATS, *render.BIBLIOGRAPHIES, *render.FEEDS], ids=lambda form: form.file
)
def test_formats_are_described(form: render.Format) -> None:
    assert f"`{form.file}`" in (DOCS / "formats.md").read_text(encoding="utf-8")
