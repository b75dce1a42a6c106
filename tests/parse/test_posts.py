"""Posts of feeds, exports and saved pages: which are read, which day they are of, what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from costs import BOUND, Work, growth, slowdown
from msgspec import structs

from pipeline.errors import SourceError
from pipeline.model import Digest, Entry, Source
from pipeline.parse import front_end, parse, parse_export
from pipeline.parse._blocks import Block
from pipeline.parse._html.export import export_posts
from pipeline.parse._html.feed_file import feed_posts
from pipeline.parse._html.posts import Post, post_page
from pipeline.parse._html.saved_page import saved_post

CASES = Path(__file__).parent / "cases"
PAPER = "<h2><a href='https://arxiv.org/abs/2402.04229'>MusicRL</a></h2><p>(Geoffrey Cideron)</p>"
EVENING = dt.datetime(2024, 2, 6, 23, 10, tzinfo=dt.UTC)


def blocks(html: str) -> list[tuple[str, str]]:
    """Return kind and text of the blocks of a fragment."""
    page = post_page(Post(name="a.html", html=html))
    return [(block.kind, block.text) for block in page.blocks]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("<!-- only a comment -->", [], id="comment"),
        pytest.param("bare words", [("paragraph", "bare words")], id="no-element"),
        pytest.param("<p>a \n  b&nbsp; c</p><p>&#8203;</p><p> </p>", [("paragraph", "a b c")], id="blanks"),
        pytest.param(
            "<p>a<br>b<br><br>#x</p>", [("paragraph", "a"), ("paragraph", "b"), ("tags", "#x")], id="br"
        ),
        pytest.param("<p>x <a href='u:1'>y</a></p>", [("paragraph", "x y")], id="other-scheme"),
        pytest.param("<p>x <a href='data:text/html,a'>y</a></p>", [("paragraph", "x y")], id="data-address"),
        pytest.param("<p>x <a href='http://['>y</a></p>", [("paragraph", "x y")], id="broken-address"),
        pytest.param(
            "<p>x<a href='https://e.org/a b(c'> y </a>z</p>",
            [("paragraph", "x [y](https://e.org/a%20b%28c) z")],
            id="escaped-address",
        ),
        pytest.param(
            "<p><a href='https://e.org/a?utm_source=s'>e.org/a</a></p>",
            [("url", "https://e.org/a?utm_source=s")],
            id="link-that-shows-itself",
        ),
        pytest.param(
            "<p><a href='https://arxiv.org/abs/2402.04229'>https://arxiv.org/abs/24…</a></p>",
            [("url", "https://arxiv.org/abs/2402.04229")],
            id="shortened-label",
        ),
        pytest.param(
            "<p><em>T: <b>x</b></em> (Ada Lovelace, Alan Turing)</p><p><em>whole</em> or <b>part</b></p>",
            [("paragraph", "*T: x* (Ada Lovelace, Alan Turing)"), ("paragraph", "whole or part")],
            id="emphasis",
        ),
        pytest.param(
            "<p><em><a href='https://e.org/1'>T</a></em> (Ada Lovelace, Alan Turing)</p>",
            [("url", "https://e.org/1"), ("paragraph", "*T* (Ada Lovelace, Alan Turing)")],
            id="linked-title-line",
        ),
        pytest.param(
            "<p><a href='https://e.org/1'>T<sup>x</sup></a></p><p>(Ada Lovelace, Alan Turing)</p>",
            [("url", "https://e.org/1"), ("paragraph", "Tx"), ("bracket", "(Ada Lovelace, Alan Turing)")],
            id="linked-title-above-authors",
        ),
        pytest.param(
            "<a href='https://e.org/1'><h3>T</h3></a>",
            [("heading", "[T](https://e.org/1)")],
            id="link-around-heading",
        ),
        pytest.param(
            "<h3><a href='https://e.org/1'>Ti</a><a href='https://e.org/1'>tle</a></h3>",
            [("heading", "[Title](https://e.org/1)")],
            id="link-in-two",
        ),
        pytest.param("<div class='pullquote'><p>a</p></div>", [("quote", "a")], id="pullquote"),
        pytest.param(
            "<blockquote>a<ul><li>b</li></ul></blockquote>", [("quote", "a\n\n- b")], id="list-in-quote"
        ),
        pytest.param(
            "<ol start='3'><li>a</li><li><p>b</p><p>c</p></li></ol>",
            [("item", "a"), ("item", "b"), ("paragraph", "c")],
            id="items",
        ),
        pytest.param(
            "<pre>A title\n(Ada Lovelace)</pre>",
            [("paragraph", "A title"), ("bracket", "(Ada Lovelace)")],
            id="pre",
        ),
        pytest.param(
            "<p>m<sup>2</sup> 1<sup>st</sup> <s>no</s></p>", [("paragraph", "m^2 1st ~~no~~")], id="marks"
        ),
        pytest.param(
            "<style>p{}</style><script>x()</script><p onclick='x'>a</p><svg><title>b</title></svg>",
            [("paragraph", "a")],
            id="active",
        ),
        pytest.param(
            "<p class='button-wrapper'><a class='button' href='https://e.org'>Subscribe</a></p>",
            [],
            id="button",
        ),
        pytest.param(
            "<div class='subscription-widget-wrap'><div><p>Thanks</p></div><p>more</p></div><p>a</p>",
            [("paragraph", "a")],
            id="subscribe-box",
        ),
        pytest.param(
            "<div class='embedded-post-wrap' "
            "data-attrs='{\"url\":\"https://e.org/p/1\"}'><a href='https://e.org/q'>T</a></div>",
            [("url", "https://e.org/p/1")],
            id="embedded-post",
        ),
        pytest.param(
            "<div class='file-embed-wrapper'><a href='https://e.org/f.pdf'>Download</a></div>",
            [("url", "https://e.org/f.pdf")],
            id="file",
        ),
        pytest.param(
            "<p>by <span class='mention-wrap' data-attrs='{\"name\":\"Ada\"}'></span>.</p>",
            [("paragraph", "by Ada.")],
            id="mention",
        ),
        pytest.param("<div class='latex-rendered' data-attrs='{'>x</div>", [], id="broken-data-attrs"),
        pytest.param(
            "<div class='comment'><p>mine</p></div>", [("paragraph", "mine")], id="comment-of-another-editor"
        ),
        pytest.param(
            "<a class='image-link image2' href='https://e.org/i'><style>.x{}</style><img alt='A plot'></a>",
            [("skipped", "A plot")],
            id="old-image",
        ),
        pytest.param(
            "<table><tr><td><p>a</p><p>b</p></td></tr></table>",
            [("paragraph", "a"), ("paragraph", "b")],
            id="layout-table",
        ),
        pytest.param(
            "<p>a<p>b<div>c</div>d",
            [(k, t) for k, t in zip(["paragraph"] * 4, "abcd", strict=True)],
            id="unclosed",
        ),
        pytest.param("<p>&copy; &#2;&#0;x &bogus;</p>", [("paragraph", "© \ufffdx &bogus;")], id="entities"),
    ],
)
def test_reads_elements(html: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(html) == expected


def test_table_rows_have_header_names() -> None:
    html = (
        "<table><thead><tr><th>Paper</th><th>Links</th></tr></thead>"
        "<tbody><tr><td>1) <strong>T</strong> - c<br>• d</td>"
        "<td><a href='https://e.org/1'>Paper</a></td></tr></tbody></table>"
    )
    row = post_page(Post(name="a.html", html=html)).blocks[-1]
    assert (row.kind, row.cells) == (
        "row",
        (("Paper", "1) **T** - c<br>• d"), ("Links", "[Paper](https://e.org/1)")),
    )


def test_items_have_level_and_mark() -> None:
    page = post_page(Post(name="a.html", html="<ol start=3><li>a<ul><li>b</ul><li>c</ol>"))
    assert [(b.text, b.level, b.mark) for b in page.blocks] == [("a", 1, "3."), ("b", 2, "-"), ("c", 1, "4.")]


def as_line(block: Block) -> str:
    """Return a block as the line of a flat text."""
    return block.text.replace("\n", " ")


def without_places(entry: Entry) -> Entry:
    return structs.replace(
        entry,
        file="",
        spans=(),
        links=tuple(structs.replace(link, line=0) for link in entry.links),
        commentary=tuple(structs.replace(passage, first=0, last=0) for passage in entry.commentary),
    )


def test_flat_rendering_reads_the_same() -> None:
    html = Source(name="a.html", text=(CASES / "flat" / "minimal_html.html").read_text(encoding="utf-8"))
    # The blank line that HTML does not have stands where a title has its address above it.
    lines = [
        ("\n" if block.kind == "url" and block.gap else "") + as_line(block)
        for block in front_end("a.html").read(html)[0].blocks
    ]
    (of_text,) = parse(Source(name="a.txt", text="\n".join(lines)))
    (of_html,) = parse(html)
    assert [without_places(e) for e in of_html.entries] == [without_places(e) for e in of_text.entries]


def test_html_and_text_of_one_day_read_the_same() -> None:
    days: list[Digest] = []
    for name in ("minimal.txt", "minimal_html.html"):
        days += parse(Source(name=name, text=(CASES / "flat" / name).read_text(encoding="utf-8")))
    text, html = days
    # The text has lost the address of the second paper; all else is equal.
    unlinked = structs.replace(html.entries[1], links=())
    assert [without_places(e) for e in text.entries] == [
        without_places(e) for e in (html.entries[0], unlinked)
    ]


@pytest.mark.parametrize(
    ("title", "slug", "html", "day", "codes"),
    [
        pytest.param("2024년 2월 7일", "2024-2-7", PAPER, "2024-02-07", [], id="title"),
        pytest.param(
            "2024년 2월 7일", "", "<h1>2024. 2. 7.</h1>" + PAPER, "2024-02-07", [], id="title-and-heading"
        ),
        pytest.param("Papers &amp; more", "2024-2-7-ab1", PAPER, "2024-02-07", [], id="slug"),
        pytest.param("Papers", "february-7-2024", PAPER, "2024-02-07", [], id="slug-in-words"),
        pytest.param("Papers", "papers", "<h2>Feb 7, 2024</h2>" + PAPER, "2024-02-07", [], id="heading"),
        pytest.param("Papers", "papers", PAPER, "2024-02-06", ["day-of-sending"], id="sending"),
    ],
)
def test_day_of_a_post(title: str, slug: str, html: str, day: str, codes: list[str]) -> None:
    rows = f"post_id,post_date,title\n200312.{slug},2024-02-06T23:10:00.000Z,{title}\n"
    (digest,) = parse_export(export(rows, **{f"posts/200312.{slug}.html": html}))
    assert (digest.date.isoformat(), [p.code for p in digest.problems]) == (day, codes)
    assert [entry.title for entry in digest.entries] == ["MusicRL"]


def export(table: str, folder: str = "export-2023-01-01.zip/", **bodies: str) -> list[Source]:
    """Return the files of an export as find names them."""
    files = {"posts.csv": table, **bodies}
    return [Source(name=folder + name, text=text) for name, text in files.items()]


TABLE = """\ufefftitle,is_published,post_id,type,post_date,audience,podcast_url
"Tom &amp; ""Co"", Ltd",true,1.a,newsletter,2024-02-06T23:10:00.000Z,everyone,
Draft,false,2.b,newsletter,,everyone,
Talk,TRUE,3.c,podcast,2024-02-06T23:10:00Z,everyone,
Paid,TRUE,4.d,newsletter,2024-02-06T23:10:00Z,only_paid,
"Two
lines",TRUE,5.e,newsletter,not a time,only_free,
"""


@pytest.mark.parametrize("folder", ["", "e.zip/", "e.zip/inner folder/"])
def test_export_joins_table_and_files(folder: str) -> None:
    sources = export(
        TABLE,
        folder,
        **{
            "posts/1.a.html": PAPER,
            "posts/2.b.html": "x",
            "posts/9.z.html": "y",
            "posts/1.delivers.csv": "a",
        },
    )
    found = export_posts(sources)
    assert [(p.name, p.title, p.slug, p.posted) for p in found.posts] == [
        (f"{folder}posts/1.a.html", 'Tom & "Co", Ltd', "a", EVENING)
    ]
    assert [(p.file, p.line, p.code) for p in found.problems] == [
        (f"{folder}posts.csv", 3, "unpublished-post"),
        (f"{folder}posts.csv", 4, "unpublished-post"),
        (f"{folder}posts.csv", 5, "unpublished-post"),
        (f"{folder}posts.csv", 6, "missing-post"),
        (f"{folder}posts/9.z.html", 1, "unlisted-post"),
    ]


def rss(item: str) -> str:
    space = "http://purl.org/rss/1.0/modules/content/"
    return f'<rss version="2.0" xmlns:content="{space}"><channel><title>c</title>{item}</channel></rss>'


def atom(entry: str) -> str:
    return (
        f'\n\n<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>c</title>{entry}</feed>'
    )


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        pytest.param(
            rss(
                "<item><title><![CDATA[A &amp; B]]></title><link>https://e.org/p/s/</link>"
                "<pubDate>Tue, 06 Feb 2024 23:10:00 GMT</pubDate><description>no</description>"
                "<content:encoded><![CDATA[<p>x</p>]]></content:encoded></item>"
            ),
            Post(
                name="f", title="A & B", slug="s", url="https://e.org/p/s/", posted=EVENING, html="<p>x</p>"
            ),
            id="rss",
        ),
        pytest.param(
            rss(
                "<item><guid>https://e.org/p/s</guid><pubDate>soon</pubDate><description>&lt;p&gt;x</description></item>"
            ),
            Post(name="f", slug="s", url="https://e.org/p/s", html="<p>x"),
            id="rss-description-only",
        ),
        pytest.param(
            atom(
                "<entry><title type='html'>A &lt;b>B&lt;/b></title><link rel='edit' href='https://e.org/no'/>"
                "<link href='https://e.org/s'/>"
                "<published>2024-02-07T08:10:00+09:00</published><updated>2025-01-01T00:00:00Z</updated><summary>no</summary>"
                "<content type='html'>&lt;p&gt;x&amp;amp;y</content></entry>"
            ),
            Post(
                name="f",
                title="A B",
                slug="s",
                url="https://e.org/s",
                posted=EVENING,
                html="<p>x&amp;y",
                line=4,
            ),
            id="atom-html",
        ),
        pytest.param(
            atom("<entry><title>A</title><content type='text'>a &lt; b</content></entry>"),
            Post(name="f", title="A", html="a &lt; b", line=4),
            id="atom-text",
        ),
    ],
)
def test_feed_posts(feed: str, expected: Post) -> None:
    assert feed_posts(Source(name="f", text=feed)).posts == (expected,)


def test_atom_xhtml_is_read_as_html() -> None:
    feed = atom(
        "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x<br/>y</p></div></content></entry>"
    )
    (post,) = feed_posts(Source(name="f", text=feed)).posts
    assert [block.text for block in post_page(post).blocks] == ["x", "y"]


HOSTILE = '<!DOCTYPE r [<!ENTITY a "bomb"><!ENTITY f SYSTEM "file:///etc/hostname">]>'


def test_entities_of_a_feed_are_never_expanded() -> None:
    feed = HOSTILE + rss("<item><title>x &a; &f;</title><description>d</description></item>")
    (post,) = feed_posts(Source(name="f", text=feed)).posts
    assert post.title == "x &a; &f;"


CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    "<body><div id='cf-wrapper'>Wait</div></body></html>"
)
LOGIN = "<html><title>Sign in</title><body><form><input type='password'></form></body></html>"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        pytest.param("feed.xml", CHALLENGE, "challenge-page", id="challenge-as-feed"),
        pytest.param("feed.rss", "\n<!-- x --><html>" + PAPER, "challenge-page", id="page-as-feed"),
        pytest.param("feed.atom", atom(""), "no-entries", id="feed-without-posts"),
        pytest.param("feed.xml", "<opml/>", "broken-feed", id="other-xml"),
        pytest.param("feed.xml", rss("<item>"), "broken-feed", id="cut-xml"),
        pytest.param("feed.xml", "", "broken-feed", id="empty-feed"),
        pytest.param("feed.xml", '{"error": 403}', "broken-feed", id="json"),
        pytest.param("2024-02-07.html", CHALLENGE, "challenge-page", id="challenge-as-page"),
        pytest.param("2024-02-07.html", LOGIN, "challenge-page", id="login"),
        pytest.param("2024-02-07.html", "<div>" * 300 + PAPER, "unreadable-file", id="too-deep"),
        pytest.param(
            "2024-02-07.html",
            "<p " + "".join(f"a{i}=1\n" for i in range(20_000)) + ">",
            "unreadable-file",
            id="too-many-attributes",
        ),
    ],
)
def test_refuses(name: str, text: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(Source(name=name, text=text))
    assert (caught.value.code, caught.value.subject) == (code, name)


@pytest.mark.parametrize(
    ("table", "code"),
    [
        pytest.param("title,type\nA,newsletter\n", "broken-export", id="no-post-id"),
        pytest.param("", "broken-export", id="empty-table"),
        pytest.param("post_id,title\n1.a," + "x" * 200_000, "broken-export", id="field-too-long"),
        pytest.param("post_id,is_published\n1.a,false\n", "no-posts", id="only-drafts"),
    ],
)
def test_refuses_exports(table: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_export(export(table, **{"posts/1.a.html": PAPER}))
    assert caught.value.code == code


def test_saved_page_takes_headline_address_and_time() -> None:
    text = (CASES / "headings" / "paid-page.html").read_text(encoding="utf-8")
    post = saved_post(Source(name="page.html", text=text))
    assert (post.title, post.slug, post.posted) == (
        "2024년 2월 8일",
        "2024-2-8",
        EVENING + dt.timedelta(days=1),
    )


@pytest.mark.parametrize(
    "piece", ["<p>a</p>", "<a href=x>", "<li>", "<", "&", "<p>[x](", "<p x='1' >", "a <br>"]
)
def test_cost_grows_with_the_length(piece: str) -> None:
    def reading(count: int) -> Work:
        return lambda: blocks(piece * count)

    assert growth(reading, 200) < 1.1
    assert slowdown(reading, 20_000) < BOUND


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param("feed.xml", [(17, 17), (15, 15), (3, 5)], id="feed"),
        pytest.param("substack-post.html", [(1, 24), (17, 22)], id="page"),
    ],
)
def test_entries_know_their_lines(name: str, lines: list[tuple[int, int]]) -> None:
    """Lines are those of the file, also where posts share it; a footnote's lines count."""
    source = Source(name=f"2024-02-07/{name}", text=(CASES / "headings" / name).read_text(encoding="utf-8"))
    entries = [entry for digest in parse(source) for entry in digest.entries]
    assert [(entry.first_line, entry.last_line) for entry in entries] == lines


def test_post_that_cannot_be_read_costs_no_other() -> None:
    rows = "post_id,title\n1.a,2024-02-07\n2.b,2024-02-08\n"
    bodies = {"posts/1.a.html": PAPER, "posts/2.b.html": "<div>" * 300 + PAPER}
    (digest,) = parse_export(export(rows, **bodies))
    assert [(p.file, p.code) for p in digest.problems] == [
        ("export-2023-01-01.zip/posts/2.b.html", "unreadable-file")
    ]


@pytest.mark.parametrize(
    "html", ["<p>2024-02-07<br>(Ada Lovelace)</p>", "<h1>2024-02-07</h1><p>(Ada Lovelace)</p>"]
)
def test_date_above_authors_is_no_title(html: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(Source(name="a.html", text=html))
    assert caught.value.code == "no-entries"
