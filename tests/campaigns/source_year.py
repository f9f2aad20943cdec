"""Sources that publish and break on a fake clock, watched by the real store, diagnosis and letters."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from alerts.folder import FolderChannel
from alerts.letter import message
from alerts.settings import MailSettings
from core.articles import Article, Signature, Verdict
from core.health import ALARMS, Condition
from core.sources import Source
from core.urls import article_key
from core.visits import Sight, Visit
from db.store import Store, open_store
from pipeline import upkeep
from pipeline.health import diagnose
from pipeline.rhythm import lived

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 1, 5, 6, tzinfo=UTC)
SPOKEN = {
    "dns": ("dns", "le nom exemple.fr n'existe pas ou n'a pas pu être résolu"),
    "tls": ("tls", "le certificat de exemple.fr n'est pas valable (certificate has expired)"),
    "wall": ("http", "la protection Cloudflare du site refuse les robots (code 403)"),
    "html": ("format", "une page HTML est reçue à la place du flux"),
    "login": ("format", "une page de connexion est reçue à la place du flux"),
    "redesign": ("empty", "aucun lien ne correspond au sélecteur « h2 a » : la page a sans doute changé"),
    "gone": ("http", "la page a été supprimée (code 410)"),
    "hanging": ("timeout", "le serveur n'a pas répondu en 30 s"),
}
"""What the crawl says of each break that it can see; `tests/crawlers/test_sights.py` sees it over real HTTP."""
TOLD_AS = {
    **dict.fromkeys(("dns", "tls", "wall", "html", "login", "redesign", "hanging"), "failing"),
    "empty": "empty",
    "shrunk": "shrunk",
    "language": "language",
    "undated": "undated",
    "moved": "moved",
    "gone": "gone",
    "silence": "silent",
}
BREAKS = tuple(TOLD_AS)
PERIODS = {"daily": 1.0, "weekly": 7.0, "monthly": 30.0}
"""Days that count between two publications."""
TRANSIENT = 0.01
"""Share of the visits of a sound source that fail, for no reason that lasts."""


@dataclass
class World:
    """One site: what it publishes, and how it breaks."""

    source: Source
    pace: str
    breakage: str
    broken_at: datetime
    weekends: bool
    dates: bool
    length: int
    draw: random.Random
    upcoming: Iterator[datetime] = field(init=False)
    next_at: datetime = field(init=False)
    number: int = 0
    outage: tuple[datetime, datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.upcoming = self._calendar()
        self.next_at = next(self.upcoming)
        begins = START + self.draw.uniform(20, 340) * DAY
        self.outage = (begins, begins + self.draw.uniform(3, 14) * HOUR)

    def _calendar(self) -> Iterator[datetime]:
        """When it publishes, from a year before the watch begins."""
        at = START - (380 if self.pace == "monthly" else 120 if self.pace == "weekly" else 21) * DAY
        while True:
            at += self._gap()
            local = at.astimezone(PARIS)
            if local.weekday() >= 5 and not self.weekends:
                at += (7 - local.weekday()) * DAY
            if self.pace != "daily" and self._on_holiday(at):
                at += self.draw.uniform(14, 28) * DAY
            yield at

    def _gap(self) -> timedelta:
        if self.pace == "daily":
            return self.draw.choice((0.15, 0.3, 1, 1, 1.1)) * self.draw.uniform(0.7, 1.2) * DAY
        if self.pace == "weekly":
            return 7 * DAY * self.draw.choice((1, 1, 1, 1, 1, 2)) + self.draw.uniform(-1, 1) * DAY
        return 30 * DAY * self.draw.uniform(0.6, 1.5)

    def _on_holiday(self, at: datetime) -> bool:
        return (7, 20) <= (at.month, at.day) <= (8, 15) or (at.month, at.day) >= (12, 20)

    def is_broken(self, now: datetime) -> bool:
        return bool(self.breakage) and now >= self.broken_at

    def fresh(self, now: datetime) -> list[datetime]:
        """What was published since the last time somebody asked."""
        found = []
        while self.next_at <= now:
            if not (self.breakage == "silence" and self.next_at >= self.broken_at):
                found.append(self.next_at)
            self.next_at = next(self.upcoming)
        return found

    def text(self, at: datetime) -> tuple[int, str]:
        """Length and language of what was published then."""
        broken = self.is_broken(at)
        length = self.length * self.draw.lognormvariate(0, 0.5)
        odd = self.draw.random() < 0.05
        short = (broken and self.breakage == "shrunk") or odd
        return int(length * (0.08 if short else 1)), "en" if broken and self.breakage == "language" else "fr"

    def trouble(self, now: datetime) -> tuple[str, str] | None:
        """Why nothing can be read now."""
        if self.is_broken(now) and self.breakage in SPOKEN:
            return SPOKEN[self.breakage]
        if self.outage[0] <= now < self.outage[1]:
            return "http", "le serveur est indisponible (code 503)"
        if self.draw.random() < TRANSIENT:
            return "timeout", "le serveur n'a pas répondu en 30 s"
        return None

    def sight(self, now: datetime) -> Sight:
        """What a crawl that reads it sees; a twenty-item feed."""
        broken, feed = self.is_broken(now), self.source.feeds[0]
        if broken and self.breakage == "empty":
            return Sight(self.source.slug, "feed", feed)
        moved = (feed, feed.replace("/flux", "/nouveau-flux")) if broken and self.breakage == "moved" else ("", "")
        dated = 20 if self.dates and not (broken and self.breakage == "undated") else 0
        return Sight(self.source.slug, "feed", feed, 20, dated, *moved)


@dataclass
class Outcome:
    """What a year showed."""

    source_weeks: float
    delays: dict[str, float]
    """Break (and its source) → periods from it to its report."""
    missed: list[str]
    misnamed: list[str]
    false: list[str]
    letters: list[datetime]


class Year:
    """Every source is visited when the store says that it is due; once a day its health is told, as the timer asks."""

    def __init__(self, folder: Path, worlds: list[World], weeks: int) -> None:
        self._worlds = {world.source.slug: world for world in worlds}
        self._store: Store = open_store(f"sqlite:///{folder}/veille.db", folder, durable=False)
        self._end = START + weeks * 7 * DAY
        self._weeks = weeks
        self._channel = FolderChannel(folder / "mails")
        self._alarms: dict[str, str] = {}
        self._first: dict[str, datetime] = {}
        self._names: dict[str, set[str]] = {}
        self._false: list[str] = []
        self._letters: list[datetime] = []
        self._conditions: dict[str, Condition] = {}

    def run(self) -> Outcome:
        turns = [(START + n * HOUR / 30, slug) for n, slug in enumerate(self._worlds)]
        heapq.heapify(turns)
        day = START
        while turns and turns[0][0] < self._end:
            while day < turns[0][0]:
                self._tell(day)
                day += DAY
            at, slug = heapq.heappop(turns)
            if (due := self._visit(self._worlds[slug], at)) is not None:
                heapq.heappush(turns, (max(due, at + HOUR / 6), slug))
        self._store.close()
        return self._outcome()

    def _visit(self, world: World, at: datetime) -> datetime | None:
        """One turn of a source; when the next is due, None when it is no longer asked."""
        trouble, slug = world.trouble(at), world.source.slug
        if trouble is not None:
            gone = trouble == SPOKEN["gone"]
            visit = Visit(at, False, failure_kind=trouble[0], failure_reason=trouble[1])
            self._store.runs.close_source(world.source, visit, Sight(slug, gone=gone))
        else:
            sight = world.sight(at)
            news = world.fresh(at)[-20:] if sight.announced else []
            texts = [world.text(published) for published in news]
            for published in news:
                self._keep(world, published, at)
            lengths = [length for length, _ in texts]
            spoken = texts[-1][1] if texts else ""
            visit = Visit(
                at, True, sight.kind, sight.entry, sight.announced, sight.dated, len(news), 0,
                round(median(lengths)) if lengths else None, spoken,
            )  # fmt: skip
            self._store.runs.close_source(world.source, visit, sight)
        state = self._store.runs.states()[slug] if trouble == SPOKEN["gone"] else None
        if state is not None and state.stopped(world.source):
            return None
        return self._due(slug)

    def _due(self, slug: str) -> datetime | None:
        with self._store.runs._database.read() as connection:
            row = connection.exec_driver_sql("SELECT next_due FROM source_state WHERE slug = ?", (slug,)).scalar()
        return datetime.fromisoformat(row).replace(tzinfo=UTC) if row else None

    def _keep(self, world: World, published: datetime, at: datetime) -> None:
        world.number += 1
        url = f"https://exemple.fr/{world.source.slug}/{world.number}"
        article = Article(
            0, world.source.slug, url, article_key(url), "Titre", "Un texte.", at,
            published=published if world.dates else None,
        )  # fmt: skip
        self._store.articles.keep(article, Verdict(), Signature(), None, False)

    def _tell(self, now: datetime) -> None:
        sources = [world.source for world in self._worlds.values()]
        histories = self._store.runs.histories(sources)
        conditions = {source.slug: diagnose(source, histories[source.slug], now) for source in sources}
        for slug, condition in conditions.items():
            self._note(self._worlds[slug], condition, now)
        self._store.runs.note_conditions(conditions)
        told = upkeep.Told.from_json(self._store.notes.read("maintenance"))
        if not upkeep.is_due(told, now, PARIS):
            return
        letter = upkeep.weekly("Veille", sources, conditions, (), told, now, PARIS)
        if letter is not None:
            settings = MailSettings("Veille", "veille@example.org", "veille@example.org")
            self._channel.send(message(letter, settings, "mainteneuse@example.org", now))
            self._store.notes.write("maintenance", upkeep.told_now(conditions, (), now, PARIS).to_json())
            self._letters.append(now)

    def _note(self, world: World, condition: Condition, now: datetime) -> None:
        slug, alarm = world.source.slug, condition.state if condition.state in ALARMS else ""
        if alarm and world.is_broken(now):
            self._names.setdefault(slug, set()).add(alarm)
            if alarm == TOLD_AS[world.breakage]:
                self._first.setdefault(slug, now)
        elif alarm and self._alarms.get(slug) != alarm:
            self._false.append(f"{slug} {now:%d/%m} {alarm} ({condition.reason})")
        self._alarms[slug] = alarm

    def _outcome(self) -> Outcome:
        delays, missed = {}, []
        for slug, world in self._worlds.items():
            if not world.breakage:
                continue
            name = f"{world.breakage} of {slug}"
            if slug not in self._first:
                missed.append(name)
                continue
            waited = lived(world.broken_at, self._first[slug], world.weekends)
            delays[name] = round(waited / PERIODS[world.pace], 2)
        named = [f"{slug}: {sorted(names)}" for slug, names in self._names.items()]
        return Outcome(self._weeks * len(self._worlds), delays, missed, named, self._false, self._letters)


def worlds(seed: int, weeks: int, per_pace: int = 10) -> list[World]:
    """Ten daily, ten weekly, ten monthly sources; the fourteen ways to break fall on fourteen of them by the seed."""
    draw = random.Random(seed)
    paces = [pace for pace in PERIODS for _ in range(per_pace)]
    sound = len(paces) - len(BREAKS)
    breakages = [*BREAKS, *[""] * sound]
    draw.shuffle(breakages)
    made = []
    for number, (pace, breakage) in enumerate(zip(paces, breakages, strict=True)):
        slug = f"{pace}-{number}"
        source = Source(slug, slug, "presse", "https://exemple.fr/", feeds=(f"https://exemple.fr/{slug}/flux",))
        latest = weeks - (20 if pace == "monthly" else 7 if pace == "weekly" else 3)
        earliest = min(13, latest - 1)
        broken_at = START + draw.uniform(earliest, latest) * 7 * DAY
        dates = breakage == "undated" or draw.random() < 0.8
        length, own = draw.choice((900, 2_500, 6_000)), random.Random(draw.random())
        made.append(World(source, pace, breakage, broken_at, draw.random() < 0.4, dates, length, own))
    return made
