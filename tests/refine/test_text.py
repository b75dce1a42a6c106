"""What one text opens does not reach into the next."""

from __future__ import annotations

import pytest
from costs import BOUND, Work, growth, slowdown
from hypothesis import given
from hypothesis import strategies as st
from made import digest, entry

from pipeline.model import Entry, Site
from pipeline.refine import text

RLO, RLE, LRI, RLI, PDF, PDI = "\u202e", "\u202b", "\u2066", "\u2067", "\u202c", "\u2069"

CLOSED = [
    pytest.param("plain", "plain", id="nothing to do"),
    pytest.param("שלום \u200f!", "שלום \u200f!", id="marks stay"),
    pytest.param(f"a{RLO}b", f"a{RLO}b{PDF}", id="override"),
    pytest.param(f"a{RLI}b", f"a{RLI}b{PDI}", id="isolate"),
    pytest.param(f"{RLE}{LRI}b", f"{RLE}{LRI}b{PDI}{PDF}", id="inner first"),
    pytest.param(f"{RLE}b{PDF}c", f"{RLE}b{PDF}c", id="closed already"),
    pytest.param(f"a{PDF}b{PDI}c", "abc", id="strays"),
    pytest.param(f"{RLO}a\nb", f"{RLO}a{PDF}\nb", id="to the end of its line"),
    pytest.param(f"{RLI}a{RLE}b{PDI}c", f"{RLI}a{RLE}b{PDF}{PDI}c", id="an isolate ends what is in it"),
    pytest.param(f"{RLE}a{RLI}b{PDF}c{PDI}", f"{RLE}a{RLI}bc{PDI}{PDF}", id="an embedding ends no isolate"),
]


def refined(one: Entry) -> Entry:
    return text.refine(digest(one), Site()).entries[0]


@pytest.mark.parametrize(("written", "expected"), CLOSED)
def test_closes_what_is_open(written: str, expected: str) -> None:
    assert refined(entry(written)).title == expected


def test_closes_every_field() -> None:
    one = refined(
        entry(RLO, f"A{RLO}", abstract=f"b{RLO}", says=[f"c{RLO}"], tags=[f"d{RLO}"], other=[f"e{RLO}"])
    )
    assert one.title == RLO + PDF
    assert one.authors[0].name == f"A{RLO}{PDF}"
    assert one.abstract == f"b{RLO}{PDF}"
    assert one.commentary[0].text == f"c{RLO}{PDF}"
    assert (one.tags, one.alternative_titles) == ((f"d{RLO}{PDF}",), (f"e{RLO}{PDF}",))
    day = text.refine(digest(entry("T"), says=[f"f{RLO}"]), Site())
    assert day.introduction[0].text == f"f{RLO}{PDF}"


def test_a_text_of_stray_controls_is_absent_and_never_empty() -> None:
    one = refined(entry(PDF, PDF, "Ada", abstract=PDI, says=[PDF, "x"], tags=[PDF], other=[PDF]))
    assert one == entry(None, "Ada", says=["x"])


@given(st.text(alphabet=["a", "\n", RLO, RLE, LRI, RLI, PDF, PDI], max_size=60))
def test_every_line_is_balanced_and_loses_no_letter(written: str) -> None:
    closed = refined(entry(written)).title or ""
    assert closed.replace(PDF, "").replace(PDI, "") == written.replace(PDF, "").replace(PDI, "")
    for line in closed.split("\n"):
        assert line.count(PDF) == line.count(RLO) + line.count(RLE)
        assert line.count(PDI) == line.count(LRI) + line.count(RLI)
    assert (refined(entry(closed)).title or "") == closed


def test_cost_grows_with_hostile_text() -> None:
    def closing(size: int) -> Work:
        one = entry(RLE * size + PDI * size + PDF * size)
        return lambda: refined(one)

    assert growth(closing, 1_000) < 1.1
    assert slowdown(closing, 100_000) < BOUND
