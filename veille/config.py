"""config.toml → frozen settings; every mistake is one French sentence with its line and its key."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError
from core.sources import ApiRules, CrawlSettings, ListingRules, Rights, Source, Topic
from veille.config_lines import key_lines, locate

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from veille.config_model import ConfigFile, SourceTable

VERSION = "0.1"
_OFFICIAL = {"ministere", "agence", "parlement", "journal-officiel", "international"}


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
    on_unknown: str
    sender: str
    bounces: str


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration; paths are absolute, secrets are not in it."""

    path: Path
    name: str
    timezone: str
    database: str
    data: Path
    contact: str
    crawl: CrawlSettings
    public_url: str
    listen: str
    digest: Digest
    mail: Mail
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]

    @property
    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.enabled)


def load(path: Path) -> Config:
    """Read and check a configuration; raises ConfigError with one French sentence."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"Le fichier de configuration {path} n'existe pas.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Le fichier de configuration {path} ne peut pas être lu : {error}.") from None
    model = parse(text, path.name)
    _check_sources(model, text, path.name)
    return _settings(model, path.resolve())


def parse(text: str, name: str) -> ConfigFile:
    """TOML text → validated model; raises ConfigError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(str(error), text, name)) from None
    # pydantic takes a tenth of a second to import: only commands that read a configuration pay for it.
    from pydantic import ValidationError

    from veille.config_model import ConfigFile

    try:
        return ConfigFile.model_validate(table)
    except ValidationError as error:
        raise ConfigError(_explain(error.errors()[0], text, name)) from None


def _syntax(message: str, text: str, name: str) -> str:
    at = re.search(r"at line (\d+), column (\d+)", message)
    line = int(at[1]) if at else len(text.splitlines())
    known = {
        "Cannot overwrite a value": "la clé est donnée deux fois",
        "Cannot declare": "la table est déclarée deux fois",
        "Unclosed": "un crochet ou une accolade n'est pas fermé",
        "Unterminated string": "un guillemet n'est pas fermé",
        "Illegal character": "un caractère interdit, souvent un guillemet non fermé",
        "Expected '='": "il manque un « = » après la clé",
        "Invalid value": "la valeur n'est pas valable (un texte se met entre guillemets)",
        "Expected newline": "il y a quelque chose en trop à la fin de la ligne",
        "Invalid statement": "la ligne n'est ni une table ni une clé",
        "Invalid initial character": "la ligne commence par un caractère interdit",
    }
    reason = next(
        (french for english, french in known.items() if english in message), "la syntaxe TOML n'est pas valable"
    )
    return f"{name}, ligne {line} : {reason}."


_MESSAGES = {
    "extra_forbidden": "la clé « {key} » est inconnue",
    "missing": "la clé « {key} » manque",
    "string_type": "« {key} » doit être un texte entre guillemets",
    "int_type": "« {key} » doit être un nombre entier",
    "int_parsing": "« {key} » doit être un nombre entier",
    "int_from_float": "« {key} » doit être un nombre entier",
    "float_type": "« {key} » doit être un nombre",
    "float_parsing": "« {key} » doit être un nombre",
    "bool_type": "« {key} » doit être true ou false",
    "bool_parsing": "« {key} » doit être true ou false",
    "list_type": "« {key} » doit être une liste, entre crochets",
    "model_type": "« {key} » doit être une table",
    "string_too_short": "« {key} » ne peut pas être vide",
    "string_too_long": "« {key} » est trop long",
    "too_short": "il faut au moins une table [[{key}]]",
    "literal_error": "« {key} » vaut {input} ; valeurs possibles : {expected}",
    "string_pattern_mismatch": "« {key} » vaut {input} ; minuscules sans accent, chiffres et tirets seulement",
    "greater_than_equal": "« {key} » vaut {input} ; au moins {ge}",
    "greater_than": "« {key} » vaut {input} ; plus de {gt}",
    "less_than_equal": "« {key} » vaut {input} ; au plus {le}",
    "value_error": "« {key} » vaut {input} : {error}",
}


def _explain(error: ErrorDetails, text: str, name: str) -> str:
    path = [part for part in error["loc"] if not (isinstance(part, str) and "[" in part)]
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "?")
    context: dict[str, Any] = dict(error.get("ctx") or {})
    template = _MESSAGES.get(error["type"], "« {key} » n'est pas valable")
    shown = repr(error["input"])
    expected = str(context.pop("expected", "")).replace(" or ", ", ").replace("'", "")
    context.pop("input", None)
    reason = template.format(
        key=key, input=shown if len(shown) < 80 else shown[:77] + "…", expected=expected, **context
    )
    line = locate(key_lines(text), path)
    where = f"ligne {line}" if line else "fichier"
    return f"{name}, {where} : {reason}{_table(path)}."


def _table(path: list[str | int]) -> str:
    if len(path) > 1 and isinstance(path[0], str):
        number = f" n° {path[1] + 1}" if isinstance(path[1], int) else ""
        return f" (dans {'[[' if number else '['}{path[0]}{']]' if number else ']'}{number})"
    return ""


def _check_sources(model: ConfigFile, text: str, name: str) -> None:
    lines = key_lines(text)
    for kind, slugs in (("source", [s.slug for s in model.source]), ("topic", [t.slug for t in model.topic])):
        for slug, count in Counter(slugs).items():
            if count > 1:
                second = [i for i, value in enumerate(slugs) if value == slug][1]
                line = locate(lines, (kind, second, "slug"))
                raise ConfigError(
                    f"{name}, ligne {line} : « slug » {slug!r} est déjà pris par une autre table [[{kind}]]."
                )
    for index, source in enumerate(model.source):
        if not (source.feed or source.sitemap or source.listing or source.api) and source.enabled:
            line = locate(lines, ("source", index))
            raise ConfigError(
                f"{name}, ligne {line} : la source {source.slug!r} n'a aucune entrée ; "
                "il faut « feed », « sitemap », [source.listing] ou [source.api]."
            )


def _source(table: SourceTable) -> Source:
    official = table.category in _OFFICIAL
    given = table.rights
    rights = Rights(
        excerpt_chars=200 if given.excerpt_chars is None else given.excerpt_chars,
        full_text=given.full_text or ("public" if official else "nobody"),
        keep_days=given.keep_days if given.keep_days is not None or official else 90,
    )
    listing, api = table.listing, table.api
    return Source(
        slug=table.slug,
        name=table.name,
        category=table.category,
        url=table.url,
        feeds=tuple(table.feed),
        sitemaps=tuple(table.sitemap),
        listing=ListingRules(**{**listing.model_dump(), "exclude": tuple(listing.exclude)}) if listing else None,
        api=ApiRules(**api.model_dump()) if api else None,
        every=table.every,
        enabled=table.enabled,
        disabled_reason=table.disabled_reason,
        keywords=tuple(table.keywords),
        fetch=table.fetch,
        rights=rights,
    )


def _database(url: str, root: Path) -> str:
    """The environment's URL first; a relative SQLite path is taken from the configuration's folder."""
    url = secret("VEILLE_DATABASE_URL") or url
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
        digest=Digest(model.digest.day, model.digest.hour, model.digest.max_entries),
        mail=Mail(**{**mail.model_dump(), "folder": root / mail.folder}),
        topics=tuple(Topic(t.slug, t.name) for t in model.topic),
        sources=tuple(_source(table) for table in model.source),
    )


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
