"""Joining, choosing, leaving, sending and crashing in any order, against a small model of what each person is owed."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alerts.folder import FolderChannel
from alerts.render import MailRenderer
from alerts.settings import MailSettings
from core.articles import Article, Match, Signature, Tag, Verdict
from core.clock import FixedClock
from core.editions import Edition, Message, Period, Receipt
from core.errors import VeilleError
from core.topics import Section
from core.urls import article_key
from core.wishes import FOR_GOOD, USUAL, Wishes
from db.store import Store, open_store
from pipeline.deliver import Post, deliver, freeze
from pipeline.digest import Watch, compose

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ("ana", "bob", "cleo", "dan", "eva", "fred")
MAIL = MailSettings(
    "Veille", "Veille <veille@asso.example>", "veille@asso.example", "https://veille.asso.example",
    topics=("Sujet a", "Sujet b"), slugs=("a", "b"),
    sections=(Section("a", ("la",), "Partie a", "sur a"), Section("b", ("lb",), "Partie b", "sur b")),
)  # fmt: skip
WISHES = st.builds(
    Wishes,
    frequency=st.sampled_from(["weekly", "monthly"]),
    format=st.sampled_from(["html", "text"]),
    quiet=st.booleans(),
    topics=st.sampled_from([(), (), ("a",), ("b",)]),
)


class Crash(BaseException):
    """The process is gone: nothing that runs after it may count on anything but the database."""


@dataclass
class Person:
    """Somebody subscribed, as the model knows them."""

    token: str
    wishes: Wishes = USUAL
    reminded: datetime | None = None


@dataclass
class Asked:
    """A confirmation link that was sent."""

    name: str
    topics: tuple[str, ...]
    at: datetime


@dataclass
class Issue:
    """An edition that was frozen: who was owed it, and what became of that."""

    edition: Edition
    stories: dict[str, set[str]]
    """Titles → topics."""
    owed: set[tuple[str, str]]
    """Names, with the token they had."""
    got: Counter[str] = field(default_factory=Counter)


class Courier(FolderChannel):
    """The folder channel, in a process that may be killed around a mail."""

    def __init__(self, folder: Path, kill_at: int, before: bool) -> None:
        super().__init__(folder)
        self._left, self._before = kill_at, before
        self.sent: list[Message] = []

    def send(self, message: Message) -> Receipt:
        self._left -= 1
        if self._left == 0 and self._before:
            raise Crash
        receipt = super().send(message)
        self.sent.append(message)
        if self._left == 0:
            raise Crash
        return receipt


class Subscriptions(RuleBasedStateMachine):
    blank: Path
    renderer = MailRenderer(MAIL)

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.blank, self.folder / "veille.db")
        self.now = START
        self.store = self._open()
        self.people: dict[str, Person] = {}
        self.left: set[str] = set()
        self.asked: dict[str, Asked] = {}
        """Every link that still is in the database."""
        self.links: list[str] = []
        """Every confirmation link ever sent."""
        self.tokens: list[str] = []
        """Every personal link ever given."""
        self.counts: dict[str, tuple[int, datetime]] = {}
        self.stories: dict[str, set[str]] = {}
        self.told: dict[str, set[str]] = defaultdict(set)
        self.issues: list[Issue] = []
        self.read: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        """(token, series) → how often each title was read."""

    def _open(self) -> Store:
        return open_store(f"sqlite:///{self.folder / 'veille.db'}", self.folder, durable=False)

    def teardown(self) -> None:
        for issue in self.issues:
            self._deliver(issue, 0, before=False)
        self._every_edition_is_accounted_for()
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize()
    def the_group_begins(self) -> None:
        """People, stories, a request and an edition that waits, so that short lives meet what matters."""
        for name in NAMES[:5]:
            self.the_group_imports(name)
        self.somebody_asks(NAMES[5], ())
        for topics in ("a", "b", "ab"):
            self.a_story_is_found(topics)
        self.an_edition_is_frozen("weekly", freeze_only=True)

    # ------------------------------------------------------------ time and news

    @rule(hours=st.sampled_from([1, 20, 25, 80, 170]))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule(topics=st.sampled_from(["a", "b", "ab"]))
    def a_story_is_found(self, topics: str) -> None:
        title, text = f"Nouvelle numéro {len(self.stories) + 1}.", f"Une convention numéro {len(self.stories) + 1}."
        url = f"https://exemple.fr/{len(self.stories)}"
        article = Article(0, "muette", url, article_key(url), title, text, self.now, language="fr")
        cards = tuple(_card(topic, text) for topic in topics)
        verdict = Verdict(tuple(Tag(topic, f"l{topic}", True, 1.0) for topic in topics), cards)
        self.store.articles.keep(article, verdict, Signature(), None, False)
        self.stories[title] = set(topics)

    # ------------------------------------------------------------ people

    @rule(name=st.sampled_from(NAMES), topics=st.sampled_from([(), ("a",), ("b",)]))
    def somebody_asks(self, name: str, topics: tuple[str, ...]) -> None:
        got = self.store.joining.ask(_address(name), topics, "2026-11", self.now)
        self.asked = {link: each for link, each in self.asked.items() if each.at + 7 * DAY > self.now}
        person = self.people.get(name)
        if person:
            self._expect_reminder(person, got)
            return
        times, last = self.counts.get(name, (0, START - 9 * DAY))
        allowed = times < 3 and last + DAY <= self.now
        assert (got is not None) == allowed
        if got:
            assert not got.known and got.token not in self.links
            self.counts[name] = (times + 1, self.now)
            self.asked[got.token] = Asked(name, topics, self.now)
            self.links.append(got.token)

    @rule(name=st.sampled_from(NAMES))
    def somebody_lost_their_link(self, name: str) -> None:
        got = self.store.joining.remind(_address(name), self.now)
        if name in self.people:
            self._expect_reminder(self.people[name], got)
        else:
            assert got is None

    def _expect_reminder(self, person: Person, got: Any) -> None:
        allowed = person.reminded is None or person.reminded + DAY <= self.now
        assert (got is not None) == allowed
        if got:
            assert got.known and got.token == person.token
            person.reminded = self.now

    @precondition(lambda self: self.links)
    @rule(data=st.data())
    def somebody_confirms(self, data: st.DataObject) -> None:
        link = data.draw(st.sampled_from(self.links))
        own = self.store.joining.confirm(link, self.now)
        asked = self.asked.get(link)
        if asked is None or asked.at + 7 * DAY <= self.now:
            assert own is None
            return
        assert own
        self.asked = {link: each for link, each in self.asked.items() if each.name != asked.name}
        self.counts.pop(asked.name, None)
        self.left.discard(asked.name)
        if asked.name in self.people:
            assert own == self.people[asked.name].token
        else:
            assert own not in self.tokens
            self._joined(asked.name, own, Wishes(topics=asked.topics))

    def _joined(self, name: str, token: str, wishes: Wishes) -> None:
        self.people[name] = Person(token, wishes)
        self.tokens.append(token)

    @rule(name=st.sampled_from(NAMES))
    def the_group_imports(self, name: str) -> None:
        try:
            added = self.store.subscribers.add(_address(name), "person", self.now)
        except VeilleError:
            assert name in self.people or name in self.left
        else:
            assert name not in self.people and name not in self.left
            self._joined(name, added.token, USUAL)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), wishes=WISHES, pause=st.sampled_from([None, None, 0, 30, 200, 10_000]))
    def somebody_chooses(self, data: st.DataObject, wishes: Wishes, pause: int | None) -> None:
        token = data.draw(st.sampled_from([each.token for each in self.people.values()] or self.tokens))
        until = None if pause is None else FOR_GOOD if pause == 10_000 else self.now + pause * HOUR
        wishes = replace(wishes, paused_until=until)
        person = self._holder(token)
        assert self.store.subscribers.wish(token, wishes) == (person is not None)
        if person:
            person.wishes = wishes

    def _holder(self, token: str) -> Person | None:
        return next((person for person in self.people.values() if person.token == token), None)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def somebody_goes(self, data: st.DataObject) -> None:
        """By their link, old ones included, or by asking the group."""
        token = data.draw(st.sampled_from(self.tokens))
        name = next((name for name, person in self.people.items() if person.token == token), "")
        if name and data.draw(st.booleans()):
            assert self.store.subscribers.erase(_address(name), self.now, "command")
        else:
            assert self.store.subscribers.leave(token, self.now), "an old link answers too"
        if name:
            self._gone(name)

    def _gone(self, name: str) -> None:
        del self.people[name]
        self.left.add(name)
        self.asked = {link: each for link, each in self.asked.items() if each.name != name}

    @precondition(lambda self: self.tokens or self.links)
    @rule()
    def every_link_is_looked_at(self) -> None:
        before = self._dump()
        for token in (*self.tokens, *self.links):
            found = self.store.subscribers.by_token(token)
            assert (found is not None) == (self._holder(token) is not None)
        assert self._dump() == before

    # ------------------------------------------------------------ editions

    @rule(series=st.sampled_from(["weekly", "weekly", "monthly"]), freeze_only=st.sampled_from([True, True, False]))
    def an_edition_is_frozen(self, series: str, freeze_only: bool) -> None:
        key = f"{series}-{sum(each.edition.period.series == series for each in self.issues) + 1}"
        period = Period(series, key, self.now - 7 * DAY, self.now)
        found = self.store.editions.eligible(series, START - 7 * DAY, self.now + HOUR)
        edition = compose(period, found, {}, Watch(1, ()), (), ("a", "b"), self.now)
        stories = {title: topics for title, topics in self.stories.items() if title not in self.told[series]}
        assert {entry.title for entry in edition.entries} == set(stories)
        self.told[series] |= set(stories)
        frozen = freeze(edition, self._post(Courier(self.folder / "mail", 0, before=False)))
        owed = {(name, each.token) for name, each in self.people.items() if self._wants(each, series, stories)}
        self.issues.append(Issue(frozen, stories, owed))
        assert len(self.store.editions.rows(frozen.id or 0)) == len(owed)
        if not freeze_only:
            self._deliver(self.issues[-1], 0, before=False)

    def _wants(self, person: Person, series: str, stories: dict[str, set[str]]) -> bool:
        wishes = person.wishes
        on_it = wishes.frequency == series and not wishes.is_paused(self.now)
        return on_it and (wishes.quiet or bool(_told_to(wishes, stories)))

    @precondition(lambda self: self.issues)
    @rule(data=st.data(), kill_at=st.integers(0, 3), before=st.booleans())
    def what_is_left_is_sent(self, data: st.DataObject, kill_at: int, before: bool) -> None:
        self._deliver(data.draw(st.sampled_from(self.issues)), kill_at, before)

    def _deliver(self, issue: Issue, kill_at: int, before: bool) -> None:
        courier = Courier(self.folder / "mail", kill_at, before)
        try:
            deliver(issue.edition, self._post(courier))
        except Crash:
            self.store.close()
            self.store = self._open()
        for message in courier.sent:
            self._check_mail(issue, message)
        if kill_at == 0:
            rows = self.store.editions.rows(issue.edition.id or 0)
            assert {row.state for row in rows} <= {"sent", "suppressed", "unknown"}

    def _check_mail(self, issue: Issue, message: Message) -> None:
        """What leaves goes to somebody who wants it at that very moment, and tells what they chose."""
        name, series = message.recipient.partition("@")[0], issue.edition.period.series
        person = self.people[name]
        assert (name, person.token) in issue.owed and self._wants(person, series, issue.stories)
        issue.got[name] += 1
        text = message.content.replace(b"=\r\n", b"").decode()
        titles = {f"Nouvelle numéro {number}." for number in re.findall(r"Nouvelle num=C3=A9ro (\d+)\.", text)}
        assert titles == _told_to(person.wishes, issue.stories)
        self.read[person.token, series].update(titles)
        assert ("text/html" in text) == (person.wishes.format == "html")
        held = [token for token in self.tokens if token in text]
        assert held == [person.token]

    def _post(self, courier: Courier) -> Post:
        store = self.store
        return Post(store.editions, store.subscribers, self.renderer, courier, FixedClock(self.now))

    # ------------------------------------------------------------ what always holds

    @invariant()
    def the_store_holds_the_people_of_the_model(self) -> None:
        active = {each.address: (each.token, each.wishes) for each in self.store.subscribers.active()}
        assert active == {_address(name): (each.token, each.wishes) for name, each in self.people.items()}

    @invariant()
    def nobody_reads_a_mail_or_a_story_twice(self) -> None:
        assert all(count == 1 for issue in self.issues for count in issue.got.values())
        assert all(count == 1 for titles in self.read.values() for count in titles.values())

    @invariant()
    def an_address_stays_only_where_its_owner_is_or_asks(self) -> None:
        kept = self._dump("subscriber", "subscription_request", "suppression", "confirmation", "audit", "outbox")
        for name in NAMES:
            known = name in self.people or any(each.name == name for each in self.asked.values())
            assert known or _address(name) not in kept

    def _every_edition_is_accounted_for(self) -> None:
        for issue in self.issues:
            states = Counter(row.state for row in self.store.editions.rows(issue.edition.id or 0))
            assert states.total() == len(issue.owed)
            assert states["sent"] <= sum(issue.got.values()) <= states["sent"] + states["unknown"]
            assert set(states) <= {"sent", "suppressed", "unknown"}

    def _dump(self, *tables: str) -> str:
        chosen = tables or ("subscriber", "subscription_request", "confirmation", "suppression", "outbox", "edition")
        with self.store.subscribers._database.read() as connection:
            return "\n".join(str(connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()) for table in chosen)


def _address(name: str) -> str:
    return f"{name}@asso.example"


def _told_to(wishes: Wishes, stories: dict[str, set[str]]) -> set[str]:
    return {title for title, topics in stories.items() if not wishes.topics or topics & set(wishes.topics)}


def _card(topic: str, text: str) -> Match:
    start = text.index("convention")
    return Match(
        topic, f"{topic}-form", "1", "convention", f"l{topic}", "text", "convention", start, start + 10, text, 0, 1.0,
        0.5, True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "veille.db"
    open_store(f"sqlite:///{path}", path.parent).close()
    return path


CALM = {
    "deadline": None, "database": None, "suppress_health_check": list(HealthCheck), "print_blob": True,
}  # fmt: skip


def run(blank: Path, examples: int, steps: int, **more: Any) -> None:
    machine = type("Machine", (Subscriptions,), {"blank": blank})
    chosen = settings(max_examples=examples, stateful_step_count=steps, **CALM, **more)
    run_state_machine_as_test(machine, settings=chosen)


def test_whatever_the_order_each_person_is_sent_what_they_asked_for(blank: Path) -> None:
    run(blank, 12, 30, derandomize=True)


@pytest.mark.long
def test_whatever_the_order_over_long_lives(blank: Path) -> None:
    run(blank, 400, 80)
