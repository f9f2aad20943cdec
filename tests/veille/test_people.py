"""Files of subscribers, what is kept of one person, and leaving by mail, by the real program."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.editions import Body, Edition, Period
from core.saved import Wish
from core.wishes import FOR_GOOD, Consent, Wishes
from veille import forgetting, importing, people
from veille.wiring import House

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANA = "ana@asso.example"


@pytest.fixture
def house(veille: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("VEILLE_NOW", NOW.isoformat())
    with House(tmp_path / "config.toml") as opened:
        yield opened


def bring(house: House, text: str, capsys: Any, *, dry_run: bool = False) -> tuple[int, dict[str, Any]]:
    path = house.config.path.with_name("personnes.csv")
    path.write_text(text, encoding="utf-8")
    code = importing.bring(house, path, as_json=True, dry_run=dry_run)
    return code, json.loads(capsys.readouterr().out)


def test_a_file_brings_those_who_agreed_and_never_who_left_b15(house: House, capsys: Any) -> None:
    store = house.store.subscribers
    store.leave(store.add("partie@asso.example", "person", NOW).token, NOW)
    store.add("la@asso.example", "person", NOW)
    text = (
        "\ufeffAdresse;Preuve;Depuis;Remarque\n"
        f"{ANA};mail du 3 mars 2024;2024-03-03;\n"
        "partie@asso.example;mail;;\nLA@asso.example;mail;;\n"
        "sans-preuve@asso.example;;;\npas une adresse;mail;;\n"
        'demain@asso.example;mail;2031-01-01;\nbob@asso.example;"=feuille; ""signée""";;\n'
    )
    before = store.active()
    code, told = bring(house, text, capsys, dry_run=True)
    assert store.active() == before and not told["done"]
    assert (code, told["added"], told["known"], told["left"]) == (4, 2, 1, 1)
    code, told = bring(house, text, capsys)
    assert (code, told["added"], told["known"], told["left"]) == (4, 2, 1, 1)
    assert [line["line"] for line in told["refused"]] == [5, 6, 7]
    assert "asso.example" not in json.dumps(told)
    ana, bob = store.find(ANA), store.find("bob@asso.example")
    assert ana and ana.consent and ana.consent.proof == "mail du 3 mars 2024"
    assert ana.consent.at.date().isoformat() == "2024-03-02", "midnight in Paris"
    assert bob and bob.consent == Consent(NOW, '=feuille; "signée"')
    assert store.find("partie@asso.example") is None
    _, again = bring(house, text, capsys)
    assert (again["added"], again["known"]) == (0, 3)


@pytest.mark.parametrize("text", ["adresse\na@b.fr\n", "nom,mail\nAna,a@b.fr\n", ""])
def test_a_file_without_a_column_of_proofs_is_refused(house: House, text: str, capsys: Any) -> None:
    with pytest.raises(importing.ConfigError, match="colonne manquante"):
        bring(house, text, capsys)


def test_what_is_taken_away_may_be_brought_elsewhere(house: House, capsys: Any, tmp_path: Path) -> None:
    store = house.store.subscribers
    person = store.add("=ana@asso.example", "person", NOW, consent=Consent(NOW, "2026-11"))
    store.wish(person.token, Wishes("monthly", "text", False, ("eau",), FOR_GOOD))
    store.add("groupe@listes.example", "list", NOW, "https://listes.example/partir")
    written = importing.take(house)
    assert written.splitlines() == [
        '"adresse";"preuve";"depuis";"sorte";"rythme";"format";"sujets";"pause"',
        '"\'=ana@asso.example";"2026-11";"2026-11-23";"personne";"mois";"texte";"eau";"sans fin"',
        '"groupe@listes.example";"";"2026-11-23";"liste";"semaine";"html";"";""',
    ]
    assert person.token not in written
    store.remove("=ana@asso.example")
    _, told = bring(house, written, capsys)
    assert told["added"] == 1 and store.find("=ana@asso.example") is not None


def test_all_that_is_kept_of_a_person_is_told_and_erased(house: House, capsys: Any) -> None:
    store = house.store
    asked = store.joining.ask(ANA, (), "2026-11", NOW)
    assert asked
    people.show_one(house, ANA)
    assert json.loads(capsys.readouterr().out)["asked_unconfirmed"] == [NOW.isoformat()]
    own = store.joining.confirm(asked.token, NOW)
    period = Period("weekly", "2026-W48", NOW - timedelta(days=7), NOW)
    frozen = store.editions.freeze(Edition(period, NOW, ()), Body("s", "t", "h"))
    store.editions.queue(frozen.id or 0, store.subscribers.active())
    people.show_one(house, ANA.upper())
    told = json.loads(capsys.readouterr().out)
    assert told["subscriber"]["address"] == ANA and told["subscriber"]["consent"]["proof"] == "2026-11"
    assert own and own not in json.dumps(told)
    assert [(mail["key"], mail["state"]) for mail in told["mails"]] == [("2026-W48", "queued")]
    forgetting.forget_person(house, ANA, as_json=False, dry_run=False)
    capsys.readouterr()
    with pytest.raises(people.ConfigError, match="Rien n'est gardé"):
        people.show_one(house, ANA)
    assert store.subscribers.standing(ANA) == "left"


def test_what_is_kept_of_a_member_is_told_too_and_of_nobody_else(house: House, capsys: Any) -> None:
    """GDPR, article 15: searches, readings and notes are theirs as much as an address is."""
    store = house.store
    ana, other = (store.members.add(each, "Essai", "member", NOW, "command") for each in (ANA, "b@asso.example"))
    for member, name in ((ana, "Logement"), (other, "Eau")):
        store.searches.save(member.id, Wish(name, name, "daily"), NOW)
    store.proposals.propose(ana.id, "https://exemple.fr/a", "à lire", NOW)
    people.show_one(house, ANA.upper())
    told = json.loads(capsys.readouterr().out)
    assert told["subscriber"] is None and told["mails"] == [] and told["member"]["address"] == ANA
    assert [each["wish"]["name"] for each in told["member"]["searches"]] == ["Logement"]
    assert [each["note"] for each in told["member"]["proposals"]] == ["à lire"]
    assert told["member"]["readings"] == told["member"]["devices"] == []
    assert "token" not in json.dumps(told)
    forgetting.forget_person(house, ANA, as_json=False, dry_run=False)
    with pytest.raises(people.ConfigError, match="Rien n'est gardé"):
        people.show_one(house, ANA)


def test_who_only_asked_is_erased_too(house: House, capsys: Any) -> None:
    house.store.joining.ask(ANA, (), "2026-11", NOW)
    forgetting.forget_person(house, ANA, as_json=False, dry_run=False)
    assert house.store.joining.record(ANA) is None
    house.store.joining._database.checkpoint()
    assert ANA.encode() not in (house.config.data / "veille.db").read_bytes()


def test_a_mail_makes_its_writer_leave(house: House, capsys: Any) -> None:
    person = house.store.subscribers.add(ANA, "person", NOW)
    ask = f"From: {ANA}\nSubject: desabonnement {person.token}\n\n"
    for text, dry_run, told in (
        ("Subject: bonjour\n\n", False, "ne demande pas de partir"),
        (ask.replace(person.token, "A" * 22), False, "Personne n'est inscrit"),
        (ask, True, "Serait désabonnée"),
        (ask, False, "son adresse est effacée"),
        (ask, False, "déjà partie"),
    ):
        people.leave_by_mail(house, text.encode(), as_json=False, dry_run=dry_run)
        said = capsys.readouterr().out
        assert told in said and ANA not in said
        assert (house.store.subscribers.find(ANA) is None) is ("effacée" in told or "déjà" in told)


def test_the_commands_say_what_they_do(veille: Any) -> None:
    added = veille("subscriber", "add", ANA, "--proof", "mail du 3 mars")
    assert added.returncode == 0, added.stderr
    assert "mail du 3 mars" in veille("subscriber", "export").stdout
    other = veille("subscriber", "leave", stdin="Subject: bonjour\n\n")
    assert other.returncode == 0 and "ne demande pas" in other.stdout


def test_a_list_has_no_proof_and_a_table_says_what_each_receives(house: House, capsys: Any) -> None:
    with pytest.raises(people.ConfigError, match="--proof"):
        people.add(house, people.Asked("l@listes.fr", is_list=True, way_out="https://l.fr", proof="x"), dry_run=False)
    person = house.store.subscribers.add(ANA, "person", NOW)
    house.store.subscribers.wish(person.token, Wishes("monthly", topics=("eau",), paused_until=FOR_GOOD))
    people.show(house, as_json=False)
    assert "chaque mois (eau), en pause" in capsys.readouterr().out
