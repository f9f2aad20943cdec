"""config.toml → frozen settings; every mistake is one French sentence with its line and its key."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ConfigError
from core.sources import CrawlSettings, Source, Topic
from veille import config_errors, config_sources

if TYPE_CHECKING:
    from veille.config_model import ConfigFile, MailTable, TopicTable

VERSION = "0.1"


@dataclass(frozen=True, slots=True)
class Digest:
    day: str
    hour: int
    max_entries: int


@dataclass(frozen=True, slots=True)
class Mail:
    backend: str
    folder: Path
    host: str
    port: int
    tls: str
    user: str
    rate: int
    domain_rate: int
    on_unknown: str
    sender: str
    bounces: str
    maildir: Path | None
    """Where the mails to `bounces` are delivered, when the timer should read them."""
    dkim_selector: str
    dkim_key: Path | None
    maintainers: tuple[str, ...]
    """Who is told when a source breaks or a sending stops."""


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration; paths are absolute, secrets are not in it, save in the database's address."""

    path: Path
    name: str
    timezone: str
    database: str = field(repr=False)
    data: Path
    contact: str
    crawl: CrawlSettings
    public_url: str
    listen: str
    legal: str
    digest: Digest
    mail: Mail
    topics: tuple[Topic, ...]
    """Those that are followed, the main one first."""
    topics_off: tuple[Topic, ...]
    sources: tuple[Source, ...]

    @property
    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.enabled)


def load(path: Path) -> Config:
    """Read and check a configuration; raises ConfigError with one French sentence."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"Le fichier de configuration {path} n'existe pas.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Le fichier de configuration {path} ne peut pas être lu : {error}.") from None
    return _settings(check(text, path.name), path.resolve())


def check(text: str, name: str) -> ConfigFile:
    """A text that could be a whole configuration, read and checked; raises ConfigError with one French sentence."""
    model = parse(text, name)
    config_sources.check(model, text, name)
    return model


def thrown_away(config: Config, folder: Path) -> Config:
    """The same configuration, keeping its data in a folder that will be thrown away."""
    return replace(config, database=f"sqlite:///{folder / 'essai.db'}", data=folder)


def parse(text: str, name: str) -> ConfigFile:
    """TOML text → validated model; raises ConfigError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(config_errors.syntax(str(error), text, name)) from None
    # pydantic takes a tenth of a second to import: only commands that read a configuration pay for it.
    from pydantic import ValidationError

    from veille.config_model import ConfigFile

    try:
        return ConfigFile.model_validate(table)
    except ValidationError as error:
        raise ConfigError(config_errors.explain(error.errors()[0], text, name)) from None


def _database(url: str, root: Path) -> str:
    """The environment's URL first; a relative SQLite path is taken from the configuration's folder.

    Raises ConfigError when config.toml holds a password: secrets come from the environment alone.
    """
    from db import postgres

    chosen = secret("VEILLE_DATABASE_URL")
    if not chosen and postgres.is_postgres(url) and postgres.has_password(url):
        raise ConfigError(
            "[veille] database : un mot de passe ne s'écrit pas dans config.toml ; donnez-le dans "
            "VEILLE_DATABASE_PASSWORD, ou toute l'adresse dans VEILLE_DATABASE_URL."
        )
    url = chosen or url
    if postgres.is_postgres(url):
        return postgres.with_password(url, secret("VEILLE_DATABASE_PASSWORD"))
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/"):
        return prefix + str(root / url.removeprefix(prefix))
    return url


def _settings(model: ConfigFile, path: Path) -> Config:
    root, crawl, mail = path.parent, model.crawl, model.mail
    agent = f"veille/{VERSION} (+{model.web.public_url or 'mailto:' + model.veille.contact}; {model.veille.contact})"
    return Config(
        path=path,
        name=model.veille.name,
        timezone=model.veille.timezone,
        database=_database(model.veille.database, root),
        data=root / model.veille.data,
        contact=model.veille.contact,
        crawl=CrawlSettings(
            user_agent=agent,
            delay=crawl.delay,
            timeout=crawl.timeout,
            revisit=tuple(sorted(crawl.revisit)),
            allowed_private_hosts=tuple(crawl.allowed_private_hosts),
            max_pages=crawl.max_pages,
            max_new=crawl.max_new,
        ),
        public_url=model.web.public_url,
        listen=model.web.listen,
        legal=model.web.legal,
        digest=Digest(model.digest.day, model.digest.hour, model.digest.max_entries),
        mail=_mail(mail, root),
        topics=tuple(_topic(t, root) for t in model.topic if t.enabled),
        topics_off=tuple(_topic(t, root) for t in model.topic if not t.enabled),
        sources=tuple(config_sources.source(table) for table in model.source),
    )


def _topic(table: TopicTable, root: Path) -> Topic:
    """A topic; its folder is the group's own, beside the configuration, when there is one."""
    own = root / "topics" / table.slug
    return Topic(table.slug, table.name, own if own.is_dir() else None, table.central_from)


def _mail(mail: MailTable, root: Path) -> Mail:
    places = {
        name: root / value if (value := getattr(mail, name)) else None for name in ("folder", "maildir", "dkim_key")
    }
    return Mail(**{**mail.model_dump(), **places, "maintainers": tuple(mail.maintainers)})


def secret(name: str) -> str:
    """A secret from the environment: NAME, else what the file named by NAME_FILE holds; empty when neither is set."""
    if value := os.environ.get(name):
        return value
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE ne peut pas être lu : {error.strerror}.") from None
    return ""


def chosen_time() -> datetime | None:
    """The instant set by VEILLE_NOW (ISO 8601, with its zone), None when the clock is the system's."""
    value = os.environ.get("VEILLE_NOW")
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise ConfigError(
            f"VEILLE_NOW vaut {value!r} ; date ISO 8601 attendue, comme 2026-11-23T08:00:00+01:00."
        ) from None
    return instant if instant.tzinfo else instant.astimezone()
