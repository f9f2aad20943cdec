"""Pages that may match are read by three readers that vote; what they keep is one article and nothing around it."""

from datetime import UTC, datetime

import pytest
from trafilatura import load_html

from core.articles import Article
from core.gate import ALWAYS, NEVER, Gate
from core.pages import Failure, FetchedPage
from pipeline.blocks import blocks
from pipeline.edges import trimmed
from pipeline.html import extract_html
from pipeline.recurring import recurring_lines

NOW = datetime(2026, 2, 12, 10, tzinfo=UTC)
URL = "https://example.org/a"
TITLE = "La halle rouvre"
TEXT = (
    "La halle du bourg, fermée depuis onze ans, a rouvert samedi devant quatre cents personnes et une fanfare.",
    "Les travaux ont coûté 910 000 euros, dont un tiers payé par la commune et le reste par la région et des dons.",
    "Vingt-deux commerçants y tiendront marché deux fois par semaine, sous un toit refait avec les tuiles d'origine.",
    "L'architecte a gardé les six piliers de fonte, que l'on croyait perdus, et les a fait repeindre.",
    "À l'étage, une salle de quatre-vingts places servira aux associations, trois soirs par semaine.",
    "Le loyer des étals, lui, ne bougera pas : six euros le mètre, électricité comprise, et rien le premier mois.",
    "La mairie promet un bilan au bout d'un an, et n'exclut pas d'ouvrir aussi le dimanche matin si tout va bien.",
)
BODY = "".join(f"<p>{each}</p>" for each in TEXT)
COMMENTS = "".join(
    f'<li class="x7"><b>{name}</b><p>{said}</p></li>'
    for name, said in (
        (
            "Marmotte",
            "On nous promettait déjà cette halle quand mes enfants étaient à l'école, il était temps vraiment.",
        ),
        (
            "Pivoine",
            "Très bel endroit, mais où se garer le samedi ? La place est toujours prise par les mêmes camions.",
        ),
        (
            "Jojo",
            "Je trouve que cela fait beaucoup d'argent pour quelques étals de fromage et trois paniers de légumes.",
        ),
    )
)
COMMENTED = (
    f'<div class="q1"><h1>{TITLE}</h1><div class="q2">{BODY}</div></div><div class="q3"><ol>{COMMENTS}</ol></div>'
)


def page(html: str, number: int = 1) -> FetchedPage:
    return FetchedPage(number, "s", "article", URL, URL, 200, (), html.encode(), "h", NOW)


def document(body: str) -> str:
    return f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>{body}'


def read(body: str, gate: Gate = ALWAYS, recurring: frozenset[str] = frozenset()) -> str:
    found = extract_html(page(document(body)), gate, recurring)
    assert isinstance(found, Article)
    return found.text


def test_comments_under_the_text_go_even_when_no_class_name_tells_them() -> None:
    assert "camions" in read(COMMENTED, NEVER)
    assert read(COMMENTED).split("\n") == list(TEXT)


def test_headings_items_and_rows_of_the_text_stay_in_their_order() -> None:
    body = (
        f"<article><h1>{TITLE}</h1><p>{TEXT[0]}</p><h2>Ce qui change</h2><p>{TEXT[1]}</p>"
        "<ul><li>un marché le mercredi matin dès sept heures</li>"
        "<li>un autre le samedi, jusqu'à treize heures</li></ul>"
        f"<p>{TEXT[2]}</p><table><tr><td>Région</td><td>300 000 euros</td></tr></table><p>{TEXT[-1]}</p></article>"
    )
    lines = read(body).split("\n")
    assert lines == [
        TEXT[0], "Ce qui change", TEXT[1], "- un marché le mercredi matin dès sept heures",
        "- un autre le samedi, jusqu'à treize heures", TEXT[2], "Région | 300 000 euros", TEXT[-1],
    ]  # fmt: skip


def test_what_a_source_repeats_is_learnt_and_taken_out() -> None:
    promise = "Notre rédaction vit de ses lecteurs, et de rien d'autre, depuis bientôt trente ans dans cette vallée."
    other = "<p>{0} un autre article, numéro {0}, qui ne ressemble à aucun des précédents et parle d'autre chose.</p>"
    pages = [page(document(other.format(n) * 3 + f'<p class="z{n}">{promise}</p>'), n) for n in range(5)]
    body = f"<article><h1>{TITLE}</h1>{BODY}<p>{promise}</p></article>"
    assert promise in read(body)
    assert read(body, recurring=recurring_lines(pages)).split("\n") == list(TEXT)


def test_an_article_is_not_emptied_because_its_source_serves_it_at_several_addresses() -> None:
    body = f"<article><h1>{TITLE}</h1>{BODY}</article>"
    same = recurring_lines([page(document(body), n) for n in range(4)])
    assert read(body, recurring=same).split("\n") == list(TEXT)


def test_a_page_that_cannot_match_is_read_fast() -> None:
    gate = Gate(frozenset((frozenset((b"contrat", b"impact")),)))
    body = COMMENTED
    assert read(body, gate) == read(body, NEVER) != read(body)
    assert read(body.replace("fanfare", "fan<b>fare des con</b>trats à im&shy;pact"), gate).count("\n") == len(TEXT) - 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>By Jane Marlow</p><p>March 4, 2026</p>", "<p>© 2026 The Valley Press. All rights reserved.</p>"),
        (
            "<p>Par la rédaction</p><p>Publié le 3 février 2026</p>",
            "<h3>Articles récents</h3><ul><li><a href=/1>La piscine ferme un mois entier</a> - 2 février</li></ul>",
        ),
        (
            "<p><a href=/r>Rubrique Territoires</a></p>",
            "<h3><a href=/1>Le pont sera repeint au printemps</a></h3><p>Une promesse de huit ans est enfin tenue.</p>"
            "<h3><a href=/2>La crue a surpris les campeurs</a></h3><p>Personne n'a été blessé, assure la mairie.</p>",
        ),
        ("", "<p>Publicité</p><p>https://example.org/a?partage=1</p><h2>Vos réactions</h2>"),
    ],
)
def test_the_edges_of_an_article_are_trimmed(before: str, after: str) -> None:
    tree = load_html(f"<body><div><h1>{TITLE}</h1>{before}{BODY * 2}{after}</div></body>")
    assert [block.text for block in trimmed(blocks(tree), TITLE)] == [*TEXT, *TEXT]


def test_a_last_sentence_full_of_links_is_a_sentence() -> None:
    linked = (
        "<a href=/1>le compte rendu de la séance du conseil</a>",
        "<a href=/2>l'étude du cabinet d'architecture</a>",
    )
    last = f"Lire {linked[0]} et {linked[1]}, déposés à la mairie."
    tree = load_html(f"<body><div>{BODY}<p>{last}</p></div></body>")
    assert trimmed(blocks(tree), TITLE)[-1].text.startswith("Lire le compte rendu")


def test_blocks_are_what_no_tag_interrupts() -> None:
    tree = load_html(
        "<body><div>un <b>deux</b><!-- rien --> trois<br>quatre<p>cinq <a href=/>six</a></p>sept"
        "<script>non</script></div></body>"
    )
    assert [(block.text, block.linked) for block in blocks(tree)] == [
        ("un deux trois", 0), ("quatre", 0), ("cinq six", 3), ("sept", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("body", ["", "<p>", "<div>" * 5000, "<a href=/>x</a>" * 2000, "l'" * 30000, "\n" * 200_000])
def test_hostile_pages_are_read_with_care_or_named(body: str) -> None:
    found = extract_html(page(document(body)), ALWAYS)
    assert isinstance(found, Article | Failure)
