"""Recipients: one plain address each, a token of their own, nothing left of those who went."""

from __future__ import annotations

import sqlite3

import pytest
from store_shelf import NOW, Shelf

from core.errors import VeilleError


def test_a_person_gets_a_token_of_128_bits_and_a_list_none_b12(shelf: Shelf) -> None:
    person = shelf.store.subscribers.add("ana@exemple.fr", "person", NOW)
    other = shelf.store.subscribers.add("bob@exemple.fr", "person", NOW)
    group = shelf.store.subscribers.add(
        "liste@framalistes.org",
        "list",
        NOW,
        "https://framalistes.org/sympa/signoff/liste",
        "Le groupe <veille@asso.fr>",
    )
    assert len(person.token) == 22
    assert person.token != other.token
    assert (group.token, group.sender) == ("", "Le groupe <veille@asso.fr>")
    assert shelf.store.subscribers.active() == [person, other, group]
    assert shelf.store.subscribers.by_id(group.id) == group
    assert shelf.store.subscribers.by_id(99) is None
    assert shelf.store.subscribers.by_token(person.token) == person
    for wrong in ("", person.token[:-1], person.token + "x", "\udcff", "é"):
        assert shelf.store.subscribers.by_token(wrong) is None


@pytest.mark.parametrize(
    "address",
    [
        "ana@exemple.fr",
        "ana.b+veille@exemple.fr",
        "o'neil@exemple.fr",
        "a@b.co",
        "A.B@EXEMPLE.FR",
        "x" * 64 + "@exemple.fr",
        "ana@xn--caf-dma.fr",
        "ana@a-b.exemple.org",
        " ana@exemple.fr ",
    ],
)
def test_a_plain_address_is_accepted(address: str, shelf: Shelf) -> None:
    local, domain = address.strip().split("@")
    assert shelf.store.subscribers.add(address, "person", NOW).address == f"{local}@{domain.lower()}"


def test_a_domain_with_accents_is_stored_in_ascii_b14(shelf: Shelf) -> None:
    assert shelf.store.subscribers.add("ana@café.fr", "person", NOW).address == "ana@xn--caf-dma.fr"
    with pytest.raises(VeilleError, match="déjà abonnée"):
        shelf.store.subscribers.add("ana@cafe\u0301.fr", "person", NOW)
    assert shelf.store.subscribers.remove("ana@CAFÉ.fr")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "ana",
        "ana@",
        "@exemple.fr",
        "ana@exemple",
        "ana@localhost",
        "ana@@exemple.fr",
        "ana@b,bob@c.fr",
        "ana@exemple.fr,bob@exemple.fr",
        "ana@exemple.fr;bob@exemple.fr",
        "ana@exemple.fr bob@exemple.fr",
        "Ana <ana@exemple.fr>",
        "<ana@exemple.fr>",
        '"ana b"@exemple.fr',
        '"ana@x"@exemple.fr',
        "ana(commentaire)@exemple.fr",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "ana@exemple.fr\r\nBcc: x@y.fr",
        "ana\r\n@exemple.fr",
        "ana@exemple.fr\n",
        "ana\0@exemple.fr",
        "ana\t@exemple.fr",
        "é@exemple.fr",
        "ana@exe mple.fr",
        "ana@-exemple.fr",
        "ana@exemple-.fr",
        "ana@exemple..fr",
        ".ana@exemple.fr",
        "ana.@exemple.fr",
        "an..a@exemple.fr",
        "ana@exemple.fr.",
        "x" * 65 + "@exemple.fr",
        "a@" + "b" * 64 + ".fr",
        "a@" + "bc." * 90 + "fr",
        "ana@exemple.\u202efr",
        "ana@\ud800.fr",
        "=?utf-8?q?ana?=@exemple.fr\u2028",
    ],
)
def test_an_address_with_a_trick_is_refused_in_french_without_being_repeated_b14(address: str, shelf: Shelf) -> None:
    with pytest.raises(VeilleError) as caught:
        shelf.store.subscribers.add(address, "person", NOW)
    assert len(address) < 4 or address not in str(caught.value)
    assert shelf.store.subscribers.active() == []


def test_the_same_address_is_added_once_whatever_its_case(shelf: Shelf) -> None:
    shelf.store.subscribers.add("Ana@Exemple.fr", "person", NOW)
    with pytest.raises(VeilleError, match="déjà abonnée"):
        shelf.store.subscribers.add("ana@exemple.FR", "list", NOW, "mailto:sortir@exemple.fr")
    assert len(shelf.store.subscribers.active()) == 1


def test_a_list_must_say_how_to_leave_it(shelf: Shelf) -> None:
    with pytest.raises(VeilleError, match="désinscrire"):
        shelf.store.subscribers.add("liste@exemple.fr", "list", NOW)


@pytest.mark.parametrize(
    "way", ["javascript:alert(1)", "https://x.fr/ a", "https://x.fr/\r\nX: y", "<https://x.fr>", "ici"]
)
def test_a_way_out_is_an_address_or_a_page(way: str, shelf: Shelf) -> None:
    with pytest.raises(VeilleError):
        shelf.store.subscribers.add("liste@exemple.fr", "list", NOW, way)


@pytest.mark.parametrize("sender", ["ana", "Ana <ana>", "Ana\r\nBcc: x <a@b.fr>", "a@b.fr, c@d.fr", "Ana <a@b.fr> x"])
def test_a_sender_is_one_address_with_or_without_a_name_b14(sender: str, shelf: Shelf) -> None:
    with pytest.raises(VeilleError):
        shelf.store.subscribers.add("liste@exemple.fr", "list", NOW, "sortir@exemple.fr", sender)


def test_leaving_works_twice_and_erases_the_person_b11(shelf: Shelf) -> None:
    ana = shelf.store.subscribers.add("ana.martin@exemple.fr", "person", NOW)
    bob = shelf.store.subscribers.add("bob@exemple.fr", "person", NOW)
    assert shelf.store.subscribers.leave(ana.token, NOW)
    assert shelf.store.subscribers.leave(ana.token, NOW)
    assert not shelf.store.subscribers.leave("inconnu", NOW)
    assert not shelf.store.subscribers.leave("", NOW)
    assert shelf.store.subscribers.active() == [bob]
    assert shelf.store.subscribers.by_id(ana.id) is None
    assert shelf.store.subscribers.by_token(ana.token) is None


@pytest.mark.sqlite
def test_nothing_in_the_database_names_somebody_who_left(shelf: Shelf) -> None:
    ana = shelf.store.subscribers.add("ana.martin@exemple.fr", "person", NOW)
    shelf.store.subscribers.leave(ana.token, NOW)
    connection = sqlite3.connect(shelf.path / "veille.db")
    dump = "\n".join(connection.iterdump())
    connection.close()
    for trace in ("ana.martin", ana.token):
        assert trace not in dump


def test_somebody_who_left_comes_back_only_at_their_own_request_b15(shelf: Shelf) -> None:
    ana = shelf.store.subscribers.add("ana@exemple.fr", "person", NOW)
    shelf.store.subscribers.leave(ana.token, NOW)
    with pytest.raises(VeilleError, match="s'est désinscrite le 23/11/2026"):
        shelf.store.subscribers.add("ANA@exemple.fr", "person", NOW)
    back = shelf.store.subscribers.add("ana@exemple.fr", "person", NOW, again=True)
    assert back.id != ana.id
    assert back.token != ana.token
    assert shelf.store.subscribers.leave(ana.token, NOW), "an old link is answered, but it is no more theirs"
    assert shelf.store.subscribers.active() == [back]


def test_somebody_removed_by_the_group_may_be_added_again(shelf: Shelf) -> None:
    ana = shelf.store.subscribers.add("ana@exemple.fr", "person", NOW)
    assert shelf.store.subscribers.remove(" ANA@exemple.fr")
    assert not shelf.store.subscribers.remove("ana@exemple.fr")
    assert not shelf.store.subscribers.remove("")
    assert shelf.store.subscribers.leave(ana.token, NOW)
    assert shelf.store.subscribers.add("ana@exemple.fr", "person", NOW).id != ana.id
