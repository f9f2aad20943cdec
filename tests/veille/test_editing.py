"""What editors prepare is what leaves: the edition seen on Sunday is, byte for byte, the mail of Monday."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

import pytest

from core.articles import Article, Match, Signature, Tag, Verdict
from core.errors import ConfigError
from core.runs import RunReport
from core.urls import article_key
from veille import composing, drafting, issuing, pasting, telling
from veille.arguments import Format
from veille.wiring import House

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
DAY = timedelta(days=1)
FORM = "contrat à impact social"


@pytest.fixture
def at(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`with at(moment) as house:` the watch at that time, with an archive that readers reach."""
    config = tmp_path / "config.toml"
    web = '[web]\npublic_url = "https://veille.example.org"\n'
    config.write_text(config.read_text("utf-8").replace("[mail]\n", f"{web}[mail]\n"), encoding="utf-8")

    def opened(now: datetime) -> House:
        monkeypatch.setenv("VEILLE_NOW", now.isoformat())
        return House(config)

    return opened


def read(house: House, *titles: str) -> None:
    now = house.clock.now()
    house.store.runs.start(now.isoformat(), now)
    for title in titles:
        text = f"Un {FORM} est signé : {title}."
        url = f"https://exemple.fr/{title}"
        article = Article(0, "muette", url, article_key(url), title, text, now, language="fr")
        card = Match(
            "impact-social", "cis-form", "cis@1", FORM, "cis", "text", FORM, 3, 3 + len(FORM), text, 0, 1.0, 0.5, True
        )
        verdict = Verdict((Tag("impact-social", "cis", True, 1.0),), (card,))
        house.store.articles.keep(article, verdict, Signature(), None, False)
    house.store.runs.finish(now.isoformat(), RunReport(), now)


def test_the_edition_prepared_on_sunday_is_byte_for_byte_the_one_sent_on_monday(at, tmp_path: Path) -> None:
    with at(MONDAY - 3 * DAY) as house:
        read(house, "premier", "deuxieme", "troisieme")
        composer = composing.HouseComposer(house)
        upcoming = composer.upcoming()
        assert (upcoming.draft.key, upcoming.leaves_at) == ("2026-W48", MONDAY)
        stories = {entry.title: entry.story_id for entry in upcoming.composed.entries}
        draft = replace(
            upcoming.draft,
            introduction="Trois nouvelles, dont une de trop.",
            dropped=(stories["premier"],),
            pinned=(stories["troisieme"],),
        )
        house.store.drafts.save(draft, "member:1", house.clock.now())
    with at(MONDAY - DAY) as house:
        seen = composing.HouseComposer(house)
        foreseen = seen.body(seen.upcoming().edition)
    with at(MONDAY) as house:
        house.store.subscribers.add("abonnee@asso.example", "person", MONDAY)
        edition = telling.prepare(house, telling.chosen_period(house, ""))
        written = telling.preview(house, edition, tmp_path / "apercu")
        issuing._due(house, send=True, as_json=False)
        sent = house.store.editions.find("weekly", "2026-W48")
        assert sent is not None and sent.id is not None
        assert house.store.editions.body(sent.id) == foreseen
        (person,) = house.store.subscribers.active()
        assert composing.HouseComposer(house).upcoming().draft.introduction == "", "the next one begins anew"
        assert composing.HouseComposer(house).upcoming().leaves_at == MONDAY + 7 * DAY
    (path,) = (tmp_path / "var" / "mail").glob("*.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    previewed = {each.suffix: each.read_text("utf-8") for each in written}
    for kind, suffix in (("plain", ".txt"), ("html", ".html")):
        own = mail.get_body((kind,)).get_content().replace(person.token, telling.READER.token)
        assert own.splitlines() == previewed[suffix].splitlines()
    text = previewed[".txt"]
    assert text.index("Trois nouvelles") < text.index("1. troisieme") < text.index("2. deuxieme")
    assert "premier" not in text


def test_what_was_dropped_is_in_no_later_edition_weekly_or_monthly(at) -> None:
    with at(MONDAY - DAY) as house:
        read(house, "premier", "deuxieme")
        upcoming = composing.HouseComposer(house).upcoming()
        dropped = next(each for each in upcoming.composed.entries if each.title == "premier")
        draft = replace(upcoming.draft, dropped=(dropped.story_id,))
        house.store.drafts.save(draft, "member:1", house.clock.now())
    with at(MONDAY) as house:
        issuing._due(house, send=True, as_json=False)
    with at(MONDAY + 7 * DAY) as house:
        for week, month in (("2026-W49", ""), ("", "2026-11")):
            edition = telling.prepare(house, telling.chosen_period(house, week, month))
            assert "premier" not in [entry.title for entry in edition.entries]


def test_an_edition_sent_by_hand_before_its_day_takes_what_was_prepared(at) -> None:
    with at(MONDAY - DAY) as house:
        read(house, "premier")
        draft = replace(composing.HouseComposer(house).upcoming().draft, introduction="Un mot.")
        house.store.drafts.save(draft, "member:1", house.clock.now())
        issuing.send_now(house, telling.prepare(house, telling.chosen_period(house, "")), as_json=True)
        (edition,) = house.store.editions.editions()
        assert (edition.period.key, edition.introduction) == ("2026-W47", "Un mot.")
        assert house.store.drafts.open("weekly") is None


def test_a_meeting_sheet_tells_all_that_came_in_since_a_day(at, capsys: pytest.CaptureFixture[str]) -> None:
    with at(MONDAY - 9 * DAY) as house:
        read(house, "ancien")
    with at(MONDAY - 3 * DAY) as house:
        read(house, "envoye")
    with at(MONDAY) as house:
        issuing._due(house, send=True, as_json=False)
        config = house.config.path
    with at(MONDAY + DAY) as house:
        read(house, "nouveau")
    capsys.readouterr()
    assert pasting.brief(config, datetime(2026, 11, 16), Format.markdown, as_json=False) == 0
    sheet = capsys.readouterr().out.replace("\xa0", " ")
    assert "## Contrats à impact social" in sheet and "[envoye](<https://exemple.fr/envoye>)" in sheet
    assert "nouveau" in sheet and "ancien" not in sheet
    assert pasting.paste(config, ("2026-W48", ""), Format.wiki) == 0
    wiki = capsys.readouterr().out
    assert " - envoye (" in wiki and "nouveau" not in wiki
    with pytest.raises(ConfigError, match="pas encore venu"):
        pasting.brief(config, datetime(2026, 12, 1), Format.markdown, as_json=False)


def test_the_next_edition_is_prepared_from_the_command_line(at, tmp_path: Path, capsys) -> None:
    with at(MONDAY - DAY) as house:
        read(house, "premier", "deuxieme")
        config = house.config.path
        numbers = {each.title: each.article_id for each in composing.HouseComposer(house).upcoming().composed.entries}
    word = tmp_path / "mot.txt"
    word.write_text("Bonjour.", encoding="utf-8")
    asked = (("epingler", [numbers["deuxieme"]]), ("retirer", [numbers["premier"]]))
    for dry_run in (True, False):
        drafting.draft(config, word, asked, dry_run=dry_run, as_json=False)
        shown = capsys.readouterr().out
        assert "épinglé : deuxieme" in shown and "retiré : premier" in shown and "Bonjour." in shown
        with at(MONDAY - DAY) as house:
            assert (house.store.drafts.open("weekly") is None) == dry_run
    drafting.draft(config, None, (("remettre", [numbers["premier"]]),), dry_run=False, as_json=False)
    assert "retiré" not in capsys.readouterr().out
    with pytest.raises(ConfigError, match="n'est pas dans la prochaine édition"):
        drafting.draft(config, None, (("retirer", [99]),), dry_run=False, as_json=False)
