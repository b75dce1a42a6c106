"""What is permanent: ids, anchors, keys and dates, whatever is written later and wherever it is built."""

from __future__ import annotations

import datetime as dt
import locale
import re
import time
from collections.abc import Callable
from random import Random

import pytest
from costs import BOUND, Work, growth, slowdown
from examples import tries
from hypothesis import example, given
from hypothesis import strategies as st
from made import DAY, digest, entries, entry, histories, hostile, link
from msgspec import structs

from pipeline.model import Author, Digest, Earlier, Entry, Site
from pipeline.refine import identity, merge, refine

SITE = Site(authority="example.org,2024")
# RFC 4151, section 2.1, for an authority that is a host; the rest is of RFC 3986's pchar, "/" and "?".
TAG_URI = re.compile(
    r"tag:[a-z0-9.-]+,[0-9]{4}:(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+"  # without a fragment
)


def identified(*days: Digest, site: Site = SITE) -> list[Entry]:
    return [one for day in identity.refine(days, site) for one in day.entries]


def of(*given_entries: Entry) -> list[Entry]:
    """Return entries that stand on consecutive days, a day each."""
    days = (structs.replace(one, date=DAY + dt.timedelta(days=n)) for n, one in enumerate(given_entries))
    return identified(*map(digest, days))


def built(files: tuple[Digest, ...]) -> tuple[Digest, ...]:
    return identity.refine(merge.refine(files, SITE), SITE)


def test_gives_all_that_is_permanent() -> None:
    one = identified(digest(entry("MusicRL: Aligning Music", "Geoffrey Cideron")))[0]
    assert one.id == "tag:example.org,2024:2024-02-07/musicrl-aligning-music"
    assert one.anchor == "musicrl-aligning-music"
    assert one.key == "cideron2024musicrl"
    assert one.published == one.updated == dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)
    assert one.earlier == ()


ANCHORS = [
    pytest.param([entry("T", "A"), entry("T", "B")], ["t", "t-ba5221d3"], id="same title, other authors"),
    pytest.param([entry("T"), entry("T"), entry("T")], ["t", "t-e632b709", "t-e632b709-2"], id="same title"),
    pytest.param([entry(arxiv="2402.04229")], ["arxiv-2402-04229"], id="nothing but an identifier"),
    pytest.param([entry(links=[link("https://a.org/x")])], ["https-a-org-x"], id="nothing but a link"),
    pytest.param(
        [entry(tags=["rlhf"], says=["Good."], links=[link("https://a.org", "text")])],
        ["rlhf-good"],
        id="never a mention",
    ),
]


@pytest.mark.parametrize(("given_entries", "anchors"), ANCHORS)
def test_names_an_entry_within_its_day(given_entries: list[Entry], anchors: list[str]) -> None:
    assert [one.anchor for one in identified(digest(*given_entries))] == anchors


KEYS = [
    pytest.param(
        [entry("Mamba Two", "Gu"), entry("Mamba Three", "Gu")],
        ["gu2024mamba", "gu2024mambathree"],
        id="a word more",
    ),
    pytest.param(
        [entry("Mamba", "Al Gu"), entry("Mamba", "Bo Gu"), entry("mamba", "Cy Gu")],
        ["gu2024mamba", "gu2024mambax2", "gu2024mambax3"],
        id="a number",
    ),
    pytest.param([entry("Notes"), entry("Notes")], ["anon2024notes", "anon2024notesx2"], id="no authors"),
    pytest.param(
        [entry("T", "A", arxiv="2402.04229"), entry("T", "A", arxiv="2402.03170")],
        ["a2024t", "a2024tx2"],
        id="other arXiv identifiers",
    ),
    pytest.param(
        [
            entry("T", "A", arxiv="2402.04229"),
            entry("T", "A", arxiv="2402.03170"),
            entry("U", "B", arxiv="2402.03170"),
            entry("V", "C", arxiv="2402.04229"),
        ],
        ["a2024t", "a2024tx2", "a2024tx2", "a2024t"],
        id="other arXiv identifiers, met again",
    ),
    pytest.param(
        [entry("T", "A", arxiv="2402.04229"), entry("U", "B", arxiv="2402.04229")],
        ["a2024t", "a2024t"],
        id="same arXiv identifier",
    ),
    pytest.param(
        [entry("T", "A", doi="10.1145/1"), entry("U", "B", doi="10.1145/1")],
        ["a2024t", "a2024t"],
        id="same DOI",
    ),
    pytest.param(
        [entry("Grok: A Report", "Ada Li"), entry("GROK – a report", "ada li")],
        ["li2024grok", "li2024grok"],
        id="same title and author",
    ),
    pytest.param(
        [entry("T", "A"), entry("T", "A", arxiv="1706.03762"), entry(arxiv="1706.03762")],
        ["a2024t", "a2024t", "a2024t"],
        id="learns its identifier",
    ),
]


@pytest.mark.parametrize(("given_entries", "keys"), KEYS)
def test_settles_keys_for_the_newcomer(given_entries: list[Entry], keys: list[str]) -> None:
    assert [one.key for one in of(*given_entries)] == keys


def test_lists_the_earlier_days_of_a_paper() -> None:
    met = of(
        entry("T", "A"), entry("Other", "B"), entry("T", "A", arxiv="2402.04229"), entry(arxiv="2402.04229")
    )
    third = DAY + dt.timedelta(days=2)
    assert [one.earlier for one in met] == [
        (),
        (),
        (Earlier(date=DAY, anchor="t"),),
        (Earlier(date=DAY, anchor="t"), Earlier(date=third, anchor="t")),
    ]


def test_lists_the_days_of_both_where_two_turn_out_to_be_one() -> None:
    last = of(entry(arxiv="2402.04229"), entry("T", "A"), entry("T", "A", arxiv="2402.04229"))[-1]
    assert [day.date.day for day in last.earlier] == [7, 8]


def test_the_same_day_is_no_earlier_day() -> None:
    first = entry("T", "A", arxiv="2402.04229")
    by_title = entry("T", "A", date=DAY + dt.timedelta(days=1))
    by_id = structs.replace(entry(arxiv="2402.04229"), date=by_title.date)
    met = identified(digest(first), digest(by_title, by_id))
    assert [one.key for one in met] == ["a2024t"] * 3
    assert [[day.date for day in one.earlier] for one in met] == [[], [DAY], [DAY]]


MOMENTS = [
    pytest.param("UTC", 12, "2024-02-07", "2024-02-07T12:00:00", id="UTC"),
    pytest.param("Asia/Seoul", 9, "2024-02-07", "2024-02-07T00:00:00", id="no daylight saving"),
    pytest.param("Asia/Seoul", 8, "2024-02-07", "2024-02-06T23:00:00", id="the day before in UTC"),
    pytest.param("Europe/Berlin", 12, "2024-02-07", "2024-02-07T11:00:00", id="winter"),
    pytest.param("Europe/Berlin", 12, "2024-07-07", "2024-07-07T10:00:00", id="summer"),
    pytest.param("America/New_York", 12, "2024-03-10", "2024-03-10T16:00:00", id="the day of the change"),
    pytest.param(
        "America/New_York", 1, "2024-11-03", "2024-11-03T05:00:00", id="the first of an hour told twice"
    ),
    pytest.param("Asia/Kolkata", 12, "2024-02-07", "2024-02-07T06:30:00", id="half an hour"),
    pytest.param("UTC", 0, "2024-02-07", "2024-02-07T00:59:59", id="midnight, counted down within the hour"),
    pytest.param("", 12, "2024-02-07", "2024-02-07T12:00:00", id="no zone is not the machine's"),
]


@pytest.mark.parametrize(("timezone", "hour", "day", "moment"), MOMENTS)
def test_is_published_at_the_hour_of_the_zone(timezone: str, hour: int, day: str, moment: str) -> None:
    site = structs.replace(SITE, timezone=timezone, hour=hour)
    one = identified(digest(entry("T", date=dt.date.fromisoformat(day))), site=site)[0]
    assert one.published == dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


@given(
    st.sampled_from(
        ["UTC", "Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut"]
    ),
    st.integers(0, 23),
    st.dates(dt.date(1990, 1, 1), dt.date(2037, 12, 30)),
)
@example("America/New_York", 2, dt.date(2024, 3, 9))
@example("Asia/Beirut", 0, dt.date(2024, 3, 30))
def test_dates_descend_by_a_second_within_a_day_and_rise_from_day_to_day(
    timezone: str, hour: int, date: dt.date
) -> None:
    from dateutil import tz

    site = structs.replace(SITE, timezone=timezone, hour=hour)
    days = [
        digest(*(entry(str(n), date=day) for n in range(100))) for day in (date, date + dt.timedelta(days=1))
    ]
    first, second = ([one.published for one in day.entries] for day in identity.refine(tuple(days), site))
    assert all(moment is not None for moment in (*first, *second))
    whole = [moment for moment in first if moment]
    assert [(whole[0] - moment).total_seconds() for moment in whole] == list(range(100))
    assert max(whole) < min(moment for moment in second if moment)
    if hour == 0 or timezone == "UTC":
        assert {moment.astimezone(tz.gettz(timezone)).date() for moment in whole} == {date}


@given(st.lists(entries(), max_size=12), st.integers(1000, 2999))
@example([entry("T", "A"), entry("T", "B"), entry("T"), entry("T"), entry("t 2"), entry("T-2")], 2024)
def test_every_id_is_a_tag_uri_of_its_own_and_every_anchor_a_fragment(some: list[Entry], year: int) -> None:
    date = dt.date(year, 2, 7)
    met = identified(digest(*(structs.replace(one, date=date) for one in some), date=date))
    assert len({one.id for one in met}) == len(met)
    for one in met:
        assert TAG_URI.fullmatch(one.id)
        assert one.id == f"tag:example.org,2024:{date.isoformat()}/{one.anchor}"
        assert re.fullmatch("[a-z0-9-]+", one.anchor)


@given(st.lists(hostile, max_size=8))
def test_hostile_titles_of_authors_unknown_have_ids_and_keys_of_their_own(titles: list[str]) -> None:
    met = identified(digest(*(entry(title or None) for title in titles)))
    assert len({one.id for one in met}) == len({one.key for one in met}) == len(titles)


@given(histories())
def test_ids_and_keys_are_unique_in_the_archive(files: tuple[Digest, ...]) -> None:
    met = [one for day in built(files) for one in day.entries]
    assert len({one.id for one in met}) == len(met)
    arxiv_of: dict[str, set[str]] = {}
    key_of: dict[str, set[str]] = {}
    for one in met:
        assert re.fullmatch("[a-z][a-z0-9]*", one.key)
        assert all(day.date < one.date for day in one.earlier)
        assert list(one.earlier) == sorted(one.earlier, key=lambda day: day.date)
        if one.identifiers.arxiv:
            arxiv_of.setdefault(one.key, set()).add(one.identifiers.arxiv)
            key_of.setdefault(one.identifiers.arxiv, set()).add(one.key)
    assert all(len(ids) == 1 for ids in arxiv_of.values())
    assert all(len(keys) == 1 for keys in key_of.values())


@given(histories())
def test_every_earlier_day_is_there_to_be_linked(files: tuple[Digest, ...]) -> None:
    met = {(one.date, one.anchor): one for day in built(files) for one in day.entries}
    for one in met.values():
        assert all((day.date, day.anchor) in met for day in one.earlier)
        same = [before for before in met.values() if before.key == one.key and before.date < one.date]
        assert {(before.date, before.anchor) for before in same} <= {(d.date, d.anchor) for d in one.earlier}


@given(histories())
def test_later_days_change_nothing_of_earlier_ones(files: tuple[Digest, ...]) -> None:
    days = built(files)
    for count in range(1, len(days) + 1):
        until = days[count - 1].date
        assert built(tuple(file for file in files if file.date <= until)) == days[:count]


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_files_in_a_run_does_not_matter(files: tuple[Digest, ...], random: Random) -> None:
    shuffled = list(files)
    random.shuffle(shuffled)
    assert refine(shuffled, SITE) == refine(files, SITE)


@tries(20)
@given(histories())
def test_neither_locale_nor_the_zone_of_the_machine_matters(files: tuple[Digest, ...]) -> None:
    expected = refine(files, SITE)
    before = locale.setlocale(locale.LC_ALL)
    with pytest.MonkeyPatch.context() as patch:
        try:
            for name in ("tr_TR.UTF-8", "C.UTF-8", "C"):
                patch.setenv("TZ", "Pacific/Auckland")
                time.tzset()
                try:
                    locale.setlocale(locale.LC_ALL, name)
                except locale.Error:  # not every machine has it
                    continue
                assert refine(files, SITE) == expected
        finally:
            locale.setlocale(locale.LC_ALL, before)
            patch.undo()
            time.tzset()


def archive(days: int, a_day: int) -> list[Digest]:
    """Return an archive of which every tenth paper is met again and every hundredth has no authors."""

    def one(number: int, date: dt.date) -> Entry:
        again = number % 10 == 0
        return entry(
            "Daily Notes"
            if number % 100 == 1
            else f"Scaling Paper {number // 100 if again else number}: Études",
            *([] if number % 100 == 1 else [Author(name=f"Ada Kim{number % 97 if not again else ''}")]),
            date=date,
            links=[]
            if again
            else [link(f"https://arxiv.org/abs/{2000 + number % 12 + 1:04}.{number % 99999:05}")],
            abstract="We train a model of preferences. " * 40 + "See https://github.com/a/b.",
            says=[
                "Mamba + Attention hybrid로 학습했네요. " * 8,
                "(https://a.org/x, https://b.org/y)를 보세요.",
            ],
            tags=["state_space_model", "rlhf"],
        )

    numbers = iter(range(days * a_day))
    dates = [DAY + dt.timedelta(days=n) for n in range(days)]
    return [digest(*(one(next(numbers), date) for _ in range(a_day))) for date in dates]


def notes(days: int, a_day: int) -> list[Digest]:
    """Return an archive of entries of one name."""
    dates = (DAY + dt.timedelta(days=n) for n in range(days))
    return [digest(*(entry("Daily Notes", date=date) for _ in range(a_day))) for date in dates]


@pytest.mark.parametrize(
    "archive_of",
    [
        pytest.param(lambda size: archive(10, size // 10), id="large days"),
        pytest.param(lambda size: archive(size // 5, 5), id="many days"),
        pytest.param(lambda size: notes(10, size // 10), id="one name"),
    ],
)
def test_cost_grows_with_the_archive(archive_of: Callable[[int], list[Digest]]) -> None:
    def refining(size: int) -> Work:
        days = archive_of(size)
        return lambda: refine(days, SITE)

    assert growth(refining, 200) < 1.25
    assert slowdown(refining, 4_000) < BOUND


def test_thousands_of_entries_of_one_name_have_ids_and_keys_of_their_own() -> None:
    met = identified(*notes(10, 200))
    assert len({one.key for one in met}) == len({one.id for one in met}) == 2_000
