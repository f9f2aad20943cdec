"""Search that forgives French, never raises, and counts what it found."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_shelf import CIS, IIS, NOW, SOURCES, Shelf, card

from core.query import parse
from core.search import Facet, SearchQuery, SearchResult
from core.tree import And, Dated, Filter, Not, Or, Word
from db import exact, found, search
from db.filters import Conditions

DAY = timedelta(days=1)


def put(shelf: Shelf, title: str, text: str, **values: object) -> int:
    """Keep one article named by its title; returns its story."""
    return shelf.keep(f"https://exemple.fr/{title}", text, title, **values).story_id  # type: ignore[arg-type]


@pytest.fixture
def french(shelf: Shelf) -> Shelf:
    put(shelf, "un", "Un événement de l'association : les contrats à impact social signés à Saint-Étienne.")
    put(shelf, "deux", "Des évènements pour les usagers ; un contrat d’impact, aujourd'hui, au conseil municipal.")
    put(shelf, "trois", "Le cœur du sujet : l’investissement à impact et les investisseurs régionaux (C++, 3,5 M€).")
    put(shelf, "quatre", "Rien à voir : la recette de la tarte aux pommes de la co-construction.", tags=())
    return shelf


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("evenements", {"un", "deux"}),
        ("Événement", {"un", "deux"}),
        ("évènement", {"un", "deux"}),
        ("EVENEMENTS", {"un", "deux"}),
        ("contrat", {"un", "deux"}),
        ("contrats", {"un", "deux"}),
        ("usager", {"deux"}),
        ("association", {"un"}),
        ("l'association", {"un"}),
        ("l’association", {"un"}),
        ("d'associations", {"un"}),
        ("coeur", {"trois"}),
        ("cœurs", {"trois"}),
        ("investisseur régional", {"trois"}),
        ("saint-etienne", {"un"}),
        ("saint étienne", {"un"}),
        ("Saint‑Étienne", {"un"}),
        ("conseil-municipal", {"deux"}),
        ("aujourd'hui", {"deux"}),
        ("aujourd’hui", {"deux"}),
        ("contrat impact", {"un", "deux"}),
        ("contrat association", {"un"}),
        ("contrat OR investissement", {"un", "deux", "trois"}),
        ("contrat OU investissement", {"un", "deux", "trois"}),
        ("impact -contrat", {"trois"}),
        ("impact -événement", {"trois"}),
        ('"contrats à impact"', {"un"}),
        ('"CONTRATS A IMPACT"', {"un"}),
        ('"contrat à impact"', set()),
        ('"contrat d\'impact"', {"deux"}),
        ('"l\'association"', {"un"}),
        ('"événement"', {"un"}),
        ('"évènements"', {"deux"}),
        ("« contrats à impact »", {"un"}),
        ('contrat -"à impact"', {"deux"}),
        ('"contrat" OR investissement', {"deux", "trois"}),
        ('"contrats" OR "contrat"', {"un", "deux"}),
        ("C++", {"trois"}),
        ("3,5", {"trois"}),
        ("tag:cis", {"un", "deux", "trois"}),
        ("tag:none", {"quatre"}),
        ("tag:none tarte", {"quatre"}),
        ("tarte", set()),
        ("co-construction", set()),
        ("introuvable", set()),
        ("-contrat", {"trois"}),
        ('-"contrats"', {"deux", "trois"}),
        ("", {"un", "deux", "trois"}),
        ("un", {"un", "deux"}),
        ("(contrat association) OR investisseur", {"un", "trois"}),
        ("impact -(association OR municipal)", {"trois"}),
        ('impact -"conseil municipal" -investisseur', {"un"}),
        ("contrat OR tag:none", {"un", "deux", "quatre"}),
        ("-tag:none", {"un", "deux", "trois"}),
        ("-tag:cis", set()),
        ("tag:none -tarte", set()),
        ("(tag:cis contrat) OR (tag:none tarte)", {"un", "deux", "quatre"}),
        ('("contrats" OR tag:none) -tarte', {"un"}),
        ('("contrats" OR "investissement à impact") source:anah', {"un", "trois"}),
        ('-("contrats" OR "contrat")', {"trois"}),
        ('-("contrats" usager)', {"un", "deux", "trois"}),
        ('impact -(-"contrats")', {"un"}),
    ],
)
@pytest.mark.sqlite
def test_french_words_find_what_a_person_means(query: str, titles: set[str], french: Shelf) -> None:
    result = french.find(query)
    assert {hit.title for hit in result.hits} == titles
    assert result.total == len(titles)


def test_everything_reaches_what_matched_nothing(french: Shelf) -> None:
    assert french.titles("tarte", everything=True) == ["quatre"]
    assert french.find("", everything=True).total == 4


@pytest.fixture
def dated(shelf: Shelf) -> Shelf:
    """Four articles of several sources, labels, languages and days."""
    put(shelf, "a", "impact", source="anah", published=datetime(2026, 11, 20, tzinfo=UTC), tags=(CIS,))
    put(shelf, "b", "impact", source="senat", published=datetime(2026, 10, 31, 23, 30, tzinfo=UTC), tags=(IIS,))
    put(shelf, "c", "impact", source="gazette", published=datetime(2025, 1, 1, tzinfo=UTC), tags=(CIS, IIS))
    put(shelf, "d", "impact", source="inconnue", at=NOW - DAY, tags=(), language="en")
    return shelf


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("tag:cis", "ac"),
        ("tag:IIS", "bc"),
        ("tag:cis tag:iis", "abc"),
        ("tag:cis tag:none", "dac"),
        ("source:anah", "a"),
        ("source:Anah source:senat", "ab"),
        ("source:sénat", "b"),
        ('source:"la gazette"', "c"),
        ("source:inconnue", ""),
        ("category:presse", "c"),
        ("category:agence category:parlement", "ab"),
        ("category:nulle", ""),
        ("lang:en", ""),
        ("lang:en tag:none", "d"),
        ("after:2026-11-01", "ab"),
        ("after:2026-11-02", "a"),
        ("before:2026-11-01", "c"),
        ("before:2026", "c"),
        ("after:2025 before:2026", "c"),
        ("month:2026-11", "ab"),
        ("month:2026-11 month:2025-01", "abc"),
        ("central:oui", "ac"),
        ("central:non", "b"),
        ("impact tag:cis before:2026", "c"),
        ("-source:anah", "bc"),
        ("-tag:cis", "b"),
        ("-category:presse -source:anah", "b"),
        ("-central:oui", "b"),
        ("-mois:2026-11", "c"),
        ("-apres:2026", "c"),
        ("source:anah OU avant:2026", "ac"),
        ("(source:anah OU source:senat) -tag:iis", "a"),
        ("annee:2025 annee:2026", "abc"),
        ("apres:2025 apres:2026", "ab"),
        ("langue:fr", "abc"),
        ("statut:retire", ""),
        ("-statut:retire", "abc"),
    ],
)
@pytest.mark.sqlite
def test_filters_narrow_a_search_and_alternatives_add(query: str, titles: str, dated: Shelf) -> None:
    assert "".join(dated.titles(query, sort="date")) == titles
    assert "".join(sorted(dated.titles("impact " + query))) == "".join(sorted(titles))


def test_a_date_without_zone_is_no_error(dated: Shelf) -> None:
    assert dated.find("", expression=Dated(after=datetime(2026, 11, 1))).total == 1


def test_facets_count_the_stories_of_the_whole_result(dated: Shelf) -> None:
    facets = dict(dated.find("impact", everything=True, limit=1).facets)
    assert facets["tag"] == (Facet("cis", 2), Facet("iis", 2), Facet("none", 1))
    assert facets["source"] == (Facet("anah", 1), Facet("gazette", 1), Facet("inconnue", 1), Facet("senat", 1))
    assert facets["category"] == (Facet("agence", 1), Facet("parlement", 1), Facet("presse", 1))
    assert facets["month"] == (Facet("2026-11", 3), Facet("2025-01", 1))


def test_following_a_facet_gives_as_many_stories_as_it_said(dated: Shelf) -> None:
    put(dated, "e", "impact", source="senat", story=1, tags=(IIS,))
    whole = dated.find("impact", everything=True)
    followed = 0
    for name, values in whole.facets:
        for facet in values:
            found = dated.find(f"impact {name}:{facet.value}", everything=True)
            if facet.value != "inconnue":
                assert found.total == facet.count, (name, facet)
                followed += 1
    assert followed >= 9


@pytest.mark.sqlite
def test_a_filter_in_use_still_counts_the_values_that_could_join_it(dated: Shelf) -> None:
    put(dated, "f", "autre chose", source="senat", tags=(IIS,))
    whole = dict(dated.find("impact").facets)
    for query in ("tag:cis", "source:anah", "category:presse", "mois:2026-11"):
        name = {"mois": "month"}.get(query.split(":")[0], query.split(":")[0])
        filtered = dict(dated.find(f"impact {query}").facets)
        assert filtered[name] == whole[name], query
        assert [values for each, values in filtered.items() if each != name] != [
            values for each, values in whole.items() if each != name
        ], "the other facets are narrowed"
    two = dict(dated.find("impact tag:cis source:anah").facets)
    alone = dict(dated.find("impact source:anah").facets)
    assert two["tag"] == alone["tag"]


def test_a_story_is_found_once_by_its_first_article_that_matches(shelf: Shelf) -> None:
    story = put(shelf, "reprise", "impact social à Lyon", source="gazette", published=NOW - DAY)
    put(shelf, "original", "impact social", source="anah", published=NOW - 2 * DAY, story=story)
    put(shelf, "autre copie", "impact social", source="senat", published=NOW, story=story)
    result = shelf.find("impact")
    assert [(hit.title, hit.copies, hit.story_id) for hit in result.hits] == [("original", 2, story)]
    assert shelf.titles("Lyon") == ["reprise"]
    assert shelf.titles("source:senat") == ["autre copie"]
    assert dict(result.facets)["tag"] == (Facet("cis", 1),)


def test_the_title_weighs_more_than_the_text_and_news_more_than_history(shelf: Shelf) -> None:
    put(shelf, "autre", "un long texte dit impact parmi bien d'autres mots du jour", published=NOW)
    put(shelf, "vieil impact", "un long texte parmi bien d'autres mots de ce jour", published=NOW - 900 * DAY)
    put(shelf, "jeune impact", "un long texte parmi bien d'autres mots de ce jour", published=NOW)
    for number in range(8):
        put(shelf, f"bruit {number}", "rien de tel")
    assert shelf.titles("impact") == ["jeune impact", "vieil impact", "autre"]
    assert shelf.titles("impact", sort="date")[-1] == "vieil impact"
    scores = [hit.score for hit in shelf.find("impact").hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_pages_of_results_follow_each_other(shelf: Shelf) -> None:
    for number in range(7):
        put(shelf, f"n{number}", "impact", published=NOW - number * DAY)
    pages = [shelf.titles("impact", limit=3, offset=offset, sort="date") for offset in (0, 3, 6, 9)]
    assert pages == [["n0", "n1", "n2"], ["n3", "n4", "n5"], ["n6"], []]
    assert shelf.find("impact", limit=0).total == 7
    assert shelf.find("impact", limit=-3, offset=-2).hits == ()


def test_a_hit_shows_the_passage_with_its_words_in_bold(shelf: Shelf) -> None:
    text = "Un début sans rapport. " * 30 + "Les contrats à impact social reviennent." + " Une fin sans rapport." * 30
    put(shelf, "Des contrats à suivre", text)
    (hit,) = shelf.find("contrat impact").hits
    assert len(hit.excerpt.text) <= 200
    assert [hit.excerpt.text[each.start : each.end] for each in hit.excerpt.spans] == ["contrats", "impact"]
    assert [hit.title[each.start : each.end] for each in hit.title_spans] == ["contrats"]


def test_without_words_the_passage_is_the_one_of_the_card(shelf: Shelf) -> None:
    text = "Un début sans rapport. " * 30 + "Les contrats à impact social reviennent."
    put(shelf, "a", text, matches=(card("contrats à impact social", text),))
    (hit,) = shelf.find("").hits
    assert [hit.excerpt.text[each.start : each.end] for each in hit.excerpt.spans] == ["contrats à impact social"]


def test_without_words_the_sentence_of_the_card_is_quoted_whole_with_all_its_forms(shelf: Shelf) -> None:
    sentence = "Le contrat à impact social, ou CIS, attire des fonds à impact."
    text = f"Un début. {sentence} Une suite qui ne parle de rien."
    where: Any = {"sentence": sentence, "sentence_start": text.index(sentence)}
    forms = ("contrat à impact social", "contrat", "CIS", "fonds à impact")
    cards = [card(form, text, score=0.5 + 0.1 * at) for at, form in enumerate(forms)]
    others = (card("Un début", text, accepted=False), card("attire", text, ""))
    put(shelf, "a", text, matches=tuple(replace(each, **where) for each in (*cards, *others)))
    (hit,) = shelf.find("").hits
    assert hit.excerpt.text == sentence
    marked = [hit.excerpt.text[each.start : each.end] for each in hit.excerpt.spans]
    assert marked == ["contrat à impact social", "CIS", "fonds à impact"]


def test_a_purged_text_leaves_its_card_and_stays_searchable(shelf: Shelf) -> None:
    from sqlalchemy import text as sql

    text = "Les contrats à impact social reviennent."
    put(shelf, "a", text, matches=(card("contrats", text),))
    with shelf.store.articles._database.write() as connection:
        connection.execute(sql("UPDATE version SET text = ''"))
    (hit,) = shelf.find('"contrats à impact"').hits
    assert hit.excerpt.text == text


def test_a_deleted_article_is_found_and_says_so(shelf: Shelf) -> None:
    shelf.page("https://exemple.fr/a")
    put(shelf, "a", "impact")
    for number in range(2):
        shelf.store.raw.gone("https://exemple.fr/a", 404, NOW + number * DAY)
    assert [hit.deleted for hit in shelf.find("impact").hits] == [True]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("retiré", "parti"),
        ("modifié", "changé"),
        ("réservé", "clos"),
        ("abonnés", "court"),
        ("ancien", "vieux"),
        ("pdf", "pdf"),
    ],
)
def test_the_state_of_an_article_can_be_asked(shelf: Shelf, status: str, title: str) -> None:
    put(shelf, "ordinaire", "impact")
    shelf.page("https://exemple.fr/parti")
    put(shelf, "parti", "impact")
    for number in range(2):
        shelf.store.raw.gone("https://exemple.fr/parti", 404, NOW + number * DAY)
    put(shelf, "changé", "impact")
    put(shelf, "changé", "impact social")
    put(shelf, "clos", "impact", reserved=True)
    put(shelf, "court", "impact", truncated=True)
    put(shelf, "vieux", "impact", backfilled=True)
    put(shelf, "pdf", "impact", media_type="pdf")
    assert shelf.titles(f"statut:{status}") == [title]
    assert title not in shelf.titles(f"impact -statut:{status}")


def test_a_match_in_a_pdf_tells_its_page(shelf: Shelf) -> None:
    pages = ["Un début sur autre chose. " * 9, "Les contrats reviennent. " * 9, "Une fin, l'hébergement. " * 9]
    text = "\n".join(pages)
    offsets = (0, len(pages[0]) + 1, len(pages[0]) + len(pages[1]) + 2)
    proof = replace(card("contrats", text), page=2)
    put(shelf, "rapport", text, media_type="pdf", page_offsets=offsets, matches=(proof,))
    put(shelf, "page", text)
    asked = {"hebergement": 3, "contrat": 2, "debut": 1, "rapport": None, "": 2}
    for query, page in asked.items():
        found = {hit.title: hit.page for hit in shelf.find(query).hits}
        assert found["rapport"] == page, query
        assert found.get("page") is None


def test_too_many_articles_are_counted_and_ranked_among_the_newest(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_FOUND", 4)
    monkeypatch.setattr(search, "MAX_LISTED", 6)
    for number in range(8):
        put(shelf, f"n{number}", "impact social", published=NOW - number * DAY)
    result = shelf.find("impact")
    assert (result.total, result.bound) == (4, 4)
    assert {hit.title for hit in result.hits} == {"n0", "n1", "n2", "n3"}
    assert all(hit.score > 0 for hit in result.hits)
    assert sum(facet.count for facet in dict(result.facets)["month"]) == 4
    assert (shelf.find("").total, shelf.find("").bound) == (6, 6)
    few = shelf.find("impact apres:2026-11-21")
    assert (few.total, few.bound) == (3, None)


def test_a_feed_is_what_the_whole_search_begins_with(shelf: Shelf) -> None:
    draw = random.Random(4)
    story: dict[int, int] = {}
    for number in range(160):
        text = "impact social" if number % 3 else "impact"
        day = NOW - draw.randint(0, 90) * DAY
        group = number // 4 if number % 5 else 1_000 + number
        story[group] = put(shelf, f"n{number}", text, published=day, story=story.get(group), tags=(CIS,) * (number % 2))
    for query in ("impact", "social", "impact -social", '"impact social"', "apres:2026-10", "tag:cis", "rien"):
        for offset, limit in ((0, 5), (3, 20), (0, 200)):
            values = {"sort": "date", "offset": offset, "limit": limit}
            quick = shelf.find(query, counted=False, everything=True, **values)
            whole = shelf.find(query, everything=True, **values)
            assert [hit.article_id for hit in quick.hits] == [hit.article_id for hit in whole.hits], (query, offset)
            assert quick.facets == ()


def test_frequent_words_are_found_wherever_they_are(shelf: Shelf) -> None:
    """The newest articles are looked at first, then more of them."""
    for number in range(60):
        put(shelf, f"n{number}", "impact" if number >= 30 else "autre", published=NOW - number * DAY)
    for most in (1, 5, 12, 40):
        with shelf.store.index._database.read() as reader:
            wanted = Conditions(parse("impact"), {})
            assert [each.id for each in found.newest(reader, wanted, most)] == list(range(31, 61))[:most]


@pytest.mark.parametrize(
    "typed", ['"événement l’été"', '"EVENEMENT L\'ETE"', '"évènement  l\'été"', '"Evénement l’été"']
)
def test_an_exact_form_is_found_however_its_accents_are_typed(shelf: Shelf, typed: str) -> None:
    put(shelf, "accents", "Un ÉVÉNEMENT l'été prochain.")
    put(shelf, "pluriel", "Des événements l’été prochain.")
    assert shelf.titles(typed) == ["accents"]
    put(shelf, "signe", "appel au tel rouge")
    put(shelf, "autre", "appel aux tels rouge")
    assert shelf.titles('"℡ rouge"') == ["signe"]


def test_only_the_newest_texts_are_read_for_an_exact_form(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "MAX_CHECKED", 2)
    for number, word in enumerate(["contrats", "contrat", "contrat", "contrats"]):
        put(shelf, f"n{number}", word, published=NOW - number * DAY)
    assert shelf.titles('"contrat"', sort="date") == ["n1", "n2", "n3"], "beyond the limit the stems decide"
    assert shelf.titles('-"contrat"', sort="date") == ["n0"]


NAUGHTY = [
    "",
    " ",
    '"',
    '""',
    '"""',
    "'",
    "'; DROP TABLE article; --",
    "l'élection",
    "aujourd'hui",
    "conseil-municipal",
    "C++",
    "AND",
    "OR",
    "OR OR OR",
    "NOT",
    "NEAR(a b, 2)",
    "a NEAR b",
    "title:impact",
    "text : impact",
    "{title text}: impact",
    "^impact",
    "impact*",
    "*",
    "+impact",
    "-",
    "--",
    "-impact -",
    "- impact",
    "(",
    ")",
    "((((((((((",
    "impact)",
    "(impact OR",
    '"impact',
    'impact"',
    "\\",
    "%",
    "_",
    "?",
    ":",
    ":x",
    "tag:",
    "tag:tag:",
    "tag:';--",
    "source:\ud800",
    "after:hier",
    "after:2026-02-31",
    "after:9999-12-31",
    "after:0000",
    "before:0001-01-01",
    "month:99",
    "central:peut-être",
    "\0",
    "impact\0social",
    "\ud83d",
    "\udcff\udcfe",
    "😀",
    "𝕚𝕞𝕡𝕒𝕔𝕥",
    "ﬁnance",
    "İstanbul ı",
    "ß",
    "\u202eimpact",
    "im\u00adpact",
    "im\u200bpact",
    "e\u0301" * 200,
    "١٢٣",
    "中文",
    "عقد",
    "a" * 10_000,
    "a " * 5_000,
    '"' + "a " * 1_000 + '"',
    " OR ".join("abcdefgh" * 20),
    " -".join("abcdefgh" * 20),
    "impact " + "-x " * 300,
    "1e999",
    "0x7f",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "select * from article",
    "article_fts MATCH 'x'",
    "'delete'",
    "rank",
    "\r\nBcc: x@y.fr",
    "\t\v\f",
    "\u2028\u2029",
    "\ufeffimpact",
    "\ufffe\uffff",
]


def check_shape(result: SearchResult) -> None:
    assert len(result.hits) <= result.total
    assert [name for name, _ in result.facets] == ["tag", "source", "category", "actor", "place", "month"]


def test_no_string_is_an_error_a41(french: Shelf) -> None:
    """Quoting every token is what makes FTS5 safe: its bare syntax refuses most of these."""
    for naughty in NAUGHTY:
        check_shape(french.find(naughty, everything=True))


def test_no_hand_made_query_is_an_error_a41(french: Shelf) -> None:
    for naughty in NAUGHTY:
        word = Word(naughty, (naughty, naughty.upper()), exact=len(naughty) % 2 == 0)
        names = ("tag", "source", "category", "lang", "month", "status", "central", "unheard of")
        filters = [Filter(name, values) for name in names for values in ((naughty,), ())]
        words = And((word, Or((word, Word("impact", ("impact",)))), Not(word), Word("", ())))
        for asked in (words, Or((words, *filters)), And((*filters, Not(Or(tuple(filters))))), Not(Not(words))):
            check_shape(french.store.index.search(SearchQuery(expression=asked), NOW))
            check_shape(french.store.index.search(SearchQuery(expression=asked, everything=True), NOW))


def test_a_query_of_thousands_of_words_is_searched_by_its_first_ones(french: Shelf) -> None:
    many = And(tuple(Or(tuple(Word(f"m{n}", (f"m{n}",)) for n in range(100))) for _ in range(200)))
    check_shape(french.store.index.search(SearchQuery(expression=many, everything=True), NOW))
    phrase = Word("impact " * 5_000, ("impact",) * 5_000)
    check_shape(french.store.index.search(SearchQuery(expression=And((phrase, Not(phrase)))), NOW))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80) | st.lists(st.sampled_from([*NAUGHTY[:60], "impact"]), max_size=6).map(" ".join))
def test_no_string_at_all_is_an_error_a41(text: str, french: Shelf) -> None:
    check_shape(french.store.index.search(replace(parse(text), everything=True), NOW))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(min_size=1, max_size=200))
def test_whatever_is_indexed_can_be_taken_out_again_c12(body: str, shelf: Shelf) -> None:
    """A contentless index subtracts stems: the analysis must give the same ones for the text read back."""
    shelf.keep("https://exemple.fr/x", body, body[:20])
    shelf.keep("https://exemple.fr/x", body + " encore", body[:10] or "t")
    assert shelf.store.check() == []


def test_sources_are_named_by_the_configuration_alone(shelf: Shelf) -> None:
    put(shelf, "a", "impact", source="anah")
    assert {slug for slug, _ in SOURCES.items()} == {"anah", "senat", "gazette"}
    assert shelf.titles("source:ANAH") == ["a"]


def test_close_articles_share_rare_words_and_are_matched_stories(shelf: Shelf) -> None:
    noise = "Le conseil a voté le budget de la commune et salué le travail des agents."
    about = "Le bailleur rénove des colocations pour apprentis charpentiers avec un financement au résultat."
    first = put(shelf, "charpentiers", f"{noise} {about}")
    copy = shelf.keep("https://exemple.fr/copie", f"{noise} {about}", "reprise", story=first)
    put(shelf, "colocations", f"{noise} Ces colocations d'apprentis charpentiers ouvrent au printemps.")
    put(shelf, "non repéré", f"{noise} Des apprentis charpentiers en colocation chez le bailleur.", tags=())
    for number in range(30):
        put(shelf, f"bruit {number}", f"{noise} La séance {number} est levée, cote n{number}.")
    index = shelf.store.index
    assert [hit.title for hit in index.similar(first, 5)] == ["colocations"]
    assert [hit.title for hit in index.similar(copy.article_id, 5)] == ["colocations"]
    assert index.similar(999, 5) == ()
    assert index.similar(first, 0) == ()


def test_what_is_reserved_is_not_mined_for_close_articles(shelf: Shelf) -> None:
    text = "Des colocations pour apprentis charpentiers."
    put(shelf, "autre", text)
    kept = shelf.keep("https://exemple.fr/clos", text, "clos", reserved=True)
    assert shelf.store.index.similar(kept.article_id, 5) == ()
