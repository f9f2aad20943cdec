"""A real SQLite store with a dozen articles, a ledger, subscribers and sources in every state, and the site over it."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

sys.path.append(str(Path(__file__).parent))

from browsing import Browser, Composing, FolderJoin, FolderPost, serving

from archive.app import create_app
from archive.ports import ArchivePorts, EditorPorts, JoinPorts, MemberPorts, SiteSettings, TopicDefinition
from core.articles import Article, Match, Signature, Tag, Verdict
from core.clock import PARIS, FixedClock
from core.editions import Body, Copy, Edition, Entry, Period, SourceNotice
from core.facts import Fact
from core.members import ROLES
from core.pages import NewPage
from core.runs import RunReport
from core.search import Excerpt, Span
from core.sources import ListingRules, Rights, Source, Topic
from core.synonyms import Synonyms
from core.topics import Label, Section
from core.urls import article_key, canonical
from core.visits import Visit
from db.store import Store, open_store

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS).astimezone(UTC)
DAY = timedelta(days=1)
PUBLIC, CLOSED = Rights(full_text="public"), Rights(full_text="nobody", keep_days=90)


def source(slug: str, name: str, category: Any, rights: Rights = PUBLIC, **more: Any) -> Source:
    site = f"https://{slug}.example"
    return Source(slug, name, category, f"{site}/", feeds=(f"{site}/flux.xml",), rights=rights, **more)


SOURCES = (
    source("ministere-du-lien", "Ministère du Lien social", "ministere"),
    source("agence-des-toits", "Agence des toits", "agence"),
    source("assemblee-du-pays", "Assemblée du pays", "parlement"),
    source("cercle-horizon-commun", "Cercle Horizon commun", "think-tank", CLOSED,
           listing=ListingRules("https://cercle-horizon-commun.example/publications", "h2 a")),
    source("fonds-tremplin", "Fonds Tremplin", "promoteur", replace(CLOSED, excerpt_chars=0)),
    source("courrier-du-bocage", "Le Courrier du bocage", "presse", CLOSED),
    source("echo-des-rivieres", "L’Écho des rivières", "presse", Rights(full_text="members")),
    source("lettre-fermee", "La Lettre fermée", "presse", CLOSED),
    source("gazette-des-landes", "La Gazette des landes", "presse", CLOSED, enabled=False,
           disabled_reason="le site demande aux robots de ne pas le lire"),
    source("collectif-des-haies", "Collectif des haies", "critique-allie"),
    source("outcomes-review", "Outcomes Review", "international", CLOSED),
    source("office-des-marches", "Office des marchés", "international"),
)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """A store, the site over it, and what tests need to know of both."""

    store: Store
    ports: ArchivePorts
    client: TestClient
    ids: dict[str, int]
    """Article ids by the path of their URL."""
    token: str

    def id(self, path: str) -> int:
        return next(number for known, number in self.ids.items() if known.endswith(path))

    def with_settings(self, **changes: Any) -> TestClient:
        return open_client(replace(self.ports, settings=replace(self.ports.settings, **changes)))


def open_client(ports: ArchivePorts) -> TestClient:
    return TestClient(create_app(ports), base_url="http://archive.test", raise_server_exceptions=False)


def ports_over(store: Store, folder: Path) -> ArchivePorts:
    settings = SiteSettings(
        name="Veille impact social",
        contact="Veille <veille@asso.example>",
        legal="Éditeur : Association d'essai, 1 rue de l'Exemple.\nHébergeur : Machine d'essai <& Cie>.",
        public_url="https://veille.asso.example",
        labels=(
            Label("cis", "Contrats à impact social"),
            Label("iis", "Investissements à impact"),
            Label("marchandisation", "Marchandisation des associations"),
        ),
        sections=(
            Section("impact-social", ("cis",), "Contrats à impact social", "sur les contrats à impact social"),
            Section("impact-social", ("iis",), "Investissements à impact", "sur l’investissement à impact"),
            Section(
                "impact-social", ("marchandisation",), "Marchandisation des associations", "sur la marchandisation"
            ),
        ),
        definitions=(TopicDefinition("impact-social", (HERE / "definition.md").read_text("utf-8"), "cis@3, iis@2"),),
        synonyms=(Synonyms(("contrat à impact social", "contrat à impact"), ("CIS",), "cis"),),
    )
    members = MemberPorts(
        store.sessions, store.proposals, store.captures, store.removals, FolderPost(folder / "connexions"),
        store.members, store.readings, store.searches,
    )  # fmt: skip
    return ArchivePorts(
        store.index, store.articles, store.corrections, store.runs, store.editions, store.subscribers,
        FixedClock(NOW), SOURCES, (Topic("impact-social", "Impact social"),), settings, members,
        JoinPorts(store.joining, FolderJoin(folder / "inscriptions")),
        EditorPorts(Composing(store, SOURCES, NOW), store.drafts, store.reports),
    )  # fmt: skip


def instant(value: datetime | date | None) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.combine(value, time(), PARIS)
    return moment.astimezone(UTC)


def card(row: dict[str, Any], title: str, text: str, offsets: tuple[int, ...]) -> Match:
    field = row.get("field", "text")
    whole = title if field == "title" else text
    start = whole.index(row["form"])
    end = start + len(row["form"])
    cuts = [0, *(match.end() for match in re.finditer(r"[.?!]\s+|\n", whole)), len(whole)]
    first = max(cut for cut in cuts if cut <= start)
    last = min(cut for cut in cuts if cut >= end)
    page = sum(offset <= start for offset in offsets) if field == "text" and offsets else None
    return Match(
        "impact-social", f"{row['label']}-{row['concept']}", "3", row["concept"], row["label"], field, row["form"],
        start, end, whole[first:last].rstrip(), first, row["score"], 0.6, row.get("accepted", True), page,
        tuple(row.get("confirmed_by", ())), tuple(row.get("refuted_by", ())),
    )  # fmt: skip


def fact(row: dict[str, Any], text: str) -> Fact:
    start = text.index(row["form"])
    first = text.rfind("\n", 0, start) + 1
    last = text.find(".", start) + 1
    return Fact(
        row["kind"], row.get("value", ""), row.get("name", ""), row.get("role", ""), row["form"], "text",
        start, start + len(row["form"]), text[first:last], first,
    )  # fmt: skip


def build(row: dict[str, Any], text: str, title: str, seen: datetime) -> tuple[Article, Verdict]:
    text = text.strip()
    offsets = tuple(match.start() for match in re.finditer(r"^", text, re.MULTILINE)) if "pages" in row else ()
    url = canonical(f"https://{row['source']}.example{row['path']}")
    article = Article(
        0, row["source"], url, article_key(url), title, text, seen, row.get("author", ""),
        instant(row.get("published")), row.get("origin", ""), row.get("has_time", False), row.get("language", "fr"),
        offsets, row.get("truncated", False), row.get("media", "html"), row.get("reserved", False),
    )  # fmt: skip
    cards = [card(each, title, text, offsets) for each in row.get("cards", ()) if each["form"] in f"{title}\n{text}"
             and (each.get("field") != "title" or each["form"] in title)]  # fmt: skip
    tags = tuple(Tag("impact-social", label, central, 0.9) for label, central in row["tags"].items())
    facts = tuple(fact(each, text) for each in row.get("facts", ()) if each["form"] in text)
    return article, Verdict(tags, tuple(cards), facts)


def keep(store: Store, row: dict[str, Any], story: int | None = None) -> tuple[int, int]:
    """Store an article and its earlier version, by the doors that the pipeline uses."""
    seen = instant(row["seen"])
    assert seen
    if "previous" in row:
        old = build(row, row["previous"], row["previous_title"], seen - DAY)
        store.articles.keep(*old, Signature(), None, False)
    article, verdict = build(row, row["text"], row["title"], seen)
    store.raw.save(NewPage(row["source"], "article", article.url, article.url, 200, (), b"page", seen))
    waiting = store.queue.pending(1)
    article = replace(article, page_id=waiting[0].id if waiting else 0)
    kept = store.articles.keep(article, verdict, Signature(), story, row.get("backfilled", False))
    if row.get("deleted"):
        for days in (1, 2):
            store.raw.gone(article.url, 404, seen + days * DAY)
    return kept.article_id, kept.story_id


def fill(store: Store) -> dict[str, int]:
    ids: dict[str, int] = {}
    stories: dict[str, int] = {}
    for row in tomllib.loads((HERE / "articles.toml").read_text("utf-8"))["article"]:
        ids[row["path"]], stories[row["path"]] = keep(store, row, stories.get(row.get("story_of", "")))
    return ids


def run(store: Store) -> None:
    """Three passes over the sources: two of them broken, one never read, one repaired."""
    for days, at in enumerate((NOW - 40 * DAY, NOW - DAY, NOW - 3 * timedelta(hours=1))):
        store.runs.start(f"passage-{days}", at)
        for each in SOURCES:
            if not each.enabled or each.slug == "office-des-marches":
                continue
            broken = each.slug == "lettre-fermee" or (each.slug == "fonds-tremplin" and days == 2)
            if not broken:
                store.raw.source_read(each.slug, each.feeds[0], at)
            lost = Visit(at, False, failure_kind="http", failure_reason="la page d'entrée répond 403 (accès refusé)")
            store.runs.close_source(each, lost if broken else Visit(at, True, "feed", each.feeds[0], 3, 3, 1))
        store.runs.finish(f"passage-{days}", RunReport(sources=10), at + timedelta(minutes=2))


def week(number: int) -> Period:
    start = datetime.combine(date.fromisocalendar(2026, number, 1), time(), PARIS)
    end = datetime.combine(date.fromisocalendar(2026, number + 1, 1), time(), PARIS)
    return Period("weekly", f"2026-W{number}", start.astimezone(UTC), end.astimezone(UTC))


def name_of(slug: str) -> str:
    """Editions hold the names of sources, as they were."""
    return next(each.name for each in SOURCES if each.slug == slug)


def entry(store: Store, number: int, label: str, copies: tuple[Copy, ...] = ()) -> Entry:
    article = store.articles.article(number)
    assert article
    best = next(each for each in article.matches if each.accepted and each.field == "text")
    sentence = Excerpt(best.sentence, (Span(best.start - best.sentence_start, best.end - best.sentence_start),))
    return Entry(
        article.story_id, article.id, article.title, article.url, name_of(article.source), "presse", article.published,
        article.first_seen, (label,), any(tag.central for tag in article.tags), sentence,
        f"Parce qu'on y lit « {best.form} » : c'est le sujet de la veille.", best.score, copies, best.page,
        article.truncated,
    )  # fmt: skip


def publish(store: Store, ids: dict[str, int]) -> None:
    press = next(number for path, number in ids.items() if "412" in path)
    copy = Copy(name_of("echo-des-rivieres"), "https://echo-des-rivieres.example/2026/11/investisseurs-associations")
    notice = SourceNotice("La Lettre fermée", "la page d'entrée répond 403 (accès refusé)")
    entries = (
        entry(store, ids["/actualites/appel-logement"], "cis"),
        entry(store, press, "cis", (copy,)),
        entry(store, ids["/publications/rapport-finance-utile.pdf"], "iis"),
    )
    body = Body("sujet", "texte", "<p>html du courriel</p>")
    full = Edition(week(47), NOW - 2 * DAY, entries, 10, (notice,), ("cis@3",))
    empty = Edition(week(46), NOW - 9 * DAY, (), 10, state="empty")
    alert = Edition(replace(week(45), series="alert-12"), NOW - 9 * DAY, ())
    for each, state in ((full, "sent"), (empty, "empty"), (alert, "sent")):
        frozen = store.editions.freeze(each, body)
        assert frozen.id
        store.editions.set_state(frozen.id, state)


def filled(folder: Path) -> Iterator[Archive]:
    names = {each.slug: (each.name, str(each.category)) for each in SOURCES}
    with open_store(f"sqlite:///{folder / 'veille.db'}", folder, sources=names, durable=False) as store:
        ids = fill(store)
        run(store)
        publish(store, ids)
        reader = store.subscribers.add("lectrice@asso.example", "person", NOW - 30 * DAY)
        store.subscribers.add("groupe@listes.example", "list", NOW, unsubscribe="https://listes.example/partir")
        ports = ports_over(store, folder)
        with open_client(ports) as client:
            yield Archive(store, ports, client, ids, reader.token)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with (
        open_store(f"sqlite:///{tmp_path / 'vide.db'}", tmp_path) as store,
        open_client(ports_over(store, tmp_path)) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Shared by the tests that only read."""
    yield from filled(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Archive]:
    """For the tests that change something."""
    yield from filled(tmp_path)


@pytest.fixture(scope="session")
def open_over() -> Callable[[ArchivePorts], TestClient]:
    return open_client


@pytest.fixture(scope="session")
def keep_article() -> Callable[..., tuple[int, int]]:
    return keep


@pytest.fixture(scope="session")
def trapped_archive() -> Callable[..., Iterator[Archive]]:
    """An archive of the articles that have these titles, and no other."""

    def opened(folder: Path, titles: tuple[str, ...]) -> Iterator[Archive]:
        with open_store(f"sqlite:///{folder / 'veille.db'}", folder, durable=False) as store:
            ids = {}
            for number, title in enumerate(titles):
                row = {"source": "agence-des-toits", "path": f"/{number}", "title": title, "text": title,
                       "seen": NOW, "tags": {}, "author": title}  # fmt: skip
                ids[row["path"]] = keep(store, row)[0]
            with open_client(ports_over(store, folder)) as client:
                yield Archive(store, ports_over(store, folder), client, ids, "")

    return opened


@dataclass(frozen=True)
class Web:
    """The site served on loopback without a public address, as `veille web` first is, and one member of each role."""

    archive: Archive
    port: int
    post: FolderPost

    def browser(self, **values: Any) -> Browser:
        return Browser(self.port, **values)

    def as_(self, role: str) -> Browser:
        """A browser signed in; a visitor's for `visitor`."""
        browser = self.browser()
        if role != "visitor":
            token = self.archive.store.sessions.invite(f"{role}@asso.example", "", NOW)
            opened = self.archive.store.sessions.sign_in(token or "", "Firefox, Linux", NOW)
            assert opened
            browser.cookies["veille"] = opened.token
        return browser


@pytest.fixture
def web(fresh: Archive) -> Iterator[Web]:
    for role in ROLES:
        fresh.store.members.add(f"{role}@asso.example", f"Essai {role}", role, NOW, "command")
    ports = replace(fresh.ports, settings=replace(fresh.ports.settings, public_url=""))
    with serving(ports) as port:
        yield Web(fresh, port, ports.members.post)
