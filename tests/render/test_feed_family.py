"""Tags, languages, days, months: which folders there are, what each holds, and how they hang together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import unquote

import pytest
from feed_lint import ATOM, HISTORY
from lxml import etree, html
from msgspec import structs

from pipeline.model import Site
from pipeline.paths import tag_folder
from pipeline.run import Selection, run

SITE = structs.replace(Site(), base_url="https://example.org/", authority="example.org,2024")
FOLDED_TAGS = (
    "rlhf state-space-model c c++ c# 상태-공간 상태-공간2 .net aux cafe café c-plus-plus a/b ..".split()
)
FOLDED_TAGS += ["12345678", "x-12345678", "x" * 90, "x" * 91]


def day(date: str, *papers: str) -> str:
    """Return a day of papers, each ``TITLE;ARXIV;COMMENT;TAGS``."""
    text = [date]
    for paper in papers:
        title, arxiv, comment, tags = paper.split(";")
        text += [f"https://arxiv.org/abs/{arxiv}", title, "(Ada Lovelace, Alan Turing)"]
        text += ["The abstract says in English what was done.", comment, tags, ""]
    return "\n".join(text)


def built(folder: Path, site: Site = SITE, days: dict[str, str] | None = None, **more: str) -> Path:
    """Write days, named ``d2024_02_07``, build them, and return the site."""
    (folder / "digests").mkdir(exist_ok=True)
    for name, text in ((days or {}) | more).items():
        path = folder / "digests" / f"{name[1:].replace('_', '-')}.txt"
        path.write_text(text, encoding="utf-8")
    run(folder / "digests", folder / "out", site)
    return folder / "out"


def ids(path: Path) -> list[str]:
    return [entry.findtext(f"{ATOM}id", "") for entry in etree.parse(path).iter(f"{ATOM}entry")]


def titles(path: Path) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in etree.parse(path).iter(f"{ATOM}entry")]


def select(page: html.HtmlElement, path: str) -> list[str]:
    """Return the texts or attributes that an XPath names."""
    found = page.xpath(path)
    assert isinstance(found, list)
    return [str(value) for value in found]


def link(path: Path, rel: str) -> str | None:
    found = etree.parse(path).getroot().find(f"{ATOM}link[@rel='{rel}']")
    return None if found is None else found.get("href")


FIRST = day(
    "2024-02-07",
    "One Paper;2402.00001;첫 논문에 대한 논평입니다.;#rlhf #c++ #State_Space",
    "Another Paper;2402.00002;둘째 논문에 대한 논평입니다.;#c #once",
)
SECOND = day(
    "2024-02-08", "Third Paper;2402.00003;셋째 논평. https://arxiv.org/pdf/2402.00001v2 참고.;#c++ #c"
)
THIRD = day("2024-03-01", "Fourth Paper;2403.00004;A comment in English this time.;#state-space #RLHF")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return built(tmp_path, d2024_02_07=FIRST, d2024_02_08=SECOND, d2024_03_01=THIRD)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("rlhf", ["Fourth Paper", "One Paper"]),
        ("state-space", ["Fourth Paper", "One Paper"]),
        ("c++", ["Third Paper", "One Paper"]),
        ("c", ["Third Paper", "Another Paper"]),
    ],
)
def test_tag_has_its_own_entries(out: Path, tag: str, expected: list[str]) -> None:
    folder = out / tag_folder(tag)
    assert titles(folder / "atom.xml") == expected
    assert [name.text for name in etree.parse(folder / "rss.xml").findall("channel/item/title")] == expected
    page = html.document_fromstring((folder / "index.html").read_bytes())
    assert select(page, "//ul[@class='titles']//a/text()") == expected
    assert (folder / "papers.bib").read_text(encoding="utf-8").count("@misc{") == 2


def test_tag_of_one_entry_has_no_folder_unless_asked_for(out: Path, tmp_path: Path) -> None:
    assert not (out / "tags" / "once").exists()
    built(tmp_path, structs.replace(SITE, tag_feed_entries=1))
    assert titles(out / "tags" / "once" / "atom.xml") == ["Another Paper"]


def test_folders_of_tags_are_portable_and_apart() -> None:
    folders = [tag_folder(tag) for tag in FOLDED_TAGS]
    assert folders[:3] == ["tags/rlhf/", "tags/state-space-model/", "tags/c/"]
    assert len({folder.lower() for folder in folders}) == len(FOLDED_TAGS)
    assert all(folder == unquote(folder) and folder.isascii() and len(folder) < 80 for folder in folders)
    assert not {"tags/aux/", "tags/./", "tags/../", "tags//"} & set(folders)


def test_alias_is_its_tag_and_shows_its_name(tmp_path: Path) -> None:
    site = structs.replace(SITE, tag_aliases=(("State Space", "ssm"), ("RLHF", "alignment")))
    out = built(tmp_path, site, d2024_02_07=FIRST, d2024_03_01=THIRD)
    assert titles(out / "tags/ssm/atom.xml") == ["Fourth Paper", "One Paper"]
    entry = etree.parse(out / "2024/02/07/atom.xml").find(f"{ATOM}entry")
    assert entry is not None
    assert [c.get("term") for c in entry.findall(f"{ATOM}category")] == ["alignment", "c++", "ssm"]
    assert not (out / "tags/rlhf").exists()


def test_entries_have_one_id_in_all_feeds_and_feeds_one_each(out: Path) -> None:
    known = set(ids(out / "atom.xml"))
    feeds = [path for path in out.rglob("atom.xml") if path.parent.name != "days"]
    assert all(set(ids(path)) <= known for path in feeds)
    lasting = [path for path in out.rglob("atom.xml") if path.parent.parent.name != "2024"]
    own = [etree.parse(path).findtext(f"{ATOM}id") for path in lasting]
    assert len(own) == len(set(own))


def test_language_shows_its_commentary_alone(tmp_path: Path) -> None:
    both = day("2024-02-07", "Two Tongues;2402.00001;한국어 논평입니다.\n\nAnd a remark in English here.;#x")
    out = built(tmp_path, d2024_02_07=both, d2024_02_08=SECOND, d2024_03_01=THIRD)
    assert titles(out / "lang/ko/atom.xml") == ["Third Paper", "Two Tongues"]
    assert titles(out / "lang/en/atom.xml") == ["Fourth Paper", "Two Tongues"]
    contents = {
        name: etree.parse(out / name / "atom.xml").findall(f"{ATOM}entry/{ATOM}content")[-1].text or ""
        for name in ("", "lang/ko", "lang/en")
    }
    said = {name: ("한국어" in text, "remark" in text) for name, text in contents.items()}
    assert said == {"": (True, True), "lang/ko": (True, False), "lang/en": (False, True)}
    assert all("abstract says" in text and "Ada Lovelace" in text for text in contents.values())


def test_days_are_entries_that_lead_to_every_paper(out: Path) -> None:
    feed = out / "days/atom.xml"
    assert titles(feed) == ["2024-03-01", "2024-02-08", "2024-02-07"]
    assert ids(feed)[2] == "tag:example.org,2024:2024-02-07"
    content = etree.parse(feed).findall(f"{ATOM}entry/{ATOM}content")[2].text or ""
    anchors = select(html.fragment_fromstring(content, create_parent="div"), "h3/a/@href")
    assert anchors == [
        "https://example.org/2024/02/07/#one-paper",
        "https://example.org/2024/02/07/#another-paper",
    ]
    items = etree.parse(out / "days/rss.xml").findall("channel/item/guid")
    assert [item.text for item in items] == ids(feed)


def walk(out: Path, file: str = "atom.xml") -> list[Path]:
    """Return the documents from the site's feed back to the oldest archive."""
    documents = [out / file]
    while address := link(documents[-1], "prev-archive") if file == "atom.xml" else _rss_link(documents[-1]):
        documents.append(out / address.removeprefix(SITE.base_url))
    return documents


def _rss_link(path: Path) -> str | None:
    found = etree.parse(path).find(f"channel/{ATOM}link[@rel='prev-archive']")
    return None if found is None else found.get("href")


def months(count: int) -> dict[str, str]:
    start = dt.date(2024, 1, 20)
    dates = [start + dt.timedelta(days=10 * number) for number in range(count)]
    return {
        f"d{date:%Y_%m_%d}": day(
            date.isoformat(), *(f"P{date:%m%d}{n};2401.{date:%m%d}{n};논평.;#t" for n in "123")
        )
        for date in dates
    }


@pytest.mark.parametrize(("bound", "documents"), [(1, 6), (4, 5), (100, 1)], ids=["one", "month", "whole"])
def test_walk_meets_every_entry_and_each_archive_has_its_own(
    tmp_path: Path, bound: int, documents: int
) -> None:
    out = built(tmp_path, structs.replace(SITE, feed_entries=bound), days=months(12))
    archives = sorted(out.glob("2024/??/atom.xml"))
    assert [path.parent.name for path in archives] == ["01", "02", "03", "04", "05"]
    archived = [id_ for path in archives for id_ in ids(path)]
    assert len(archived) == len(set(archived)) == 36
    walked = [ids(path) for path in walk(out)]
    assert {id_ for found in walked for id_ in found} == set(archived)
    assert len(walk(out, "rss.xml")) == len(walked) == documents
    complete = etree.parse(out / "atom.xml").getroot().find(f"{HISTORY}complete")
    assert (complete is not None) == (bound == 100)


def test_archive_of_a_month_past_stays_as_it_is(tmp_path: Path) -> None:
    days = months(12)
    first = dict(list(days.items())[:8])
    out = built(tmp_path, days=first)
    past = {path: path.read_bytes() for path in out.glob("2024/0[123]/*.xml")}
    assert len(past) == 6
    built(tmp_path, days=days)
    again = {path: path.read_bytes() for path in past}
    assert [path for path in past if past[path] != again[path] and path.parent.name != "03"] == []


def test_only_the_oldest_archive_names_the_next(tmp_path: Path) -> None:
    out = built(tmp_path, days=months(12))
    found = [link(path, "next-archive") for path in sorted(out.glob("2024/??/atom.xml"))]
    assert found == ["https://example.org/2024/02/atom.xml", None, None, None, None]


def test_mention_of_an_earlier_paper_leads_back_and_never_forward(out: Path) -> None:
    contents = [
        entry.findtext(f"{ATOM}content", "") for entry in etree.parse(out / "atom.xml").iter(f"{ATOM}entry")
    ]
    back = 'arXiv:2402.00001 was discussed on <a href="https://example.org/2024/02/07/#one-paper">2024-02-07'
    assert [back in content for content in contents] == [False, True, False, False]
    assert all("discussed" not in content for content in contents[2:])


def test_tags_lead_to_their_pages_once_they_have_one(out: Path) -> None:
    page = html.document_fromstring((out / "2024/02/08/index.html").read_bytes())
    found = select(page, "//p[@class='tags']/a/@href")
    assert found == [SITE.base_url + tag_folder("c++"), "https://example.org/tags/c/"]
    before = html.document_fromstring((out / "2024/02/07/index.html").read_bytes())
    assert select(before, "//p[@class='tags']/a") == []
    assert select(before, "//p[@class='tags']/text()")[0] == "#rlhf #c++ #State_Space"


def test_later_day_changes_nothing_of_earlier_ones(tmp_path: Path) -> None:
    out = built(tmp_path, d2024_02_07=FIRST)
    before = {path: path.read_bytes() for path in out.glob("2024/02/07/*")}
    built(tmp_path, d2024_02_08=SECOND, d2024_03_01=THIRD)
    assert {path: path.read_bytes() for path in before} == before


def test_opml_lists_every_feed_that_goes_on(out: Path) -> None:
    root = etree.parse(out / "feeds.opml").getroot()
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    outlines = root.findall("body/outline")
    assert [o.get("text") for o in outlines] == [
        "Paper digest",
        "Paper digest, day by day",
        "Paper digest (en)",
        "Paper digest (ko)",
        "Tags",
    ]
    assert [o.get("text") for o in outlines[-1]] == [
        f"Paper digest, #{t}" for t in ("c", "c++", "rlhf", "State_Space")
    ]
    for outline in root.iter("outline"):
        if outline.get("type"):
            assert (outline.get("type"), outline.get("version")) == ("rss", "RSS")
            assert outline.get("title") == outline.get("text")
            file = outline.get("xmlUrl", "").removeprefix(SITE.base_url)
            assert link(out / file, "self") == outline.get("xmlUrl")
            assert link(out / file, "alternate") == outline.get("htmlUrl")
    listed = {o.get("xmlUrl", "").removeprefix(SITE.base_url) for o in root.iter("outline") if o.get("type")}
    assert listed == {
        path.relative_to(out).as_posix() for path in out.rglob("atom.xml") if "2024" not in path.parts
    }


def test_pages_name_the_feeds_beside_them(out: Path) -> None:
    page = html.document_fromstring((out / "index.html").read_bytes())
    named = select(page, "//link[@type='application/atom+xml']/@href")
    assert named == ["atom.xml", "days/atom.xml", "lang/en/atom.xml", "lang/ko/atom.xml"]
    tag = html.document_fromstring((out / "tags/c/index.html").read_bytes())
    assert select(tag, "//link[@type='application/atom+xml']/@href") == ["atom.xml", "../../atom.xml"]
    assert "https://example.org/tags/c/atom.xml" in select(tag, "//code/text()")
    tags = html.document_fromstring((out / "tags/index.html").read_bytes())
    assert select(tags, "//ul[@class='tags']/li/a[1]/@href") == [
        "../tags/c/",
        "../" + tag_folder("c++"),
        "../tags/rlhf/",
        "../tags/state-space/",
    ]


def test_what_a_lost_file_may_hold_stays(tmp_path: Path) -> None:
    out = built(tmp_path, d2024_02_07=FIRST, d2024_03_01=THIRD)
    (tmp_path / "digests/2024-03-01.txt").write_bytes(b"\xff\xfe\x00")
    built(tmp_path)
    assert (out / "2024/03/atom.xml").exists()
    assert (out / "tags/rlhf/atom.xml").exists()


def test_renewing_one_day_renews_what_names_it_and_no_other_day(tmp_path: Path) -> None:
    out = built(tmp_path, d2024_02_07=FIRST, d2024_02_08=SECOND)
    for name, text in (("2024-02-07", FIRST), ("2024-02-08", SECOND)):
        path = tmp_path / f"digests/{name}.txt"
        path.write_text(text.replace("The abstract", "This abstract"), encoding="utf-8")
    only = Selection(since=dt.date(2024, 2, 8), until=dt.date(2024, 2, 8))
    written = set(run(tmp_path / "digests", out, SITE, selection=only).stored.written)
    feeds = {path for path in written if path.endswith("atom.xml")}
    tags = {tag_folder(tag) + "atom.xml" for tag in ("c", "c++")}
    assert (
        feeds
        == {"2024/02/08/atom.xml", "2024/02/atom.xml", "days/atom.xml", "lang/ko/atom.xml", "atom.xml"} | tags
    )
    assert run(tmp_path / "digests", out, SITE, selection=only).stored.written == ()
    assert {
        path[:11] for path in run(tmp_path / "digests", out, SITE).stored.written if path[:4] == "2024"
    } == {"2024/02/07/"}
