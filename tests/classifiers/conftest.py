"""The classifier of the shipped topic, built once, and neutral local news to drown a text in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from classifiers import TOPICS, build
from classifiers.keywords import Matcher
from classifiers.lexicon import Lexicon, load
from classifiers.plain import article_from_text
from core.articles import Verdict
from core.ports import Classifier
from core.sources import Topic

sys.path.append(str(Path(__file__).parent))

TOPIC = Topic("impact-social", "Impact social")
LEXICON = TOPICS / "impact-social" / "lexicon.toml"
NEWS = (
    "La médiathèque rouvrira en mars, après huit semaines de travaux, avec une salle de lecture plus claire. ",
    "Selon la préfecture, 340 foyers du canton ont été privés de courant pendant cinq heures dimanche. ",
    "Les commerçants du centre demandent que le marché couvert ferme plus tard le samedi soir. ",
    "L'association sportive fêtera ses quatre-vingts ans en juin, avec un tournoi et un repas. ",
    "Il faudra compter trois semaines de plus que prévu, reconnaît la responsable du chantier. ",
    "Le conseil a reporté sa décision sur la passerelle, faute d'un avis écrit des services. ",
    "La circulation sera alternée devant l'école primaire jusqu'à la fin du mois de novembre. ",
    "Une enquête auprès de 212 abonnés montre qu'ils se disent plutôt satisfaits de la piscine. ",
)


@pytest.fixture(scope="session")
def lexicon_path() -> Path:
    return LEXICON


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load(LEXICON)


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> Matcher:
    return Matcher(lexicon)


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return build([TOPIC])


@pytest.fixture(scope="session")
def read(classifier: Classifier) -> Callable[..., Verdict]:
    """Classify a text, with a title and a language if need be."""

    def classify(text: str, title: str = "", language: str = "fr") -> Verdict:
        return classifier.classify(article_from_text(title, text, language))

    return classify


@pytest.fixture(scope="session")
def labels(read: Callable[..., Verdict]) -> Callable[..., set[str]]:
    """The labels a text gets."""
    return lambda text, title="", language="fr": {tag.label for tag in read(text, title, language).tags}


@pytest.fixture(scope="session")
def among_news() -> Callable[..., str]:
    """A text among 600 words of other news, after `before` paragraphs of them."""

    def drown(text: str, before: int = 2) -> str:
        paragraphs = ["".join(NEWS[(at + k) % len(NEWS)] for k in range(4)).strip() for at in range(10)]
        return "\n\n".join([*paragraphs[:before], text, *paragraphs[before:]])

    return drown
