"""Lines of all cases in any order: nothing crashes, and no line is lost without a word."""

from __future__ import annotations

import re
from pathlib import Path

from examples import tries
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import parse, recognise
from pipeline.parse._markdown import read_markdown

CASES = Path(__file__).parent / "cases"
LINES = sorted(
    {
        line
        for folder in ("note", "review")
        for path in (CASES / folder).glob("*.md")
        for line in path.read_text(encoding="utf-8").split("\n")
    }
)
TEXTS = st.lists(st.sampled_from([*LINES, "", "", "---", "```", "> ", "|a|b|", "|-|-|"]), max_size=25).map(
    "\n".join
)
# Where a reference link leads is said where it stands.
DEFINITION = re.compile(r"\s*\[[^\]]+\]:\s*<?([^\s<>]+)")


@tries(300)
@given(TEXTS)
def test_no_line_is_lost_silently(text: str) -> None:
    source = Source(name="2024/240301 T.md", text=text)
    try:
        digests = parse(source)
    except SourceError:
        return  # told as the file's own problem: nothing in it looks like a paper
    if recognise(read_markdown(source)).name in {"note", "review"}:  # others tell what they leave
        assert "unclaimed-line" not in [found.code for digest in digests for found in digest.problems]


@tries(300)
@given(TEXTS)
@example('words[1].\n[1]: https://example.org/foot "words"')
def test_every_line_is_in_a_block(text: str) -> None:
    text = "first\n" + text  # no front matter
    blocks = read_markdown(Source(name="a.md", text=text)).blocks
    taken = {line for block in blocks for line in range(block.first, block.last + 1)}
    told = "\n".join(block.text for block in blocks)
    hidden = "<!--" in text
    for number, line in enumerate(text.split("\n"), start=1):
        definition = DEFINITION.match(line)
        led_to = definition is not None and definition[1] in told
        assert hidden or not line.strip() or number in taken or led_to
