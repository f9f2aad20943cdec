from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers import build
from classifiers.plain import article_from_text
from core.articles import Verdict
from core.sources import Topic

Read = Callable[..., Verdict]


def central(verdict: Verdict) -> bool:
    assert verdict.tags
    return any(tag.central for tag in verdict.tags)


@pytest.mark.parametrize("before", [0, 3, 9])
def test_an_article_named_after_the_subject_is_central_wherever_it_comes_to_it(
    read: Read, among_news: Callable[..., str], before: int
) -> None:
    assert central(read(among_news("La signature a eu lieu.", before), "Un contrat à impact social pour la ville"))


def test_an_article_that_keeps_naming_the_subject_is_central(read: Read, among_news: Callable[..., str]) -> None:
    text = (
        "Le contrat à impact social lie cinq parties. Un investisseur avance l'argent du contrat à impact. "
        "L'État rembourse si l'évaluateur le dit ; le CIS est un pari."
    )
    assert central(read(among_news(text, 1), "Une soirée au conseil"))


@pytest.mark.parametrize(
    "text",
    [
        "Une bénévole, ancienne chargée de contrats à impact social, tiendra la buvette.",
        "Le foyer est payé par la région, la ville, un fonds à impact et des dons.",
        "Il a été ouvert dans le cadre d'un contrat à impact social (CIS).",
    ],
)
def test_one_mention_in_six_hundred_words_is_passing(read: Read, among_news: Callable[..., str], text: str) -> None:
    assert not central(read(among_news(text, 6), "Une soirée au conseil"))


@pytest.mark.parametrize(
    "text",
    [
        "La salle, la cour, des fonds à impact et le verger : tout y passe.",
        "Elle est aidée dans le cadre d'un contrat à impact social (CIS), pour ses malades.",
        "Elle vit de dons, de ventes, mais aussi de fonds à impact et d'un legs de sa fondatrice.",
    ],
)
def test_a_mention_in_a_list_or_a_circumstance_is_passing_even_in_a_short_text(read: Read, text: str) -> None:
    assert not central(read("Une ferme s'installe à la sortie du bourg, avec vingt salariés. " + text))


def test_a_short_text_about_one_thing_is_central(read: Read) -> None:
    assert central(read("Le contrat à impact social lie un investisseur et une association. L'État paie au résultat."))


def test_the_score_grows_with_title_lead_density_and_support(read: Read, among_news: Callable[..., str]) -> None:
    mention = "Le département étudie un contrat à impact social."
    backed = "Le département étudie un contrat à impact social, avec un structureur et un tiers payeur."
    texts = [
        read(among_news(mention, 6)),
        read(among_news(mention, 0)),
        read(among_news(backed, 0)),
        read(among_news(backed, 0), "Un contrat à impact social"),
    ]
    scores = [verdict.tags[0].score for verdict in texts]
    assert scores == sorted(set(scores))
    assert 0 < scores[0] < scores[-1] <= 1


def test_a_group_sets_the_score_from_which_an_article_is_central(among_news: Callable[..., str]) -> None:
    article = article_from_text("", among_news("Le département étudie un contrat à impact social.", 0), "fr")
    usual, severe, mild = (
        build([Topic("impact-social", "Impact social", central_from=score)]).classify(article).tags[0]
        for score in (0.5, 1.0, 0.01)
    )
    assert usual.score == severe.score == mild.score
    assert (severe.central, mild.central) == (False, True)


def test_each_label_has_its_own_relevance(read: Read, among_news: Callable[..., str]) -> None:
    text = among_news("Un fonds à impact figure dans la liste.", 8)
    verdict = read(text, "La marchandisation des associations")
    assert {tag.label: tag.central for tag in verdict.tags} == {"marchandisation": True, "iis": False}
