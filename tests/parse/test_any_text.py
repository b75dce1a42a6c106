"""Whatever an author types, reading gives a digest or a `PipelineError`, and loses no line silently."""

from __future__ import annotations

import contextlib

import pytest
from examples import tries
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.model import Source
from pipeline.parse import FRONT_ENDS, parse

LINES = st.one_of(
    st.sampled_from(
        [
            "2024-02-07",
            "2024년 2월 7일",
            "# 240207 제목",
            "A Title: With a Colon",
            "*Emphasised* (Ada Lovelace, Alan Turing)",
            "(Ada Lovelace, Alan Turing)",
            "(never closed, Alan Turing",
            "> quoted",
            ">",
            "## [Title](https://arxiv.org/abs/2402.04229)",
            "https://arxiv.org/abs/2402.04229",
            "https://arxiv.org/abs/2402.04229 words behind",
            "재미있네요. (정말로.)",
            "English words in a row.",
            "#tag #other_tag",
            "<english>",
            "</english>",
            "# Links",
            "[[wikilink]]",
            "- item",
            "  continued",
            "| a | b |",
            "|---|---|",
            "---",
            "```",
            "<!-- comment",
            "-->",
            "",
        ]
    ),
    st.text(max_size=40),
)
NAMES = st.sampled_from(
    [f"{stem}{end.suffixes[0]}" for end in FRONT_ENDS for stem in ("2024-02-07", "notes")]
)


@tries(400)
@given(name=NAMES, lines=st.lists(LINES, max_size=25), ends=st.sampled_from(["\n", "\r\n", "\r"]))
def test_only_our_errors_are_raised(name: str, lines: list[str], ends: str) -> None:
    with contextlib.suppress(PipelineError):
        parse(Source(name=name, text=ends.join(lines)))


@pytest.mark.parametrize("character", ["\x00", "\u0002", "\ufffe", "\x85", "\u2028", "\x0c"])
@pytest.mark.parametrize("name", ["2024-02-07.txt", "2024-02-07.md"])
def test_odd_characters_cut_no_line(name: str, character: str) -> None:
    title = f"A{character}B Title (Ada Lovelace, Alan Turing)"
    text = f"https://arxiv.org/abs/2402.04229\n\n{title}\n\n재미있네요.\n#tag"
    (digest,) = parse(Source(name=name, text=text))
    assert [len(entry.authors) for entry in digest.entries] == [2]
