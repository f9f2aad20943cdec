"""Failures are sorted by what a person would do about them; only lasting ones are proposed to be disabled."""

from __future__ import annotations

import pytest

from core.pages import Failure, FailureKind
from core.sources import Source
from core.visits import Sight
from veille.causes import cause_of, grouped, no_network, proposals
from veille.trial import Trial


def failed(kind: FailureKind, reason: str = "raison", *, slug: str = "a", enabled: bool = True) -> Trial:
    source = Source(slug, slug, "presse", "https://a.example/", enabled=enabled)
    return Trial(source, "", None, (), (Failure(slug, "https://a.example/feed", kind, reason, True),))


@pytest.mark.parametrize(
    ("kind", "reason", "cause"),
    [
        ("http", "le serveur refuse l'accès (code 403)", "refused"),
        ("http", "la page n'existe pas (code 404)", "gone"),
        ("http", "la page a été supprimée (code 410)", "gone"),
        ("http", "le serveur est indisponible (code 503)", "silent"),
        ("http", "le serveur demande d'attendre 300 s (erreur 429)", "silent"),
        ("robots", "robots.txt demande de ne pas lire cette adresse", "robots"),
        ("robots", "robots.txt n'a pas pu être lu (…) : le site est laissé tranquille", "silent"),
        ("format", "une page HTML est reçue à la place du flux", "html"),
        ("empty", "aucun lien ne correspond au sélecteur « h3 a »", "redesigned"),
        ("dns", "le nom n'existe pas", "dns"),
        ("tls", "le certificat n'est pas valable", "tls"),
        ("timeout", "le serveur n'a pas répondu", "silent"),
        ("guard", "l'adresse n'est pas publique", "other"),
    ],
)
def test_each_failure_has_its_cause(kind: FailureKind, reason: str, cause: str) -> None:
    assert cause_of(failed(kind, reason)) == cause


def test_a_valid_feed_without_article_is_empty_not_broken() -> None:
    source = Source("a", "a", "presse", "https://a.example/")
    trial = Trial(source, "https://a.example/feed", Sight("a", "feed", "https://a.example/feed"), (), ())
    assert cause_of(trial) == "empty"
    assert proposals([trial, failed("tls", slug="b")]) != [] and proposals([trial]) == []


def test_what_tomorrow_may_mend_is_left_alone() -> None:
    trials = [failed("timeout", slug="a"), failed("tls", slug="b"), failed("tls", slug="c", enabled=False)]
    assert [(each.slug, each.enable) for each in proposals(trials)] == [("b", False)]


def test_a_machine_without_network_proposes_nothing() -> None:
    trials = [failed("dns", slug="a"), failed("timeout", slug="b"), failed("dns", slug="c")]
    assert no_network(trials) and proposals(trials) == []


def test_groups_come_in_the_order_of_the_report() -> None:
    trials = [failed("timeout", slug="a"), failed("robots", slug="b"), failed("timeout", slug="c")]
    shown = {cause: [trial.source.slug for trial in members] for cause, members in grouped(trials).items()}
    assert list(shown.items()) == [("robots", ["b"]), ("silent", ["a", "c"])]
