"""The other texts of a story: what each adds to the first and leaves out, within the rights of its source."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import lxml.html
import pytest

from archive.additions import Additions, additions, sentences
from archive.diff import compare

DAY = timedelta(days=1)
TITLE = "Communiqué de presse : douze contrats à impact social"
FIRST = (
    "Le ministère du Lien social annonce la signature de douze contrats à impact social d'ici 2027.\n"
    "Doté de 9 millions d'euros, le programme concerne le logement et l'insertion.\n"
    "Une évaluation indépendante sera publiée chaque année."
)
MORE = (
    "« Nous n'avons pas été consultées », regrette la présidente d'une association de la Nièvre. "
    "Elle demande que les contrats déjà signés soient rendus publics sans attendre, avec leurs avenants et leurs "
    "annexes."
)
LONGER = FIRST.rsplit("\n", 1)[0] + f"\n{MORE}\nAvec AFP"


@pytest.fixture
def tell(fresh: Any, keep_article: Any) -> Any:
    """Keeps texts of one story, (source, text) a day apart, and gives back the page of one of them, by its place."""

    def build(*texts: tuple[str, str], shown: int = 0, **more: Any) -> lxml.html.HtmlElement:
        story, numbers, now = None, [], fresh.ports.clock.now()
        for place, (source, text) in enumerate(texts):
            at = now - (9 - place) * DAY
            row = {"source": source, "path": f"/copie-{place}", "title": TITLE if place == 0 else "Douze contrats",
                   "published": at, "seen": at, "text": text, "tags": {"cis": True}, **more}  # fmt: skip
            number, story = keep_article(fresh.store, row, story)
            numbers.append(number)
        return page(fresh, numbers[shown])

    return build


def page(archive: Any, number: int) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(archive.client.get(f"/article/{number}").text)


def plain(node: Any) -> str:
    return " ".join(node.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def lines(found: Any) -> list[Any]:
    return list(found.xpath("//section[@aria-labelledby='copies']/ul/li"))


def test_a_copy_says_what_it_adds_and_leaves_out(tell: Any) -> None:
    (copy,) = lines(tell(("ministere-du-lien", FIRST), ("agence-des-toits", LONGER)))
    assert "Version longue : 33 mots de plus, 7 mots de moins." in plain(copy)
    assert [plain(each) for each in copy.xpath(".//ul[@class='added']/li")] == sentences(MORE)


def test_a_text_that_is_the_same_says_so_whatever_its_credit(tell: Any) -> None:
    (copy,) = lines(tell(("ministere-du-lien", FIRST), ("agence-des-toits", f"{FIRST}\nSource : AFP")))
    assert "Comparé au premier paru : le même texte." in plain(copy)
    assert not copy.xpath(".//details")


def test_a_source_without_the_right_shows_no_more_than_its_excerpt(tell: Any) -> None:
    (copy,) = lines(tell(("ministere-du-lien", FIRST), ("courrier-du-bocage", LONGER)))
    shown = [plain(each) for each in copy.xpath(".//ul[@class='added']/li")]
    assert shown[0] == sentences(MORE)[0]
    assert sum(map(len, shown)) <= 200
    assert "La suite se lit à la source." in plain(copy)


def test_a_source_that_allows_no_excerpt_gives_numbers_alone(tell: Any) -> None:
    (copy,) = lines(tell(("ministere-du-lien", FIRST), ("fonds-tremplin", LONGER)))
    assert "33 mots de plus" in plain(copy)
    assert "Les droits de cette source ne permettent pas de montrer ce qu’elle ajoute." in plain(copy)
    assert "consultées" not in plain(copy)


def test_a_reserved_copy_is_not_shown_though_its_source_allows_it(tell: Any) -> None:
    (copy,) = lines(tell(("agence-des-toits", FIRST), ("ministere-du-lien", LONGER), reserved=True))
    assert "consultées" not in plain(copy)


def test_all_are_compared_with_the_first_from_the_page_of_any(tell: Any) -> None:
    found = tell(("ministere-du-lien", FIRST), ("agence-des-toits", LONGER), ("courrier-du-bocage", FIRST), shown=1)
    first, third = map(plain, lines(found))
    assert "Cet article-ci, comparé au premier paru : 33 mots de plus, 7 mots de moins." in plain(found)
    assert "Le premier paru : les autres lui sont comparés." in first
    assert "le même texte" in third


def test_a_purged_text_is_not_compared_and_the_page_says_so(tell: Any, fresh: Any) -> None:
    tell(("ministere-du-lien", FIRST), ("courrier-du-bocage", LONGER))
    number = next(each for each in fresh.store.articles.all_ids()[::-1])
    now = fresh.ports.clock.now()
    fresh.store.purge.texts(["courrier-du-bocage"], now)
    (copy,) = lines(page(fresh, number - 1))
    assert "Non comparé au premier paru : l’archive ne garde pas, ou plus, l’un des deux textes." in plain(copy)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([f"PARIS (AFP) – {FIRST}", f"{FIRST}\nSource AFP", f"{FIRST}\n(AFP)"], "Dépêche AFP, reprise par 3 titres"),
        ([f"{FIRST}\navec Reuters", FIRST], "Texte écrit avec Reuters, publié par 2 titres"),
        ([f"{FIRST}\nAvec AFP"], "Texte écrit avec l’AFP"),
    ],
)
def test_the_text_of_an_agency_is_shown_as_the_agency_s(tell: Any, texts: list[str], said: str) -> None:
    slugs = ("courrier-du-bocage", "echo-des-rivieres", "lettre-fermee")
    found = tell(*zip(slugs, texts, strict=False), title="Douze contrats")
    assert [plain(each) for each in found.xpath("//p[@class='origin']")] == [said]


def test_the_first_text_says_whose_it_is(tell: Any) -> None:
    found = tell(("ministere-du-lien", FIRST), ("agence-des-toits", LONGER), ("courrier-du-bocage", LONGER))
    assert plain(found.xpath("//p[@class='origin']")[0]) == "Communiqué de presse, repris par 3 titres"


def test_an_ordinary_article_says_nothing_of_the_kind(tell: Any) -> None:
    found = tell(("ministere-du-lien", FIRST), title="Douze contrats")
    assert not found.xpath("//p[@class='origin']")
    assert not lines(found)


def test_a_reworded_sentence_is_not_an_addition() -> None:
    assert additions(FIRST, FIRST.replace("douze", "treize").replace("chaque année", "tous les ans")) == Additions()


def test_sentences_end_where_readers_see_them_end() -> None:
    text = "M. Martin a signé. « C'est peu ! » Mme Leroy le dit (art. L. 211-3). Où ? Ici…\nTitre sans point"
    assert sentences(text) == [
        "M. Martin a signé.",
        "« C'est peu ! »",
        "Mme Leroy le dit (art. L. 211-3).",
        "Où ?",
        "Ici…",
        "Titre sans point",
    ]


def test_words_that_replace_others_are_not_glued_to_them() -> None:
    found = compare("Il finance dix projets en zone rurale, dit-elle.", "Il finance dix projets en ville, dit-elle.")
    assert "".join(change.text for change in found.paragraphs[0]) == (
        "Il finance dix projets en zone rurale ville, dit-elle."
    )
