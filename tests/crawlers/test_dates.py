"""Dates as the web writes them (threat A30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.dates import parse

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 16 Mar 2026 10:00:00 +0100", "2026-03-16T09:00"),
        ("16 Mar 2026 10:00:00 GMT", "2026-03-16T10:00"),
        ("Mon, 16 Mar 2026 10:00 EST", "2026-03-16T15:00"),
        ("Mon, 16 Mar 2026 10:00:00", "2026-03-16T09:00"),  # no zone: Paris
        ("2026-03-16T10:00:00Z", "2026-03-16T10:00"),
        ("2026-03-16T10:00:00.123456+02:00", "2026-03-16T08:00"),
        ("2026-03-16T10:00:00+0200", "2026-03-16T08:00"),
        ("2026-07-16 10:00", "2026-07-16T08:00"),
        ("2026-03-04", "2026-03-03T23:00"),  # ISO before any day-first reading
        ("20260304", "2026-03-03T23:00"),
        ("1773655200", "2026-03-16T10:00"),
        ("1773655200000", "2026-03-16T10:00"),
        ("13/04/2026", "2026-04-12T22:00"),
        ("07.06.2023", "2023-06-06T22:00"),
        ("7-6-2023", "2023-06-06T22:00"),
        ("le 13/04/26 à 14h05", "2026-04-13T12:05"),
        ("(3 février 2026)", "2026-02-02T23:00"),
        ("1er mars 2026", "2026-02-28T23:00"),
        ("Lundi 12 MAI 2025, 8:30", "2025-05-12T06:30"),
        ("12 mai 2026 10:00", "2026-05-12T08:00"),
        ("14 août 2026 à 9 h", "2026-08-14T07:00"),
        ("3 déc. 2025", "2025-12-02T23:00"),
        ("21 sept. 2026", "2026-09-20T22:00"),
        ("March 3, 2026", "2026-03-02T23:00"),
        ("3rd of July 2026", "2026-07-02T22:00"),
        ("Publié le 16 octobre 2023 - 10:26 - Mise à jour le 18 octobre 2023 - 09:00", "2023-10-16T08:26"),
        ("Mis à jour le 18/10/2023 à 09:00 — Publié le 16/10/2023 à 10:26", "2023-10-16T08:26"),
        ("Modifié le 18 octobre 2023", "2023-10-17T22:00"),
        ("Date de publication : 07.06.2023", "2023-06-06T22:00"),
        ("2026/04/13 10:30", "2026-04-13T08:30"),
        ("1 er mars 2026", "2026-02-28T23:00"),
        ("Mercredi\n 25\n novembre\n 2025", "2025-11-24T23:00"),
        ("13/04/2026 à 14 h 05", "2026-04-13T12:05"),
        ("En ligne\u00a0: 3\u202ffévrier\u00a02026", "2026-02-02T23:00"),
        ("aujourd’hui à 9 h", "2026-11-21T23:00"),
        ("hier", "2026-11-20T23:00"),
        ("il y a 2 jours", "2026-11-20T12:00"),
        ("Il y a une heure", "2026-11-22T11:00"),
        ("2026-11-23T11:00:00Z", "2026-11-23T11:00"),  # an embargo of hours is believed
    ],
)
def test_dates_are_read(text: str, expected: str) -> None:
    found = parse(text, NOW)
    assert found is not None
    assert found.replace(microsecond=0, tzinfo=None).isoformat(timespec="minutes") == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "", "demain", "2099-01-01", "2026-11-24T13:00:00Z", "1970-01-01T00:00:00Z", "0", "1", "99999999", "31/02/2026",
        "2026-13-45", "45 mars 2026", "mars 2026", "12 mars", "Contrat à impact social", "12/03/2026/04",
        "2026/03/12/04", "v1.2.2026.3",
        "il y a 99999 semaines", "Mon, 99 Foo 2026 10:00:00 GMT", "3 5 2026", "2026-03-16T99:99:00Z", "12-03-2026-4",
    ],
)  # fmt: skip
def test_what_is_no_believable_date_is_none(text: str) -> None:
    assert parse(text, NOW) is None


@given(st.text(max_size=60) | st.from_regex(r"[0-9a-z:/T.+ -]{1,40}"))
def test_no_text_raises_and_nothing_lies_in_the_future(text: str) -> None:
    found = parse(text, NOW)
    assert found is None or found <= NOW + timedelta(days=1)
