"""A group of this program's users: it reads, subscribes people and sends, at times that a test chooses."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.catcher import Catcher
from core.articles import Article, Match, Signature, Tag, Verdict
from core.runs import RunReport
from core.urls import article_key
from veille import sending, telling
from veille.wiring import House

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXT = "Le département signe un contrat à impact social avec une association."
FORM = "contrat à impact social"
CARD = Match(
    topic="impact-social", rule="cis-form", rule_version="cis@1", concept=FORM, label="cis", field="text", form=FORM,
    start=TEXT.index(FORM), end=TEXT.index(FORM) + len(FORM), sentence=TEXT, sentence_start=0, confirmed_by=(),
    refuted_by=(), page=None, accepted=True, score=1.0, threshold=0.5,
)  # fmt: skip


def story(title: str, now: datetime) -> tuple[Article, Verdict, Signature, None, bool]:
    """An article on the topic, unlike any other, as the store keeps it."""
    url = f"https://exemple.fr/{title}"
    article = Article(
        url=url, key=article_key(url), title=title, text=TEXT, fetched_at=now, page_id=0, source="muette",
        language="fr",
    )  # fmt: skip
    return article, Verdict((Tag("impact-social", "cis", True, 1.0),), (CARD,)), Signature(), None, False


class Group:
    """A group that reads at a time we choose, and sends to a receiver of ours."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
        self._folder, self._patch = folder, monkeypatch
        config = folder / "config.toml"
        smtp = f'backend = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
        web = '[web]\npublic_url = "https://veille.example.org"\n'
        text = config.read_text(encoding="utf-8").replace("[mail]\n", f"{web}[mail]\n{smtp}")
        config.write_text(text, encoding="utf-8")

    def open(self, now: datetime) -> House:
        self._patch.setenv("VEILLE_NOW", now.isoformat())
        return House(self._folder / "config.toml")

    def read(self, now: datetime, *titles: str) -> None:
        """One finished pass that found these articles."""
        with self.open(now) as house:
            house.store.runs.start(now.isoformat(), now)
            for title in titles:
                house.store.articles.keep(*story(title, now))
            house.store.runs.finish(now.isoformat(), RunReport(), now)

    def subscribe(self, count: int) -> None:
        with self.open(MONDAY) as house:
            for number in range(count):
                house.store.subscribers.add(f"p{number}@asso.example", "person", MONDAY)

    def ask(self, now: datetime) -> Any:
        """What the timer does; the report, or None when nothing was to be sent."""
        with self.open(now) as house:
            edition = telling.due_edition(house)
            return sending.send(house, edition, by_hand=False) if edition else None

    def by_hand(self, now: datetime, **options: bool) -> Any:
        with self.open(now) as house:
            return sending.send(house, telling.prepare(house, telling.chosen_period(house, "")), **options)

    def editions(self) -> dict[str, tuple[str, int]]:
        with self.open(MONDAY) as house:
            return {e.period.key: (e.state, len(e.entries)) for e in house.store.editions.editions()}


def received(catcher: Catcher) -> Counter[str]:
    return Counter(mail.recipients[0] for mail in catcher.caught)
