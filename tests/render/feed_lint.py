"""What can be checked of published feeds: a function for each property, giving a complaint for each breach.

The numbers are those of the rows of ``docs/feeds.md``. What is expected comes from the model, never
from the code that wrote the feed.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import functools
import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from msgspec import Struct

from pipeline.archive import Listing
from pipeline.model import Digest, Entry, Passage, Site, Withdrawn
from pipeline.paths import tag_folder
from pipeline.refine.tags import fold_tag

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
JOINER = "\u2060"
ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[A-Za-z0-9;/?:@&=+$.\-_!~*'()%,]*")
URI = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/([A-Za-z0-9;/?:@&=+$.\-_!~*'(),#]|%[0-9A-Fa-f]{2})*)?")
# RFC 4287, sections 4.1.1 and 4.1.2: least and most of each child, of those that are written here.
FEED_CHILDREN = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (1, 1), "subtitle": (0, 1)}
FEED_CHILDREN |= {"generator": (0, 1), "link": (2, 6), "entry": (1, 10**9)}
ENTRY_CHILDREN = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (1, 1), "summary": (1, 1)}
ENTRY_CHILDREN |= {"content": (1, 1), "link": (1, 99), "author": (0, 999), "category": (0, 99)}
ITEM_CHILDREN = {"title": (1, 1), "link": (1, 1), "description": (1, 1), "guid": (1, 1), "pubDate": (1, 1)}
ITEM_CHILDREN |= {CONTENT: (1, 1), f"{DC}creator": (0, 1), "category": (0, 99)}
# https://www.jsonfeed.org/version/1.1/: the keys written here, and the type of each.
JSON_FEED: dict[str, type] = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
}
JSON_FEED |= {"authors": list, "language": str, "hubs": list, "items": list}
JSON_ITEM: dict[str, type] = {
    "id": str,
    "url": str,
    "external_url": str,
    "title": str,
    "content_html": str,
    "summary": str,
}
JSON_ITEM |= {"date_published": str, "date_modified": str, "authors": list, "tags": list, "language": str}
HTML = {
    "a": {"href", "rel"},
    "blockquote": {"class", "lang"},
    "br": set(),
    "div": {"class", "lang"},
    "h3": set(),
    "li": set(),
    "ol": set(),
    "p": {"class", "lang"},
    "strong": set(),
    "ul": {"class"},
}


class Published(Struct, frozen=True, kw_only=True):
    """The three feeds of one folder, and what they were made of."""

    site: Site
    listing: Listing
    files: dict[str, bytes]

    @property
    def home(self) -> str:
        """The address of the page to land on."""
        return self.folder if self.listing.kind in {"day", "site", "tag"} else self.site.base_url

    @property
    def folder(self) -> str:
        """The address of the folder that the feeds lie in."""
        return self.site.base_url + self.listing.path

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries expected: as many as the feed shows, from the newest."""
        expected = tuple(self.listing.entries)
        if self.listing.kind == "days":
            expected = tuple(map(self._day, self.listing.digests))
        return expected[: len(self.items)]

    def _day(self, digest: Digest) -> Entry:
        """Return what is expected of a whole day as one entry."""
        gone = [past for past in self.listing.withdrawn if past.day == digest.date]
        papers: tuple[Entry | Withdrawn, ...] = (*digest.entries, *gone)
        tags = (tag for entry in digest.entries for tag in map(printable, entry.tags) if tag)
        return Entry(
            file="",
            date=digest.date,
            id=f"tag:{self.site.authority}:{digest.date}",
            title=f"{digest.date}: {digest.title}" if digest.title else f"{digest.date}",
            tags=tuple(dict.fromkeys(tags)),
            commentary=(Passage(text=digest.entries[0].title or "?", first=1, last=1),),
            # The day appeared with the first of its papers, though this one is gone.
            published=max(paper.published for paper in papers if paper.published),
            updated=max((*(past.when for past in gone), *(e.updated for e in digest.entries if e.updated))),
        )

    def papers(self, entry: Entry) -> tuple[Entry, ...]:
        """The papers that an entry of the feed is of: those of its day, where it is a whole day."""
        if self.listing.kind != "days":
            return (entry,)
        return next(digest.entries for digest in self.listing.digests if digest.date == entry.date)

    def page(self, entry: Entry) -> str:
        """The address of an entry's page."""
        place = f"#{entry.anchor}" if entry.anchor else ""
        return f"{self.site.base_url}{entry.date:%Y/%m/%d}/{place}"

    @property
    def whole(self) -> bool:
        """Tell whether the feed holds all that belongs there."""
        digests = self.listing.digests
        return len(self.items) == (len(digests) if self.listing.kind == "days" else digests.papers)

    @property
    def atom(self) -> etree._Element:
        """The root of the Atom feed."""
        return _parsed(self.files["atom.xml"])

    @property
    def entries(self) -> list[etree._Element]:
        """The entries of the Atom feed."""
        return self.atom.findall(f"{ATOM}entry")

    @property
    def channel(self) -> etree._Element:
        """The channel of the RSS feed."""
        channel = _parsed(self.files["rss.xml"]).find("channel")
        assert channel is not None
        return channel

    @property
    def items(self) -> list[etree._Element]:
        """The items of the RSS feed."""
        return self.channel.findall("item")

    @property
    def json(self) -> Any:
        """The JSON Feed."""
        return _json(self.files["feed.json"])


Rule = Callable[[Published], Iterator[str]]


def row_3_atom_has_the_elements_of_rfc_4287(feeds: Published) -> Iterator[str]:
    history = {f"{HISTORY}archive": (0, 1), f"{HISTORY}complete": (0, 1), DELETED: (0, 10**9)}
    yield from _children(feeds.atom, {ATOM + name: span for name, span in FEED_CHILDREN.items()} | history)
    for entry in feeds.entries:
        yield from _children(entry, {ATOM + name: span for name, span in ENTRY_CHILDREN.items()})
        yield from _unequal("type of content", _one(entry, "content").get("type"), "html")
    for past in feeds.atom.findall(DELETED):
        yield from _unequal("attributes", set(past.attrib), {"ref", "when"})
    for author in feeds.atom.iter(f"{ATOM}author"):
        yield from _children(author, {f"{ATOM}name": (1, 1)})
        if not author.findtext(f"{ATOM}name"):
            yield "an author without a name"


def row_3_rss_has_the_elements_of_its_profile(feeds: Published) -> Iterator[str]:
    for item in feeds.items:
        yield from _children(item, ITEM_CHILDREN)
    for name in ("title", "link", "description", "language", "lastBuildDate", f"{DC}creator"):
        if not feeds.channel.findtext(name):
            yield f"the channel has no {name}"


def row_4_all_three_say_the_same(feeds: Published) -> Iterator[str]:
    atom = [(_text(e, "id"), _moment(_text(e, "published")), _names(e)) for e in feeds.entries]
    rss = [
        (item.findtext("guid"), _rfc822(item), item.findtext(f"{DC}creator", "").removesuffix(", et al."))
        for item in feeds.items
    ]
    dump = [
        (item["id"], _moment(item["date_published"]), [a["name"] for a in item.get("authors", [])])
        for item in feeds.json["items"]
    ]
    yield from _unequal("JSON Feed", dump, atom)
    yield from _unequal("RSS", rss, [(id_, moment, ", ".join(names)) for id_, moment, names in atom])
    yield from _unequal("ids", [id_ for id_, *_ in atom], [entry.id for entry in feeds.shown])


def row_5_json_feed_is_of_version_1_1(feeds: Published) -> Iterator[str]:
    feed = feeds.json
    yield from _unequal("version", feed["version"], "https://jsonfeed.org/version/1.1")
    yield from _keys(feed, JSON_FEED, {"version", "title", "items"})
    for item in feed["items"]:
        yield from _keys(item, JSON_ITEM, {"id", "url", "title", "content_html", "summary"})
        for url in (item["url"], item.get("external_url", item["url"])):
            if not URI.fullmatch(url):
                yield f"no URI: {url}"
    yield from _unequal("titles", [item["title"] for item in feed["items"]], _titles(feeds))


def row_8_the_feed_is_as_new_as_its_newest_entry(feeds: Published) -> Iterator[str]:
    newest = max(_moment(_text(entry, "updated")) for entry in feeds.entries)
    newest = max((newest, *(_moment(when) for _, when in _deleted(feeds))))
    yield from _unequal("updated", _moment(_text(feeds.atom, "updated")), newest)
    built = email.utils.parsedate_to_datetime(feeds.channel.findtext("lastBuildDate", ""))
    yield from _unequal("lastBuildDate", built, newest)


def row_9_what_is_withdrawn_is_told_and_not_shown(feeds: Published) -> Iterator[str]:
    gone: dict[str, tuple[dt.datetime, dt.datetime]] = {}
    left = {digest.date for digest in feeds.listing.digests} if feeds.listing.kind == "days" else set()
    for past in feeds.listing.withdrawn:
        name = f"{past.day}" if feeds.listing.kind == "days" else f"{past.day}/{past.anchor}"
        published, when = gone.get(name, (past.published, past.when))
        if past.day not in left:
            gone[name] = max(published, past.published), max(when, past.when)
    # What goes on forgets what is older than all that it shows.
    window = min(_moment(_text(entry, "published")) for entry in feeds.entries)
    expected = {
        f"tag:{feeds.site.authority}:{name}": when
        for name, (published, when) in gone.items()
        if published >= window or feeds.whole
    }
    told = _deleted(feeds)
    yield from _unequal("withdrawn", {ref: _moment(when) for ref, when in told}, expected)
    yield from (f"no moment in UTC: {when}" for _, when in told if not ZULU.fullmatch(when))
    ids = [*(ref for ref, _ in told), *(_text(entry, "id") for entry in feeds.entries)]
    yield from (f"told twice, or gone and shown: {id_}" for id_ in ids if ids.count(id_) > 1)


def _deleted(feeds: Published) -> list[tuple[str, str]]:
    return [(e.get("ref", ""), e.get("when", "")) for e in feeds.atom.findall(DELETED)]


def row_9_ids_are_permanent_and_single(feeds: Published) -> Iterator[str]:
    ids = [_text(feeds.atom, "id"), *(_text(entry, "id") for entry in feeds.entries)]
    yield from (f"no tag URI: {id_}" for id_ in ids if not TAG_URI.fullmatch(id_))
    yield from (f"twice: {id_}" for id_ in ids if ids.count(id_) > 1)
    yield from (f"other authority: {id_}" for id_ in ids if f":{feeds.site.authority}:" not in id_)


def row_10_guids_are_no_permalinks(feeds: Published) -> Iterator[str]:
    for guid in feeds.channel.iter("guid"):
        yield from _unequal("isPermaLink", guid.get("isPermaLink"), "false")


def row_11_each_names_its_own_address(feeds: Published) -> Iterator[str]:
    links = {link.get("rel"): link for link in feeds.atom.findall(f"{ATOM}link")}
    yield from _unequal("Atom", links["self"].get("href"), f"{feeds.folder}atom.xml")
    yield from _unequal("page", links["alternate"].get("href"), feeds.home)
    rss = feeds.channel.find(f"{ATOM}link[@rel='self']")
    yield from _unequal("RSS", None if rss is None else rss.get("href"), f"{feeds.folder}rss.xml")
    yield from _unequal("JSON Feed", feeds.json["feed_url"], f"{feeds.folder}feed.json")


def row_12_the_channel_links_to_the_page(feeds: Published) -> Iterator[str]:
    yield from _unequal("link", feeds.channel.findtext("link"), feeds.home)
    yield from _unequal("home_page_url", feeds.json["home_page_url"], feeds.home)


def row_13_atom_names_every_author_by_one_element(feeds: Published) -> Iterator[str]:
    for element, entry in zip(feeds.entries, feeds.shown, strict=True):
        yield from _unequal("authors", _names(element), _shown_names(entry))


def row_14_rss_names_all_authors_in_one_creator(feeds: Published) -> Iterator[str]:
    for item, entry in zip(feeds.items, feeds.shown, strict=True):
        yield from _unequal("author elements", len(item.findall("author")), 0)
        names = ", ".join(printable(author.name) for author in entry.authors)
        expected = f"{names}, et al." if entry.more_authors else names
        yield from _unequal("creator", item.findtext(f"{DC}creator", "").rstrip(", "), expected.rstrip(", "))


def row_15_the_content_names_every_author(feeds: Published) -> Iterator[str]:
    for content, entry in _contents(feeds):
        text = _tree(content).text_content()
        names = (name for paper in feeds.papers(entry) for name in _shown_names(paper))
        yield from (f"{name} is missing" for name in names if name not in text)


def row_16_every_tag_is_a_category(feeds: Published) -> Iterator[str]:
    for element, item, entry in zip(feeds.entries, feeds.items, feeds.shown, strict=True):
        tags = [tag for tag in map(printable, entry.tags) if tag]
        yield from _unequal("Atom", [c.get("term") for c in element.findall(f"{ATOM}category")], tags)
        yield from _unequal("RSS", [c.text for c in item.findall("category")], tags)
    dump = [item.get("tags", []) for item in feeds.json["items"]]
    yield from _unequal("JSON Feed", dump, [[t for t in map(printable, e.tags) if t] for e in feeds.shown])


def row_17_the_content_is_whole(feeds: Published) -> Iterator[str]:
    for content, entry in _contents(feeds):
        text = _words(_tree(content).text_content())
        for part in (part for paper in feeds.papers(entry) for part in _parts(paper)):
            plain = re.sub(r"\[([^\]]*)\]\((https://example[^)]*)\)", r"\1", part)
            if _words(printable(plain)) not in text:
                yield f"missing: {part[:60]!r}"


def _parts(entry: Entry) -> list[str]:
    """Return the texts of an entry, without the marks of lists and headings."""
    said = [re.sub("(?m)^ *(- |[0-9]+[.] |#+ )", "", passage.text) for passage in entry.commentary]
    return said + ([entry.abstract] if entry.abstract else [])


def row_17_all_formats_have_the_same_content(feeds: Published) -> Iterator[str]:
    atom = [_text(entry, "content") for entry in feeds.entries]
    yield from _unequal("RSS", [item.findtext(CONTENT) for item in feeds.items], atom)
    yield from _unequal("JSON Feed", [item["content_html"] for item in feeds.json["items"]], atom)


def row_17_summaries_are_short_and_plain(feeds: Published) -> Iterator[str]:
    summaries = [_text(entry, "summary") for entry in feeds.entries]
    for text, entry in zip(summaries, feeds.shown, strict=True):
        if not 0 < len(text) <= 300:
            yield f"{len(text)} characters"
        if text.endswith(" …") and len(text) < 200:
            yield f"cut too early: {text!r}"
        if sum(map(text.count, "\u202a\u202b\u202d\u202e")) != text.count("\u202c"):
            yield f"unclosed direction: {text[:40]!r}"
        said = [p.text for p in entry.commentary] or [entry.abstract or ""]
        if said[0][:1].isalnum() and not _words(text).startswith(_words(printable(said[0]))[:20]):
            yield f"not what was written: {text[:40]!r}"
    yield from _unequal("JSON Feed", [item["summary"] for item in feeds.json["items"]], summaries)
    # An item's description is HTML to its readers: read as such, it is the same text.
    read = [_tree(item.findtext("description", "")).text_content() for item in feeds.items]
    yield from _unequal("RSS", read, summaries)


def row_18_every_entry_has_both_dates(feeds: Published) -> Iterator[str]:
    for element, item, entry in zip(feeds.entries, feeds.json["items"], feeds.shown, strict=True):
        for name, key, moment in (
            ("published", "date_published", entry.published),
            ("updated", "date_modified", entry.updated),
        ):
            yield from _unequal(name, _moment(_text(element, name)), moment)
            yield from _unequal(key, _moment(item[key]), moment)


def row_19_dates_are_utc_with_z(feeds: Published) -> Iterator[str]:
    atom = (e.text or "" for name in ("updated", "published") for e in feeds.atom.iter(ATOM + name))
    dump = (item[key] for item in feeds.json["items"] for key in ("date_published", "date_modified"))
    yield from (text for text in (*atom, *dump) if not ZULU.fullmatch(text))
    for date in feeds.channel.iter("pubDate", "lastBuildDate"):
        if not (date.text or "").endswith(" +0000"):
            yield f"not UTC: {date.text}"


def row_20_dates_differ_and_keep_the_order(feeds: Published) -> Iterator[str]:
    dates = [_moment(_text(entry, "published")) for entry in feeds.entries]
    yield from (f"not older: {later}" for first, later in itertools.pairwise(dates) if later >= first)


def row_21_languages_are_marked(feeds: Published) -> Iterator[str]:
    language = feeds.listing.language
    yield from _unequal("Atom", feeds.atom.get(XML_LANG), language)
    yield from _unequal("RSS", feeds.channel.findtext("language"), language)
    yield from _unequal("JSON Feed", feeds.json["language"], language)
    for content, entry in _contents(feeds):
        marked = [e.get("lang") for e in _tree(content).iter("div", "blockquote") if e.get("class")]
        expected: list[str | None] = []
        for paper in feeds.papers(entry):
            expected += [passage.language for passage in paper.commentary]
            expected += [paper.abstract_language] * bool(paper.abstract)
        yield from _unequal("marked", marked, expected)


def row_22_nothing_forbidden_comes_through(feeds: Published) -> Iterator[str]:
    texts = [
        text for root in (feeds.atom, feeds.channel) for text in root.itertext() if isinstance(text, str)
    ]
    texts += [
        str(value) for root in (feeds.atom, feeds.channel) for e in root.iter() for value in e.attrib.values()
    ]
    texts += [value for item in feeds.json["items"] for value in item.values() if isinstance(value, str)]
    yield from (f"forbidden: {text[:40]!r}" for text in texts if printable(text) != text.strip())


def row_23_titles_arrive_as_typed(feeds: Published) -> Iterator[str]:
    yield from _unequal("Atom", [_text(entry, "title") for entry in feeds.entries], _titles(feeds))
    yield from (
        f"type {t.get('type')}"
        for t in feeds.atom.iter(f"{ATOM}title")
        if t.get("type") not in {None, "text"}
    )
    rss = [item.findtext("title", "") for item in feeds.items]
    yield from _unequal("RSS", [title.replace(JOINER, "") for title in rss], _titles(feeds))
    # Some readers of RSS take a title for HTML: also then it must be the same text.
    read = [_tree(title).text_content().replace(JOINER, "") for title in rss]
    yield from _unequal("RSS as HTML", read, _titles(feeds))


def row_24_nothing_in_the_content_acts_or_is_relative(feeds: Published) -> Iterator[str]:
    for content, _ in _contents(feeds):
        for element in _tree(content).iter():
            name = str(element.tag)
            allowed = HTML.get(name)
            if allowed is None or not set(map(str, element.attrib)) <= allowed:
                yield f"<{name} {dict(element.attrib)}>"
            if name == "a" and not re.match(r"https?://[^/]", element.get("href", "")):
                yield f"link to {element.get('href')}"


def row_25_the_one_alternate_opens_the_paper(feeds: Published) -> Iterator[str]:
    for element, item, dump, entry in zip(
        feeds.entries, feeds.items, feeds.json["items"], feeds.shown, strict=True
    ):
        links = [(link.get("rel"), link.get("href", "")) for link in element.findall(f"{ATOM}link")]
        alternates = [url for rel, url in links if rel == "alternate"]
        page = feeds.page(entry)
        yield from _unequal("alternates", alternates, [dump.get("external_url", page)])
        yield from _unequal("RSS", item.findtext("link"), alternates[0])
        yield from _unequal("page", dump["url"], page)
        yield from _unequal(
            "via", [u for r, u in links if r == "via"], [page] if alternates != [page] else []
        )
        yield from _unequal("each once", sorted(set(links)), sorted(links))
        yield from (f"no URI: {url}" for _, url in links if not URI.fullmatch(url))
        pdf = [link.get("href", "") for link in element if link.get("type") == "application/pdf"]
        yield from _unequal("PDF", pdf, [u for _, u in links if ".pdf" in u.lower() or "/pdf/" in u])


def row_28_the_feed_of_the_site_is_bounded(feeds: Published) -> Iterator[str]:
    if feeds.listing.kind in {"day", "month"}:
        yield from _unequal("entries", len(feeds.items), feeds.listing.digests.papers)
        return
    if not 0 < len(feeds.items) <= feeds.site.feed_entries:
        yield f"{len(feeds.items)} entries"
    for name, content in feeds.files.items():
        if len(content) > 1_000_000 and len(feeds.items) > 1:
            yield f"{name} has {len(content)} bytes"


def row_26_the_feed_of_a_tag_holds_that_tag_alone(feeds: Published) -> Iterator[str]:
    if feeds.listing.kind == "tag":
        for element in feeds.entries:
            tags = [category.get("term", "") for category in element.findall(f"{ATOM}category")]
            if feeds.listing.path not in {tag_folder(fold_tag(tag)) for tag in tags}:
                yield f"{tags} in {feeds.listing.path}"


def row_27_archives_and_feed_name_each_other(feeds: Published) -> Iterator[str]:
    # The feed of the site holds no more than this one would, were it bounded.
    alone = not (feeds.listing.previous or feeds.listing.following)
    small = len(feeds.items) <= feeds.site.feed_entries and max(map(len, feeds.files.values())) < 1_000_000
    expected: dict[str, list[str]] = {}
    if feeds.listing.kind == "month":
        expected["current"] = [""]
        expected["prev-archive"] = [feeds.listing.previous] if feeds.listing.previous else []
        expected["next-archive"] = [feeds.listing.following] if feeds.listing.following else []
    elif feeds.listing.kind == "site" and not feeds.whole:
        expected["prev-archive"] = [f"{tuple(feeds.listing.entries)[len(feeds.items)].date:%Y/%m/}"]
    marks = {"month": [] if alone and small else ["archive"], "site": ["complete"] if feeds.whole else []}
    for file, parent in (("atom.xml", feeds.atom), ("rss.xml", feeds.channel)):
        for rel in ("current", "prev-archive", "next-archive"):
            found = [link.get("href") for link in parent.findall(f"{ATOM}link[@rel='{rel}']")]
            addresses = [feeds.site.base_url + folder + file for folder in expected.get(rel, [])]
            yield from _unequal(f"{rel} of {file}", found, addresses)
        found = [str(e.tag).removeprefix(HISTORY) for e in parent if str(e.tag).startswith(HISTORY)]
        yield from _unequal(f"history of {file}", found, marks.get(feeds.listing.kind, []))


def row_11_the_hub_is_named_where_there_is_one(feeds: Published) -> Iterator[str]:
    expected = [feeds.site.hub] if feeds.site.hub else []
    for parent in (feeds.atom, feeds.channel):
        found = [link.get("href") for link in parent.findall(f"{ATOM}link[@rel='hub']")]
        yield from _unequal("hub", found, expected)
    hubs = [{"type": "WebSub", "url": hub} for hub in expected]
    yield from _unequal("hubs of the JSON Feed", feeds.json.get("hubs", []), hubs)


def row_31_no_stylesheet_transforms(feeds: Published) -> Iterator[str]:
    for name in ("atom.xml", "rss.xml"):
        sheets = re.findall(rb"<\?xml-stylesheet[^>]*>", feeds.files[name])
        own = f'<?xml-stylesheet type="text/css" href="{feeds.site.base_url}feed.css"?>'.encode()
        yield from _unequal(f"style sheets of {name}", sheets, [own])
        if b"<!DOCTYPE" in feeds.files[name]:
            yield f"{name} has a document type"


RULES: tuple[Rule, ...] = (
    row_3_atom_has_the_elements_of_rfc_4287,
    row_3_rss_has_the_elements_of_its_profile,
    row_4_all_three_say_the_same,
    row_5_json_feed_is_of_version_1_1,
    row_8_the_feed_is_as_new_as_its_newest_entry,
    row_9_ids_are_permanent_and_single,
    row_9_what_is_withdrawn_is_told_and_not_shown,
    row_10_guids_are_no_permalinks,
    row_11_each_names_its_own_address,
    row_12_the_channel_links_to_the_page,
    row_13_atom_names_every_author_by_one_element,
    row_14_rss_names_all_authors_in_one_creator,
    row_15_the_content_names_every_author,
    row_16_every_tag_is_a_category,
    row_17_the_content_is_whole,
    row_17_all_formats_have_the_same_content,
    row_17_summaries_are_short_and_plain,
    row_18_every_entry_has_both_dates,
    row_19_dates_are_utc_with_z,
    row_20_dates_differ_and_keep_the_order,
    row_21_languages_are_marked,
    row_22_nothing_forbidden_comes_through,
    row_23_titles_arrive_as_typed,
    row_24_nothing_in_the_content_acts_or_is_relative,
    row_25_the_one_alternate_opens_the_paper,
    row_26_the_feed_of_a_tag_holds_that_tag_alone,
    row_27_archives_and_feed_name_each_other,
    row_11_the_hub_is_named_where_there_is_one,
    row_28_the_feed_of_the_site_is_bounded,
    row_31_no_stylesheet_transforms,
)


def printable(text: str) -> str:
    """Return what of a text may stand in a feed."""
    kept = (c for c in text if c in "\t\n\r" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(c for c in kept if not _is_noncharacter(ord(c))).strip()


def _is_noncharacter(point: int) -> bool:
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


@functools.lru_cache(maxsize=64)
def _parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content)


@functools.lru_cache(maxsize=64)
def _json(content: bytes) -> Any:
    return json.loads(content)


def _unequal(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {found!r} instead of {expected!r}"


def _children(element: etree._Element, spans: dict[str, tuple[int, int]]) -> Iterator[str]:
    names = [str(child.tag) for child in element]
    yield from (f"unknown in {element.tag}: {name}" for name in names if name not in spans)
    for name, (least, most) in spans.items():
        if not least <= names.count(name) <= most:
            yield f"{names.count(name)} of {name}"


def _keys(value: dict[str, object], types: dict[str, type], required: set[str]) -> Iterator[str]:
    yield from (f"missing: {key}" for key in sorted(required - value.keys()))
    for key, found in value.items():
        if key not in types or not isinstance(found, types[key]) or found in ("", []):
            yield f"{key}: {found!r}"


def _one(element: etree._Element, name: str) -> etree._Element:
    found = element.find(ATOM + name)
    assert found is not None, name
    return found


def _text(element: etree._Element, name: str) -> str:
    return _one(element, name).text or ""


def _names(entry: etree._Element) -> list[str]:
    return [author.findtext(f"{ATOM}name", "") for author in entry.findall(f"{ATOM}author")]


def _shown_names(entry: Entry) -> list[str]:
    return [name for name in (printable(author.name) for author in entry.authors) if name]


def _titles(feeds: Published) -> list[str]:
    """Return the titles as typed; of an entry without one, what the feed says in its place."""
    said = [_text(entry, "title") or "nothing" for entry in feeds.entries]
    return [printable(e.title or title) for e, title in zip(feeds.shown, said, strict=True)]


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _rfc822(item: etree._Element) -> dt.datetime:
    return email.utils.parsedate_to_datetime(item.findtext("pubDate", ""))


def _contents(feeds: Published) -> Iterator[tuple[str, Entry]]:
    contents = [_text(entry, "content") for entry in feeds.entries]
    return zip(contents, feeds.shown, strict=True)


@functools.lru_cache(maxsize=4096)
def _tree(content: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(content, create_parent="div")


def _words(text: str) -> str:
    return "".join(text.split())
