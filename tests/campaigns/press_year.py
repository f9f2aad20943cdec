"""A year of the French press on a fake clock: ordinary articles from our own banks, and a few that matter among them.

The banks (`press/*.txt`) hold paragraphs written for this campaign; `lookalikes.txt` those that share words or acronyms
with the topic without speaking of it. Nothing in them is drawn from the lexicon. What matters comes from labelled
texts.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.articles import Article, Signature, Verdict
from core.editions import Body, Edition, Period
from core.ports import Classifier
from core.sources import Source
from core.urls import article_key
from db.store import Store
from pipeline.digest import Watch, compose

ROOT = Path(__file__).parents[2]
BANKS = Path(__file__).with_name("press")
LABELLED = ("classifiers/gold/tuned-b.jsonl", "tests/classifiers/another_hand.jsonl", "tests/classifiers/unseen.jsonl")
"""Labelled texts that may be looked at; the sealed ones are never read here."""
WEEK = timedelta(days=7)
TOPICS = ("impact-social",)
START = datetime(2026, 1, 5, tzinfo=UTC)
LOOKALIKES = 0.25
"""Share of the ordinary articles that hold one or two paragraphs of look-alikes."""
LONG = 120
"""Words from which a labelled text is published as it is; a shorter one is a paragraph of an ordinary article."""
_TOWNS = (
    "Belcastel Montrevel Saint-Amand Kerlouan Vaudreville Orsanne Puylaroque Aubignan Lanvéoc Hérisson Marsac Tréville "
    "Coulonges Pontivray Sarlanges Bourgvieux Chassenay Ribérac Issolles Fontclair"
).split()
_MONTHS = "janvier février mars avril mai juin juillet septembre octobre novembre décembre".split()
_DAYS = "lundi mardi mercredi jeudi vendredi samedi".split()


@dataclass(frozen=True, slots=True)
class Published:
    """One article of the year and what a person says of it."""

    title: str
    text: str
    labels: frozenset[str] = frozenset()
    passing: bool = False
    """True for a mention of a few lines deep in an article about something else."""


@dataclass(slots=True)
class Year:
    """What was said of the year's articles, and the editions made of them."""

    false: list[str] = field(default_factory=list)
    """Ordinary articles that were tagged: title, then the forms."""
    missed: list[str] = field(default_factory=list)
    found: int = 0
    ordinary: int = 0
    words: int = 0
    opened: int = 0
    """Ordinary articles that the filter let through."""
    entries: int = 0
    good_entries: int = 0
    in_order: int = 0
    """Pairs of an edition, one about the topic and one mentioning it, the first above the second."""
    pairs: int = 0

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))


def _bank() -> dict[str, list[str]]:
    return {path.stem: path.read_text("utf-8").splitlines() for path in sorted(BANKS.glob("*.txt"))}


def filled(paragraph: str, draw: random.Random, town: str) -> str:
    def one(slot: re.Match[str]) -> str:
        return {
            "ville": town,
            "n": str(draw.randint(4, 38)),
            "grand": f"{draw.randint(1, 9)}\u202f{draw.randint(100, 999)}",
            "pct": f"{draw.randint(2, 48)} %",
            "euros": f"{draw.randint(1, 90)},{draw.randint(1, 9)} millions d'euros",
            "mois": draw.choice(_MONTHS),
            "jour": str(draw.randint(1, 28)),
            "jour_semaine": draw.choice(_DAYS),
        }[slot[1]]

    return re.sub(r"\{(\w+)\}", one, paragraph)


class Press:
    """Writes ordinary articles, alike for the same seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        banks = _bank()
        self._lookalikes = banks.pop("lookalikes")
        self._themes = list(banks.values())

    def ordinary(self) -> Published:
        """Six to ten paragraphs, most of one theme, about as long as a regional daily's article."""
        draw, town = self._draw, self._draw.choice(_TOWNS)
        theme = draw.choice(self._themes)
        others = [line for bank in self._themes for line in bank if bank is not theme]
        lines = draw.sample(theme, 4) + draw.sample(others, draw.randint(2, 6))
        if draw.random() < LOOKALIKES:
            lines[0:0] = draw.sample(self._lookalikes, draw.randint(1, 2))
        paragraphs = [filled(line, draw, town) for line in lines]
        title = re.split(r"(?<=[a-zé\d])[.,:;?!] ", paragraphs[0])[0][:90]
        draw.shuffle(paragraphs)
        return Published(title, "\n\n".join(paragraphs))

    def about(self, row: dict[str, object]) -> Published:
        """A labelled text: whole when it is long, else deep in an ordinary article."""
        labels = frozenset(str(label) for label in row["labels"])  # type: ignore[attr-defined]
        title, text = str(row.get("title") or ""), str(row["text"])
        if len(text.split()) >= LONG or row.get("central"):
            return Published(title, text, labels, passing=not row.get("central"))
        host = self.ordinary()
        paragraphs = host.text.split("\n\n")
        paragraphs.insert(self._draw.randint(2, len(paragraphs) - 1), text)
        return Published(host.title, "\n\n".join(paragraphs), labels, passing=True)

    def relevant(self, count: int) -> list[Published]:
        """Labelled texts, borderline ones aside, drawn from the files that may be looked at."""
        lines = [line for name in LABELLED for line in (ROOT / name).read_text("utf-8").splitlines()]
        rows = [row for row in map(json.loads, lines) if row["labels"] and not row.get("borderline")]
        return [self.about(row) for row in self._draw.sample(rows, count)]


def weeks(seed: int, number: int, ordinary: int, relevant: int) -> Iterator[list[Published]]:
    """The articles of each week."""
    press = Press(seed)
    draw = random.Random(seed)
    matter: list[list[Published]] = [[] for _ in range(number)]
    for one in press.relevant(relevant):
        draw.choice(matter).append(one)
    for week in range(number):
        count = ordinary // number + (week < ordinary % number)
        published = [*(press.ordinary() for _ in range(count)), *matter[week]]
        draw.shuffle(published)
        yield published


def _stored(one: Published, number: int, at: datetime) -> Article:
    url = f"https://presse.example/{number}"
    return Article(
        0, f"titre-{number % 40}", url, article_key(url), one.title, one.text, at, published=at, language="fr"
    )


def live(year: Iterator[list[Published]], classifier: Classifier, store: Store) -> Year:
    """Classify, store and compose each week's edition, as a run does, and count what is right."""
    told, number = Year(), 0
    truth: dict[str, Published] = {}
    for week, published in enumerate(year):
        start = START + week * WEEK
        for at, one in enumerate(published):
            number += 1
            article = _stored(one, number, start + timedelta(minutes=at))
            truth[article.url] = one
            verdict = classifier.classify(article)
            _note(told, one, verdict, opened=not one.labels and classifier.may_match(article))
            store.articles.keep(article, verdict, Signature(), None, False)
        period = Period("weekly", f"{start:%G-W%V}", start, start + WEEK)
        eligible = store.editions.eligible("weekly", start, start + WEEK)
        sources: dict[str, Source] = {}
        edition = compose(period, eligible, sources, Watch(40, ()), classifier.versions, TOPICS, start + WEEK)
        _count(told, edition, truth)
        store.editions.freeze(edition, Body("", "", ""))
    return told


def _note(told: Year, one: Published, verdict: Verdict, opened: bool) -> None:
    labels = {tag.label for tag in verdict.tags}
    if one.labels:
        if labels & one.labels:
            told.found += 1
        else:
            told.missed.append(f"{sorted(one.labels)} {one.title} | {one.text[:300]}")
        return
    told.ordinary += 1
    told.words += len(one.text.split())
    told.opened += opened
    if labels:
        forms = [f"{match.rule}: {match.sentence}" for match in verdict.matches if match.accepted and match.label]
        told.false.append(f"{sorted(labels)} {one.title} | {forms}")


def _count(told: Year, edition: Edition, truth: dict[str, Published]) -> None:
    shown = [truth[entry.url] for entry in edition.entries]
    told.entries += len(shown)
    told.good_entries += sum(bool(one.labels) for one in shown)
    for place, above in enumerate(shown):
        for below in shown[place + 1 :]:
            if above.labels and below.labels and above.passing != below.passing:
                told.pairs += 1
                told.in_order += below.passing
