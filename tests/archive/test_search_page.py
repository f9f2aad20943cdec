"""The search page: a member before a meeting."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest

from db import search


def page_of(archive: Any, path: str) -> Any:
    return lxml.html.document_fromstring(archive.client.get(path).text)


def titles(page: Any) -> list[str]:
    return [title.text_content() for title in page.xpath("//ol[@class='results']//h3")]


def text_of(page: Any) -> str:
    return " ".join(page.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def link(page: Any, text: str) -> str:
    found = [each.get("href") for each in page.xpath("//main//a") if text in " ".join(each.text_content().split())]
    assert found, text
    return found[0]


def test_accents_and_plural_are_forgiven_and_the_words_are_marked(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=evenement&tous=1")
    assert any("Fête des voisins" in title for title in titles(page))
    assert "événements" in page.xpath("//mark/text()")


def test_matched_stories_by_default_with_a_switch_to_everything(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=voisins")
    assert titles(page) == []
    assert page.xpath("//nav[@aria-label='Étendue de la recherche']//a[@aria-current]/text()") == ["Articles repérés"]
    wider = page_of(archive, link(page, "Chercher dans tous les articles"))
    assert len(titles(wider)) == 1
    assert wider.xpath("//nav[@aria-label='Étendue de la recherche']//a[@aria-current]/text()") == ["Tous les articles"]
    back = page_of(archive, link(wider, "Articles repérés"))
    assert titles(back) == []


def test_the_form_keeps_the_switch_and_the_order(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=contrat&tous=1&tri=date")
    assert dict(zip(page.xpath("//form//@name"), page.xpath("//form//@value"), strict=False)) == {
        "q": "contrat", "tous": "1", "tri": "date",
    }  # fmt: skip


def test_a_facet_narrows_its_count_holds_and_its_chip_widens_again(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=contrat")
    before = len(titles(page))
    choice = next(each for each in page.xpath("//aside//ul//a") if "Marchandisation" in each.text_content())
    promised = int(choice.xpath(".//*[@class='count']/text()")[0])
    narrowed = page_of(archive, choice.get("href"))
    assert promised == len(titles(narrowed)) < before
    assert narrowed.xpath("//input[@id='q']/@value") == ["contrat tag:marchandisation"]
    assert narrowed.xpath("//aside//a[@aria-current='true']")
    chip = narrowed.xpath("//ul[@class='chips']//a")[0]
    assert "retirer ce filtre" in chip.text_content()
    assert titles(page_of(archive, chip.get("href"))) == titles(page)


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("tag:cis", "Contrats à impact social"),
        ("tag:none", "Sans étiquette"),
        ("source:agence-des-toits", "Agence des toits"),
        ("source:inconnue", "inconnue"),
        ("categorie:think-tank", "Groupes de réflexion"),
        ("mois:2026-11", "Novembre 2026"),
        ("lang:en", "En anglais"),
        ("central:oui", "Sujet principal"),
        ("central:non", "Simple mention"),
        ("annee:2026", "Année 2026"),
        ("apres:2026-11-01", "À partir du 1er novembre 2026"),
        ("avant:2026-11-02", "Avant le 2 novembre 2026"),
        ("apres:demain", "after:demain"),
        ("-tag:cis", "Sauf : Contrats à impact social"),
        ("statut:retire", "Retiré de son site"),
        ("statut:inconnu", "status:inconnu"),
        ("synonymes:non", "Sans les synonymes"),
    ],
)
def test_filters_are_named_in_french(archive: Any, q: str, name: str) -> None:
    chips = page_of(archive, f"/recherche?q={q}").xpath("//ul[@class='chips']//a")
    assert [chip.text_content().replace("\u00a0", " ").split(" ×")[0] for chip in chips] == [name]


def test_what_is_not_understood_is_said(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=contrat+apres:demain")
    assert "n'est pas compris" in page.xpath("//ul[@class='notes']/li/text()")[0]


@pytest.mark.parametrize(
    ("q", "note"),
    [
        ("source:inconnue", "« inconnue » : aucune source de ce nom. Les noms courts sont sur la page Sources."),
        ("tag:sib", "« sib » : aucune étiquette de ce nom. Il y a cis, iis, marchandisation."),
        ("categorie:radio", "« radio » : aucune famille de ce nom. Il y a ministere, agence, parlement,"),
        (
            " ".join(f"tag:t{n}" for n in range(90)),
            "« t0 », « t1 », « t2 », « t3 », « t4 »… : aucune étiquette de ce nom.",
        ),
        ("mois:2026-13", "« mois:2026-13 » n'est pas compris : ce filtre est ignoré."),
    ],
)
def test_a_filter_that_can_find_nothing_says_why(archive: Any, q: str, note: str) -> None:
    notes = page_of(archive, f"/recherche?q={q}").xpath("//ul[@class='notes']/li")
    assert [text_of(each)[: len(note)] for each in notes] == [note]


@pytest.mark.parametrize(
    ("q", "group", "name"),
    [
        ('source:"Agence des toits"', "Sources", "Agence des toits"),
        ("source:agence-des-toits", "Sources", "Agence des toits"),
        ("mois:2026-11", "Mois", "Novembre 2026"),
    ],
)
def test_a_filter_spelled_otherwise_is_the_same_facet(archive: Any, q: str, group: str, name: str) -> None:
    page = page_of(archive, f"/recherche?q={q}")
    values = next(each for each in page.xpath("//aside/section") if each.xpath("h3/text()") == [group])
    active = values.xpath(".//a[@aria-current='true']")
    assert [text_of(each.xpath("span[1]")[0]).split(" ×")[0] for each in active] == [name]
    assert not page.xpath("//ul[@class='notes']")
    assert not page_of(archive, active[0].get("href")).xpath("//ul[@class='chips']")
    assert len(titles(page)) == int(active[0].xpath(".//*[@class='count']/text()")[0])


def test_a_second_value_can_join_a_facet_in_use(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=tag:marchandisation")
    other = next(each for each in page.xpath("//aside//ul//a") if "Contrats" in each.text_content())
    both = page_of(archive, other.get("href"))
    assert set(titles(page)) < set(titles(both))
    alone = page_of(archive, "/recherche?q=tag:cis")
    assert int(other.xpath(".//*[@class='count']/text()")[0]) == len(titles(alone)) > 0


def test_the_number_of_results_is_announced_and_printed_with_what_was_asked(archive: Any) -> None:
    told = page_of(archive, "/recherche?q=contrat+tag:cis&tous=1").xpath("//p[@role='status']")[0]
    assert text_of(told).endswith("articles pour « contrat tag:cis », parmi tous les articles")


def test_the_order_can_be_chosen_when_there_is_a_word(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=contrat")
    assert page.xpath("//nav[@aria-label='Ordre des résultats']//a[@aria-current]/text()") == ["Pertinence"]
    dated = page_of(archive, link(page, "Date"))
    days = dated.xpath("//ol[@class='results']//time/@datetime")
    assert days == sorted(days, reverse=True)
    assert not page_of(archive, "/recherche?q=tag:cis").xpath("//nav[@aria-label='Ordre des résultats']")


def test_main_subject_only_can_be_asked(archive: Any) -> None:
    page = page_of(archive, "/recherche")
    main = page_of(archive, link(page, "Sujet principal seulement"))
    assert 0 < len(titles(main)) <= len(titles(page))
    assert main.xpath("//a[contains(@class, 'check')]/@aria-current") == ["true"]
    assert titles(page_of(archive, link(main, "Sujet principal seulement"))) == titles(page)


def test_a_story_is_shown_once_with_its_number_of_copies(archive: Any) -> None:
    page = page_of(archive, '/recherche?q="Pas de Porte"')
    assert len(titles(page)) == 1
    assert "aussi dans 1 autre source" in text_of(page)


def test_a_deleted_article_says_so(archive: Any) -> None:
    assert "retiré du site, lien mort depuis le 4 novembre 2026" in text_of(
        page_of(archive, "/recherche?q=copropriétés")
    )


def test_a_source_never_read_is_not_counted_as_read(archive: Any) -> None:
    everything = text_of(page_of(archive, "/recherche?q=contrat"))
    never = sum(each.enabled for each in archive.ports.sources) - 9
    assert never == 2
    assert "9 sources lues depuis le 14 octobre 2026" in everything
    assert "En ce moment, ne peuvent pas être lues : Fonds Tremplin, La Lettre fermée." in everything
    closed = text_of(page_of(archive, "/recherche?q=contrat source:lettre-fermee"))
    assert "Cette source n’a encore jamais été lue." in closed
    assert "En ce moment, ne peut pas être lue : La Lettre fermée." in closed


def test_an_empty_answer_gives_help_and_is_no_proof_of_absence(archive: Any) -> None:
    page = page_of(archive, '/recherche?q="mots absents" source:agence-des-toits')
    text = text_of(page)
    assert "Rien ne répond à cette recherche" in text
    assert "Source « Agence des toits » lue depuis le 14 octobre 2026 : ce qui est plus ancien peut manquer." in text
    assert "Aide à la recherche" in text
    assert link(page, "Chercher sans les guillemets").startswith("/recherche?q=mots+absents")
    assert "agence-des-toits" not in link(page, "Retirer le filtre « Agence des toits »")


@pytest.fixture
def long_archive(fresh: Any, keep_article: Any) -> Any:
    now = fresh.ports.clock.now()
    for number in range(45):
        row = {"source": "collectif-des-haies", "path": f"/suite/{number}", "title": f"Note n° {number}"}
        text = f"Note {number} : la lisière vive."
        keep_article(fresh.store, row | {"text": text, "seen": now, "tags": {"cis": True}})
    return fresh


def test_long_answers_are_cut_in_pages_of_twenty(long_archive: Any) -> None:
    seen: list[str] = []
    path = "/recherche?q=lisiere"
    for size in (20, 20, 5):
        page = page_of(long_archive, path)
        assert len(titles(page)) == size
        seen += titles(page)
        following = page.xpath("//a[@rel='next']/@href")
        path = following[0] if following else ""
    assert path == ""
    assert len(set(seen)) == 45
    assert "45 articles, de 41 à 45" in text_of(page)
    assert page.xpath("//nav[@class='pager']//a[@aria-current='page']")[0].text_content().endswith("3")
    assert page.xpath("//ol[@class='results']/@start") == ["41"]
    beyond = page_of(long_archive, "/recherche?q=lisiere&page=9999")
    assert "Il n’y a pas autant de pages" in text_of(beyond)
    assert len(titles(page_of(long_archive, link(beyond, "Revenir à la première page")))) == 20


def test_a_long_facet_folds_its_tail(fresh: Any, keep_article: Any) -> None:
    for month in range(1, 13):
        row = {"source": "collectif-des-haies", "path": f"/mois/{month}", "title": "Mois", "text": "La lisière."}
        at = fresh.ports.clock.now().replace(year=2025, month=month, day=10)
        keep_article(fresh.store, row | {"seen": at, "published": at, "tags": {"cis": True}})
    page = page_of(fresh, "/recherche?q=lisiere")
    group = next(each for each in page.xpath("//aside/section") if each.xpath("h3/text()") == ["Mois"])
    names = [each.text_content().split(",")[0].split(" (")[0].strip() for each in group.xpath(".//a/span[1]")]
    assert names[:2] == ["Décembre 2025", "Novembre 2025"]
    assert len(group.xpath("./ul/li")) == 8
    assert len(group.xpath("./details//li")) == 4


def test_actors_and_places_are_facets_with_their_names(archive: Any) -> None:
    page = lxml.html.document_fromstring(archive.client.get("/recherche").text)
    groups = {group.xpath("h3")[0].text_content(): group for group in page.xpath("//aside/section")}
    (first,) = groups["Acteurs"].xpath("(.//li)[1]")
    assert " ".join(first.text_content().split()) == "État , 2 articles"
    assert groups["Acteurs"].xpath(".//a/@href")[0] == "/recherche?q=actor%3Aetat-francais"
    assert "Bocage" in groups["Lieux"].text_content()


def test_an_actor_is_chosen_by_id_or_name_and_told_by_name(archive: Any) -> None:
    for query in ("actor:etat-francais", "acteur:État", "acteur:etat"):
        page = lxml.html.document_fromstring(archive.client.get("/recherche", params={"q": query}).text)
        assert len(page.xpath("//ol[@class='results']/li")) == 2
        assert page.xpath("//ul[@class='chips']//a")[0].text_content().startswith("État")
        assert page.xpath("//aside//a[@aria-current]/span/text()")[0] == "État"


def test_synonyms_are_said_and_can_be_left_out(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=CIS")
    assert "Cherché aussi : contrat à impact social, contrat à impact. Chercher sans eux" in text_of(page)
    alone = page_of(archive, link(page, "Chercher sans eux"))
    assert "Cherché aussi" not in text_of(alone)
    assert alone.xpath("//input[@type='hidden']/@name") == ["syn"]
    assert set(titles(alone)) < set(titles(page))
    again = page_of(archive, link(alone, "Chercher aussi les synonymes"))
    assert titles(again) == titles(page)
    assert "synonymes" not in text_of(page_of(archive, "/recherche?q=copropriétés").xpath("//main//p[1]")[0])


def test_a_query_can_refuse_synonyms_itself_and_take_them_again(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=CIS synonymes:non")
    assert "Cherché aussi" not in text_of(page)
    assert titles(page_of(archive, link(page, "Chercher aussi les synonymes"))) != titles(page)


def test_the_feed_of_a_search_has_what_its_page_has(archive: Any) -> None:
    for q in ("CIS", "CIS synonymes:non"):
        page = page_of(archive, f"/recherche?q={q}&tri=date")
        feed = archive.client.get(page.xpath("//link[@type='application/atom+xml']/@href")[0])
        entries = lxml.etree.fromstring(feed.content).xpath("//*[local-name()='entry']/*[local-name()='title']/text()")
        assert entries == [title.replace("\u00a0", " ") for title in titles(page)]


def test_a_match_in_a_pdf_links_to_its_page(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=rapport source:cercle-horizon-commun")
    links = page.xpath("//ol[@class='results']//a[contains(@class, 'out')]")
    to_pages = [(each.get("href"), text_of(each)) for each in links if "#page=" in each.get("href")]
    assert to_pages
    for href, told in to_pages:
        assert f"Lire la page {href.rsplit('=', 1)[1]} sur" in told


def test_what_is_left_out_of_too_many_articles_is_said(long_archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_FOUND", 30)
    text = text_of(page_of(long_archive, "/recherche?q=lisiere"))
    assert "plus de 30 articles" in text
    assert "l'ordre et les nombres portent sur les 30 plus récents" in text
    assert "plus récents" not in text_of(page_of(long_archive, "/recherche?q=copropriétés"))


@pytest.mark.parametrize("q", ["(contrat", "contrat)", "contrat OU", '"contrat', "auteur:x contrat", "()"])
def test_a_mistake_is_repaired_and_explained(archive: Any, q: str) -> None:
    page = page_of(archive, f"/recherche?q={q}")
    assert len(page.xpath("//ul[@class='notes']/li")) == 1
