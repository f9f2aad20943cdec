"""Tags pass through one place: people's word stays above the rules, and what is replaced is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from store_shelf import AGAIN, CIS, IIS, NOW, Shelf, card

from core.articles import Signature, StoredArticle, Verdict
from core.corrections import Correction, Occasion
from db.models import ArticleRow

URL = "https://www.anah.gouv.fr/actu/1"
TEXT = "Un contrat à impact social est signé à Lyon."
DAY = timedelta(days=1)
RETAG = Occasion("retag", NOW + DAY, NOW - 8 * DAY)


def say(shelf: Shelf, opinion: Any, article: int = 1, by: str = "Ana", **values: Any) -> None:
    judged = shelf.store.corrections.judged(article)
    assert judged
    labels = values.pop("labels", ("cis",) if opinion == "pertinent" else ())
    said = Correction(article, judged.text_hash, "cis", opinion, by, NOW + DAY, labels, **values)
    shelf.store.corrections.record([said])


def article(shelf: Shelf, number: int = 1) -> StoredArticle:
    found = shelf.store.articles.article(number)
    assert found
    return found


def labels(shelf: Shelf, number: int = 1) -> list[str]:
    return [tag.label for tag in article(shelf, number).tags]


def past(shelf: Shelf, number: int = 1) -> list[tuple[str, str]]:
    return [(each.label, each.cause) for each in shelf.store.corrections.past_tags(number)]


def test_off_topic_leaves_search_and_digest_and_keeps_the_proofs(shelf: Shelf) -> None:
    kept = shelf.keep(URL, TEXT, matches=(card("contrat à impact social", TEXT),))
    assert shelf.eligible() == [kept.story_id]
    say(shelf, "hors-sujet", reason="une publicité")
    assert (labels(shelf), shelf.titles("contrat"), shelf.titles("tag:cis"), shelf.eligible()) == ([], [], [], [])
    assert shelf.titles("tag:none contrat") == ["Un titre"]
    assert article(shelf).matches[0].accepted
    ended = shelf.store.corrections.past_tags(1)[0]
    assert (ended.label, ended.rule_versions, ended.ended_at, ended.cause) == (
        "cis", ("cis-form@cis@1",), NOW + DAY, "correction",
    )  # fmt: skip


def by_version(shelf: Shelf, verdict: Verdict) -> None:
    tags = {"tags": verdict.tags}
    shelf.keep(URL, f"{TEXT} Une seconde version.", at=NOW + DAY, **tags)


def by_retag(shelf: Shelf, verdict: Verdict) -> None:
    assert shelf.store.articles.retag(1, verdict, RETAG)


def by_reprocess(shelf: Shelf, verdict: Verdict) -> None:
    better = shelf.article(URL, f"{TEXT} Une phrase de mieux.")
    assert shelf.store.replays.renew(1, 0, better, verdict, Signature(), AGAIN)


@pytest.mark.parametrize("again", [by_version, by_retag, by_reprocess])
def test_a_persons_word_stands_whatever_the_rules_say_later(shelf: Shelf, again: Any) -> None:
    shelf.keep(URL, TEXT, tags=(IIS,))
    say(shelf, "pertinent", labels=("cis",))
    again(shelf, Verdict((IIS,)))
    assert labels(shelf) == ["cis"]
    judged = shelf.store.corrections.judged(1)
    assert judged and judged.machine == (IIS,)
    say(shelf, "hors-sujet")
    again(shelf, Verdict((CIS, IIS)))
    assert labels(shelf) == []
    assert past(shelf) == [("cis", "correction"), ("iis", "correction")]


@pytest.mark.parametrize(
    ("again", "cause"), [(by_version, "version"), (by_retag, "retag"), (by_reprocess, "reprocess")]
)
def test_tags_that_end_are_remembered_with_their_cause(shelf: Shelf, again: Any, cause: str) -> None:
    shelf.keep(URL, TEXT, tags=(CIS, IIS))
    again(shelf, Verdict((replace(CIS, central=False), replace(IIS, score=0.1))))
    assert past(shelf) == [("cis", cause)]
    assert [(tag.label, tag.central, tag.score) for tag in article(shelf).tags] == [
        ("cis", False, 1.0), ("iis", False, 0.1),
    ]  # fmt: skip


def test_a_doubt_gives_the_tags_of_the_rules_back_until_two_people_agree(shelf: Shelf) -> None:
    kept = shelf.keep(URL, TEXT, tags=(CIS, IIS))
    say(shelf, "hors-sujet")
    shelf.store.articles.retag(1, Verdict((IIS,)), RETAG)
    say(shelf, "doute", by="Bob")
    assert (labels(shelf), shelf.eligible()) == (["iis"], [kept.story_id])
    say(shelf, "hors-sujet", by="Eve")
    assert (labels(shelf), shelf.eligible()) == ([], [])


def test_off_topic_holds_for_the_copies_of_the_story_those_to_come_too(shelf: Shelf) -> None:
    first = shelf.keep(URL, TEXT)
    shelf.keep("https://autre.fr/copie", f"{TEXT} Lire aussi.", story=first.story_id, source="gazette")
    say(shelf, "hors-sujet", article=2)
    assert labels(shelf, 1) == labels(shelf, 2) == []
    shelf.keep("https://encore.fr/copie", TEXT, story=first.story_id, source="senat")
    assert (labels(shelf, 3), shelf.eligible()) == ([], [])
    other = shelf.keep("https://apart.fr/copie", TEXT, source="senat")
    assert labels(shelf, 4) == ["cis"]
    shelf.store.articles.merge(other.story_id, first.story_id, NOW + DAY)
    assert labels(shelf, 4) == []
    say(shelf, "doute", by="Bob")
    assert [labels(shelf, each) for each in (1, 2, 3, 4)] == [["cis"]] * 4


def test_labels_that_a_person_gives_are_searched_and_mailed(shelf: Shelf) -> None:
    kept = shelf.keep(URL, TEXT, tags=())
    assert shelf.eligible() == []
    say(shelf, "pertinent", labels=("cis", "iis"), central=False)
    assert (labels(shelf), shelf.titles("tag:iis central:non")) == (["cis", "iis"], ["Un titre"])
    assert shelf.eligible() == [kept.story_id]


def test_every_opinion_is_kept_with_the_text_that_was_judged(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT)
    say(shelf, "pertinent", reason="net")
    by_version(shelf, Verdict((CIS,)))
    say(shelf, "hors-sujet")
    say(shelf, "hors-sujet", by="Bob")
    judged = shelf.store.corrections.judged(1)
    assert judged
    assert [(each.opinion, each.by, each.labels, each.reason) for each in judged.opinions] == [
        ("pertinent", "Ana", ("cis",), "net"), ("hors-sujet", "Ana", (), ""), ("hors-sujet", "Bob", (), ""),
    ]  # fmt: skip
    texts = [shelf.store.corrections.version_judged(each) for each in judged.opinions]
    assert [each and each.number for each in texts] == [1, 2, 2]
    assert shelf.store.corrections.article_ids() == [1]


@pytest.mark.parametrize(("days", "told"), [(0, True), (7, True), (9, False), (20, False)])
def test_other_rules_mail_this_weeks_articles_alone(shelf: Shelf, days: int, told: bool) -> None:
    kept = shelf.keep(URL, TEXT, tags=(), at=NOW - days * DAY)
    shelf.store.articles.retag(1, Verdict((CIS,)), RETAG)
    assert (labels(shelf), shelf.titles("tag:cis")) == (["cis"], ["Un titre"])
    assert shelf.eligible() == ([kept.story_id] if told else [])
    assert article(shelf).backfilled is not told


def test_an_article_dated_before_this_week_is_not_mailed_by_other_rules(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT, tags=(), published=NOW - 12 * DAY)
    shelf.store.articles.retag(1, Verdict((CIS,)), RETAG)
    assert (shelf.eligible(), shelf.titles("tag:cis")) == ([], ["Un titre"])


def test_a_story_that_waits_for_its_edition_still_waits_when_its_labels_change(shelf: Shelf) -> None:
    kept = shelf.keep(URL, TEXT, at=NOW - 20 * DAY)
    shelf.store.articles.retag(1, Verdict((CIS, IIS)), RETAG)
    assert shelf.eligible() == [kept.story_id]


def test_opinions_and_history_go_with_their_article(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT)
    say(shelf, "hors-sujet")
    with shelf.store.articles._database.write() as connection:
        connection.execute(delete(ArticleRow).where(ArticleRow.id == 1))
    assert (shelf.store.corrections.article_ids(), past(shelf)) == ([], [])
    assert shelf.store.corrections.judged(1) is None


def test_an_opinion_leaves_a_line_of_the_audit_without_a_name(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT)
    say(shelf, "hors-sujet", by="Ana")
    judged = shelf.store.corrections.judged(1)
    assert judged
    again = Correction(1, judged.text_hash, "cis", "doute", "member:4", NOW + DAY)
    shelf.store.corrections.record([again], "member:4")
    doubt, first = shelf.store.audit.latest(2)
    facts = {"article": 1, "topic": "cis"}
    assert (first.who, first.what, first.before) == (
        "command",
        "correction.add",
        facts | {"state": "", "tags": ["cis"]},
    )
    assert first.after == facts | {"state": "hors-sujet", "tags": [], "opinion": "hors-sujet"}
    assert (doubt.who, doubt.before) == ("member:4", facts | {"state": "hors-sujet", "tags": []})
    assert doubt.after == facts | {"state": "discussion", "tags": ["cis"], "opinion": "doute"}
    assert "Ana" not in repr((doubt, first))


def test_opinions_are_read_by_story_the_last_judged_first(shelf: Shelf) -> None:
    for number in (1, 2):
        shelf.keep(f"{URL}{number}", TEXT)
    say(shelf, "doute", 1)
    say(shelf, "hors-sujet", 2)
    assert [[each.opinion for each in said] for said in shelf.store.corrections.by_story().values()] == [
        ["hors-sujet"], ["doute"],
    ]  # fmt: skip
    say(shelf, "pertinent", 1, by="Bob")
    stories = shelf.store.corrections.by_story()
    assert [each.opinion for each in next(iter(stories.values()))] == ["doute", "pertinent"]
