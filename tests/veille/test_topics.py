"""Two topics followed together, from articles to the mail and the archive: real rules, store and renderer."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from core.articles import Article, Signature, Verdict
from core.editions import Body, Edition
from core.errors import TopicError
from core.urls import article_key
from veille import telling
from veille.serving import application
from veille.wiring import House

MONDAY = datetime.fromisoformat("2020-09-28T08:00:00+02:00")
POINTS = tomllib.loads(Path(__file__).with_name("september_2020.toml").read_text("utf-8"))["article"]
SECOND = '[[topic]]\nslug = "philanthropie-alliances"\nname = "Philanthropie et alliances"\nenabled = {}\n'
BOTH = {
    "title": "Mécénat d'entreprise et contrat à impact social : les deux jambes d'une fondation",
    "text": "La fondation d'entreprise sort du seul mécénat d'entreprise. Elle a signé un contrat à impact social : "
    "si l'association réussit, l'État la rembourse. Le contrat à impact social coûte plus cher à monter, dit-elle.",
}


@pytest.fixture
def opened(veille: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`with opened("true") as house`: the second topic on, off or ("") not even named."""
    monkeypatch.setenv("VEILLE_NOW", MONDAY.isoformat())

    @contextmanager
    def house_with(second: str) -> Iterator[House]:
        config = tmp_path / f"config-{second}.toml"
        text = (tmp_path / "config.toml").read_text("utf-8").replace("[[source]]", f"{SECOND.format(second)}[[source]]")
        text = text.replace("[veille]\n", f'[veille]\ndata = "var-{second}"\ndatabase = "sqlite:///{second}.db"\n')
        config.write_text(text if second else (tmp_path / "config.toml").read_text("utf-8"), encoding="utf-8")
        with House(config) as house:
            yield house

    return house_with


def read(house: House, *articles: dict[str, Any]) -> dict[str, Verdict]:
    """Tag and keep articles, as a run does; the verdict of each by title."""
    verdicts = {}
    for number, written in enumerate(articles, 1):
        url, at = f"https://exemple.fr/{number}", MONDAY - timedelta(days=number)
        article = Article(
            0, "muette", url, article_key(url), written["title"], written["text"].strip(), at, language="fr"
        )
        verdicts[article.title] = verdict = house.classifier.classify(article)
        house.store.articles.keep(article, verdict, Signature(), None, False)
    return verdicts


def composed(house: House) -> tuple[Edition, Body]:
    edition = telling.prepare(house, telling.chosen_period(house, ""))
    return edition, house.renderer.body(edition)


def sections(html: str) -> dict[str, list[str]]:
    """Titles of articles under each title of a section, in order."""
    page = lxml.html.document_fromstring(html)
    found: dict[str, list[str]] = {}
    for title in page.iter("h2", "h3"):
        if title.tag == "h2":
            found[title.text_content().strip()] = []
        elif found:
            found[list(found)[-1]].append(" ".join(title.text_content().split()))
    return {title: told for title, told in found.items() if told}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_four_points_of_september_2020_land_in_their_sections(opened: Any) -> None:
    with opened("true") as house:
        verdicts = read(house, *POINTS)
        edition, body = composed(house)
    for point in POINTS:
        tags = verdicts[point["title"]].tags
        assert [(tag.label, tag.central) for tag in tags] == [(label, True) for label in point["labels"]], point[
            "title"
        ]
        assert point["title"] in sections(plain(body.html))[point["section"]]
    assert list(sections(plain(body.html))) == [
        "Contrats à impact social",
        "Investissements à impact",
        "Philanthropie et alliances",
    ]
    told = "4 articles : 1 sur les contrats à impact social, 1 sur l’investissement à impact, 2 sur la philanthropie et"
    assert told in " ".join(plain(body.text).split())
    assert "PHILANTHROPIE ET ALLIANCES\n==========================" in body.text
    assert all(entry.excerpt.text and entry.why for entry in edition.entries)


def test_disabled_it_tags_nothing_and_the_mail_is_the_one_of_a_group_that_never_named_it(opened: Any) -> None:
    bodies = []
    for second in ("false", ""):
        with opened(second) as house:
            verdicts = read(house, *POINTS)
            for point in POINTS:
                assert bool(verdicts[point["title"]].tags) == (point["section"] != "Philanthropie et alliances")
                assert bool(verdicts[point["title"]].matches) == (point["section"] != "Philanthropie et alliances")
            bodies.append(composed(house)[1])
    assert bodies[0] == bodies[1]
    assert list(sections(bodies[0].html)) == ["Contrats à impact social", "Investissements à impact"]


def test_a_story_of_both_topics_is_told_once_in_the_first_section(opened: Any) -> None:
    with opened("true") as house:
        tags = read(house, BOTH)[BOTH["title"]].tags
        assert {tag.label for tag in tags if tag.central} == {"cis", "philanthropie"}
        edition, body = composed(house)
    assert [(entry.topic, entry.labels) for entry in edition.entries] == [("impact-social", ("cis", "philanthropie"))]
    assert sections(plain(body.html)) == {"Contrats à impact social": [BOTH["title"]]}
    assert "contrat à impact social" in edition.entries[0].excerpt.text.lower()


def test_the_archive_names_the_labels_of_both_and_shows_past_editions_by_section(opened: Any) -> None:
    with opened("true") as house:
        read(house, *POINTS)
        edition, body = composed(house)
        house.store.editions.freeze(edition, body)
        site = TestClient(application(house), base_url="http://archive.test")
        past = site.get(f"/edition/weekly/{edition.period.key}").text
        for point in POINTS:
            assert any(point["title"] in told for told in sections(plain(past))[point["section"]])
        found = plain(site.get("/recherche", params={"q": "tag:alliances"}).text)
        assert POINTS[3]["title"] in found and POINTS[1]["title"] not in found
        assert "Alliances associations-entreprises" in found
        assert (
            'category term="Philanthropie et mécénat"' in site.get("/flux.atom", params={"q": "tag:philanthropie"}).text
        )
        topic = site.get("/sujet").text
        first, second = topic.split('<h2 id="sujet-2"')
        assert "cis-contrat@" in first and "cis-contrat@" not in second
        assert "phil-mecenat@" in second and "phil-mecenat@" not in first


def test_a_topic_turned_off_later_leaves_the_mail_and_stays_in_the_archive(opened: Any, tmp_path: Path) -> None:
    with opened("true") as house:
        read(house, *POINTS)
    config = tmp_path / "config-true.toml"
    config.write_text(config.read_text("utf-8").replace("enabled = true", "enabled = false"), encoding="utf-8")
    with House(config) as house:
        assert [entry.title for entry in composed(house)[0].entries] == [POINTS[0]["title"], POINTS[2]["title"]]
        site = TestClient(application(house), base_url="http://archive.test")
        assert POINTS[1]["title"] in plain(site.get("/recherche", params={"q": "tag:philanthropie"}).text)


def test_two_topics_that_share_a_label_are_refused_at_start(opened: Any, tmp_path: Path) -> None:
    own = tmp_path / "topics" / "philanthropie-alliances"
    own.mkdir(parents=True)
    (own / "definition.md").write_text("# Essai\n", "utf-8")
    (own / "topic.toml").write_text(
        'format = 1\nlabel = [{ slug = "cis", name = "C" }]\n'
        'section = [{ title = "C", about = "sur C", labels = ["cis"] }]\n',
        "utf-8",
    )
    with opened("true") as house, pytest.raises(TopicError, match="ont la même étiquette « cis »"):
        _ = house.classifier


def test_a_folder_that_is_wrong_stops_every_command_that_reads_it(veille: Any, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(config.read_text("utf-8") + '[[topic]]\nslug = "eau"\nname = "L\'eau"\n', encoding="utf-8")
    for command in ("run", "digest", "web"):
        ran = veille(command)
        assert (ran.returncode, ran.stdout) == (3, "")
        assert "Le sujet « eau » n'a pas de dossier" in ran.stderr
