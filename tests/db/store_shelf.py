"""Short ways to fill a store, for these tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.articles import Article, Kept, Match, Signature, Tag, Verdict
from core.corrections import Occasion
from core.editions import Body, Edition, Entry, Period
from core.facts import Fact, FactKind
from core.pages import NewPage
from core.query import parse
from core.search import Excerpt, SearchResult
from core.urls import article_key
from db.store import Store

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
REVISIT = (timedelta(0), timedelta(days=1), timedelta(days=3), timedelta(days=7))
SOURCES = {
    "anah": ("Anah", "agence"),
    "senat": ("Sénat", "parlement"),
    "gazette": ("La Gazette", "presse"),
}
CIS = Tag("cis", "cis", True, 1.0)
IIS = Tag("cis", "iis", False, 0.7)
AGAIN = Occasion("reprocess", NOW)


def card(form: str, text: str, label: str = "cis", **values: Any) -> Match:
    start = text.index(form)
    known = {"confirmed_by": ("social",), "refuted_by": (), "page": None, "accepted": True, "score": 1.0}
    return Match(
        topic="cis",
        rule="cis-form",
        rule_version="cis@1",
        concept="contrat à impact social",
        label=label,
        field="text",
        form=form,
        start=start,
        end=start + len(form),
        sentence=text[:200],
        sentence_start=0,
        threshold=0.5,
        **{**known, **values},
    )


def fact(kind: FactKind, form: str, text: str, **values: Any) -> Fact:
    """A fact of the first place where `text` says its form."""
    known: dict[str, Any] = {"value": "-".join(form.lower().split()), "name": form, "role": "", "form": form}
    start = text.index(form)
    place = {"field": "text", "start": start, "end": start + len(form), "sentence": text[:200], "sentence_start": 0}
    return Fact(kind=kind, **{**known, **place, **values})


@dataclass
class Shelf:
    """A store and the verbs of these tests."""

    store: Store
    path: Path
    url: str

    def page(self, url: str, body: str = "<p>corps</p>", at: datetime = NOW, **values: Any) -> bool:
        known: dict[str, Any] = {"source": "anah", "kind": "article", "final_url": url, "status": 200, "headers": ()}
        return self.store.raw.save(NewPage(url=url, body=body.encode(), fetched_at=at, **{**known, **values}))

    def article(self, url: str, text: str, title: str = "Un titre", at: datetime = NOW, **values: Any) -> Article:
        known: dict[str, Any] = {"page_id": 0, "source": "anah", "language": "fr"}
        return Article(url=url, key=article_key(url), title=title, text=text, fetched_at=at, **{**known, **values})

    def keep(self, url: str, text: str, title: str = "Un titre", at: datetime = NOW, **values: Any) -> Kept:
        """Keep an article, tagged `cis` unless `tags` says otherwise."""
        tags: tuple[Tag, ...] = values.pop("tags", (CIS,))
        signature: Signature = values.pop("signature", Signature())
        story: int | None = values.pop("story", None)
        backfilled: bool = values.pop("backfilled", False)
        matches = values.pop("matches", ())
        facts = values.pop("facts", ())
        article = self.article(url, text, title, at, **values)
        return self.store.articles.keep(article, Verdict(tags, matches, facts), signature, story, backfilled)

    def find(self, query: str, **values: Any) -> SearchResult:
        return self.store.index.search(replace(parse(query), **values), NOW)

    def titles(self, query: str, **values: Any) -> list[str]:
        return [hit.title for hit in self.find(query, **values).hits]

    def eligible(
        self, since: datetime = NOW - timedelta(days=35), until: datetime = NOW + timedelta(days=1)
    ) -> list[int]:
        """Stories eligible for the weekly series."""
        return [article.story_id for article, _ in self.store.editions.eligible("weekly", since, until)]

    def edition(self, key: str, stories: list[int], series: str = "weekly", state: Any = "composed") -> Edition:
        entries = tuple(
            Entry(
                story_id=story,
                article_id=story,
                title=f"Sujet {story}",
                url="https://exemple.fr/a",
                source="Anah",
                category="agence",
                published=None,
                first_seen=NOW,
                labels=("cis",),
                central=True,
                excerpt=Excerpt("un extrait"),
                why="parle de contrat à impact social",
                score=1.0,
            )
            for story in stories
        )
        period = Period(series, key, NOW, NOW + timedelta(days=7))
        return Edition(period, NOW, entries, state=state, rule_versions=("cis@1",))

    def freeze(self, key: str, stories: list[int], series: str = "weekly", state: Any = "composed") -> Edition:
        body = Body("Sujet", "texte é", "<p>é</p>")
        return self.store.editions.freeze(self.edition(key, stories, series, state), body)
