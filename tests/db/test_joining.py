"""Subscribing by oneself: asked for, confirmed once, within limits; nobody but the mailbox's owner can (B13 to B15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from store_shelf import NOW, Shelf

from core.errors import VeilleError
from core.wishes import FOR_GOOD, Wishes

DAY = timedelta(days=1)
ANA = "ana@exemple.fr"


def ask(shelf: Shelf, address: str = ANA, at: Any = NOW, topics: tuple[str, ...] = ()) -> str:
    invitation = shelf.store.joining.ask(address, topics, "2026-11", at)
    assert invitation and not invitation.known
    return invitation.token


def rows(shelf: Shelf, table: str) -> list[Any]:
    with shelf.store.joining._database.read() as connection:
        return list(connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1"))


def test_only_the_link_of_the_mail_subscribes_and_it_serves_once(shelf: Shelf) -> None:
    token = ask(shelf, topics=("cis",))
    assert len(token) >= 43 and shelf.store.subscribers.active() == []
    for wrong in ("", token[:-1], token + "x", "é"):
        assert shelf.store.joining.confirm(wrong, NOW) is None
    own = shelf.store.joining.confirm(token, NOW + DAY)
    (person,) = shelf.store.subscribers.active()
    assert own and own == person.token != token
    assert (person.address, person.since, person.wishes) == (ANA, NOW + DAY, Wishes(topics=("cis",)))
    assert person.consent and (person.consent.at, person.consent.proof) == (NOW + DAY, "2026-11")
    assert shelf.store.joining.confirm(token, NOW + DAY) is None
    assert rows(shelf, "subscription_request") == rows(shelf, "confirmation") == []


def test_a_link_and_the_address_it_was_sent_to_last_seven_days(shelf: Shelf) -> None:
    token = ask(shelf)
    assert shelf.store.joining.sweep(NOW + timedelta(days=6, hours=23)) == 0
    assert shelf.store.joining.confirm(token, NOW + timedelta(days=7)) is None
    assert shelf.store.joining.sweep(NOW + timedelta(days=7)) == 1
    assert rows(shelf, "subscription_request") == []
    assert ANA not in str(rows(shelf, "confirmation"))


def test_an_address_is_sent_one_confirmation_a_day_and_three_ever_b13(shelf: Shelf) -> None:
    joining = shelf.store.joining
    first = ask(shelf)
    for later in (timedelta(0), timedelta(hours=23)):
        assert joining.ask(ANA.upper(), (), "2026-11", NOW + later) is None
    ask(shelf, at=NOW + DAY)
    ask(shelf, at=NOW + 2 * DAY)
    for days in (3, 30, 900):
        assert joining.ask(ANA, (), "2026-11", NOW + days * DAY) is None
    assert joining.ask("ana+autre@exemple.fr", (), "2026-11", NOW) is None, "one mailbox"
    assert ask(shelf, "bob@exemple.fr")
    assert joining.confirm(first, NOW + 3 * DAY) is None, "swept by the last requests"


def test_an_answer_begins_the_count_again(shelf: Shelf) -> None:
    joining = shelf.store.joining
    for days in range(2):
        ask(shelf, at=NOW + days * DAY)
    own = joining.confirm(ask(shelf, at=NOW + 2 * DAY), NOW + 2 * DAY)
    assert own and shelf.store.subscribers.leave(own, NOW + 3 * DAY)
    for days in range(3, 6):
        ask(shelf, at=NOW + days * DAY)
    assert joining.ask(ANA, (), "2026-11", NOW + 6 * DAY) is None


def test_a_mail_that_could_not_leave_does_not_count(shelf: Shelf) -> None:
    joining = shelf.store.joining
    for _ in range(5):
        invitation = joining.ask(ANA, (), "2026-11", NOW)
        assert invitation
        joining.unsent(invitation)
    assert rows(shelf, "subscription_request") == []
    own = joining.confirm(ask(shelf), NOW)
    assert own
    for _ in range(5):
        reminder = joining.remind(ANA, NOW)
        assert reminder and (reminder.known, reminder.token) == (True, own)
        joining.unsent(reminder)


def test_somebody_subscribed_who_asks_again_is_sent_their_own_link_once_a_day(shelf: Shelf) -> None:
    joining = shelf.store.joining
    person = shelf.store.subscribers.add(ANA, "person", NOW)
    asked = joining.ask(ANA, ("autre",), "2026-11", NOW)
    assert asked and (asked.known, asked.token, asked.address) == (True, person.token, ANA)
    assert joining.remind(ANA, NOW) is None and joining.ask(ANA, (), "2026-11", NOW) is None
    assert joining.remind("Ana@EXEMPLE.fr", NOW + DAY) is not None
    assert shelf.store.subscribers.active() == [person], "asking changes nothing"
    for nobody in ("bob@exemple.fr", "", "a@b,c@d", "ana"):
        assert joining.remind(nobody, NOW) is None


def test_a_list_is_sent_no_link_of_any_kind(shelf: Shelf) -> None:
    shelf.store.subscribers.add("groupe@listes.fr", "list", NOW, "https://listes.fr/partir")
    assert shelf.store.joining.ask("groupe@listes.fr", (), "2026-11", NOW) is None
    assert shelf.store.joining.remind("groupe@listes.fr", NOW) is None


def test_a_list_added_while_its_link_waited_gets_no_token(shelf: Shelf) -> None:
    token = ask(shelf, "groupe@listes.fr")
    shelf.store.subscribers.add("groupe@listes.fr", "list", NOW, "https://listes.fr/partir")
    assert shelf.store.joining.confirm(token, NOW) is None
    (group,) = shelf.store.subscribers.active()
    assert (group.token, group.consent) == ("", None)


def test_who_left_comes_back_by_their_own_confirmation_alone_b15(shelf: Shelf) -> None:
    people, joining = shelf.store.subscribers, shelf.store.joining
    old = people.add(ANA, "person", NOW)
    assert people.leave(old.token, NOW)
    with pytest.raises(VeilleError, match="désinscrite"):
        people.add(ANA, "person", NOW)
    token = ask(shelf)
    assert people.standing(ANA) == "left", "asking is not coming back"
    assert not people.by_token(old.token)
    own = joining.confirm(token, NOW)
    assert own and own != old.token
    assert people.standing(ANA) == "known"
    assert people.leave(own, NOW) and people.standing(ANA) == "left"


def test_leaving_or_being_erased_takes_waiting_requests_away(shelf: Shelf) -> None:
    token = ask(shelf)
    person = shelf.store.subscribers.add(ANA, "person", NOW)
    shelf.store.subscribers.leave(person.token, NOW)
    assert shelf.store.joining.confirm(token, NOW) is None
    other = ask(shelf, "bob@exemple.fr")
    assert shelf.store.subscribers.erase("bob@exemple.fr", NOW, "command")
    assert shelf.store.joining.confirm(other, NOW) is None
    assert rows(shelf, "subscription_request") == []
    assert shelf.store.subscribers.standing("bob@exemple.fr") == "left"


@pytest.mark.parametrize(
    "address",
    ["a@b.fr,c@d.fr", "a@b.fr\r\nBcc: c@d.fr", '"a b"@c.fr', "a@[127.0.0.1]", "x" * 310 + "@exemple.fr", "a", "@b.fr"],
)
def test_what_is_no_plain_address_is_refused_b14(address: str, shelf: Shelf) -> None:
    with pytest.raises(VeilleError) as told:
        shelf.store.joining.check(address)
    assert len(address) < 6 or address not in str(told.value)
    with pytest.raises(VeilleError):
        shelf.store.joining.ask(address, (), "2026-11", NOW)
    assert shelf.store.joining.check("ana@École.fr") == "ana@xn--cole-9oa.fr"


def test_wishes_are_kept_and_leave_with_the_person(shelf: Shelf) -> None:
    people = shelf.store.subscribers
    person = people.add(ANA, "person", NOW)
    wishes = Wishes("monthly", "text", True, ("cis", "iis"), FOR_GOOD)
    assert people.wish(person.token, wishes)
    assert people.by_token(person.token) == replace(person, wishes=wishes)
    assert not people.wish("", wishes) and not people.wish("x" * 22, wishes)
    people.leave(person.token, NOW)
    assert not people.wish(person.token, Wishes())
    assert "cis" not in str(rows(shelf, "subscriber"))


def test_hashes_are_forgotten_after_three_years(shelf: Shelf) -> None:
    person = shelf.store.subscribers.add(ANA, "person", NOW)
    shelf.store.subscribers.leave(person.token, NOW)
    ask(shelf, "bob@exemple.fr")
    shelf.store.joining.sweep(NOW + 1094 * DAY)
    assert shelf.store.subscribers.standing(ANA) == "left"
    shelf.store.joining.sweep(NOW + 1096 * DAY)
    assert shelf.store.subscribers.standing(ANA) == "new" and rows(shelf, "confirmation") == []


def test_all_that_is_kept_of_a_person_is_told(shelf: Shelf) -> None:
    joining = shelf.store.joining
    assert joining.record(ANA) is None
    token = ask(shelf)
    waiting = joining.record(ANA)
    assert waiting and (waiting.subscriber, waiting.mails, waiting.asked) == (None, (), (NOW,))
    joining.confirm(token, NOW)
    kept = joining.record(ANA.upper())
    assert kept and kept.subscriber and kept.subscriber.address == ANA and kept.asked == ()
