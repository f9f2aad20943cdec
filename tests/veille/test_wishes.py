"""What each person asked for is what they receive: real store, real mails in a folder, at chosen times."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest

from core.articles import Article, Match, Signature, Tag, Verdict
from core.runs import RunReport
from core.urls import article_key
from core.wishes import FOR_GOOD, Wishes
from veille import issuing, sending, telling
from veille.wiring import House

SECOND = '[[topic]]\nslug = "philanthropie-alliances"\nname = "Philanthropie et alliances"\n'
WEB = '[web]\npublic_url = "https://veille.example.org"\n'
MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
FIRST_MONDAY = MONDAY + 2 * WEEK
TOPICS = {"cis": "impact-social", "alliances": "philanthropie-alliances"}
FORM = "convention"


class Group:
    """A group that follows two topics, reads when we say so and writes in a folder."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, patch
        config = folder / "config.toml"
        text = config.read_text("utf-8").replace("[mail]\n", f"{WEB}[mail]\n")
        config.write_text(text.replace("[[source]]", f"{SECOND}[[source]]"), encoding="utf-8")

    def open(self, now: datetime) -> House:
        self._patch.setenv("VEILLE_NOW", now.isoformat())
        return House(self._folder / "config.toml")

    def read(self, now: datetime, *found: tuple[str, str]) -> None:
        """One finished pass; `found`: titles, each with its labels, as in `cis+alliances`."""
        with self.open(now) as house:
            house.store.runs.start(now.isoformat(), now)
            for title, labels in found:
                url, text = f"https://exemple.fr/{title}", f"Une {FORM} est signée : {title}."
                article = Article(0, "muette", url, article_key(url), title, text, now, language="fr")
                cards = tuple(card(label, text) for label in labels.split("+"))
                tags = tuple(Tag(TOPICS[label], label, True, 1.0) for label in labels.split("+"))
                house.store.articles.keep(article, Verdict(tags, cards), Signature(), None, False)
            house.store.runs.finish(now.isoformat(), RunReport(), now)

    def subscribe(self, **wishes: Wishes) -> dict[str, str]:
        """A person of each name; their tokens."""
        tokens = {}
        with self.open(MONDAY - 40 * DAY) as house:
            for name, wish in wishes.items():
                person = house.store.subscribers.add(f"{name}@asso.example", "person", MONDAY - 40 * DAY)
                house.store.subscribers.wish(person.token, wish)
                tokens[name] = person.token
        return tokens

    def due(self, now: datetime) -> None:
        """What the timer does."""
        with self.open(now) as house:
            issuing._due(house, send=True, as_json=False)

    def mails(self) -> dict[str, list[Any]]:
        """Mails in the folder by the name they went to, in the order of their subjects."""
        found: dict[str, list[Any]] = {}
        for path in sorted((self._folder / "var" / "mail").glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            found.setdefault(str(mail["To"]).partition("@")[0], []).append(mail)
        return found

    def received(self) -> dict[str, list[str]]:
        """The series and key of what each received, as their Message-IDs say it."""
        return {
            name: sorted(mail["Message-ID"][1:].partition(".")[0] for mail in mails)
            for name, mails in self.mails().items()
        }


def card(label: str, text: str) -> Match:
    start = text.index(FORM)
    return Match(
        TOPICS[label], f"{label}-form", "1", FORM, label, "text", FORM, start, start + len(FORM), text, 0, 1.0, 0.5,
        True,
    )  # fmt: skip


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


@pytest.fixture
def group(veille: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Group:
    return Group(tmp_path, monkeypatch)


def test_each_person_receives_their_own_series_and_nothing_while_they_pause(group: Group) -> None:
    group.subscribe(
        weekly=Wishes(), monthly=Wishes("monthly"), away=Wishes(paused_until=FOR_GOOD),
        back=Wishes(paused_until=MONDAY + DAY), later=Wishes("monthly", paused_until=FOR_GOOD),
    )  # fmt: skip
    for week in range(3):
        group.read(MONDAY - DAY + week * WEEK, (f"nouvelle-{week}", "cis"))
        group.due(MONDAY + week * WEEK)
        group.due(MONDAY + week * WEEK + timedelta(minutes=30))
    assert group.received() == {
        "weekly": ["weekly-2026-W48", "weekly-2026-W49", "weekly-2026-W50"],
        "back": ["weekly-2026-W49", "weekly-2026-W50"],
        "monthly": ["monthly-2026-12"],
    }
    month = text_of(group.mails()["monthly"][0])
    assert all(f"nouvelle-{week}" in month for week in range(3)), "its own series: what the weekly one told too"
    assert "https://veille.example.org/editions/monthly/2026-12" in month


@pytest.mark.parametrize("send", [False, True])
def test_all_that_is_due_is_one_json_object_however_many_editions_there_are(
    group: Group, capsys: pytest.CaptureFixture[str], send: bool
) -> None:
    group.subscribe(weekly=Wishes(), monthly=Wishes("monthly"))
    group.read(FIRST_MONDAY - DAY, ("nouvelle", "cis"))
    told = []
    for late in (-DAY, timedelta(0), timedelta(minutes=30)):
        with group.open(FIRST_MONDAY + late) as house:
            assert issuing._due(house, send=send, as_json=True) == 0
        told.append(json.loads(capsys.readouterr().out)["editions"])
    both = [("2026-W50", 1, int(send)), ("2026-12", 1, int(send))]
    early, on_time, again = ([(each["edition"], each["due"], each["sent"]) for each in one] for one in told)
    assert (early, on_time, again) == ([], both, [] if send else both)


def test_a_month_tells_nothing_twice_and_what_a_skipped_one_would_have_told(group: Group) -> None:
    group.subscribe(monthly=Wishes("monthly"))
    group.read(MONDAY, ("novembre", "cis"))
    group.due(FIRST_MONDAY)
    group.read(FIRST_MONDAY + DAY, ("décembre", "cis"))
    january = datetime.fromisoformat("2027-01-04T08:00:00+01:00")
    group.due(january + 4 * DAY)  # three days late at most: this one is skipped
    february = datetime.fromisoformat("2027-02-01T08:00:00+01:00")
    group.read(february - DAY, ("janvier", "cis"))
    group.due(february)
    assert group.received() == {"monthly": ["monthly-2026-12", "monthly-2027-02"]}
    first, second = map(text_of, group.mails()["monthly"])
    assert "novembre" in first
    assert "1. novembre" not in second and "décembre" in second and "janvier" in second


def test_no_monthly_edition_is_made_that_nobody_asked_for(group: Group) -> None:
    group.subscribe(weekly=Wishes(), away=Wishes("monthly", paused_until=FOR_GOOD))
    group.read(FIRST_MONDAY - DAY, ("nouvelle", "cis"))
    group.due(FIRST_MONDAY)
    with group.open(FIRST_MONDAY) as house:
        assert [edition.period.series for edition in house.store.editions.editions()] == ["weekly"]


def test_a_mail_holds_the_topics_of_its_reader_alone(group: Group) -> None:
    group.subscribe(
        all=Wishes(), impact=Wishes(topics=("impact-social",)), friends=Wishes(topics=("philanthropie-alliances",)),
        both=Wishes(topics=("impact-social", "philanthropie-alliances")),
    )  # fmt: skip
    found = ("un-contrat", "cis"), ("une-alliance", "alliances"), ("les-deux", "cis+alliances")
    group.read(MONDAY - DAY, *found)
    group.due(MONDAY)
    told = {
        name: {title for title, _ in found if f". {title}" in text_of(mails[0])}
        for name, mails in group.mails().items()
    }
    everything = {title for title, _ in found}
    assert told == {
        "all": everything, "both": everything, "impact": {"un-contrat", "les-deux"},
        "friends": {"une-alliance", "les-deux"},
    }  # fmt: skip
    (mail,) = group.mails()["friends"]
    html = mail.get_body(("html",)).get_content()
    assert "2 articles" in mail["Subject"] and "un-contrat" not in html
    assert "sujet suivi : Philanthropie et alliances" in " ".join(text_of(mail).split())
    assert "CONTRATS À IMPACT SOCIAL" not in text_of(mail)


def test_who_has_no_topic_in_an_edition_is_not_written_to(group: Group) -> None:
    group.subscribe(impact=Wishes(topics=("impact-social",)), gone=Wishes(topics=("ancien-sujet",)))
    group.read(MONDAY - DAY, ("une-alliance", "alliances"))
    group.due(MONDAY)
    assert group.mails() == {}


def test_text_alone_is_one_plain_part_with_every_line_of_the_other(group: Group) -> None:
    group.subscribe(html=Wishes(), text=Wishes(format="text"))
    group.read(MONDAY - DAY, ("nouvelle", "cis"))
    group.due(MONDAY)
    (html,), (text,) = group.mails()["html"], group.mails()["text"]
    assert text.get_content_type() == "text/plain" and html.get_content_type() == "multipart/alternative"
    assert text["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def lines(mail: Any) -> list[str]:
        return [
            line for line in text_of(mail).splitlines() if "desabonnement" not in line and "/abonnement" not in line
        ]

    assert lines(text) == lines(html)


def test_each_reader_holds_their_own_preferences_link_alone_b20(group: Group) -> None:
    tokens = group.subscribe(ana=Wishes(), bob=Wishes(format="text"), cleo=Wishes(topics=("impact-social",)))
    group.read(MONDAY - DAY, ("nouvelle", "cis"), ("alliance", "alliances"))
    group.due(MONDAY)
    for name, (mail,) in group.mails().items():
        whole = mail.as_string() + "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
        assert [other for other, token in tokens.items() if token in whole] == [name]
        assert f"https://veille.example.org/abonnement/{tokens[name]}" in text_of(mail)


@pytest.mark.parametrize("change", [Wishes(paused_until=FOR_GOOD), Wishes("monthly"), Wishes(topics=("autre",))])
def test_a_wish_changed_while_the_mail_waits_is_obeyed_b25(group: Group, change: Wishes) -> None:
    tokens = group.subscribe(ana=Wishes(), bob=Wishes())
    group.read(MONDAY - DAY, ("nouvelle", "cis"))
    with group.open(MONDAY) as house:
        from pipeline.deliver import freeze

        edition = telling.prepare(house, telling.chosen_period(house, ""))
        frozen = freeze(edition, house.post(house.channel(), lambda: False))
        house.store.subscribers.wish(tokens["ana"], change)
        report = sending.send(house, frozen)
    assert (report.due, report.sent, report.suppressed) == (2, 1, 1)
    assert group.received() == {"bob": ["weekly-2026-W48"]}


def test_a_quiet_week_is_told_to_those_who_want_to_know(group: Group) -> None:
    group.subscribe(plain=Wishes(), quiet=Wishes(quiet=True), away=Wishes(quiet=True, paused_until=FOR_GOOD))
    group.read(MONDAY - DAY)
    group.due(MONDAY)
    group.due(MONDAY + timedelta(hours=1))
    assert group.received() == {"quiet": ["weekly-2026-W48"]}
    (mail,) = group.mails()["quiet"]
    assert "aucun article" in mail["Subject"] and "Aucun article" in text_of(mail)
    assert len(mail.as_bytes()) < 30_000
    with group.open(MONDAY) as house:
        assert house.store.editions.latest("weekly").state == "sent"


def test_a_quiet_week_when_nothing_could_be_read_is_a_breakdown_and_no_news(group: Group) -> None:
    group.subscribe(quiet=Wishes(quiet=True))
    group.read(MONDAY - 30 * DAY)
    group.due(MONDAY)
    assert group.mails() == {}


def test_a_list_receives_the_weekly_edition_whole_and_nothing_personal(group: Group) -> None:
    tokens = group.subscribe(ana=Wishes(topics=("impact-social",)))
    with group.open(MONDAY) as house:
        house.store.subscribers.add("groupe@listes.example", "list", MONDAY, "https://listes.example/partir")
    group.read(MONDAY - DAY, ("un-contrat", "cis"), ("une-alliance", "alliances"))
    for week in range(3):
        group.due(MONDAY + week * WEEK)
    (mail,) = group.mails()["groupe"]
    whole = mail.as_string() + "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
    assert "un-contrat" in whole and "une-alliance" in whole
    assert not [name for name in mail if name.lower().startswith("list-")]
    assert tokens["ana"] not in whole and "desabonnement" not in whole and "/abonnement/" not in whole
    assert "https://veille.example.org/abonnement" in whole, "the page where anybody may subscribe"
    assert "https://listes.example/partir" in whole


def test_what_would_be_sent_is_counted_by_the_same_rules(group: Group) -> None:
    group.subscribe(weekly=Wishes(), monthly=Wishes("monthly"), away=Wishes(paused_until=FOR_GOOD))
    group.read(FIRST_MONDAY - DAY, ("nouvelle", "cis"))
    with group.open(FIRST_MONDAY) as house:
        for period, count in ((telling.chosen_period(house, ""), 1), (telling.chosen_period(house, "", "2026-12"), 1)):
            assert sending.foreseen(house, telling.prepare(house, period)).due == count
        past = telling.chosen_period(house, "", "2026-10")
        assert (past.start.isoformat(), past.end.isoformat()) == (
            "2026-10-01T00:00:00+02:00",
            "2026-11-01T00:00:00+01:00",
        )
