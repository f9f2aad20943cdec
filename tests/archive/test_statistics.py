"""The curve of any search: its numbers are those of its table, and it says what it does not know."""

from __future__ import annotations

import csv
import io
from typing import Any

import lxml.html
import pytest

from archive.chart import LABELS, chart, rounded
from archive.wording import month
from core.query import parse


def page_of(archive: Any, path: str) -> Any:
    answer = archive.client.get(path)
    assert answer.status_code == 200
    return lxml.html.document_fromstring(answer.text)


def plain(node: Any) -> str:
    return " ".join(node.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def rows_of(page: Any) -> dict[str, list[str]]:
    rows = page.xpath("//table[@class='numbers']/tbody/tr")
    return {plain(row.xpath("th")[0]): [plain(cell) for cell in row.xpath("td")] for row in rows}


def test_every_month_of_a_year_has_its_line_and_the_present_one_is_incomplete(archive: Any) -> None:
    page = page_of(archive, "/statistiques")
    rows = rows_of(page)
    assert len(rows) == 12
    assert next(iter(rows)) == "novembre 2026 mois en cours, incomplet"
    assert "octobre 2026 la veille commence ce mois-ci" in rows
    assert "mars 2026 avant la veille" in rows
    heads = [plain(each) for each in page.xpath("//table[@class='numbers']/thead/tr[2]/th")]
    assert heads[:4] == ["Mois", "Articles", "Entrés après coup", "Contrats à impact social"]
    assert "Presse" in heads and heads[-1] == "Sources lues"
    assert rows["mars 2026 avant la veille"][1] == "1", "what entered the archive after the fact is told apart"


def test_the_numbers_add_up_to_what_the_search_finds(archive: Any) -> None:
    for query in ("", "contrat", '"contrats à impact"', "tag:cis", "source:courrier-du-bocage"):
        rows = rows_of(page_of(archive, f"/statistiques?q={query}"))
        found = archive.store.index.search(parse(query), archive.ports.clock.now()).total
        assert sum(int(cells[0].split()[0]) for cells in rows.values()) == found > 0, query


def test_a_chart_says_in_words_what_it_shows_and_does_not_tell_by_colour_alone(archive: Any) -> None:
    page = page_of(archive, "/statistiques")
    charts = page.xpath("//*[name()='svg' and @role='img']")
    assert len(charts) >= 4
    for drawn in charts:
        title, told = (page.get_element_by_id(each) for each in drawn.get("aria-labelledby").split())
        assert plain(title)
        assert plain(told).startswith("De décembre 2025 à novembre 2026 :")
    assert "1 entré après coup" in plain(charts[0])
    assert charts[0].xpath(".//*[contains(@class, 'late-bar')]")[0].get("fill") == "url(#total-apres)"
    assert charts[0].xpath(".//*[@class='bar open']"), "the month that is not over has another dress"
    assert not page.xpath("//script | //*[@style]"), "nothing that the content security policy would refuse"


def test_it_says_since_when_its_sources_are_read_and_those_of_its_filters_only(archive: Any) -> None:
    whole = plain(page_of(archive, "/statistiques"))
    assert "sources lues depuis le 14 octobre 2026 : ce qui est plus ancien peut manquer." in whole
    one = plain(page_of(archive, "/statistiques?q=source:agence-des-toits"))
    assert "Source « Agence des toits » lue depuis le 14 octobre 2026" in one
    press = plain(page_of(archive, "/statistiques?q=category:presse"))
    assert "En ce moment, ne peut pas être lue : La Lettre fermée." in press


def test_the_file_is_the_table_with_what_it_covers(archive: Any) -> None:
    answer = archive.client.get("/statistiques.csv?q=tag:cis")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    data = [row for row in rows if not row["Mois"].startswith("#")]
    assert [data[0]["Mois"], data[-1]["Mois"], data[-1]["Remarque"]] == [
        "2025-12", "2026-11", "mois en cours, incomplet",
    ]  # fmt: skip
    assert sum(int(row["Articles"]) for row in data) == sum(int(row["Contrats à impact social"]) for row in data) > 0
    assert sum(int(row["Entrés après coup"]) for row in data) == 1
    assert any("lues depuis le" in row["Mois"] for row in rows), "an empty month is no proof of absence"


@pytest.mark.parametrize(("asked", "said"), [("", "articles repérés"), ("tous=1", "tous les articles")])
def test_the_file_says_which_articles_it_counts(archive: Any, asked: str, said: str) -> None:
    told = archive.client.get(f"/statistiques.csv?{asked}").content.decode("utf-8-sig")
    assert f" : {said}, mois par mois" in told


def test_a_month_of_the_table_is_a_search(archive: Any) -> None:
    page = page_of(archive, "/statistiques?q=contrat")
    links = page.xpath("//table[@class='numbers']//td/a/@href")
    assert links
    assert all(page_of(archive, link).xpath("//ol[@class='results']/li") for link in links)


@pytest.mark.parametrize("query", ["before:1950", "zzzz", '"' * 300, "month:0001-01", "before:2026-04", "\0"])
def test_no_query_is_a_fault(archive: Any, query: str) -> None:
    for path in ("/statistiques", "/statistiques.csv"):
        assert archive.client.get(path, params={"q": query}).status_code == 200


def test_what_is_older_than_ten_years_is_counted_and_can_be_reached(fresh: Any, keep_article: Any) -> None:
    old = {"source": "agence-des-toits", "path": "/ancien", "title": "Un contrat à impact ancien", "text": "Ancien.",
           "seen": fresh.ports.clock.now(), "published": fresh.ports.clock.now().replace(year=1998),
           "tags": {"cis": True}, "backfilled": True}  # fmt: skip
    keep_article(fresh.store, old)
    page = page_of(fresh, "/statistiques")
    assert len(rows_of(page)) == 120
    assert "1 article d’avant n’y tient pas" in plain(page)
    earlier = page_of(fresh, page.xpath("//a[contains(., 'années d’avant')]/@href")[0])
    assert rows_of(earlier)["novembre 1998 avant la veille"][1] == "1"


def test_scales_end_at_round_numbers_and_names_of_months_never_crowd() -> None:
    assert [rounded(value) for value in (0, 1, 3, 5, 11, 39, 101)] == [1, 1, 4, 10, 20, 40, 200]
    for years in range(1, 11):
        months = [f"{2027 - years + index // 12}-{index % 12 + 1:02}" for index in range(years * 12)]
        made = chart("t", "d", months, [(index % 7, 1) for index in range(len(months))], now=months[-1])
        assert 2 <= len(made.months) <= LABELS
        assert all(bar.left >= 0 and bar.left + bar.width <= 100 and bar.late_top >= 0 for bar in made.bars)
        assert [bar.open for bar in made.bars].count(True) == 1
    assert month("2026-11") == "novembre 2026"
