"""What a mail that came back does to its recipient: once, in one transaction, and nothing without proof (B7 to B9)."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from store_shelf import NOW, Shelf

from core.editions import Receipt, Subscriber
from core.errors import VeilleError
from core.returns import Effect, Fault, Proof, Returned, ReturnKind
from core.saved import Wish

DAY = timedelta(days=1)


class Post:
    """Editions that left for everybody, and the returns that follow."""

    def __init__(self, shelf: Shelf, people: int = 1) -> None:
        self.shelf = shelf
        self.people = [shelf.store.subscribers.add(f"p{n}@asso.fr", "person", NOW) for n in range(people)]
        self.seen = 0

    def edition(self, key: str = "2026-W48") -> int:
        ledger = self.shelf.store.editions
        number = self.shelf.freeze(key, []).id
        assert number is not None
        ledger.queue(number, self.shelf.store.subscribers.active())
        for row in ledger.rows(number):
            ledger.begin(row.id, "<m>", NOW)
            ledger.end(row.id, Receipt("sent", "250"), NOW)
        return number

    def back(
        self,
        proof: tuple[int, int] | None,
        fault: Fault = "hard",
        kind: ReturnKind = "refusal",
        after: timedelta = DAY,
        digest: str = "",
    ) -> Effect:
        self.seen += 1
        digest = digest or sha256(b"%d" % self.seen).hexdigest()
        returned = Returned(digest, kind, fault, "5.1.1", Proof(*proof) if proof else None)
        return self.shelf.store.returns.note(returned, NOW + after)

    def active(self) -> list[Subscriber]:
        return self.shelf.store.subscribers.active()


def test_a_dead_address_is_suspended_at_once_and_its_waiting_mails_are_not_sent(shelf: Shelf) -> None:
    post = Post(shelf, 2)
    first, (dead, living) = post.edition(), post.people
    ledger = shelf.store.editions
    second = shelf.freeze("2026-W49", []).id
    assert second is not None
    ledger.queue(second, post.active())
    assert post.back((first, dead.id)) == "suspended"
    assert post.active() == [living]
    assert [ledger.begin(row.id, "<m>", NOW) for row in ledger.rows(second)] == [False, True]
    assert [row.state for row in ledger.rows(second)] == ["suppressed", "sending"]
    (told,) = shelf.store.returns.suspensions()
    assert (told.address, told.code) == ("p0@asso.fr", "5.1.1")
    assert shelf.store.returns.returned(first) == 1


def test_a_full_mailbox_is_suspended_at_its_third_edition_in_thirty_days(shelf: Shelf) -> None:
    post = Post(shelf)
    (who,) = post.people
    numbers = [post.edition(f"2026-W{week}") for week in (45, 46, 47, 48, 49)]
    assert post.back((numbers[0], who.id), "soft", after=DAY) == "counted"
    assert post.back((numbers[0], who.id), "soft", after=2 * DAY) == "counted"
    assert post.back((numbers[1], who.id), "soft", after=8 * DAY) == "counted"
    assert post.back((numbers[2], who.id), "soft", after=36 * DAY) == "counted", "the first ones are too old"
    assert post.active()
    assert post.back((numbers[3], who.id), "soft", after=37 * DAY) == "suspended"
    assert post.active() == []


@pytest.mark.parametrize("kind", ["refusal", "complaint"])
def test_what_proves_nothing_does_nothing(shelf: Shelf, kind: ReturnKind) -> None:
    post = Post(shelf)
    number, (who,) = post.edition(), post.people
    for proof in (None, (number, 99), (number + 1, who.id)):
        assert post.back(proof, kind=kind) == "unproven"
    assert post.back((number, who.id), kind="other") == "unproven"
    assert post.back((number, who.id), kind="automatic") == "automatic"
    assert post.active() == post.people


def test_the_same_mail_is_acted_upon_once(shelf: Shelf) -> None:
    post = Post(shelf)
    number, (who,) = post.edition(), post.people
    assert post.back((number, who.id), digest="d") == "suspended"
    shelf.store.subscribers.add(who.address, "person", NOW, again=True)
    assert post.back((number, who.id), digest="d") == "again"
    assert post.active() == post.people
    assert shelf.store.returns.effects(NOW) == {"suspended": 1}


def test_who_complains_has_left_as_by_their_own_link(shelf: Shelf) -> None:
    """B9."""
    post = Post(shelf)
    number, (who,) = post.edition(), post.people
    assert post.back((number, who.id), kind="complaint") == "left"
    assert shelf.store.subscribers.find(who.address) is None
    with pytest.raises(VeilleError, match="désinscrite"):
        shelf.store.subscribers.add(who.address, "person", NOW)
    assert post.back((number, who.id)) == "gone"


def test_a_list_is_never_suspended_nor_anybody_for_a_fault_of_ours(shelf: Shelf) -> None:
    post = Post(shelf)
    group = shelf.store.subscribers.add("liste@framalistes.org", "list", NOW, "https://framalistes.org/l")
    number = post.edition()
    assert post.back((number, group.id)) == "list"
    assert post.back((number, group.id), kind="complaint") == "list"
    assert post.back((number, post.people[0].id), "ours") == "ours"
    assert post.active() == [*post.people, group]


def test_many_addresses_dead_on_one_day_are_not_believed(shelf: Shelf) -> None:
    """A provider out of order must not empty the list of readers."""
    post = Post(shelf, 30)
    number = post.edition()
    effects = [post.back((number, who.id)) for who in post.people]
    assert effects == ["suspended"] * 10 + ["held"] * 20
    assert len(post.active()) == 20


def alerts(shelf: Shelf, member: int, count: int = 1) -> list[tuple[int, int]]:
    """Daily alerts of a member, whose mails left; what proves each mail."""
    store, proofs = shelf.store, []
    person = store.members.add(f"m{member}@asso.fr", f"Membre {member}", "member", NOW, "command")
    for at in range(count):
        search = store.searches.save(person.id, Wish(f"Alerte {at}", "contrat", "daily"), NOW)
        edition = shelf.freeze("2026-11-23", [], search.series).id
        recipient = store.searches.recipient(search.id)
        assert edition is not None and recipient is not None
        store.editions.queue(edition, [recipient])
        proofs.append((edition, search.id))
    return proofs


def test_many_mailboxes_of_alerts_dead_on_one_day_are_not_believed_either(shelf: Shelf) -> None:
    post, mails = Post(shelf, 0), [alerts(shelf, member)[0] for member in range(20)]
    assert [post.back(mail) for mail in mails] == ["suspended"] * 10 + ["held"] * 10
    assert len(shelf.store.searches.alerts()) == 10


def test_a_member_of_many_alerts_is_one_dead_mailbox(shelf: Shelf) -> None:
    post, (first, *others) = Post(shelf, 0), alerts(shelf, 0, 12)
    living = alerts(shelf, 1)
    assert [post.back(mail) for mail in (first, *others)] == ["suspended"] + ["gone"] * 11
    assert [each.id for each in shelf.store.searches.alerts()] == [living[0][1]]
    assert post.back(living[0]) == "suspended"


def test_a_mailbox_that_refuses_for_weeks_stops_its_daily_alert_and_a_full_one_for_days_does_not(shelf: Shelf) -> None:
    """B7: it is not written to every morning for years."""
    store, post = shelf.store, Post(shelf, 0)
    (mail,) = alerts(shelf, 0)
    (search,) = store.searches.alerts()
    mails = [mail]
    for day in range(1, 15):
        edition = shelf.freeze(f"2026-12-{day:02d}", [], search.series).id
        recipient = store.searches.recipient(search.id)
        assert edition is not None and recipient is not None
        store.editions.queue(edition, [recipient])
        mails.append((edition, search.id))
    effects = [post.back(each, "soft", after=day * DAY) for day, each in enumerate(mails)]
    assert effects == ["counted"] * 14 + ["suspended"]
    assert store.searches.alerts() == [] and post.back(mails[0], after=20 * DAY) == "gone"
    assert store.searches.delete(search.member_id, search.id, NOW), "what it told leaves with it"


def test_a_suspended_address_is_back_only_when_somebody_says_that_it_works(shelf: Shelf) -> None:
    post = Post(shelf)
    number, (who,) = post.edition(), post.people
    post.back((number, who.id))
    with pytest.raises(VeilleError, match="suspendue"):
        shelf.store.subscribers.add(who.address, "person", NOW)
    assert shelf.store.subscribers.add("P0@asso.fr", "person", NOW, again=True) == who
    post.back((number, who.id))
    assert shelf.store.subscribers.wish(who.token, who.wishes), "they opened their own link"
    assert post.active() == [who]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(shelf: Shelf) -> None:
    post = Post(shelf)
    number, (who,) = post.edition(), post.people
    returned = Returned("d", "refusal", "hard", "5.1.1", Proof(number, who.id))
    assert shelf.store.returns.note(returned, NOW, dry_run=True) == "suspended"
    assert post.active() == [who]
    assert shelf.store.returns.effects(NOW - DAY) == {}
