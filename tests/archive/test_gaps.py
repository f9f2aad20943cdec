"""Past interruptions are told where results are: one sentence, of bounded length, of the sources and time asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest

from archive.coverage import watched
from archive.gaps import interruptions, told
from archive.wording import between
from core.sources import Gap, Source, SourceState
from core.tree import Dated

MAY = datetime(2026, 5, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)
LANDES = Source("landes", "La Gazette", "presse", "https://l.example/")


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def state(slug: str, *gaps: Gap) -> SourceState:
    return SourceState(slug, first_run_at=MAY - 100 * DAY, gaps=gaps)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (14, "entre le 3 et le 17 mai 2026"),
        (40, "entre le 3 mai et le 12 juin 2026"),
        (300, "entre le 3 mai 2026 et le 27 février 2027"),
    ],
)
def test_an_interruption_is_told_with_its_dates(days: int, said: str) -> None:
    assert plain(between(MAY, MAY + days * DAY)) == said
    lines = watched([LANDES], {"landes": state("landes", Gap(MAY, MAY + days * DAY))})
    assert plain(lines[1]) == f"« La Gazette » n’a pas été lue {said} : ce qui a paru alors peut manquer."


def test_sources_stopped_together_are_one_interruption_in_the_days_that_they_share() -> None:
    sources = [Source(f"s{number}", f"S{number}", "presse", "https://s.example/") for number in range(40)]
    states = {
        each.slug: state(
            each.slug, Gap(MAY + number * timedelta(hours=1), MAY + 12 * DAY - number * timedelta(hours=1))
        )
        for number, each in enumerate(sources)
    }
    (one,) = interruptions(sources, states)
    assert one.gap == Gap(MAY + timedelta(hours=39), MAY + 12 * DAY - timedelta(hours=39))
    assert plain(told((one,))).startswith("40 sources n’ont pas été lues entre le 5 et le 13 mai 2026 :")


def test_the_sentence_stays_short_whatever_the_history() -> None:
    gaps = tuple(Gap(MAY + number * 20 * DAY, MAY + (number * 20 + 10) * DAY) for number in range(30))
    sentence = told(interruptions([LANDES], {"landes": state("landes", *gaps)}))
    assert "et 27 interruptions plus anciennes" in plain(sentence)
    assert "2027" in sentence, "the latest are told"
    assert len(sentence) < 400


def test_only_what_touches_the_time_asked_is_told() -> None:
    states = {"landes": state("landes", Gap(MAY, MAY + 14 * DAY))}
    assert len(watched([LANDES], states, Dated(MAY + 15 * DAY))) == 1
    assert len(watched([LANDES], states, Dated(before=MAY))) == 1
    assert len(watched([LANDES], states, Dated(MAY + 5 * DAY, MAY + 6 * DAY))) == 2


def test_a_source_that_is_rarely_read_by_choice_is_not_missed() -> None:
    monthly = Source("landes", "La Gazette", "presse", "https://l.example/", every=30 * DAY)
    assert interruptions([monthly], {"landes": state("landes", Gap(MAY, MAY + 31 * DAY))}) == ()


@pytest.mark.parametrize("path", ["/recherche?q=source:agence-des-toits", "/statistiques?q=source:agence-des-toits"])
def test_results_and_curves_tell_them_from_the_visits_themselves(archive: Any, path: str) -> None:
    text = plain(lxml.html.document_fromstring(archive.client.get(path).text).text_content())
    assert "« Agence des toits » n’a pas été lue entre le 14 octobre et le 22 novembre 2026" in text


@pytest.mark.parametrize("end", ["csv", "json", "bib", "ris"])
def test_exports_tell_them_too(archive: Any, end: str) -> None:
    text = archive.client.get(f"/recherche.{end}?q=source:agence-des-toits&tous=1").text
    assert "pas été lue entre le 14" in plain(text)
