"""What an author wrote as HTML: the smallest passages that show each rule."""

from __future__ import annotations

import pytest

from pipeline.render._passages import blocks, unlinked

LINK = '<a href="https://example.org/x" rel="noopener noreferrer">{}</a>'
DEEP = "\n".join(" " * level + "- a" for level in range(12))


@pytest.mark.parametrize(
    ("passage", "shown"),
    [
        ("a\nb", "<p>a<br>\nb</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n  more", "<ul><li>a<br>\nmore</li></ul>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("1. a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        (
            "1. a\n  1. b\n  2. c\n2. d",
            "<ol><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ol>",
        ),
        ("1. a\n  - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("  - a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a", "<p>1. a</p>"),
        ("2. a", "<p>2. a</p>"),
        ("2024. A year", "<p>2024. A year</p>"),
        ("2. a\n3. b", "<p>2. a<br>\n3. b</p>"),
        ("1. a\n1. b", "<p>1. a<br>\n1. b</p>"),
        ("1. a\n- b\n2. c", "<p>1. a<br>\n- b<br>\n2. c</p>"),
        ("- a\n  2. b", "<p>- a<br>\n  2. b</p>"),
        (DEEP, "<ul><li>a" * 9 + "</li><li>a" * 3 + "</li></ul>" * 9),
        ("- ", "<ul><li></li></ul>"),
        ("## A <heading>", "<p><strong>A &lt;heading&gt;</strong></p>"),
        ("#a tag", "<p>#a tag</p>"),
        ("# a\nb", "<p># a<br>\nb</p>"),
        ("```py\ndef f():\n    return <x>\n```", "<pre><code>def f():\n    return &lt;x&gt;</code></pre>"),
        ("~~~\n\n- a\n~~~", "<pre><code>\n- a</code></pre>"),
        ("```\n```", "<pre><code></code></pre>"),
        ("```\na", "<p>```<br>\na</p>"),
        ("[a](https://example.org/x)", f"<p>{LINK.format('a')}</p>"),
        ("![a](https://example.org/x)", f"<p>{LINK.format('a')}</p>"),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
    ],
    ids=lambda text: text[:20],
)
def test_passage_is_shown(passage: str, shown: str) -> None:
    assert blocks(passage) == shown


def test_summary_says_labels_alone() -> None:
    assert unlinked("a [b](https://example.org/x) ![c](https://example.org/y)") == "a b c"
