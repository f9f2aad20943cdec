"""What the site needs from outside, in one value that `veille/wiring.py` fills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.corrections import CorrectionStore
from core.drafts import Composer, DraftStore
from core.joining import JoinPost, JoinStore
from core.mailing import EditionLedger, SubscriberStore
from core.members import CaptureStore, PeopleStore, ProposalStore, ReadingStore, RemovalStore, SessionStore, SignInPost
from core.ports import ArticleStore, Clock, RunStore, SearchIndex
from core.reports import ReportStore
from core.saved import SavedSearchStore
from core.sources import Source, Topic
from core.synonyms import Synonyms
from core.topics import Label, Section


@dataclass(frozen=True, slots=True)
class TopicDefinition:
    """What a topic means, in the group's own words: Markdown or plain text, shown on the topic page."""

    topic: str
    """Slug of the topic."""
    text: str
    version: str = ""
    """Rule versions in force, or any mark of the definition's age."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    name: str
    contact: str
    """Where to write to the group: an address or `Nom <adresse>`."""
    public_url: str = ""
    """Where readers reach the site; its path, if any, prefixes every link. Empty: as asked."""
    labels: tuple[Label, ...] = ()
    sections: tuple[Section, ...] = ()
    """Of past editions, in their order."""
    definitions: tuple[TopicDefinition, ...] = ()
    legal: str = ""
    """Who publishes and who hosts, one line each, as the law asks of a public site (LCEN, article 1-1)."""
    synonyms: tuple[Synonyms, ...] = ()
    """Names of one thing, that searches add to each other."""
    stale_after: timedelta = timedelta(days=3)
    """Age of the last finished run from which `/sante` answers 503."""


@dataclass(frozen=True, slots=True)
class MemberPorts:
    """What serves those who sign in."""

    sessions: SessionStore
    proposals: ProposalStore
    captures: CaptureStore
    removals: RemovalStore
    post: SignInPost
    people: PeopleStore
    readings: ReadingStore
    searches: SavedSearchStore


@dataclass(frozen=True, slots=True)
class JoinPorts:
    """What serves those who subscribe by themselves."""

    store: JoinStore
    post: JoinPost


@dataclass(frozen=True, slots=True)
class EditorPorts:
    """What serves those who prepare an edition."""

    composer: Composer
    drafts: DraftStore
    reports: ReportStore


@dataclass(frozen=True, slots=True)
class ArchivePorts:
    """The stores are asked from several threads at once."""

    index: SearchIndex
    articles: ArticleStore
    corrections: CorrectionStore
    runs: RunStore
    editions: EditionLedger
    subscribers: SubscriberStore
    clock: Clock
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    settings: SiteSettings
    members: MemberPorts
    joining: JoinPorts
    editing: EditorPorts
