"""Members' alerts through the real program, store and SMTP, at chosen times, and cut at chosen moments."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.catcher import DROP, Catcher
from core.articles import Article, Match, Signature, Tag, Verdict
from core.drafts import Draft
from core.saved import SavedSearch, Wish
from core.urls import article_key
from veille import alerting, upkeep
from veille.wiring import House

FRIDAY = datetime.fromisoformat("2026-11-20T12:00:00+01:00")
MORNING = datetime.fromisoformat("2026-11-21T08:00:00+01:00")
MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXT = "Le département signe un contrat à impact social avec une association. " + "Le reste est réservé. " * 40
FORM = "contrat à impact social"
CARD = Match(
    "impact-social", "cis-form", "cis@1", FORM, "cis", "text", FORM, TEXT.index(FORM), TEXT.index(FORM) + len(FORM),
    TEXT[:69], 0, 1.0, 0.5, True,
)  # fmt: skip


class Group:
    """A group that reads at times we choose, whose members keep alerts, and that sends to a receiver of ours."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
        self.config, self._patch = folder / "config.toml", monkeypatch
        smtp = f'backend = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
        web = '[web]\npublic_url = "https://veille.example.org"\n'
        text = self.config.read_text(encoding="utf-8").replace("[mail]\n", f"{web}[mail]\n{smtp}")
        self.config.write_text(text + "[source.rights]\nexcerpt_chars = 90\n", encoding="utf-8")

    def open(self, now: datetime) -> House:
        self._patch.setenv("VEILLE_NOW", now.isoformat())
        return House(self.config)

    def read(self, now: datetime, *titles: str) -> None:
        with self.open(now) as house:
            for title in titles:
                url = f"https://exemple.fr/{title}"
                article = Article(0, "muette", url, article_key(url), title, TEXT, now, language="fr")
                verdict = Verdict((Tag("impact-social", "cis", True, 1.0),), (CARD,))
                house.store.articles.keep(article, verdict, Signature(), None, False)

    def save(self, *wishes: Wish, at: datetime = FRIDAY, who: str = "membre@asso.example") -> list[SavedSearch]:
        with self.open(at) as house:
            members = house.store.members
            member = members.find(who) or members.add(who, "Membre", "member", at, "command")
            return [house.store.searches.save(member.id, wish, at) for wish in wishes]

    def ask(self, now: datetime, **options: bool) -> list[tuple[int, str, int, str]]:
        """What the timer does: (alert, period, articles, outcome) of each mail."""
        with self.open(now) as house:
            told, _ = alerting.send_due(house, **options)
        return [(each.alert, each.period, each.articles, each.state) for each in told]


@pytest.fixture
def group(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Group]:
    return lambda port: Group(tmp_path, monkeypatch, port)


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    with Catcher(tmp_path / "mails") as catcher:
        yield catcher


def daily(name: str = "Contrats", query: str = "contrat impact") -> Wish:
    return Wish(name, query, "daily")


def mails(catcher: Catcher) -> list[Any]:
    return [email.message_from_bytes(each.content, policy=email.policy.default) for each in catcher.caught]


def text_of(mail: Any) -> str:
    return (
        str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n").replace("\u00a0", " ").replace("\u202f", " ")
    )


def test_an_alert_tells_each_morning_what_is_new_once_and_nothing_when_nothing_is(group, catcher: Catcher) -> None:
    veille = group(catcher.port)
    veille.read(FRIDAY - HOUR, "avant")
    (alert,) = veille.save(daily())
    assert veille.ask(FRIDAY + HOUR) == [], "it was not made yet this morning"
    assert veille.ask(MORNING) == [], "what was seen before the alert is no news"
    veille.read(MORNING + HOUR, "premier", "second")
    assert veille.ask(MORNING + 2 * HOUR) == [], "once a day"
    assert veille.ask(MORNING + DAY) == [(alert.id, "2026-11-22", 2, "sent")]
    for late in (HOUR, DAY, 2 * DAY):
        assert veille.ask(MORNING + DAY + late) == []
    veille.read(MORNING + 4 * DAY, "troisieme")
    assert veille.ask(MORNING + 5 * DAY) == [(alert.id, "2026-11-26", 1, "sent")]
    told = [text_of(mail) for mail in mails(catcher)]
    titles = ("avant", "premier", "second", "troisieme")
    assert [[title for title in titles if f". {title}\n" in text] for text in told] == [
        ["premier", "second"],
        ["troisieme"],
    ]


def test_a_mail_quotes_within_the_rights_with_the_words_in_bold_and_says_why(group, catcher: Catcher) -> None:
    veille = group(catcher.port)
    (alert,) = veille.save(daily(query='"contrat à impact social" association'))
    veille.read(FRIDAY + HOUR, "titre")
    veille.ask(MORNING)
    (mail,) = mails(catcher)
    text = " ".join(text_of(mail).split())
    quoted = text[text.index("« ") + 2 : text.index(" »")]
    assert "*contrat à impact social*" in quoted and len(quoted.replace("*", "")) <= 90
    assert "Pourquoi : « contrat à impact social »" in text
    assert mail["List-Unsubscribe"] == f"<https://veille.example.org/alertes/{alert.token}>"


def test_a_weekly_alert_goes_out_on_the_digest_s_day(group, catcher: Catcher) -> None:
    veille = group(catcher.port)
    (alert,) = veille.save(Wish("Contrats", "contrat", "weekly"))
    veille.read(FRIDAY + HOUR, "titre")
    assert veille.ask(MORNING) == [] and veille.ask(MONDAY - HOUR) == []
    assert veille.ask(MONDAY + HOUR) == [(alert.id, "2026-W48", 1, "sent")]
    assert veille.ask(MONDAY + DAY) == []


def test_each_alert_has_its_own_mail_and_stopping_one_or_leaving_ends_it(group, catcher: Catcher) -> None:
    veille = group(catcher.port)
    first, second = veille.save(daily("Une"), daily("Deux", "tag:cis"))
    (other,) = veille.save(daily(), who="autre@asso.example")
    veille.read(FRIDAY + HOUR, "titre")
    assert [each[0] for each in veille.ask(MORNING)] == [first.id, second.id, other.id]
    assert len(catcher.caught) == 3 and len({mail["Message-ID"] for mail in mails(catcher)}) == 3
    veille.read(MORNING + HOUR, "suite")
    with veille.open(MORNING + HOUR) as house:
        assert house.store.searches.stop(first.token, MORNING + HOUR)
        house.store.members.remove("autre@asso.example", MORNING + HOUR, "command")
    assert [each[0] for each in veille.ask(MORNING + DAY)] == [second.id]


def test_a_mail_in_doubt_is_held_named_and_resent_on_demand(group, tmp_path: Path) -> None:
    """B1."""
    drop = [DROP]
    answer = lambda step, address: drop.pop() if step == "DOT" and drop else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        first, second = veille.save(daily("Une"), daily("Deux"))
        veille.read(FRIDAY + HOUR, "titre")
        assert veille.ask(MORNING) == [(first.id, "2026-11-21", 1, "unknown")]
        assert veille.ask(MORNING + HOUR) == [(second.id, "2026-11-21", 1, "sent")]
        assert veille.ask(MORNING + 2 * HOUR) == []
        with veille.open(MORNING + 2 * HOUR) as house:
            (told,) = upkeep.alert_facts(house)
        assert "1 mail incertain, retenu" in told
        assert veille.ask(MORNING + 2 * HOUR, resend=True) == [(first.id, "2026-11-21", 1, "sent")]
        assert len(catcher.caught) == 3


def test_a_mail_in_doubt_is_resent_on_demand_days_later_too(group, tmp_path: Path) -> None:
    """Maintainers read of it in Monday's letter: it may be older than what a sending of that day would finish."""
    drop = [DROP]
    answer = lambda step, address: drop.pop() if step == "DOT" and drop else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        (alert,) = veille.save(daily())
        veille.read(FRIDAY + HOUR, "titre")
        assert veille.ask(MORNING) == [(alert.id, "2026-11-21", 1, "unknown")]
        assert veille.ask(MORNING + 6 * DAY, resend=True) == [(alert.id, "2026-11-21", 1, "sent")]
        assert veille.ask(MORNING + 7 * DAY) == [], "told, it is told no more"


def test_an_alert_that_cannot_be_made_keeps_no_other_from_leaving_and_is_asked_again(
    group, catcher: Catcher, capsys: pytest.CaptureFixture[str]
) -> None:
    veille = group(catcher.port)
    broken, sound = veille.save(daily("Une"), daily("Deux"))
    veille.read(FRIDAY + HOUR, "titre")
    with veille.open(FRIDAY) as house:
        # Whatever the store refuses: here, it holds a draft that the edition was not made from.
        house.store.drafts.save(Draft(broken.series, "2026-11-21", "Un mot."), "command", FRIDAY)
    assert veille.ask(MORNING) == [(sound.id, "2026-11-21", 1, "sent")]
    assert f"L'alerte {broken.id} n'a pas pu être composée" in capsys.readouterr().err
    assert veille.ask(MORNING + HOUR) == []
    with veille.open(MORNING + HOUR) as house:
        assert [alerting.number_of(each) for each in alerting.due(house)] == [broken.id], "it loses no time of its own"


def test_a_refusal_for_now_is_tried_again_in_its_time_and_a_relay_away_loses_nothing(group, tmp_path: Path) -> None:
    """B3."""
    grey = ["451 4.7.1 later"]
    answer = lambda step, address: grey.pop() if step == "RCPT" and grey else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        (alert,) = veille.save(daily())
        veille.read(FRIDAY + HOUR, "titre")
        assert [each[3] for each in veille.ask(MORNING)] == ["retry"]
        assert veille.ask(MORNING + HOUR / 4) == []
        assert veille.ask(MORNING + HOUR) == [(alert.id, "2026-11-21", 1, "sent")]
        assert len(catcher.caught) == 1


def test_a_mailbox_that_is_no_more_stops_its_alerts(group, tmp_path: Path) -> None:
    """B4: a dead address is not written to every morning for years."""
    answer = lambda step, address: "550 5.1.1 no such user" if step == "RCPT" else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        (alert,) = veille.save(daily())
        veille.read(FRIDAY + HOUR, "titre")
        assert veille.ask(MORNING) == [(alert.id, "2026-11-21", 1, "failed")]
        with veille.open(MORNING) as house:
            assert house.store.searches.alerts() == []
            assert [each.wish.frequency for each in house.store.searches.of(alert.member_id)] == ["none"]


def kill_and_finish(group: Callable[[int], Group], tmp_path: Path, step: str, number: int) -> None:
    """kill -9 while the relay hears a command; the next asks finish, and at most one mail is in doubt."""
    running: list[subprocess.Popen[bytes]] = []
    seen: Counter[str] = Counter()

    def answer(at: str, address: str) -> str | None:
        seen[at] += 1
        if running and (at, seen[at]) == (step, number):
            running[0].kill()
        return None

    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        alerts = veille.save(*(daily(f"Alerte {at}") for at in range(4)))
        veille.read(FRIDAY + HOUR, "titre")
        with veille.open(MORNING):
            command = [sys.executable, "-m", "veille", "alerts", "--send", "--config", str(veille.config)]
            running.append(subprocess.Popen(command, env=dict(os.environ), stderr=subprocess.DEVNULL))
            assert running[0].wait(60) == -signal.SIGKILL
        for late in (0, 1, 2):
            veille.ask(MORNING + late * HOUR)
        with veille.open(MORNING) as house:
            told = house.store.searches.editions()
            states = Counter(row.state for each in told for row in house.store.editions.rows(each.id or 0))
        received = Counter(mail["Subject"] for mail in mails(catcher))
    assert len(told) == len(alerts) and states.total() == len(alerts)
    assert set(states) <= {"sent", "unknown"} and states["unknown"] <= 1
    assert set(received.values()) == {1} and states["sent"] <= len(received) <= len(alerts)


def test_a_killed_sending_neither_loses_nor_doubles(group, tmp_path: Path) -> None:
    """B1, B2."""
    kill_and_finish(group, tmp_path, "DOT", 2)


@pytest.mark.long
@pytest.mark.parametrize(("step", "number"), [("MAIL", 1), ("DOT", 1), ("RCPT", 2), ("DATA", 3), ("DOT", 4)])
def test_a_sending_killed_at_any_step_neither_loses_nor_doubles(group, tmp_path: Path, step: str, number: int) -> None:
    kill_and_finish(group, tmp_path, step, number)


def test_an_edition_cut_before_its_mail_was_queued_is_finished_by_the_next_ask(group, catcher: Catcher) -> None:
    veille = group(catcher.port)
    (alert,) = veille.save(daily())
    veille.read(FRIDAY + HOUR, "titre")
    with veille.open(MORNING) as house:
        (edition,) = alerting.due(house)
        house.store.editions.freeze(edition, alerting.renderer(house, alert).body(edition))
    assert veille.ask(MORNING + HOUR) == [(alert.id, "2026-11-21", 1, "sent")]
    assert len(catcher.caught) == 1 and veille.ask(MORNING + 2 * HOUR) == []


def test_the_command_shows_what_is_due_and_sends_nothing_unless_asked(group, veille, catcher: Catcher) -> None:
    people = group(catcher.port)
    (alert,) = people.save(daily("Une recherche secrète"))
    people.read(FRIDAY + HOUR, "titre")
    now = {"VEILLE_NOW": MORNING.isoformat()}
    shown = veille("alerts", "--send", "--dry-run", **now)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout == f"Alerte {alert.id}, 2026-11-21 : 1 article, à envoyer.\n", "by number, never by name"
    assert catcher.caught == []
    told = json.loads(veille("alerts", "--send", "--json", **now).stdout)
    assert told["alerts"] == [{"alert": alert.id, "period": "2026-11-21", "articles": 1, "state": "sent"}]
    assert len(catcher.caught) == 1
    assert veille("alerts", **now).stdout == "Aucune alerte à envoyer.\n"


def test_a_group_without_a_public_address_sends_no_alert_that_could_not_be_stopped(group, catcher: Catcher) -> None:
    veille = group(catcher.port)
    veille.save(daily())
    veille.config.write_text(veille.config.read_text("utf-8").replace("https://veille.example.org", ""), "utf-8")
    with pytest.raises(Exception, match="public_url est vide"):
        veille.ask(MORNING)


def test_an_article_taken_down_leaves_what_alerts_told(group, veille, catcher: Catcher) -> None:
    people = group(catcher.port)
    people.save(daily())
    people.read(FRIDAY + HOUR, "titre", "autre")
    people.ask(MORNING)
    done = veille("forget", "https://exemple.fr/titre", "--reason", "demande")
    assert done.returncode == 0 and "Alerte 2026-11-21" in done.stdout, done.stderr
    with people.open(MORNING) as house:
        (edition,) = house.store.searches.editions()
        body = house.store.editions.body(edition.id or 0)
    assert body and [each.title for each in edition.entries] == ["autre"]
    assert "1 nouvel article" in body.text.replace("\u00a0", " ") and "/alertes" not in body.text
