"""Saved searches, the news of their alerts, and what stays of them when they or their members leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_shelf import IIS, NOW, Shelf
from test_members import add, everything

from core.editions import Receipt, Subscriber
from core.errors import VeilleError
from core.query import parse
from core.returns import Effect, Fault, Proof, Returned, ReturnKind
from core.saved import Frequency, SavedSearch, Wish

DAY = timedelta(days=1)
WISH = Wish("Contrats", "contrat impact", "daily")


def save(shelf: Shelf, frequency: Frequency = "daily", address: str = "claude@asso.example") -> SavedSearch:
    member = shelf.store.members.find(address) or add(shelf, address)
    return shelf.store.searches.save(member.id, Wish("Contrats", "contrat impact", frequency), NOW)


def news(shelf: Shelf, query: str = "contrat", since: timedelta = 7 * DAY, series: str = "") -> list[str]:
    found = shelf.store.index.arrivals(parse(query), NOW - since, NOW - 35 * DAY, series)
    assert found.stories == len(found.hits)
    return [hit.title for hit in found.hits]


def test_a_search_is_kept_as_typed_renamed_and_deleted(shelf: Shelf) -> None:
    saved = save(shelf)
    store, member = shelf.store.searches, saved.member_id
    assert (saved.wish, saved.alert_since, saved.looked_at, saved.series) == (WISH, NOW, None, f"alert-{saved.id}")
    assert store.change(member, saved.id, "  Les   contrats ", "weekly", NOW + DAY)
    (renamed,) = store.of(member)
    assert (renamed.wish.name, renamed.wish.frequency, renamed.alert_since) == ("Les contrats", "weekly", NOW)
    assert store.change(member, saved.id, "Les contrats", "none", NOW + DAY) and store.of(member)[0].alert_since is None
    assert store.change(member, saved.id, "Les contrats", "daily", NOW + 2 * DAY)
    assert store.of(member)[0].alert_since == NOW + 2 * DAY, "an alert that begins again tells what comes after"
    assert store.delete(member, saved.id, NOW) and not store.delete(member, saved.id, NOW)
    assert store.of(member) == []


def test_every_change_leaves_a_line_without_a_word_of_the_search(shelf: Shelf) -> None:
    saved = save(shelf)
    store, who, number = shelf.store.searches, f"member:{saved.member_id}", saved.id
    store.change(saved.member_id, number, "Contrats", "weekly", NOW)
    store.change(saved.member_id, number, "Contrats", "weekly", NOW)
    assert store.stop(saved.token, NOW)
    store.delete(saved.member_id, number, NOW)
    lines = [(c.who, c.what, c.before, c.after) for c in reversed(shelf.store.audit.latest(10))][1:]
    daily, weekly, none = ({"search": number, "frequency": each} for each in ("daily", "weekly", "none"))
    assert lines == [
        (who, "search.save", None, daily),
        (who, "search.change", daily, weekly),
        ("link", "search.change", weekly, none),
        (who, "search.delete", none, None),
    ]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("", "contrat"), "nom"),
        (Wish("x" * 81, "contrat"), "nom"),
        (Wish("a\u202eb", "contrat"), "nom"),
        (Wish("Contrats", "x" * 2001), "trop longue"),
        (Wish("Contrats", "contrat", "hourly"), "chaque jour"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_kept_is_refused_in_french(shelf: Shelf, wish: Wish, said: str) -> None:
    with pytest.raises(VeilleError, match=said):
        shelf.store.searches.save(add(shelf).id, wish, NOW)


def test_a_member_s_searches_have_an_end_and_are_out_of_the_reach_of_others(shelf: Shelf) -> None:
    mine, theirs = save(shelf), save(shelf, address="dominique@asso.example")
    store = shelf.store.searches
    assert not store.change(mine.member_id, theirs.id, "volée", "none", NOW)
    assert not store.delete(mine.member_id, theirs.id, NOW)
    assert [each.id for each in store.of(mine.member_id)] == [mine.id]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.saved.MOST", 1)
        with pytest.raises(VeilleError, match="1 recherches"):
            save(shelf)


def test_news_are_stories_first_seen_since_then_whatever_copies_come_later(shelf: Shelf) -> None:
    text = "Un contrat à impact social."
    old = shelf.keep("https://exemple.fr/vieux", text, "Vieux", NOW - 8 * DAY)
    shelf.keep("https://exemple.fr/copie", text, "Copie d'un vieux", NOW - DAY, story=old.story_id)
    shelf.keep("https://exemple.fr/fonds", text, "Fonds ancien", NOW - DAY, backfilled=True)
    shelf.keep("https://exemple.fr/an", text, "Daté d'il y a un an", NOW - DAY, published=NOW - 365 * DAY)
    new = shelf.keep("https://exemple.fr/neuf", text, "Neuf", NOW - 2 * DAY)
    shelf.keep("https://exemple.fr/neuf-2", text, "Sa copie", NOW - DAY, story=new.story_id)
    shelf.keep("https://exemple.fr/iis", "Un fonds.", "Sans le mot", NOW - DAY, tags=(IIS,))
    shelf.keep("https://exemple.fr/rien", text, "Sans étiquette", NOW - DAY, tags=())
    assert news(shelf) == ["Neuf"]
    assert news(shelf, '"contrat à impact social"') == ["Neuf"] and news(shelf, "tag:iis") == ["Sans le mot"]
    assert news(shelf, since=9 * DAY) == ["Neuf", "Vieux"]


def test_news_leave_out_what_the_series_has_told_and_its_gone_articles(shelf: Shelf) -> None:
    kept = shelf.keep("https://exemple.fr/a", "Un contrat.", "Dit", NOW - DAY)
    shelf.keep("https://exemple.fr/b", "Un contrat.", "À dire", NOW - DAY)
    shelf.page("https://exemple.fr/b")
    shelf.freeze("2026-11-22", [kept.story_id], series="alert-1")
    assert news(shelf, series="alert-1") == ["À dire"]
    assert sorted(news(shelf, series="alert-2")) == ["Dit", "À dire"]
    for _ in range(2):
        shelf.store.raw.gone("https://exemple.fr/b", 404, NOW)
    assert news(shelf, series="alert-1") == []


def test_an_alert_s_mail_goes_to_its_member_until_it_is_stopped(shelf: Shelf) -> None:
    saved = save(shelf)
    store, ledger = shelf.store.searches, shelf.store.editions
    who = store.recipient(saved.id)
    assert who == Subscriber(saved.id, "claude@asso.example", "alert", saved.token, NOW)
    story = shelf.keep("https://exemple.fr/a", "Un contrat.").story_id
    first = shelf.freeze("2026-11-23", [story], series=saved.series)
    assert first.id and ledger.queue(first.id, [who]) == 1 and ledger.queue(first.id, [who]) == 0
    (row,) = ledger.rows(first.id)
    assert row.subscriber_id == saved.id and ledger.begin(row.id, "<a@b>", NOW)
    ledger.end(row.id, Receipt("sent", "250"), NOW)
    second = shelf.freeze("2026-11-24", [], series=saved.series)
    assert second.id and ledger.queue(second.id, [who]) == 1
    assert not store.stop("x" * 22, NOW) and not store.stop(saved.token + "\ud800", NOW)
    assert store.stop(saved.token, NOW) and store.stop(saved.token, NOW)
    assert (store.recipient(saved.id), store.alert(saved.id), store.alerts()) == (None, None, [])
    assert not ledger.begin(ledger.rows(second.id)[0].id, "<b@b>", NOW)
    assert [each.state for each in ledger.rows(second.id)] == ["suppressed"]
    assert [each.wish.frequency for each in store.of(saved.member_id)] == ["none"], "the search stays"


def test_a_dead_mailbox_stops_its_member_s_alerts_and_a_complaint_the_one_it_is_about(shelf: Shelf) -> None:
    """B7, B8: what came back is proved by the edition and the number of the alert."""
    first, second, other = save(shelf), save(shelf), save(shelf, address="dominique@asso.example")
    ledger, store = shelf.store.editions, shelf.store.searches
    numbers = {}
    for each in (first, second, other):
        who, edition = store.recipient(each.id), shelf.freeze("2026-11-23", [], series=each.series)
        assert who and edition.id and ledger.queue(edition.id, [who]) == 1
        numbers[each.id] = edition.id

    def back(edition: int, alert: int, kind: ReturnKind = "refusal", fault: Fault = "hard") -> Effect:
        digest = f"{edition} {alert} {kind} {fault}"
        return shelf.store.returns.note(Returned(digest, kind, fault, "5.1.1", Proof(edition, alert)), NOW)

    assert back(numbers[first.id], second.id) == "unproven" and back(numbers[first.id], 999) == "unproven"
    assert back(numbers[first.id], first.id, "automatic") == "automatic"
    assert back(numbers[first.id], first.id, fault="ours") == "ours"
    assert back(numbers[first.id], first.id, fault="soft") == "counted" and len(store.alerts()) == 3
    assert back(numbers[other.id], other.id, "complaint", "") == "left"
    assert [each.id for each in store.alerts()] == [first.id, second.id]
    assert back(numbers[first.id], first.id) == "suspended" and store.alerts() == []
    assert len(store.of(first.member_id)) == 2, "the searches stay"
    assert store.delete(first.member_id, first.id, NOW)


def test_editions_of_alerts_are_apart_from_those_of_everybody(shelf: Shelf) -> None:
    saved = save(shelf)
    shelf.freeze("2026-W48", [])
    told = shelf.freeze("2026-11-23", [], series=saved.series)
    assert [each.period.series for each in shelf.store.editions.editions()] == ["weekly"]
    assert [each.id for each in shelf.store.searches.editions()] == [told.id]
    assert [each.id for each in shelf.store.searches.editions(unfinished=True)] == [told.id]
    assert told.id
    shelf.store.editions.set_state(told.id, "sent")
    assert shelf.store.searches.editions(unfinished=True) == []


def test_what_alerts_told_is_erased_in_its_time_or_when_its_alert_is_gone(shelf: Shelf) -> None:
    saved = save(shelf)
    weekly, story = shelf.freeze("2026-W48", []), shelf.keep("https://exemple.fr/a", "Un texte.").story_id
    who = shelf.store.searches.recipient(saved.id)
    told = shelf.freeze("2026-11-23", [story], series=saved.series)
    assert who and told.id and shelf.store.editions.queue(told.id, [who]) == 1
    lost = shelf.freeze("2026-11-23", [story], series="alert-999")
    shelf.store.searches.clear(NOW)
    assert [each.id for each in shelf.store.searches.editions()] == [told.id] and lost.id != told.id
    shelf.store.searches.clear(NOW + DAY)
    assert shelf.store.searches.editions() == [] and shelf.store.editions.rows(told.id) == []
    assert [each.id for each in shelf.store.editions.editions()] == [weekly.id] and shelf.store.searches.alerts()


def test_a_member_who_leaves_takes_their_searches_and_what_was_told_along(shelf: Shelf) -> None:
    saved, other = save(shelf), save(shelf, address="dominique@asso.example")
    story = shelf.keep("https://exemple.fr/a", "Un texte.").story_id
    for each in (saved, other):
        who = shelf.store.searches.recipient(each.id)
        edition = shelf.freeze("2026-11-23", [story], series=each.series)
        assert who and edition.id and shelf.store.editions.queue(edition.id, [who]) == 1
    shelf.store.members.remove("claude@asso.example", NOW, "command")
    assert shelf.store.searches.of(saved.member_id) == [] and not shelf.store.searches.stop(saved.token, NOW)
    assert [each.period.series for each in shelf.store.searches.editions()] == [other.series]
    dumped = everything(shelf)
    assert saved.token not in dumped and f"{saved.series}'" not in dumped and other.token in dumped
    assert save(shelf, address="camille@asso.example").id > other.id, "a number is never given again"
