"""`veille bounces` on a real Maildir and on its standard input, and what a refusal during a sending does."""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from edition_group import HOUR, MONDAY, Group, received

from alerts.catcher import Catcher
from veille.upkeep import return_facts

DAY = timedelta(days=1)
SECRET = "un-secret-de-vingt-caracteres"


@pytest.fixture
def sent(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A group whose edition left, and the return address of each person."""
    monkeypatch.setenv("VEILLE_BOUNCE_SECRET", SECRET)
    with Catcher(tmp_path / "mails") as catcher:
        group = Group(tmp_path, monkeypatch, catcher.port)
        config = tmp_path / "config.toml"
        own = 'bounces = "retours@asso.example"\nmaildir = "retours"\n'
        config.write_text(config.read_text(encoding="utf-8").replace("[mail]\n", f"[mail]\n{own}"), encoding="utf-8")
        group.subscribe(4)
        group.read(MONDAY - HOUR, "premier")
        group.ask(MONDAY)
        senders = {mail.recipients[0]: mail.sender for mail in catcher.caught}
    for name in ("new", "cur", "tmp"):
        (tmp_path / "retours" / name).mkdir(parents=True)
    return group, senders, tmp_path / "retours"


def refusal(to: str, status: str = "5.1.1") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.fr\nTo: {to}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.fr\n\n"
        f"Final-Recipient: rfc822; x@y.fr\nAction: failed\nStatus: {status}\n\n--b--\n"
    ).encode()


def test_a_maildir_is_read_once_marked_and_dead_addresses_are_suspended(sent, veille) -> None:
    group, senders, maildir = sent
    assert len(set(senders.values())) == 4
    for number, mail in enumerate(
        (
            refusal(senders["p0@asso.example"]),
            refusal(senders["p1@asso.example"], "5.2.2"),
            refusal("retours@asso.example"),
            b"From: a@b.fr\nAuto-Submitted: auto-replied\nTo: retours@asso.example\n\nabsente\n",
        )
    ):
        (maildir / "new" / f"100{number}.mx").write_bytes(mail)
    foreseen = json.loads(veille("bounces", "--dry-run", "--json").stdout)
    assert foreseen["effects"] == {"suspended": 1, "counted": 1, "unproven": 1, "automatic": 1}
    assert len(list((maildir / "new").iterdir())) == 4
    told = veille("bounces")
    assert told.returncode == 0
    assert "1 retour : adresse morte, suspendue." in told.stdout
    assert "1002.mx:2,FS" in told.stdout, "what nobody can place is flagged for a person"
    assert sorted(file.name for file in (maildir / "cur").iterdir()) == [
        "1000.mx:2,S", "1001.mx:2,S", "1002.mx:2,FS", "1003.mx:2,S",
    ]  # fmt: skip
    assert veille("bounces").stdout == "Aucun nouveau retour.\n"
    shown = json.loads(veille("bounces", "--maildir", str(maildir), "--json").stdout)
    assert shown == {"effects": {}, "to_look_at": []}
    with group.open(MONDAY) as house:
        assert [person.address[:2] for person in house.store.subscribers.active()] == ["p1", "p2", "p3"]
        facts = list(return_facts(house))
    assert len(facts) == 2
    assert "@" not in "".join(facts)


def test_a_mail_on_the_standard_input_is_read_and_kept_when_it_proves_nothing(sent, veille, tmp_path: Path) -> None:
    _, senders, _ = sent
    assert "suspendue" in veille("bounces", "-", stdin=refusal(senders["p2@asso.example"]).decode()).stdout
    assert "déjà lu" in veille("bounces", "-", stdin=refusal(senders["p2@asso.example"]).decode()).stdout
    forged = veille("bounces", "-", stdin=refusal("retours+1-3-aaaaaaaaaaaaaaaaaaaaaaaaaa@asso.example").decode())
    assert "rien n'est fait" in forged.stdout
    (kept,) = (tmp_path / "var" / "retours").glob("*.eml")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_without_its_key_nothing_is_sent_nor_believed(sent, veille, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, maildir = sent
    (maildir / "new" / "1").write_bytes(b"x")
    for secret in ("", "court"):
        monkeypatch.setenv("VEILLE_BOUNCE_SECRET", secret)
        for command in (("bounces",), ("digest", "--send")):
            refused = veille(*command)
            assert refused.returncode == 3
            assert "VEILLE_BOUNCE_SECRET" in refused.stderr


def test_refusals_during_a_sending_suspend_the_dead_and_count_the_full(
    veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B4: 5.1.1 at once; 5.2.2 at the third edition; 4xx for five days counts as one."""
    said = {"p0@asso.example": "550 5.1.1 no such user", "p1@asso.example": "552 5.2.2 mailbox full"}
    tried: Counter[str] = Counter()

    def answer(step: str, address: str) -> str | None:
        tried[address] += step == "RCPT"
        return said.get(address) if step == "RCPT" else None

    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        group = Group(tmp_path, monkeypatch, catcher.port)
        group.subscribe(12)
        for week in range(5):
            group.read(MONDAY + week * 7 * DAY - HOUR, f"article {week}")
            group.ask(MONDAY + week * 7 * DAY)
        assert received(catcher)["p2@asso.example"] == 5
    assert (tried["p0@asso.example"], tried["p1@asso.example"]) == (1, 3)
    with group.open(MONDAY) as house:
        assert {each.address: each.code for each in house.store.returns.suspensions()} == {
            "p0@asso.example": "5.1.1",
            "p1@asso.example": "5.2.2",
        }


def test_deliveries_are_told_without_any_address(sent, veille) -> None:
    _, senders, _ = sent
    veille("bounces", "-", stdin=refusal(senders["p0@asso.example"]).decode())
    told = veille("deliveries")
    assert told.returncode == 0
    heads, cells = (line.split("\t") for line in told.stdout.splitlines())
    assert dict(zip(heads, cells, strict=True)) == {
        "Édition": "weekly/2026-W48", "Dus": "4", "Acceptés": "4", "À reprendre": "0", "Refusés": "0",
        "Incertains": "0", "Sans objet": "0", "Revenus": "1", "Remarque": "",
    }  # fmt: skip
    assert "@" not in told.stdout
