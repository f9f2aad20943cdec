"""Publication dates, in every form that French pages give them."""

from datetime import UTC, datetime

import pytest
from lxml import html

from pipeline.dates import french, plausible, read, structured
from pipeline.dating import prose
from pipeline.marks import read_marks

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "iso", "has_time"),
    [
        ("2026-02-03", "2026-02-02T23:00:00+00:00", False),
        ("2026-02-03T10:26:00+01:00", "2026-02-03T09:26:00+00:00", True),
        ("2026-02-03T09:26:00Z", "2026-02-03T09:26:00+00:00", True),
        ("Tue, 03 Feb 2026 09:26:00 GMT", "2026-02-03T09:26:00+00:00", True),
    ],
)
def test_machine_dates(written: str, iso: str, has_time: bool) -> None:
    found = read(written)
    assert found is not None
    assert (found[0].isoformat(), found[1]) == (iso, has_time)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Publié le 3 février 2026", "2026-02-02T23:00:00+00:00"),
        ("Mis à jour le 9 mars 2026, publié le 16 octobre 2023 - 10:26", "2023-10-16T08:26:00+00:00"),
        ("1er juin 2021", "2021-05-31T22:00:00+00:00"),
        ("mardi 19 octobre 2021 à 9h05", "2021-10-19T07:05:00+00:00"),
        ("fév. 2020 puis 12 déc. 2020", "2020-12-11T23:00:00+00:00"),
        ("le 24 août 2016", "2016-08-23T22:00:00+00:00"),
    ],
)
def test_french_prose(written: str, iso: str) -> None:
    found = french(written)
    assert found is not None
    assert found[0].isoformat() == iso


@pytest.mark.parametrize("when", [datetime(2099, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), None])
def test_impossible_dates_are_no_dates(when: datetime | None) -> None:
    """A30."""
    assert plausible(when, NOW) is None


def test_a_date_of_this_evening_is_now() -> None:
    assert plausible(datetime(2026, 11, 22, 20, tzinfo=UTC), NOW) == NOW


def test_json_ld_gives_the_hour_that_meta_lacks() -> None:
    tree = html.fromstring(
        '<html><head><meta name="date" content="2026-02-03">'
        '<script type="application/ld+json">{"@graph":[{"datePublished":"2026-02-03T10:26:00+01:00"}]}</script>'
        "</head></html>"
    )
    found = structured(read_marks(tree), NOW)
    assert found is not None
    assert found.origin == "json-ld"
    assert found.has_time


@pytest.mark.parametrize("broken", ["{", "[1,2]", '{"@graph": 3}', '{"datePublished": 12}', "[" * 100_000])
def test_broken_json_ld_is_no_harm(broken: str) -> None:
    tree = html.fromstring(f'<html><head><script type="application/ld+json">{broken}</script></head></html>')
    assert structured(read_marks(tree), NOW) is None


def test_prose_date_of_a_page() -> None:
    tree = html.fromstring(
        '<html><body><p class="date">Publié le 3 février 2026</p><p>Le 4 mars 2020.</p></body></html>'
    )
    found = prose(tree, NOW)
    assert found is not None
    assert found.when.isoformat() == "2026-02-02T23:00:00+00:00"
