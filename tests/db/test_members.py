"""Members, their links and devices, their proposals, and the line that every change leaves."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from store_shelf import NOW, Shelf

from core.errors import VeilleError
from core.members import Member, Wording, at_least
from db.sessions import LINK_LIFE, LINKS_AN_HOUR, SESSION_LIFE

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def add(shelf: Shelf, address: str = "Claude@Asso.example", role: Any = "editor") -> Member:
    return shelf.store.members.add(address, "Claude  Essai", role, NOW, "command")


def everything(shelf: Shelf) -> str:
    """The whole database as text, to look for what must not be in it."""
    if shelf.url.startswith("postgresql:"):
        return _dumped(shelf.url)
    connection = sqlite3.connect(shelf.path / "veille.db")
    text = "\n".join(connection.iterdump())
    connection.close()
    return text


def _dumped(url: str) -> str:
    import psycopg

    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = ((name, row) for (name,) in tables for row in connection.execute(f'SELECT * FROM "{name}"'.encode()))
        return "\n".join(f'INSERT INTO "{name}" VALUES {row}' for name, row in rows)


def test_a_member_has_one_address_whatever_its_case(shelf: Shelf) -> None:
    member = add(shelf, "Claude@ASSO.example")
    assert (member.address, member.name, member.role) == ("Claude@asso.example", "Claude Essai", "editor")
    with pytest.raises(VeilleError, match="déjà celle d'un membre"):
        add(shelf, "claude@asso.EXAMPLE")
    assert shelf.store.members.members() == [member]


@pytest.mark.parametrize(
    ("address", "name", "role", "said"),
    [
        ("claude", "C", "editor", "arobase"),
        ("a@b.fr\r\nBcc: c@d.fr", "C", "editor", "arobase"),
        ("a@b.fr", "", "editor", "nom"),
        ("a@b.fr", "x" * 81, "editor", "nom"),
        ("a@b.fr", "a\u202eb", "editor", "nom"),
        ("a@b.fr", "C", "visitor", "rôle"),
        ("a@b.fr", "C", "root", "rôle"),
    ],
)
def test_what_is_no_address_name_or_role_is_refused(
    shelf: Shelf, address: str, name: str, role: Any, said: str
) -> None:
    with pytest.raises(VeilleError, match=said):
        shelf.store.members.add(address, name, role, NOW, "command")
    assert shelf.store.members.members() == [] and shelf.store.audit.latest(9) == []


def test_each_role_may_what_the_one_before_may() -> None:
    ladder: tuple[Any, ...] = ("visitor", "reader", "member", "editor", "maintainer")
    for high, role in enumerate(ladder):
        assert [at_least(role, needed) for needed in ladder] == [low <= high for low in range(5)]


def test_a_link_serves_once_and_ends_after_half_an_hour(shelf: Shelf) -> None:
    add(shelf)
    sessions = shelf.store.sessions
    token = sessions.invite("claude@asso.example", "/proposer", NOW)
    assert token and len(token) >= 43, "256 bits"
    assert sessions.sign_in(token, "Firefox", NOW + LINK_LIFE) is None, "too late"
    opened = sessions.sign_in(token, "Firefox", NOW + LINK_LIFE - MINUTE)
    assert opened and (opened.next_path, opened.session.device) == ("/proposer", "Firefox")
    assert sessions.sign_in(token, "Firefox", NOW + LINK_LIFE - MINUTE) is None, "already used"
    assert opened.token != token


def test_no_token_is_in_the_database(shelf: Shelf) -> None:
    add(shelf)
    token = shelf.store.sessions.invite("claude@asso.example", "", NOW)
    assert token
    opened = shelf.store.sessions.sign_in(token, "Firefox", NOW)
    assert opened
    assert token not in everything(shelf) and opened.token not in everything(shelf)


def test_one_link_used_uses_up_the_others(shelf: Shelf) -> None:
    add(shelf)
    first, second = (shelf.store.sessions.invite("claude@asso.example", "", NOW) for _ in range(2))
    assert first and second and shelf.store.sessions.sign_in(second, "", NOW)
    assert shelf.store.sessions.sign_in(first, "", NOW) is None


def test_nobody_else_gets_a_link_and_nobody_gets_many(shelf: Shelf) -> None:
    add(shelf)
    invite = shelf.store.sessions.invite
    assert invite("autre@asso.example", "", NOW) is invite("rien", "", NOW) is None
    assert all(invite("claude@asso.example", "", NOW + n * MINUTE) for n in range(LINKS_AN_HOUR))
    assert invite("claude@asso.example", "", NOW + 30 * MINUTE) is None
    assert invite("claude@asso.example", "", NOW + HOUR + MINUTE), "an hour later"


def signed_in(shelf: Shelf, address: str = "claude@asso.example") -> str:
    token = shelf.store.sessions.invite(address, "", NOW)
    opened = shelf.store.sessions.sign_in(token or "", "Firefox", NOW)
    assert opened
    return opened.token


def test_a_session_lasts_thirty_days_after_it_was_last_seen(shelf: Shelf) -> None:
    add(shelf)
    token, session = signed_in(shelf), shelf.store.sessions.session
    assert session(token, NOW + SESSION_LIFE - HOUR), "seen, so put off"
    assert session(token, NOW + 2 * SESSION_LIFE - 2 * HOUR)
    assert session(token, NOW + 4 * SESSION_LIFE) is None
    assert session("autre", NOW) is session("", NOW) is session("\ud800", NOW) is None


def test_a_role_changed_is_the_role_at_once_and_the_change_is_recorded(shelf: Shelf) -> None:
    member = add(shelf)
    token = signed_in(shelf)
    changed = shelf.store.members.set_role("CLAUDE@asso.example", "reader", NOW + HOUR, "command")
    assert changed and changed.role == "reader"
    found = shelf.store.sessions.session(token, NOW)
    assert found and found.member.role == "reader"
    last = shelf.store.audit.latest(1)[0]
    assert (last.at, last.who, last.what) == (NOW + HOUR, "command", "member.role")
    assert (last.before, last.after) == (
        {"member": member.id, "role": "editor"},
        {"member": member.id, "role": "reader"},
    )
    shelf.store.members.set_role("claude@asso.example", "reader", NOW, "command")
    assert shelf.store.audit.latest(1) == [last], "the same role again is no change"
    assert shelf.store.members.set_role("autre@asso.example", "reader", NOW, "command") is None


def test_a_member_removed_leaves_no_name_no_address_and_no_open_door(shelf: Shelf) -> None:
    member = add(shelf)
    token, waiting = signed_in(shelf), shelf.store.sessions.invite("claude@asso.example", "", NOW)
    shelf.store.proposals.propose(member.id, "https://x.fr/a", "note de Claude", NOW)
    assert shelf.store.members.remove("Claude@asso.example", NOW, "command")
    assert shelf.store.sessions.session(token, NOW) is None
    assert shelf.store.sessions.sign_in(waiting or "", "", NOW) is None
    assert shelf.store.members.members() == []
    assert "claude" not in everything(shelf).lower()
    assert [(change.what, change.who) for change in shelf.store.audit.latest(9)] == [
        ("member.remove", "command"), ("proposal.add", f"member:{member.id}"),
        ("session.open", f"member:{member.id}"), ("member.add", "command"),
    ]  # fmt: skip
    assert shelf.store.members.remove("Claude@asso.example", NOW, "command") is None
    assert add(shelf).id != member.id, "somebody who comes back is a new member"


def test_a_device_is_ended_by_its_member_alone(shelf: Shelf) -> None:
    claude, other = add(shelf), add(shelf, "autre@asso.example")
    first, second = signed_in(shelf), signed_in(shelf)
    sessions = shelf.store.sessions
    theirs = sessions.sessions(claude.id, NOW)
    assert len(theirs) == 2
    mine = sessions.session(first, NOW)
    assert mine
    assert not sessions.revoke(mine.id, other.id, NOW)
    assert sessions.revoke(mine.id, claude.id, NOW) and not sessions.revoke(mine.id, claude.id, NOW)
    assert sessions.session(first, NOW) is None and sessions.session(second, NOW)
    assert len(sessions.sessions(claude.id, NOW)) == 1


def test_what_is_over_leaves_the_tables(shelf: Shelf) -> None:
    add(shelf)
    signed_in(shelf)
    shelf.store.sessions.invite("claude@asso.example", "", NOW + 3 * SESSION_LIFE)
    text = everything(shelf)
    assert text.count('INSERT INTO "sign_in"') == 1 and 'INSERT INTO "session"' not in text


def test_a_proposal_waits_once_and_tells_its_outcome(shelf: Shelf) -> None:
    from dataclasses import replace

    member, proposals = add(shelf), shelf.store.proposals
    made = proposals.propose(member.id, "HTTPS://x.fr/a?utm_source=b#c", "  une\r\nnote\x07\u202e ", NOW)
    assert (made.url, made.note) == ("https://x.fr/a", "une\nnote")
    with pytest.raises(VeilleError, match="déjà proposée"):
        proposals.propose(member.id, "http://www.x.fr/a/", "", NOW)
    assert proposals.waiting() == [made]
    done = replace(made, state="added", outcome="Sur le sujet.", article_id=7)
    proposals.close(done, NOW)
    assert proposals.waiting() == [] and proposals.of(member.id, 5) == [done]
    proposals.propose(member.id, "https://x.fr/a", "", NOW + DAY)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://a:b@x.fr/",
        "http://[",
        f"https://x.fr/{'a' * 2000}",
    ],
)
def test_what_is_no_page_cannot_be_proposed(shelf: Shelf, url: str) -> None:
    with pytest.raises(VeilleError, match="https://"):
        shelf.store.proposals.propose(add(shelf).id, url, "", NOW)


def test_proposals_are_limited_by_day_and_notes_by_length(shelf: Shelf) -> None:
    member, proposals = add(shelf), shelf.store.proposals
    with pytest.raises(VeilleError, match="trop longue"):
        proposals.propose(member.id, "https://x.fr/", "n" * 501, NOW)
    for number in range(20):
        proposals.propose(member.id, f"https://x.fr/{number}", "", NOW)
    with pytest.raises(VeilleError, match="revenez demain"):
        proposals.propose(member.id, "https://x.fr/20", "", NOW)
    assert proposals.propose(member.id, "https://x.fr/20", "", NOW + DAY)
    assert len(proposals.waiting()) == 10, "a few at a time"


def test_a_reading_list_has_an_end_and_says_so(shelf: Shelf) -> None:
    member, store = add(shelf), shelf.store
    kept = [shelf.keep(f"https://www.anah.gouv.fr/{number}", f"Texte {number}.").article_id for number in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.readings.MOST", 2)
        assert store.readings.keep(member.id, kept[0], NOW) and store.readings.keep(member.id, kept[1], NOW + DAY)
        assert store.readings.keep(member.id, kept[0], NOW + DAY), "what is kept already is no more"
        with pytest.raises(VeilleError, match="2 articles, c'est le plus"):
            store.readings.keep(member.id, kept[2], NOW)
    assert not store.readings.keep(member.id, 999, NOW)
    assert [(each.article_id, each.at) for each in store.readings.of(member.id)] == [
        (kept[1], NOW + DAY), (kept[0], NOW),
    ]  # fmt: skip


def test_notes_and_keywords_are_shared_with_the_group_until_they_are_not_or_their_member_leaves(shelf: Shelf) -> None:
    readings, member, other = shelf.store.readings, add(shelf), add(shelf, "dominique@asso.example")
    article = shelf.keep("https://exemple.fr/a", "Un texte.").article_id
    assert not readings.annotate(member.id, article, Wording("note"), NOW), "it is not kept yet"
    for each in (member, other):
        assert readings.keep(each.id, article, NOW)
        assert readings.annotate(each.id, article, Wording("note", ("Été", "ete", " à  lire "), True), NOW)
    kept = readings.one(member.id, article)
    assert kept and (kept.note, kept.keywords, kept.shared) == ("note", ("Été", "à lire"), True)
    assert [each.member_id for each in readings.shared(article)] == [member.id, other.id]
    assert readings.annotate(member.id, article, Wording("note"), NOW)
    assert [(each.name, each.reading.note) for each in readings.shared()] == [("Claude Essai", "note")]
    assert not readings.annotate(member.id, 999, Wording(), NOW) and readings.shared(999) == []
    assert readings.annotate(member.id, article, Wording("", (), True), NOW)
    assert [each.member_id for each in readings.shared()] == [other.id], "nothing said is nothing shared"
    shelf.store.members.remove("dominique@asso.example", NOW, "command")
    assert readings.shared() == [] and "à lire" not in everything(shelf)
