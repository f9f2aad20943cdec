"""One edition with everything that can go wrong in a title, a link or a passage, and people to send it to."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest

from alerts.render import MailRenderer
from alerts.settings import MailSettings
from core.editions import Copy, Edition, Entry, Message, Period, SourceNotice, Subscriber
from core.search import Excerpt, Span
from core.topics import Section

PARIS = ZoneInfo("Europe/Paris")
TOKEN = "3f9c1b7ae4d24e0fb8a5c6d7e8f90123"
INJECTION = "=?utf-8?q?a=0aBcc:_evil@example.com?="
HOSTILE_TITLES = (
    "<script>alert(1)</script> & <b>gras</b>",
    "Un titre\r\nBcc: victime@exemple.fr\r\n\r\ncorps",
    INJECTION,
    "\u202eeltit nu\u202c caché\u200b ici\u2066",
    "Impact 🎯 : des contrats 👩‍👩‍👧 pour tous !",
    "Très long titre de communiqué " * 20,
    "Prix\u00a0: 12,5\u00a0M€ – l’« impact » coûte-t-il cher\u00a0?",
    "Motinterminable" * 20,
    "{{ 7 * 7 }} {% raise %} ${jndi:x}",
    "<!--veille:pied--> \u2063\u2064 <!--veille:haut-->",
    "عقد الأثر الاجتماعي في فرنسا",
    "\x00\x07Nul\ud800 et sonnerie\x1b[31m",
    ".\r\n.\r\nQUIT",
    "",
)
URLS = (
    "https://www.exemple.fr/article?x=1&y=<script>",
    "javascript:alert(1)",
    "https://www.exemple.fr/a b\r\nBcc: x",
    "https://utilisateur:secret@exemple.fr/",
    "https://www.exemple.fr/?Page11",
    "https://été.exemple.fr/l’article-à-lire",
    "data:text/html,<script>alert(1)</script>",
)
QUOTE = "Le ministère a signé mardi un contrat à impact social de 1,5 million d’euros, structuré par BNP Paribas."


def quote(text: str = QUOTE, word: str = "contrat à impact social") -> Excerpt:
    start = text.find(word)
    return Excerpt(text, (Span(start, start + len(word)),) if start >= 0 else ())


def plain_entry(number: int, **changes: object) -> Entry:
    """An ordinary press article of the week; `changes` replaces fields."""
    entry = Entry(
        story_id=number,
        article_id=number,
        title=f"Article ordinaire numéro {number}",
        url=f"https://www.exemple.fr/articles/{number}",
        source="Carenews",
        category="presse",
        published=datetime(2026, 3, 17, 9, 30, tzinfo=UTC),
        first_seen=datetime(2026, 3, 18, 4, 0, tzinfo=UTC),
        labels=("cis",),
        central=True,
        excerpt=quote(),
        why="« contrat à impact social » dans le titre et deux fois dans le texte",
        score=1.0,
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def week(first: datetime = datetime(2026, 3, 16, tzinfo=PARIS)) -> Period:
    year, number, _ = first.isocalendar()
    return Period("weekly", f"{year}-W{number:02d}", first, first + timedelta(days=7))


def edition_of(*entries: Entry, **changes: object) -> Edition:
    edition = Edition(
        period=week(),
        composed_at=datetime(2026, 3, 23, 7, 0, tzinfo=UTC),
        entries=entries,
        sources_read=1250,
        notices=(
            SourceNotice("Le Monde", "la page demande une connexion"),
            SourceNotice("La Croix", "la page demande une connexion"),
            SourceNotice("<i>Banque</i>", "délai dépassé"),
        ),
    )
    return replace(edition, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as it is read: its text part with plain line ends, its parsed page, the words of both."""

    text: str
    page: lxml.html.HtmlElement

    @property
    def words(self) -> tuple[str, str]:
        return plain_words(self.text), plain_words(self.page.text_content())


def plain_words(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def read_mail(message: Message) -> Reading:
    parsed = email.message_from_bytes(message.content, policy=email.policy.default)
    text, html = (part.get_content().replace("\r\n", "\n") for part in parsed.iter_parts())
    return Reading(text, lxml.html.document_fromstring(html))


@pytest.fixture(scope="session")
def read() -> Callable[[Message], Reading]:
    return read_mail


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., Entry]:
    return plain_entry


@pytest.fixture(scope="session")
def make_edition() -> Callable[..., Edition]:
    return edition_of


@pytest.fixture(scope="session")
def hostile_titles() -> tuple[str, ...]:
    return HOSTILE_TITLES


@pytest.fixture(scope="session")
def tricky() -> Edition:
    """25 entries: hostile titles and links, copies, PDF page, undated, truncated, every section."""
    labels = (("cis",), ("iis", "cis"), ("iis",), ("marchandisation",), ("inconnu",))
    categories = ("presse", "ministere", "think-tank", "promoteur", "critique-allie", "parlement", "international")
    entries = [
        plain_entry(
            number,
            title=HOSTILE_TITLES[number] if number < len(HOSTILE_TITLES) else f"Article numéro {number} de la semaine",
            url=URLS[number] if number < len(URLS) else f"https://www.exemple.fr/articles/{number}",
            labels=labels[number % len(labels)],
            category=categories[number % len(categories)],
            central=number % 6 != 5,
            excerpt=quote(HOSTILE_TITLES[number] * 2) if number < 9 else quote(),
        )
        for number in range(25)
    ]
    entries[1] = replace(
        entries[1], copies=tuple(Copy(f"Titre {n} <b>", f"https://t{n}.exemple.fr/x") for n in range(8))
    )
    entries[2] = replace(entries[2], copies=(Copy("Mauvais lien", "javascript:alert(2)"),))
    entries[9] = replace(entries[9], page=3, url="https://www.exemple.fr/rapport.pdf")
    entries[10] = replace(entries[10], published=None)
    entries[12] = replace(entries[12], truncated=True)
    entries[13] = replace(entries[13], excerpt=Excerpt("court", (Span(2, 99), Span(-4, 2), Span(1, 3), Span(2, 4))))
    entries[14] = replace(entries[14], excerpt=Excerpt(""), why="")
    return edition_of(*entries)


@pytest.fixture(scope="session")
def settings() -> MailSettings:
    return MailSettings(
        name="Veille impact social",
        sender="Veille impact social <veille@asso.example>",
        contact="contact@asso.example",
        public_url="https://veille.asso.example",
        topics=("Contrats à impact social",),
        definition="Contrat à impact social : des investisseurs avancent l’argent d’un projet, l’État les rembourse.",
        bounces="bounces@asso.example",
        sections=(
            Section("impact-social", ("cis",), "Contrats à impact social", "sur les contrats à impact social"),
            Section("impact-social", ("iis",), "Investissements à impact", "sur l’investissement à impact"),
            Section(
                "impact-social", ("marchandisation",), "Marchandisation des associations", "sur la marchandisation"
            ),
        ),
    )


@pytest.fixture(scope="session")
def renderer(settings: MailSettings) -> MailRenderer:
    return MailRenderer(settings)


@pytest.fixture(scope="session")
def person() -> Subscriber:
    return Subscriber(7, "jeanne.martin@exemple.fr", "person", TOKEN, datetime(2026, 3, 2, 23, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def mailing_list() -> Subscriber:
    return Subscriber(
        id=8,
        address="groupe@listes.asso.example",
        kind="list",
        token="",
        since=datetime(2026, 3, 3, tzinfo=UTC),
        unsubscribe="https://listes.asso.example/sympa/sigrequest/groupe",
        sender="Collectif des associations <secretariat@asso.example>",
    )
