"""TeX in a digest's text becomes what a reader should see, and text becomes what a field may hold."""

from __future__ import annotations

import pytest
from costs import BOUND, Work, growth, slowdown
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render._escape import (
    ascii_only,
    initials,
    keywords,
    printed,
    printed_title,
    prose,
    verbatim,
)
from pipeline.render._tex import readable, readable_title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain words", "plain words", id="plain"),
        pytest.param(r"LiPO-{\lambda}", "LiPO-λ", id="macro-in-a-group"),
        pytest.param(r"our \variant wins", "our variant wins", id="unknown-macro"),
        pytest.param(r"\ours{} wins", "ours wins", id="unknown-macro-empty-group"),
        pytest.param(r"\input{/etc/passwd}", "input /etc/passwd", id="never-run"),
        pytest.param(r"80.7\% \& \#1 a\_b", "80.7% & #1 a_b", id="escaped-signs"),
        pytest.param(r"in $O(n^2)$ time", "in O(n²) time", id="maths"),
        pytest.param(r"$O(n\log n)$", "O(n log n)", id="function"),
        pytest.param(r"$x_{0.5} \leq \alpha_i^{T}$", "x₀.₅ ≤ αᵢᵀ", id="scripts"),
        pytest.param(r"$x^{a+b}$ and $L_{text}$", "x^(a+b) and L_text", id="scripts-unicode-lacks"),
        pytest.param(r"$\frac{a+b}{2}$, $\sqrt{T}$", "(a+b)/2, √T", id="fraction-and-root"),
        pytest.param(r"$\mathbb{R}$ and $\mathcal{O}$", "ℝ and O", id="letters-of-maths"),
        pytest.param(r"\textbf{x} {\bf y} \emph{z}", "x y z", id="dress"),
        pytest.param("``quoted'' text", "“quoted” text", id="quotes"),
        pytest.param("```code``` ''", "```code``` ''", id="no-quotes-in-code"),
        pytest.param("3--5, a -- b, x---y, --flag", "3–5, a – b, x—y, --flag", id="dashes"),
        pytest.param("from $5 to $6, not $7-$8", "from $5 to $6, not $7-$8", id="money"),
        pytest.param(r"\$10,000 and \$4,000", "$10,000 and $4,000", id="escaped-money"),
        pytest.param("US$5 million or 10$", "US$5 million or 10$", id="money-behind"),
        pytest.param(
            r"M\"uller, Erd\H{o}s, na\"{\i}ve, Fran\c{c}ois", "Müller, Erdős, naïve, François", id="accents"
        ),
        pytest.param(r"Stra\ss e, \O{}re", "Straße, Øre", id="letters"),
        pytest.param(r"a\~{}b\^{}c", "a~b^c", id="signs-by-accents"),
        pytest.param(r"\{0,1\}", "{0,1}", id="braces-meant"),
        pytest.param('{"a": 1}', '{"a": 1}', id="braces-of-code"),
        pytest.param("a } b { c", "a  b  c", id="lone-braces"),
        pytest.param(r"a \} b", "a  b", id="lone-escaped-brace"),
        pytest.param(r"C:\Users\me", r"C:\Users\me", id="path"),
        pytest.param(r"Vaswani et al.~(2017) $x$, ~100B", "Vaswani et al. (2017) x, ~100B", id="ties"),
        pytest.param(r"\href{https://x.org}{here} \cite{k}", "here [k]", id="references"),
        pytest.param(r"\today", "today", id="no-clock"),
        pytest.param("\\", "\\", id="lone-backslash"),
    ],
)
def test_readable(text: str, expected: str) -> None:
    assert readable(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{BERT}: {P}re-training", "BERT: Pre-training", id="braces-keep-capitals"),
        pytest.param("U$^2$-Net", "U²-Net", id="raised"),
        pytest.param("H$_2$O", "H₂O", id="lowered"),
        pytest.param("$P+$: Extended", "P+: Extended", id="letters"),
        pytest.param("𝗗𝗦𝗣 for 𝑛 steps", "DSP for n steps", id="letters-in-disguise"),
        pytest.param(" Wrapped\n  title ", "Wrapped title", id="one-line"),
    ],
)
def test_readable_title(text: str, expected: str) -> None:
    assert readable_title(text) == expected


HOSTILE = ["{", "}", "$", "\\", "^{", "$^{", "\\frac{", "``", "$a", "\\'", "{}", "--", "\\sqrt ", "~", "$ $"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_cost_grows_with_hostile_text(piece: str) -> None:
    def writing(size: int) -> Work:
        text = piece * (size // len(piece))
        return lambda: (prose(readable(text)), printed(readable(text)))

    assert growth(writing, 1_000) < 1.25
    assert slowdown(writing, 100_000) < BOUND


@given(st.text(st.sampled_from("ab1 {}$\\^_~%&#`'-\"<>\n"), max_size=60))
def test_leaves_no_lone_brace(text: str) -> None:
    for read in (readable(text), readable_title(text)):
        depth = 0
        for sign in read:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("80% & #1 a_b $5", r"80\% \& \#1 a\_b \$5", id="specials"),
        pytest.param("$5, $6 and $7", r"\$$5$, \$$6$ and \$7", id="two-dollars-are-no-maths-to-zotero"),
        pytest.param("US$, $$", r"US\$${}$, \$${}$\$", id="nor-without-figures"),
        pytest.param("$5 < 6", r"\$$5$ $<$ 6", id="nor-before-less"),
        pytest.param("{0}", r"\{0\}", id="braces"),
        pytest.param("}{", "", id="lone-braces"),
        pytest.param("x<y>z", "x$<$y$>$z", id="less-and-more"),
        pytest.param(r"~100 C:\x 2^3", "∼100 C:∖x 2^3", id="no-common-spelling"),
        pytest.param("--flag ''", "-{}-flag '{}'", id="ligatures"),
        pytest.param("정말?! 와!! INTEL", "정말?{}! 와!{}! INT{}EL", id="what-zotero-joins"),
        pytest.param("a\n@misc{x}", r"a @misc\{x\}", id="no-line-begins-an-entry"),
        pytest.param("a\n\nlr = 1\n\nb", "a lr = 1\n\nb", id="no-line-begins-a-field"),
        pytest.param("^^5cinput", "^{}^5cinput", id="no-sign-by-its-code"),
        pytest.param("λ ≤ 한국어 🤗", "λ ≤ 한국어 🤗", id="unicode"),
        pytest.param("a\x00b\x1fc\x85d", "abcd", id="controls"),
    ],
)
def test_prose(text: str, expected: str) -> None:
    assert prose(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "in_ascii"),
    [
        pytest.param("Zalán Žižek", "Zalán Žižek", r"Zal{\'{a}}n {\v{Z}}i{\v{z}}ek", id="accents"),
        pytest.param(
            "Nguyễn, Phạm", r"Nguyễn, Ph{\d{a}}m", r"Nguy{\~{\^{e}}}n, Ph{\d{a}}m", id="two-accents"
        ),
        pytest.param("ậ", "ậ", r"{\d{\^{a}}}", id="above-before-below"),
        pytest.param("Phương, Thảo, ờ", "Phương, Thảo, ờ", r"Phuong, Thao, {\`{o}}", id="no-accent-of-tex"),
        pytest.param("x\u0302, Z\u0308", r"{\^{x}}, {\"{Z}}", r"{\^{x}}, {\"{Z}}", id="not-composed"),
        pytest.param(
            "x\u20d7, β\u0302",
            r"{$\vec{x}$}, {$\hat{\beta}$}",
            r"{$\vec{x}$}, {$\hat{\beta}$}",
            id="marked-maths",
        ),
        pytest.param("LiPO-λ", r"LiPO-{$\lambda$}", r"LiPO-{$\lambda$}", id="greek"),
        pytest.param("H₂O, n²", "H{$_{2}$}O, n²", "H{$_{2}$}O, n{$^{2}$}", id="scripts"),
        pytest.param("a ≤ b → c", r"a {$\leq$} b → c", r"a {$\leq$} b {$\rightarrow$} c", id="maths"),
        pytest.param("“q” – ß", "“q” – ß", r"``q'' -- {\ss}", id="punctuation"),
        pytest.param("김철수 et al.", "김철수 et al.", "[?] et al.", id="no-spelling"),
        pytest.param(
            "a~b^c_d",
            r"a˜b\textasciicircum{}c\_d",
            r"a\textasciitilde{}b\textasciicircum{}c\_d",
            id="specials",
        ),
        pytest.param("A\u200bB \u202eC\u202c\u2060", "AB C", "AB C", id="invisible"),
        pytest.param("\\", r"{\textbackslash}", r"{\textbackslash}", id="backslash"),
    ],
)
def test_printed(text: str, expected: str, in_ascii: str) -> None:
    assert printed(text) == expected
    assert ascii_only(printed(text)) == in_ascii


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x.org/a_b%20c#d&e=~f", "https://x.org/a_b%20c#d&e=~f"),
        ("https://x.org/{a}\\ b", "https://x.org/%7Ba%7D%5C%20b"),
        ("https://x.org/한", "https://x.org/%ED%95%9C"),
        ("10.1000/a_b<c>", "10.1000/a_b<c>"),
    ],
    ids=["raw", "breaking", "unicode", "doi"],
)
def test_verbatim(text: str, expected: str) -> None:
    assert verbatim(text) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Léonard", "Léonard"),
        ("Émile Žiga-Łukasz", r"{\'{E}}mile {\v{Z}}iga-{\L}ukasz"),
        ("철수", "철수"),
        ("A.Å.", r"A.{\r{A}}."),
    ],
)
def test_initials(given: str, expected: str) -> None:
    assert initials(given) == expected


def test_keywords_are_nearly_verbatim() -> None:
    assert keywords("efficient_training, r&d, c#, 100%") == r"efficient_training, r&d, c\#, 100\%"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("MusicRL: Aligning Music", "{MusicRL}: Aligning Music", id="inner-capitals"),
        pytest.param("DeepSeek-V3 and GPT-4", "{DeepSeek-V3} and {GPT-4}", id="with-numbers"),
        pytest.param("EVA-CLIP-18B: Scaling CLIP", "{EVA-CLIP-18B}: Scaling {CLIP}", id="all-capitals"),
        pytest.param("Learning-to-Rank In-Context", "Learning-to-Rank In-Context", id="ordinary-hyphens"),
        pytest.param("CLIP-Guided Text-to-3D", "{CLIP}-Guided Text-to-{3D}", id="part-of-a-word"),
        pytest.param("Mamba-2, Qwen2.5 and Llama 3", "{Mamba-2}, {Qwen2.5} and Llama 3", id="numbered-names"),
        pytest.param("A U-Net, K-Means, A* and I", "A {U}-Net, {K}-Means, {A}* and {I}", id="single-letters"),
        pytest.param("Can Mamba Learn? A Study", "Can Mamba Learn? {A} Study", id="behind-a-question"),
        pytest.param("Stop! “Why” Not", "Stop! “{Why}” Not", id="behind-a-cry"),
        pytest.param("Mamba: A Study. New", "Mamba: A Study. New", id="behind-a-colon-styles-keep-it"),
        pytest.param("LLM's (RLHF) R&D", r"{LLM}'s ({RLHF}) {R\&D}", id="signs-around"),
        pytest.param("H₂O at 5%", "{H{$_{2}$}O} at 5\\%", id="maths-inside"),
        pytest.param("{GPT-4, GPT-5} {", r"\{{GPT-4}, {GPT-5}\} ", id="braces-around-several"),
        pytest.param("$10K or $5M", r"\$${}${10K} or \${5M}", id="dollars"),
    ],
)
def test_protects_names_alone(title: str, expected: str) -> None:
    assert printed_title(title) == expected
