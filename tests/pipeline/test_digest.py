"""What an edition says of a story, and in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.articles import Match, StoredArticle, Tag
from core.editions import Period
from core.sources import Rights, Source
from pipeline.digest import Watch, compose, entry, topic_of, why

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
CIS, IIS = "contrat à impact social", "fonds à impact"


def cards(text: str, form: str, label: str, title: str = "") -> list[Match]:
    """A card for each place where a form stands; its sentence is the one between full stops, as the cutter gives it."""
    found = []
    for field, whole in (("title", title), ("text", text)):
        at = whole.find(form)
        while at >= 0:
            begin = whole.rfind(". ", 0, at) + 2 if ". " in whole[:at] else 0
            begin += 2 if whole.startswith("« ", begin) else 0
            end = whole.find(".", at) + 1 or len(whole)
            found.append(
                Match(
                    topic="t", rule="r", rule_version="r@1", concept=form, label=label, field=field, form=form,
                    start=at, end=at + len(form), sentence=whole[begin:end], sentence_start=begin, confirmed_by=(),
                    refuted_by=(), page=None, accepted=True, score=1.0, threshold=0.5,
                )
            )  # fmt: skip
            at = whole.find(form, at + 1)
    return found


def article(text: str, title: str = "Un titre", number: int = 1, source: str = "gazette") -> StoredArticle:
    matches = (*cards(text, CIS, "cis", title), *cards(text, IIS, "iis", title))
    labels = dict.fromkeys(card.label for card in matches)
    return StoredArticle(
        id=number, story_id=number, source=source, url=f"https://exemple.fr/{number}", title=title, text=text,
        author="", language="fr", published=NOW, date_has_time=True, date_origin="feed", first_seen=NOW,
        backfilled=False, deleted_at=None, truncated=False, media_type="text/html", version=1, page_offsets=(),
        tags=tuple(Tag("t", label, True, 1.0) for label in labels), matches=matches,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        (f"Un {CIS} est signé.", "Un titre", f"« {CIS} »"),
        (f"Un {CIS} est signé. Ce {CIS} dure.", "Un titre", f"« {CIS} » (2\u00a0fois)"),
        (f"Un {CIS} est signé.", f"Le {CIS}", f"« {CIS} » (2\u00a0fois, dès le titre)"),
        (f"Un {CIS} et un {IIS}.", f"Le {IIS}", f"« {CIS} », « {IIS} » (2\u00a0fois, dès le titre)"),
        ("Rien.", "Rien", ""),
    ],
)
def test_the_reason_is_the_words_found_in_one_line(text: str, title: str, told: str) -> None:
    assert why(article(text, title)) == told


def test_what_a_person_retained_quotes_its_first_words_and_says_so() -> None:
    judged = replace(article("Un pacte de réussite est signé."), tags=(Tag("t", "cis", True, 1.0),))
    found = entry(judged, (), source(), ("t",))
    assert (found.why, found.excerpt.text) == ("retenu par une personne du groupe", "Un pacte de réussite est signé.")


def test_a_label_that_a_person_took_away_is_no_reason() -> None:
    found = replace(article(f"Un {CIS} et un {IIS}."), tags=(Tag("t", "iis", True, 1.0),))
    assert why(found) == f"« {IIS} »"


def source(excerpt_chars: int = 200) -> dict[str, Source]:
    return {
        "gazette": Source(
            slug="gazette", name="La Gazette", category="presse", url="https://exemple.fr/",
            rights=Rights(excerpt_chars=excerpt_chars),
        )
    }  # fmt: skip


def test_a_quotation_keeps_its_opening_mark() -> None:
    found = entry(article(f"Fin. « Un {CIS} n’est pas un don », dit-elle."), (), source(), ("t",))
    assert found.excerpt.text == f"« Un {CIS} n’est pas un don », dit-elle."
    (bold,) = found.excerpt.spans
    assert found.excerpt.text[bold.start : bold.end] == CIS


def test_a_source_that_may_not_be_quoted_is_not() -> None:
    found = entry(article(f"Un {CIS} est signé."), (), source(excerpt_chars=0), ("t",))
    assert found.excerpt.text == ""
    assert CIS in found.why


def test_a_source_with_very_many_stories_leaves_room_for_the_others() -> None:
    """A46: nothing is dropped, but what a source has beyond five comes after the others."""
    flood = [article(f"Un {CIS}.", number=number) for number in range(1, 31)]
    others = [article(f"Un {CIS}.", number=number, source=f"s{number}") for number in range(31, 36)]
    eligible = [(found, ()) for found in (*flood, *others)]
    week = Period("weekly", "2026-W48", NOW, NOW)
    edition = compose(week, eligible, source(), Watch(1, ()), ("r@1",), ("t",), NOW)
    shown = Counter(found.source for found in edition.entries[:10])
    assert shown == {"La Gazette": 5, "s31": 1, "s32": 1, "s33": 1, "s34": 1, "s35": 1}
    assert len({found.story_id for found in edition.entries}) == 35


def test_a_reserved_article_is_told_by_its_title_and_link_alone() -> None:
    """A26: no passage of it, whatever its source allows of others."""
    told = entry(replace(article(f"Un {CIS} est signé."), reserved=True), (), {}, ("t",))
    assert told.excerpt.text == ""
    assert (told.title, told.url) == ("Un titre", "https://exemple.fr/1")


def tagged(article: StoredArticle, *tags: tuple[str, str, bool]) -> StoredArticle:
    return replace(article, tags=tuple(Tag(topic, label, central, 1.0) for topic, label, central in tags))


@pytest.mark.parametrize(
    ("tags", "topics", "told"),
    [
        ([("a", "x", True), ("b", "y", True)], ("b", "a"), "b"),
        ([("a", "x", False), ("b", "y", False)], ("a", "b"), "a"),
        ([("a", "x", False), ("b", "y", True)], ("a", "b"), "b"),
        ([("b", "y", True)], ("a",), ""),
    ],
)
def test_a_story_is_told_once_under_the_first_topic_that_it_is_mainly_about(
    tags: list[tuple[str, str, bool]], topics: tuple[str, ...], told: str
) -> None:
    assert topic_of(tagged(article("Un texte."), *tags), topics) == told


def test_a_topic_followed_no_longer_tells_nothing_and_keeps_its_stories_for_later() -> None:
    week, found = Period("weekly", "2026-W48", NOW, NOW), article(f"Un {CIS}.")
    both = replace(found, tags=(*found.tags, Tag("autre", "y", True, 1.0)))
    edition = compose(week, [(both, ()), (tagged(found, ("autre", "y", True)), ())], {}, Watch(1, ()), (), ("t",), NOW)
    assert [(told.topic, told.labels) for told in edition.entries] == [("t", ("cis",))]
    assert compose(week, [(both, ())], {}, Watch(1, ()), (), ("autre",), NOW).entries[0].labels == ("y",)
