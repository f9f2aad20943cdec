"""One article: why it is here, versions, copies, citation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import lxml.html


def page_of(archive: Any, path: str) -> Any:
    return lxml.html.document_fromstring(archive.client.get(f"/article/{archive.id(path)}").text)


def plain(node: Any) -> str:
    return " ".join(node.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_a_card_gives_all_its_proof(archive: Any) -> None:
    page = page_of(archive, "/appel-logement")
    title, second, third = page.xpath("//section//li[@class='proof']")
    assert "dans le titre" in plain(title)
    assert plain(second.xpath("blockquote")[0]) == (
        "Doté de 9 millions d'euros, il doit permettre de signer six contrats à impact social avant l'été 2027."
    )
    assert second.xpath("blockquote/mark/text()") == ["contrats à impact social"]
    card = plain(second)
    for said in ("règle cis-contrat_impact_social, version 3", "concept : contrat_impact_social",
                 "score 0,95 pour un seuil de 0,6", "confirmé par « investisseurs », « évaluateur »"):  # fmt: skip
        assert said in card
    assert "Investissements à impact" in plain(third)


def test_one_rule_speaks_once_of_a_sentence_with_all_its_forms(fresh: Any, keep_article: Any) -> None:
    forms = ("investisseurs", "évaluateur", "prime")
    cards = [{"form": form, "label": "", "concept": "roles", "score": 0.6} for form in forms]
    row = {"source": "agence-des-toits", "path": "/roles", "title": "Rôles", "seen": fresh.ports.clock.now(),
           "text": "Des investisseurs, un évaluateur et une prime.", "tags": {"cis": True},
           "cards": [{"form": "une prime", "label": "cis", "concept": "prime", "score": 0.9}, *cards]}  # fmt: skip
    number, _ = keep_article(fresh.store, row)
    page = lxml.html.document_fromstring(fresh.client.get(f"/article/{number}").text)
    first, second = (plain(each) for each in page.xpath("//li[@class='proof']/ul/li"))
    assert first.startswith("Contexte, pour « investisseurs », « évaluateur », « prime » règle -roles")
    assert second.startswith("Contrats à impact social, pour « une prime »")


def test_a_reserved_article_shows_its_title_and_link_only(fresh: Any, keep_article: Any) -> None:
    """A26: though its source lets the full text of others be shown."""
    text = "Le ministère annonce un contrat à impact social dans la Nièvre."
    row = {"source": "ministere-du-lien", "path": "/reserve", "title": "Annonce", "seen": fresh.ports.clock.now(),
           "text": text, "tags": {"cis": True}, "reserved": True,
           "cards": [{"form": "contrat à impact social", "label": "cis", "concept": "c", "score": 0.9}]}  # fmt: skip
    number, _ = keep_article(fresh.store, row)
    shown = plain(lxml.html.document_fromstring(fresh.client.get(f"/article/{number}").text))
    assert "L’éditeur réserve la fouille de textes : titre et lien seulement." in shown
    assert "dans la Nièvre" not in shown
    assert "Lire l’article" in shown
    for path in ("/recherche?q=contrat", "/flux.atom?q=contrat"):
        assert "dans la Nièvre" not in fresh.client.get(path).text


def test_a_quoted_sentence_says_its_language_to_screen_readers(archive: Any) -> None:
    page = page_of(archive, "ten-years-of-social-impact-bonds")
    assert set(page.xpath("//blockquote/@lang")) == {"en"}


def test_dates_say_where_they_come_from(archive: Any) -> None:
    text = plain(page_of(archive, "/appel-logement"))
    assert "Publié le 18 novembre 2026 à 10 h 30" in text
    assert "date lue dans les données structurées de la page" in text
    assert "Première lecture 17 novembre 2026 à 13 h 02" in text
    undated = plain(page_of(archive, "plan-social-usine-398.html"))
    assert "Sans date de publication" in undated
    assert "non datée" in undated


def test_labels_say_whether_they_are_the_main_subject(archive: Any) -> None:
    tags = [plain(each) for each in page_of(archive, "/appel-logement").xpath("//header/ul[@class='tags']/li")]
    assert tags == ["Contrats à impact social sujet principal", "Investissements à impact simple mention"]


def test_a_proof_in_a_pdf_links_to_its_page(archive: Any) -> None:
    page = page_of(archive, "rapport-finance-utile.pdf")
    links = [link for link in page.xpath("//li[@class='proof']//a/@href") if "#page=" in link]
    assert {link.split("#")[1] for link in links} == {"page=2", "page=3"}
    assert "Lire le document (PDF)" in plain(page)


def test_refused_candidates_are_folded_with_the_reason(archive: Any) -> None:
    page = page_of(archive, "plan-social-usine-398.html")
    folded = page.xpath("//details[@class='refuted']")[0]
    assert "open" not in folded.attrib
    assert "1 passage examiné et écarté" in plain(folded)
    assert "écarté par « pompiers »" in plain(folded)
    assert "Sans étiquette" in plain(page)


def test_copies_lead_to_each_other(archive: Any) -> None:
    first, second = "/economie/associations-investisseurs-412.html", "/2026/11/investisseurs-associations"
    for path, other, name in ((first, second, "L’Écho des rivières"), (second, first, "Le Courrier du bocage")):
        page = page_of(archive, path)
        assert name in plain(page.xpath("//section[@aria-labelledby='copies']")[0])
        assert f"/article/{archive.id(other)}" in page.xpath("//section[@aria-labelledby='copies']//a/@href")


def test_versions_show_what_changed_word_by_word(archive: Any) -> None:
    page = page_of(archive, "/appel-logement")
    section = page.xpath("//section[@aria-labelledby='versions']")[0]
    assert "2 versions, la première du 17 novembre 2026" in plain(section)
    gone = [each.text_content().strip() for each in section.xpath(".//del")]
    come = [each.text_content().strip() for each in section.xpath(".//ins")]
    assert gone == ["Un deuxième appel à projets pour le logement accompagné", "8", "cinq"]
    assert come[1:] == ["9", "six", "Un jury se réunira au mois de mars, en présence des départements volontaires."]
    assert "Le premier appel" not in plain(section), "what did not change is not repeated"
    assert not page_of(archive, "/marchandisation-en-dix-lignes").xpath("//section[@aria-labelledby='versions']")


def test_a_deleted_article_stays_and_says_so(archive: Any) -> None:
    text = plain(page_of(archive, "/presse/bilan-2025"))
    assert "Retiré du site : lien mort depuis le 4 novembre 2026." in text
    assert "jamais envoyé par courriel" in text
    assert "Ouvrir l’ancienne adresse, sur agence-des-toits.example" in text
    assert "soixante et une copropriétés" in text


def test_a_subscribers_only_article_says_so(archive: Any) -> None:
    assert "réservée aux abonnés de la source" in plain(page_of(archive, "associations-investisseurs-412.html"))


def test_the_citation_is_ready_to_paste(archive: Any) -> None:
    page = page_of(archive, "associations-investisseurs-412.html")
    assert plain(page.xpath("//*[@class='citation']")[0]) == (
        "La rédaction, « Quand les investisseurs misent sur les associations du bocage », Le Courrier du bocage, "
        "19 novembre 2026, https://courrier-du-bocage.example/economie/associations-investisseurs-412.html "
        "(consulté le 23 novembre 2026)."
    )
    undated = page_of(archive, "plan-social-usine-398.html").xpath("//*[@class='citation']")[0]
    assert "sans date (vu le 16 novembre 2026)" in plain(undated)


def test_the_citation_of_a_withdrawn_article_leads_to_the_archive(archive: Any) -> None:
    number = archive.id("/presse/bilan-2025")
    cited = plain(page_of(archive, "/presse/bilan-2025").xpath("//*[@class='citation']")[0])
    assert cited.endswith(
        "(retiré le 4 novembre 2026), "
        f"fiche : https://veille.asso.example/article/{number} (consultée le 23 novembre 2026)."
    )


def test_quotation_marks_of_a_title_are_those_of_a_quotation_inside_a_quotation(fresh: Any, keep_article: Any) -> None:
    row = {"source": "agence-des-toits", "path": "/q", "title": "Un « contrat à impact » de plus", "text": "Rien.",
           "seen": fresh.ports.clock.now(), "tags": {}}  # fmt: skip
    number, _ = keep_article(fresh.store, row)
    page = lxml.html.document_fromstring(fresh.client.get(f"/article/{number}").text)
    cited = plain(page.xpath("//*[@class='citation']")[0])
    assert cited.startswith("Agence des toits, « Un “contrat à impact” de plus », ")


def test_reference_managers_and_search_tools_find_their_marks(archive: Any) -> None:
    page = page_of(archive, "associations-investisseurs-412.html")
    metas = dict(zip(page.xpath("//meta[@name]/@name"), page.xpath("//meta[@name]/@content"), strict=True))
    assert metas["citation_title"] == "Quand les investisseurs misent sur les associations du bocage"
    assert metas["citation_author"] == "La rédaction"
    assert metas["citation_publisher"] == "Le Courrier du bocage"
    assert metas["citation_publication_date"] == "2026/11/19"
    assert page.xpath("//*[@itemtype='https://schema.org/Article']//@itemprop") == [
        "publisher", "headline", "datePublished", "author", "url",
    ]  # fmt: skip
    number = archive.id("associations-investisseurs-412.html")
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://veille.asso.example/article/{number}"]


def test_a_foreign_article_says_its_language_to_screen_readers(archive: Any) -> None:
    assert page_of(archive, "ten-years-of-social-impact-bonds").xpath("//h1/@lang") == ["en"]


def test_the_pages_of_a_public_pdf_are_numbered(fresh: Any, keep_article: Any) -> None:
    row = {"source": "agence-des-toits", "path": "/r.pdf", "title": "Rapport", "pages": ["", ""], "media": "pdf",
           "text": "Première page.\nDeuxième page.", "seen": fresh.ports.clock.now(), "tags": {}}  # fmt: skip
    number, _ = keep_article(fresh.store, row)
    page = lxml.html.document_fromstring(fresh.client.get(f"/article/{number}").text)
    assert page.xpath("//*[@class='folio']/@id") == ["page-1", "page-2"]


def test_many_proofs_fold_after_the_first(fresh: Any, keep_article: Any) -> None:
    forms = [f"terme{number}" for number in range(10)]
    row = {"source": "agence-des-toits", "path": "/long", "title": "Long", "text": ". ".join(forms) + ".",
           "seen": fresh.ports.clock.now(), "tags": {"cis": True},
           "cards": [{"form": form, "label": "", "concept": form, "score": 0.8} for form in forms]}  # fmt: skip
    number, _ = keep_article(fresh.store, row)
    page = lxml.html.document_fromstring(fresh.client.get(f"/article/{number}").text)
    section = page.xpath("//section[@aria-labelledby='pourquoi']")[0]
    assert len(section.xpath("./ul/li")) == 6
    assert "4 autres passages" in plain(section.xpath("./details")[0])
    assert "Contexte" in plain(section)


def test_versions_whose_text_is_purged_are_counted_and_not_compared(fresh: Any, keep_article: Any) -> None:
    row = {"source": "agence-des-toits", "path": "/purge", "title": "Un titre", "seen": fresh.ports.clock.now(),
           "text": "Un premier texte.", "tags": {"cis": True}}  # fmt: skip
    number, _ = keep_article(fresh.store, row)
    keep_article(fresh.store, row | {"text": "Un deuxième texte."})
    fresh.store.purge.texts(["agence-des-toits"], fresh.ports.clock.now() + timedelta(days=1))
    keep_article(fresh.store, row | {"text": "Un troisième texte."})
    keep_article(fresh.store, row | {"text": "Un quatrième texte."})
    page = lxml.html.document_fromstring(fresh.client.get(f"/article/{number}").text)
    assert len(page.xpath("//details[@class='version']")) == 1
    assert "4 versions" in plain(page)
    assert "2 versions plus anciennes" in plain(page)


def test_facts_are_shown_with_their_role_and_the_sentence_that_says_them(archive: Any) -> None:
    page = page_of(archive, "/appel-logement")
    actors, sums = page.xpath("//dl[@class='facts']/div")
    state, ministry = actors.xpath(".//li")
    assert (plain(actors.xpath("dt")[0]), plain(sums.xpath("dt")[0])) == ("Acteurs", "Montants")
    assert plain(state).startswith("État payeur la phrase")
    assert state.xpath(".//blockquote/mark/text()") == ["l'État"]
    assert state.xpath("a/@href") == ["/recherche?q=actor%3Aetat-francais"]
    assert plain(ministry).startswith("Ministère du Lien social la phrase")
    assert plain(sums.xpath(".//li")[0]).startswith("9 millions d'euros la phrase")


def test_facts_of_a_closed_source_share_the_allowance_of_the_proofs(archive: Any) -> None:
    page = page_of(archive, "/associations-investisseurs-412.html")
    facts = page.xpath("//dl[@class='facts']")[0]
    quoted = [plain(each) for each in page.xpath("//li[@class='proof']/blockquote | //dl[@class='facts']//blockquote")]
    assert sum(len(each) for each in quoted) <= 200 + len("contrats à impact social")
    assert "Le Pas de Porte opérateur" in plain(facts) and "1,2 million d'euros" in plain(facts)
    assert "la collectivité ne paie que si" not in plain(page)


def test_an_article_without_facts_has_no_card_of_them(archive: Any) -> None:
    assert page_of(archive, "/fete-des-voisins").xpath("//dl[@class='facts']") == []


def test_articles_that_speak_of_the_same_things_are_offered_and_its_copies_are_not(archive: Any) -> None:
    seen = 0
    for number in archive.ids.values():
        page = lxml.html.document_fromstring(archive.client.get(f"/article/{number}").text)
        near = page.xpath("//section[@aria-labelledby='proches']//a/@href")
        copies = page.xpath("//section[@aria-labelledby='copies']//a/@href")
        assert len(near) <= 5
        assert f"/article/{number}" not in near
        assert not set(near) & set(copies)
        seen += bool(near)
    assert seen
