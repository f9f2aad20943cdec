"""Articles in the templates that French sites really use: the right text, title, author, date, and no furniture."""

from datetime import UTC, datetime

import pytest

from core.articles import Article
from core.pages import Failure, FetchedPage, Hint
from core.text import fold
from pipeline.html import extract_html

NO_HINT = Hint()
NOW = datetime(2026, 2, 12, 10, tzinfo=UTC)
TITLE = "Saint-Aubin : la recyclerie ouvre dans l'ancienne halle"
TEXT = (
    "La commune de Saint-Aubin a inauguré samedi une recyclerie, après dix-huit mois de travaux avec des bénévoles.",
    "Le bâtiment, fermé depuis 2009, accueille un atelier de vélos et un café ouvert quatre jours par semaine.",
    "« Nous voulions un lieu où l'on ne vienne pas seulement consommer », explique la présidente de l'association.",
    "Le coût s'élève à 740 000 euros, dont la moitié financée par le conseil départemental, le reste par des dons.",
    "Une seconde tranche, consacrée à l'isolation de la toiture, doit commencer au printemps prochain.",
)
TRAP = "contrat à impact social"
BODY = "".join(f"<p>{each}</p>" for each in TEXT)
HEAD, TAIL = "".join(f"<p>{each}</p>" for each in TEXT[:2]), "".join(f"<p>{each}</p>" for each in TEXT[2:])
NAV = f"<header><nav><ul><li><a href=/>Accueil</a></li><li><a href=/c>Le {TRAP}</a></li></ul></nav></header>"
COOKIES = f'<div id="cookie-banner"><p>Des cookies mesurent l\'audience et financent un {TRAP}. Acceptez-les.</p></div>'
LETTER = f'<div class="newsletter-box"><p>Recevez chaque semaine notre lettre sur le {TRAP} et ses effets.</p></div>'
COMMENTS = (
    f'<section class="comments-area"><p>Encore un {TRAP} déguisé, on nous prend pour des imbéciles.</p></section>'
)
RELATED = f"<aside><h3>À lire aussi</h3><ul><li><a href=/1>Le premier {TRAP} signé dans la Nièvre</a></li></ul></aside>"
CARDS = (
    f"<section><article class=card><h3><a href=/1>Un {TRAP}</a></h3><p>Un premier {TRAP} a été signé lundi entre l'État"
    " et une association du Morvan, pour accompagner des familles.</p></article></section>"
)
FURNITURE = COOKIES + LETTER + RELATED + COMMENTS


def read(html: str, hint: Hint = NO_HINT) -> Article:
    page = FetchedPage(
        1, "s", "article", "https://example.org/a", "https://example.org/a", 200, (), html.encode(), "h", NOW, hint
    )
    found = extract_html(page)
    assert not isinstance(found, Failure)
    return found


def document(body: str, head: str = "", title: str = TITLE) -> str:
    return f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}'


TEMPLATES = {
    "WordPress": f'{NAV}<main><article class="post"><h1>{TITLE}</h1><div class="entry-content">{BODY}</div>'
    f'<div class="jp-relatedposts"><p><a href=/b>Un {TRAP} pour la mobilité</a></p></div></article>'
    f"{COMMENTS}</main>{COOKIES}",
    "Elementor": f'{NAV}<div class="has-sidebar"><h1>{TITLE}</h1>'
    + "".join(f'<div class="elementor-widget"><p>{each}</p></div>' for each in TEXT)
    + f"</div>{FURNITURE}",
    "SPIP, its lead outside the text": f'{NAV}<div class="main"><h1>{TITLE}</h1>'
    f'<div class="chapo"><p>{TEXT[0]}</p></div>'
    f'<div class="texte">{"".join(f"<p>{each}</p>" for each in TEXT[1:])}</div></div>'
    f'<div class="liste"><h2>Dans la même rubrique</h2><ul><li><a href=a3>Un {TRAP}</a></li></ul></div>',
    "headline outside the article": f"{NAV}<header><h1>{TITLE}</h1></header>"
    f"<main><article>{BODY}</article></main>{RELATED}",
    "article that is only a head": f"{NAV}<article><h1>{TITLE}</h1><p class=lead>{TEXT[0]}</p></article>"
    f"<div class=corps>{''.join(f'<p>{each}</p>' for each in TEXT[1:])}</div>{FURNITURE}",
    "whole page in a form": f"<form>{NAV}<div id=contenu><h1>{TITLE}</h1>{BODY}</div></form>",
    "line breaks": f"{NAV}<div><h1>{TITLE}</h1><div>{'<br><br>'.join(TEXT)}</div></div>{FURNITURE}",
    "bare divs": f"<div><a href=/>Accueil</a></div><div>{''.join(f'<div>{each}</div>' for each in TEXT)}</div>"
    f"<div><div>Les plus lus</div><div><a href=/1>Le {TRAP} en dix questions</a></div></div>",
    "« à lire aussi » within the text": f"<main><article><h1>{TITLE}</h1>{HEAD}<p><strong>À lire aussi :</strong> "
    f"<a href=/1>Le premier {TRAP} signé dans la Nièvre</a></p>{TAIL}<p>Abonnez-vous à notre lettre sur le {TRAP}</p>",
    "link in the middle of the text": f"<main><article><h1>{TITLE}</h1>{HEAD}<blockquote><a href=/2>Le {TRAP} de Lille"
    f"</a></blockquote>{TAIL}</article></main>",
    "teasers before": f"{NAV}{CARDS}<main><article><h1>{TITLE}</h1>{BODY}</article></main>",
    "teasers after": f"{NAV}<main><article><h1>{TITLE}</h1>{BODY}</article>{CARDS}</main>",
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_whole_article_is_read_and_its_furniture_is_not(template: str) -> None:
    text = fold(read(document(TEMPLATES[template])).text)
    assert [each for each in TEXT if fold(each) not in text] == []
    assert fold(TRAP) not in text
    assert "cookies" not in text


@pytest.mark.parametrize(
    "around", [NAV + "<main><article>{}</article></main>", NAV + "<div>{}</div>", "<main><article>{}</article>" + CARDS]
)
def test_a_very_short_article_is_not_replaced_by_what_surrounds_it(around: str) -> None:
    short = "<h1>Fermeture de la mairie</h1><p>La mairie sera fermée vendredi 6 février.</p>"
    found = read(document(around.format(short) + FURNITURE, title="Fermeture de la mairie"))
    assert found.text == "La mairie sera fermée vendredi 6 février."


def test_a_page_of_links_keeps_its_links() -> None:
    links = "<p><a href=/r.pdf>Rapport annuel de la recyclerie</a></p><p><a href=/s.pdf>Statuts de la structure</a></p>"
    assert "Rapport annuel" in read(document(f"<main><h1>Documents</h1>{links}</main>")).text


def test_a_sentence_that_begins_as_a_link_elsewhere_would_is_kept() -> None:
    told = "À lire aussi dans ce lieu : des romans, des bandes dessinées et des journaux, prêtés aux habitants."
    assert told in read(document(f"<main><article><h1>{TITLE}</h1>{BODY}<p>{told}</p></article></main>")).text


def test_what_changes_at_every_visit_is_not_text() -> None:
    def page(today: str, views: int) -> str:
        lines = f"<p>Nous sommes le {today}</p><p>Lu {views} fois</p><p>Mis à jour le {today} à 8h30</p>"
        return document(f"<main><article><h1>{TITLE}</h1>{lines}{BODY}<p>{views} commentaires</p></article></main>")

    first, second = read(page("11 février 2026", 532)), read(page("12 février 2026", 1533))
    assert first.text == second.text
    assert "740 000 euros" in first.text


@pytest.mark.parametrize(
    ("head", "body", "title", "expected"),
    [
        ('<meta property="og:title" content="{T} - Le Courrier">', "<h1>{T}</h1>", "{T}", TITLE),
        ('<meta property="og:site_name" content="Le Courrier">', "<h2>{T}</h2>", "{T} - Le Courrier", TITLE),
        ('<meta property="og:title" content="Le Courrier">', "<h1>{T}</h1>", "{T} | Le Courrier", TITLE),
        ("", "<header><h1>Le Courrier</h1></header><h2>{T}</h2>", "{T} | Le Courrier", TITLE),
        ("", "<header><h1><img src=logo.png></h1></header><h1>{T}</h1>", "{T} | Le Courrier", TITLE),
        ("", '<div style="display:none"><h1>Abonnez-vous</h1></div><h1>{T}</h1>', "{T}", TITLE),
        ("", "<h1>La ville - Ce que dit la loi</h1>", "La ville - Ce que dit la loi | Journal",
         "La ville - Ce que dit la loi"),
        ('<meta property="og:title" content="L&amp;#039;État &amp;amp; nous">', "", "x", "L'État & nous"),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_without_the_name_of_the_site(
    head: str, body: str, title: str, expected: str
) -> None:
    html = document(body.replace("{T}", TITLE) + BODY, head.replace("{T}", TITLE), title.replace("{T}", TITLE))
    assert read(html).title == expected


def test_without_any_headline_the_entry_points_word_is_the_title() -> None:
    assert read(document(BODY, title=""), Hint(title="Le titre du flux")).title == "Le titre du flux"


GRAPH = (
    '{"@graph":[{"@type":"NewsArticle","headline":"h","author":{"@id":"#1"}},'
    '{"@type":"Person","@id":"#1","name":"Claire Vasseur"}]}'
)
VIDEO_FIRST = (
    '[{"@type":"VideoObject","author":"Un vidéaste","datePublished":"2020-01-01T10:00:00Z"},'
    '{"@type":"NewsArticle","author":"Claire Vasseur","datePublished":["2026-02-03T13:05:00Z"]}]'
)
OTHER_FIRST = (
    '[{"@type":"NewsArticle","headline":"Un autre","author":"Autre","datePublished":"2025-01-01T10:00:00Z"},'
    '{"@type":["NewsArticle"],"headline":"' + TITLE + '","author":[{"name":"Claire Vasseur"}],'
    '"datePublished":"2026-02-03T13:05:00Z"}]'
)


@pytest.mark.parametrize("data", [GRAPH, VIDEO_FIRST, OTHER_FIRST])
def test_the_author_is_that_of_the_article_in_the_json_ld(data: str) -> None:
    head = f'<script type="application/ld+json">{data}</script>'
    assert read(document(f"<h1>{TITLE}</h1>{BODY}", head)).author == "Claire Vasseur"


@pytest.mark.parametrize("data", [VIDEO_FIRST, OTHER_FIRST])
def test_the_date_is_that_of_the_article_in_the_json_ld(data: str) -> None:
    head = f'<script type="application/ld+json">{data}</script>'
    assert read(document(f"<h1>{TITLE}</h1>{BODY}", head)).published == datetime(2026, 2, 3, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ('<p class="byline">Par Claire Vasseur</p>', "Claire Vasseur"),
        ('<p class="meta">Par Claire Vasseur, le 3 février 2026</p>', "Claire Vasseur"),
        ('<span class="auteurs">par <span class="vcard author">Claire Vasseur</span></span>', "Claire Vasseur"),
        ('<p class="author">admin</p>', ""),
    ],
)
def test_the_by_line_names_the_author_when_no_mark_does(byline: str, expected: str) -> None:
    assert read(document(f"<main><h1>{TITLE}</h1>{byline}{BODY}</main>")).author == expected


def test_the_stub_of_a_closed_article_is_marked_truncated() -> None:
    wall = (
        '<div class="paywall"><p>Il vous reste 78 % de cet article à lire. La suite est réservée aux abonnés.</p></div>'
    )
    assert read(document(f"<main><article><h1>{TITLE}</h1>{HEAD}{wall}</article></main>")).truncated
    assert not read(document(f"<main><article><h1>{TITLE}</h1>{BODY}</article></main>")).truncated
