"""The composition root: the only file that knows every room, and joins them."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.clock import FixedClock, SystemClock
from core.errors import ConfigError
from veille import config as configuration
from veille import config_sources
from veille.config import Config

if TYPE_CHECKING:
    from alerts.settings import MailSettings
    from core.mailing import Channel, Renderer
    from core.pages import Failure
    from core.ports import Classifier, Clock, Collector, SearchIndex
    from core.sources import Source, SourceState
    from core.topics import Description
    from crawlers.job import Errand
    from crawlers.runner import ScrapyCollector
    from db.search import Index
    from db.store import Store
    from pipeline.deliver import Post
    from pipeline.run import Ports

CRAWL_SECONDS = 6 * 3600
"""Longest a crawl may last before it is ended; what it brought is kept."""

SECRET_LENGTH = 20
"""Characters of a key at least: what a person draws at random, in letters and digits, is then 100 bits or more."""


class House:
    """A configuration and what it opens, each room on first use; close it when done.

    `scratch`: a folder that takes the place of the database and of the raw pages, for trials.
    """

    def __init__(self, path: Path, scratch: Path | None = None) -> None:
        self.config: Config = configuration.load(path)
        self.scratch = scratch
        if scratch is not None:
            self.config = configuration.thrown_away(self.config, scratch)
        chosen = configuration.chosen_time()
        self.simulated = chosen is not None
        self.clock: Clock = FixedClock(chosen.astimezone(UTC)) if chosen else SystemClock()
        self.zone = ZoneInfo(self.config.timezone)
        self._store: Store | None = None
        self._index: Index | None = None

    @property
    def store(self) -> Store:
        if self._store is None:
            from db.store import open_store

            self.config.data.mkdir(parents=True, exist_ok=True)
            self._store = open_store(
                self.config.database,
                self.config.data,
                revisit=self.config.crawl.revisit,
                sources=self._named_sources,
            )
        return self._store

    def states(self) -> dict[str, SourceState]:
        """What is known of every source; asking makes no database where there is none yet."""
        from db.reader import is_there

        known = self._store is not None or is_there(self.config.database)
        return self.store.runs.states() if known else {}

    @property
    def index(self) -> SearchIndex:
        """The search, by a shorter way than the store's when the database is ready."""
        if self._index is None:
            from db.search import open_index

            self._index = open_index(self.config.database, self._named_sources)
        return self._index or self.store.index

    @property
    def _named_sources(self) -> dict[str, tuple[str, str]]:
        return {source.slug: (source.name, source.category) for source in self.sources.values()}

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
        if self._store is not None:
            self._store.close()

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---------------------------------------------------------------- rooms

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Whatever an article may come from: the sources of the configuration, and what people add."""
        return {config_sources.BY_HAND.slug: config_sources.BY_HAND} | {each.slug: each for each in self.config.sources}

    @property
    def by_hand(self) -> Source:
        """The source of articles that are nobody else's; a block of that slug may give it other rights."""
        return self.sources[config_sources.BY_HAND.slug]

    def source_name(self, slug: str) -> str:
        """The name of a source; its slug when it has left the configuration."""
        return self.sources[slug].name if slug in self.sources else slug

    def day_start(self, day: datetime) -> datetime:
        """The beginning of a day as typed, here, in UTC."""
        return day.replace(tzinfo=self.zone).astimezone(UTC)

    @cached_property
    def classifier(self) -> Classifier:
        from classifiers import build

        _ = self.descriptions  # what readers will be told of the tags is checked with the rules
        return build(self.config.topics)

    def tagger(self, slug: str = "") -> Classifier:
        """What tags and reads no fact, for the topics that are followed, or for one, enabled or not.

        Raises ConfigError when the configuration does not know it.
        """
        from classifiers import build

        if not slug:
            _ = self.descriptions
            return build(self.config.topics, with_facts=False)
        topics = {topic.slug: topic for topic in (*self.config.topics, *self.config.topics_off)}
        if slug not in topics:
            raise ConfigError(f"Le sujet « {slug} » n'est pas dans {self.config.path.name} ({', '.join(topics)}).")
        return build([topics[slug]], with_facts=False)

    @cached_property
    def descriptions(self) -> tuple[Description, ...]:
        """What readers are told of each topic, in order; raises TopicError."""
        from veille.topics import descriptions

        return descriptions(self.config.topics)

    @cached_property
    def renderer(self) -> Renderer:
        from alerts.render import MailRenderer

        return MailRenderer(self.mail_settings)

    @cached_property
    def mail_settings(self) -> MailSettings:
        from alerts.settings import MailSettings
        from veille.topics import summary

        config = self.config
        return MailSettings(
            name=config.name,
            sender=config.mail.sender,
            contact=config.contact,
            public_url=config.public_url,
            timezone=config.timezone,
            topics=tuple(topic.name for topic in config.topics),
            slugs=tuple(topic.slug for topic in config.topics),
            definition=" ".join(summary(description.text) for description in self.descriptions),
            max_entries=config.digest.max_entries,
            bounces=config.mail.bounces,
            bounce_secret=self.bounce_secret,
            sections=tuple(section for description in self.descriptions for section in description.sections),
            acronyms=tuple(acronym for description in self.descriptions for acronym in description.acronyms),
        )

    @cached_property
    def bounce_secret(self) -> str:
        """The key of return addresses, empty when none is set; raises ConfigError on one that could be guessed."""
        secret = configuration.secret("VEILLE_BOUNCE_SECRET")
        if secret and len(secret) < SECRET_LENGTH:
            raise ConfigError(f"VEILLE_BOUNCE_SECRET est trop court : {SECRET_LENGTH} caractères au moins.")
        return secret

    def channel(self) -> Channel:
        """The configured way out; refuses what could reach a real person while the clock is simulated."""
        from alerts import CHANNELS
        from alerts.dkim import SigningChannel, load
        from alerts.settings import ChannelSettings

        mail = self.config.mail
        if mail.backend == "smtp" and self.simulated and not is_loopback(mail.host):
            raise ConfigError("VEILLE_NOW est réglé : les mails ne partent que vers cette machine ou un dossier.")
        if mail.backend == "smtp" and mail.bounces and not self.bounce_secret:
            raise ConfigError("[mail] bounces demande une clé pour ses adresses de retour : VEILLE_BOUNCE_SECRET.")
        domain = mail.sender.rsplit("@", 1)[-1].rstrip("> ")
        password = configuration.secret("VEILLE_SMTP_PASSWORD")
        channel = CHANNELS[mail.backend](
            ChannelSettings(
                folder=mail.folder,
                host=mail.host,
                port=mail.port,
                tls=mail.tls,  # type: ignore[arg-type]
                user=mail.user,
                password=password,
                # A server of this machine keeps its own pace with the others.
                rate=0 if is_loopback(mail.host) else mail.rate,
                domain_rate=0 if is_loopback(mail.host) else mail.domain_rate,
                helo=domain,
            )
        )
        if mail.backend != "smtp" or not (mail.dkim_key or mail.dkim_selector):
            return channel
        if not (mail.dkim_key and mail.dkim_selector):
            raise ConfigError("[mail] dkim_selector et dkim_key vont ensemble : remplissez les deux, ou aucun.")
        return SigningChannel(channel, load(mail.dkim_key, domain, mail.dkim_selector))

    def post(self, channel: Channel, stopping: Callable[[], bool]) -> Post:
        from pipeline.deliver import Post

        return Post(
            ledger=self.store.editions,
            subscribers=self.store.subscribers,
            renderer=self.renderer,
            channel=channel,
            clock=self.clock,
            on_unknown=self.config.mail.on_unknown,  # type: ignore[arg-type]
            returns=self.store.returns,
            stopping=stopping,
        )

    def _crawl_died(self, failure: Failure) -> None:
        self.store.raw.fail(failure, self.clock.now())

    def collector(self, errand: Errand = "collect", addresses: Sequence[str] = (), **settings: Any) -> ScrapyCollector:
        """What starts the crawl child; `settings` change those of the configuration (`core.sources.CrawlSettings`)."""
        from crawlers.runner import ScrapyCollector

        command = [sys.executable, "-m", "veille.crawl_child", "--config", str(self.config.path)]
        if self.scratch is not None:
            command += ["--scratch", str(self.scratch)]
        return ScrapyCollector(
            command,
            replace(self.config.crawl, **settings),
            self.clock.now(),
            CRAWL_SECONDS,
            errand=errand,
            addresses=addresses,
            failed=self._crawl_died,
        )

    @contextmanager
    def run_ports(self, collector: Collector | None = None) -> Iterator[Ports]:
        """What a run needs, its extraction processes started; they end with the context."""
        from classifiers import build
        from pipeline.extract import ProcessExtractor
        from pipeline.judge import ProcessJudge
        from pipeline.run import Ports

        judge = ProcessJudge(self.classifier, partial(build, self.config.topics))
        # A trial reads a few pages: starting more processes than one costs more than it saves.
        workers = 1 if self.scratch is not None else min(os.cpu_count() or 1, 4)
        with ProcessExtractor(workers, self.classifier.gate, self.store.samples) as extractor, judge:
            yield Ports(
                collector=collector or self.collector(),
                extractor=extractor,
                judge=judge,
                queue=self.store.queue,
                articles=self.store.articles,
                runs=self.store.runs,
                clock=self.clock,
            )


def is_loopback(host: str) -> bool:
    """True for an address of this machine's loopback; a name other than localhost is not believed."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
