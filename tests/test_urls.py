"""Where addresses begin and end in running text, and which of them may leave as links."""

from __future__ import annotations

import pytest
from costs import BOUND, Work, growth, slowdown
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.urls import find_addresses, is_safe, trimmed

FOUND = [
    pytest.param("https://a.org/b", ["https://a.org/b"], id="alone"),
    pytest.param("See https://a.org/b.", ["https://a.org/b"], id="full stop"),
    pytest.param("https://a.org/b, and", ["https://a.org/b"], id="comma"),
    pytest.param("is it https://a.org/b?", ["https://a.org/b"], id="question mark"),
    pytest.param("https://a.org/b?x=1&y=2.", ["https://a.org/b?x=1&y=2"], id="query"),
    pytest.param("https://a.org/v1.5/b...", ["https://a.org/v1.5/b"], id="dots inside stay"),
    pytest.param("HTTPS://A.org/K", ["HTTPS://A.org/K"], id="capitals"),
    pytest.param("xhttps://a.org", ["https://a.org"], id="a stray letter in front"),
    pytest.param("*https://a.org/b*", ["https://a.org/b"], id="emphasis"),
    pytest.param('"https://a.org/b"', ["https://a.org/b"], id="quotes"),
    pytest.param("<https://a.org/b>", ["https://a.org/b"], id="angle brackets"),
    pytest.param("(https://a.org/b)", ["https://a.org/b"], id="in brackets"),
    pytest.param("(https://a.org/b).", ["https://a.org/b"], id="in brackets and stop"),
    pytest.param("(https://a.org/b, https://c.org/d)", ["https://a.org/b", "https://c.org/d"], id="two"),
    pytest.param("(https://a.org/b,https://c.org/d)", ["https://a.org/b", "https://c.org/d"], id="two glued"),
    pytest.param("https://a.org/b;https://c.org", ["https://a.org/b", "https://c.org"], id="semicolon"),
    pytest.param(
        "https://en.wikipedia.org/wiki/Mamba_(snake)",
        ["https://en.wikipedia.org/wiki/Mamba_(snake)"],
        id="brackets of its own",
    ),
    pytest.param(
        "(https://en.wikipedia.org/wiki/Mamba_(snake)).",
        ["https://en.wikipedia.org/wiki/Mamba_(snake)"],
        id="brackets of its own in brackets",
    ),
    pytest.param("https://a.org/x[1].", ["https://a.org/x[1]"], id="square brackets of its own"),
    pytest.param("https://a.org/b)(c)", ["https://a.org/b"], id="closed before it opens"),
    pytest.param("[label](https://a.org/b)", ["https://a.org/b"], id="Markdown"),
    pytest.param("[https://a.org](https://b.org)", ["https://a.org", "https://b.org"], id="Markdown twice"),
    pytest.param("https://a.org/b에서 받는다", ["https://a.org/b"], id="glued Hangul"),
    pytest.param("https://a.org/b(코드)", ["https://a.org/b"], id="bracket before glued Hangul"),
    pytest.param("（https://a.org/b）を", ["https://a.org/b"], id="full-width brackets"),
    pytest.param("https://a.org/b。", ["https://a.org/b"], id="ideographic full stop"),
    pytest.param("“https://a.org/b”…", ["https://a.org/b"], id="curly quotes"),
    pytest.param("https://a.org/b→", ["https://a.org/b"], id="arrow"),
    pytest.param("https://a.org/b😀", ["https://a.org/b"], id="emoji"),
    pytest.param("https://a.org/b\u200b.", ["https://a.org/b"], id="zero-width space"),
    pytest.param("https://a.org/b\u00a0c", ["https://a.org/b"], id="no-break space"),
    pytest.param(r"\url{https://a.org/b}", ["https://a.org/b"], id="TeX"),
    pytest.param(r"at https://a.org/b\_c.", ["https://a.org/b_c"], id="TeX escape"),
    pytest.param(r"https://a.org/b\textbf", ["https://a.org/b"], id="TeX command behind"),
    pytest.param(
        "https://web.archive.org/web/2020/https://a.org",
        ["https://web.archive.org/web/2020/https://a.org"],
        id="an address in an address",
    ),
    pytest.param(
        "https://doi.org/10.1002/(SICI)1097(1998)49:8<693::AID-ASI4>3.0.CO;2-O.",
        ["https://doi.org/10.1002/(SICI)1097(1998)49:8%3C693::AID-ASI4%3E3.0.CO;2-O"],
        id="an article in angle brackets",
    ),
    pytest.param("https://doi.org/10.1145/1<br>2", ["https://doi.org/10.1145/1"], id="markup behind a DOI"),
    pytest.param("https://a.org/1<1:a>3.0", ["https://a.org/1"], id="angle brackets of no DOI"),
    pytest.param("https:// a", [], id="nothing behind the scheme"),
    pytest.param("https://...", [], id="dots behind the scheme"),
    pytest.param("://", [], id="no scheme"),
    pytest.param("https://ada@a.org/b", [], id="user name"),
    pytest.param("http://[::1]/x", [], id="IPv6"),
    pytest.param("ftp://a.org javascript:alert(1)", [], id="other schemes"),
]

SAFE = [
    "https://a.org",
    "http://a.org:8080/b?c#d",
    "https://xn--bcher-kva.example/",
    "https://bücher.example/한국어",
    "https://a.org./",
    "https://under_score.example.org/",
    "https://127.0.0.1/",
    "https://a.org/@user/x",
    "https://a.org/" + "b" * 1_900,
]

UNSAFE = [
    "",
    "a.org",
    "//a.org",
    "/b",
    "#b",
    "https:",
    "https:a.org",
    "https:///b",
    "https://?b",
    "javascript:alert(1)",
    "JavaScript://a.org/%0aalert(1)",
    "java\nscript:alert(1)",
    "\x01https://a.org",
    " https://a.org",
    "https://a.org ",
    "data:text/html,<p>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://a.org/b",
    "mailto:a@a.org",
    "https://user@a.org/",
    "https://user:word@a.org/",
    "https://@a.org/",
    "https://a.org\\@b.org/",
    "https://a.org/b c",
    "https://a.org/b\tc",
    "https://a.org/b\nc",
    "https://a.org/b\x00",
    "https://a.org/b\x7f",
    "https://a.org/b\x85",
    "https://a.org/b\u00a0c",
    "https://a.org/b\u2028c",
    "https://a.org/\u202ecba",
    "https://a.org/b\u2066",
    "https://a.org/b\u200bc",
    "https://a.org/b\u3000c",
    "https://a.org/b\ufeff",
    "https://a.org/\ud800",
    'https://a.org/"onclick=',
    "https://a.org/<b>",
    "https://a.org/`b`",
    "https://a.org/{b}",
    "https://a.org:port/",
    "https://a.org:99999/",
    "https://a.org:-1/",
    "https://a.org:0/",
    "https://a.org:80:90/",
    "https://[::1]/",
    "https://[::1",
    "https://::1]/",
    "https://[a.org]/",
    "https://a..org/",
    "https://.a.org/",
    "https://./",
    "https://a%2eorg/",
    "https://a.org/" + "b" * 2_000,
    "https://\u2100.org/",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_finds_whole_addresses(text: str, expected: list[str]) -> None:
    assert [address.url for address in find_addresses(text)] == expected


def test_says_where_an_address_stands() -> None:
    text = r"(see https://a.org/b\_c, https://d.org)."
    assert [text[address.start : address.end] for address in find_addresses(text)] == [
        r"https://a.org/b\_c",
        "https://d.org",
    ]


@pytest.mark.parametrize("url", SAFE, ids=lambda url: url[:40])
def test_lets_pass(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize("url", UNSAFE, ids=ascii)
def test_lets_never_pass(url: str) -> None:
    assert not is_safe(url)


TRIMMED = [
    pytest.param("https://a.org/b", "https://a.org/b", id="nothing to do"),
    pytest.param("https://a.org/b.", "https://a.org/b", id="full stop"),
    pytest.param("https://a.org/b),", "https://a.org/b", id="bracket and comma"),
    pytest.param("https://a.org/b](https://c.org)", "https://a.org/b", id="Markdown"),
    pytest.param("https://a.org/b_(c)", "https://a.org/b_(c)", id="brackets of its own"),
    pytest.param("https://ko.wikipedia.org/wiki/맘바", "https://ko.wikipedia.org/wiki/맘바", id="Hangul"),
]


@pytest.mark.parametrize(("url", "expected"), TRIMMED)
def test_trims_a_line_that_is_an_address(url: str, expected: str) -> None:
    assert trimmed(url) == expected


pieces = st.sampled_from(
    [
        *"()[]<>.,;:!?*_~'\"\\ {}`|%#@/",
        "https://",
        "http://",
        "a.org",
        "한",
        "\u202e",
        "\x00",
        "é",
        "k",
        "https://x.org/",
    ]
)


@given(st.lists(pieces, max_size=40).map("".join) | st.text())
@example("https://a.org/b](https://c.org)")
def test_addresses_are_safe_in_order_and_where_they_say(text: str) -> None:
    at = 0
    for address in find_addresses(text):
        assert at <= address.start < address.end <= len(text)
        assert text[address.start : address.end].replace("\\", "") == address.url
        assert is_safe(address.url)
        assert address.url[-1] not in ".,;:!?("
        at = address.end


@given(st.lists(pieces, max_size=40).map("".join))
def test_what_was_found_is_found_again_alone(text: str) -> None:
    for address in find_addresses(text):
        assert [again.url for again in find_addresses(address.url)] == [address.url]
        assert trimmed(address.url) == address.url


@pytest.mark.parametrize(
    "hostile",
    ["https://a)", "https://a(", "https://", "(((((((((", "https://a.org/,", "https://a[(", "https://a\\_"],
)
def test_cost_grows_with_hostile_text(hostile: str) -> None:
    def search(size: int) -> Work:
        text = "https://a.org/" + hostile * (size // len(hostile))
        return lambda: find_addresses(text)

    assert growth(search, 1_000) < 1.1
    assert slowdown(search, 400_000) < BOUND
