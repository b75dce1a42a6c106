"""The bibliographies of one day say the same, field by field, whatever the day holds.

The day is `nasty/`: braces without partner, stray dollars, TeX, markup of BibTeX and RIS, names and scripts
of all kinds, identifiers and addresses full of signs.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from examples import tries
from hostile import ENTRIES, digest_of
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from papers import KOREAN, SITE, listing, paper, people, said
from told import Told, by_bibtex, by_csl, by_ris, plain

from pipeline.archive import Days, Listing
from pipeline.model import Digest, Link
from pipeline.reading import read_all
from pipeline.render import bibtex, csl, ris
from pipeline.render._bibliography import render

NASTY = Path(__file__).parent / "nasty"


def site_of(*digests: Digest) -> Listing:
    return Listing(kind="site", path="", title="Digest", language="ko", digests=Days.of(digests))


@pytest.fixture(scope="module")
def nasty() -> Listing:
    digests, problems = read_all(NASTY, SITE)
    assert not problems
    assert [len(digest.entries) for digest in digests] == [30]
    return site_of(*digests)


READERS = [
    pytest.param(lambda listing: by_bibtex(bibtex.PLAIN, listing), id="bibtex"),
    pytest.param(lambda listing: by_bibtex(bibtex.BIBLATEX, listing), id="biblatex"),
    pytest.param(by_ris, id="ris"),
]


@pytest.mark.parametrize("read", READERS)
def test_says_of_a_nasty_day_what_the_csl_says(read: Callable[[Listing], list[Told]], nasty: Listing) -> None:
    for told, expected in zip(read(nasty), by_csl(nasty), strict=True):
        assert told == expected


@pytest.mark.parametrize("read", READERS)
def test_says_of_what_no_parser_gives_what_the_csl_says(read: Callable[[Listing], list[Told]]) -> None:
    listing = site_of(digest_of(*ENTRIES.values()))
    for told, expected in zip(read(listing), by_csl(listing), strict=True):
        assert told == expected


PIECES = [
    *r"""{ } $ $$ $5 \ ^ ^^5c _ ~ % & # @ @misc{x, " ' `` '' -- , = < > ? ! : ; ?! TEL . ER \lambda $x^2$
    \{ \} {\'e} a A GPT-4 and others 한국 中 עב é Ł λ ≤ ∞ ₂ ° 🤗""".split(),
    *" \n\t\u2028\u202e\u2066\u200b\u0301\x00\x1f\x85\ud800\ufffe",
    *("ER  - ", " ", " "),
]
TEXT = st.lists(
    st.sampled_from([*PIECES, " ", " ", "\n", "\t", "\u2028"]) | st.characters(), max_size=25
).map("".join)


@tries(300)
@given(
    texts=st.tuples(TEXT, TEXT, TEXT),
    names=st.lists(st.tuples(TEXT, st.booleans()), max_size=4),
    tags=st.lists(TEXT, max_size=3),
    url=TEXT,
)
@example(
    texts=("", "", ""), names=[("\u200b Ada", False), ("\\lambda\u0301", False)], tags=["\u202e"], url=""
)
def test_says_the_same_of_any_text(
    texts: tuple[str, str, str], names: list[tuple[str, bool]], tags: list[str], url: str
) -> None:
    title, abstract, note = texts
    entry = paper(
        title=title or None,
        abstract=abstract or None,
        commentary=said(*note.split("\n\n")),
        authors=people(*(f"[{name}]" if whole else name for name, whole in names)),
        tags=tuple(tags),
        links=(Link(url=f"https://x.org/{url}", slot="header", line=1),),
    )
    papers = listing(entry, KOREAN)
    expected = by_csl(papers)
    assert [told.key for told in expected] == [entry.key, KOREAN.key]
    assert by_bibtex(bibtex.PLAIN, papers) == expected
    assert by_bibtex(bibtex.BIBLATEX, papers) == expected
    assert by_ris(papers) == expected


@pytest.mark.client("rispy")
def test_rispy_reads_the_ris_whole(nasty: Listing) -> None:
    rispy = importlib.import_module("rispy")
    read = rispy.loads(render(ris.RIS, SITE, nasty).decode())
    for record, expected in zip(read, by_csl(nasty), strict=True):
        assert (record["id"], plain(record["title"])) == (expected.key, expected.title)
        assert tuple(map(plain, record["authors"])) == expected.authors
        assert tuple(map(plain, record.get("keywords", ()))) == expected.keywords
        assert record.get("doi", "") == expected.doi
        assert ";".join(record["urls"]) == expected.url  # it parts addresses there
        assert plain(record.get("abstract", "")) == expected.abstract
        assert plain(" ".join(record.get("notes", ()))) == expected.commentary


@pytest.mark.client("ris2xml")
def test_bibutils_reads_the_ris(nasty: Listing) -> None:
    done = subprocess.run(
        ["ris2xml"], input=render(ris.RIS, SITE, nasty), capture_output=True, check=True, timeout=60
    )
    mods = {"m": "http://www.loc.gov/mods/v3"}
    records = etree.fromstring(done.stdout.lstrip(b"\xef\xbb\xbf")).findall("m:mods", mods)
    for record, expected in zip(records, by_csl(nasty), strict=True):
        assert record.get("ID") == expected.key
        # It parts a title at its colon.
        title = [record.findtext(f"m:titleInfo/m:{part}", "", mods) for part in ("title", "subTitle")]
        assert re.sub(r"\W+", "", plain("".join(title))) == re.sub(r"\W+", "", expected.title)
        # It parts "Johnson and Johnson".
        assert len(record.findall("m:name", mods)) >= len(expected.authors)


@pytest.mark.client("pandoc")
def test_pandoc_reads_the_csl_whole(nasty: Listing) -> None:
    done = subprocess.run(
        ["pandoc", "-f", "csljson", "-t", "csljson"],
        input=render(csl.CSL, SITE, nasty),
        capture_output=True,
        check=True,
        timeout=60,
    )
    read = {item["id"]: item for item in json.loads(done.stdout)}
    assert list(read) == [told.key for told in by_csl(nasty)]
    for told in by_csl(nasty):
        assert read[told.key].get("DOI", "") == told.doi
        assert read[told.key]["URL"] == told.url
        assert len(read[told.key].get("author", ())) == len(told.authors)
