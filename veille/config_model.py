"""The shape of config.toml, table by table; `config.schema.json` is made from it."""

from __future__ import annotations

import ipaddress
import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.expressions import complaint
from core.sources import Audience, Category, FetchPolicy, Mining

_DURATION = re.compile(r"^(\d+)\s*(min|h|d|w)$")
_UNITS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"


def duration(value: Any) -> timedelta:
    """`30min`, `6h`, `3d`, `1w` → timedelta; raises ValueError with a French sentence."""
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("durée attendue, comme « 30min », « 6h », « 3d » ou « 1w »")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # its own words are English
        good = False
    if not good:
        raise ValueError("adresse en http:// ou https:// attendue")
    return value


def _optional_web_address(value: str) -> str:
    return _web_address(value).rstrip("/") if value else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("fuseau horaire inconnu ; par exemple « Europe/Paris »") from None
    return value


def _literal_host(value: str) -> str:
    address, _, port = value.rpartition(":")
    try:
        ipaddress.ip_address(address.strip("[]"))
        if not 0 < int(port) < 65_536:
            raise ValueError
    except ValueError:
        raise ValueError("« adresse:port » littéral attendu, comme « 127.0.0.2:8800 » ; ni nom ni plage") from None
    return value


def _waking_hour(value: int) -> int:
    if 1 <= value < 4:
        raise ValueError("entre 1 h et 4 h, l'heure d'été peut sauter ou doubler l'envoi : choisissez une autre heure")
    return value


def _mailbox(value: str) -> str:
    if not re.search(r"[^\s<>@]+@[^\s<>@]+", value) or re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("adresse de courriel attendue, comme « Veille <veille@asso.example> »")
    return value


def _expression(value: str) -> str:
    if wrong := complaint(value):
        raise ValueError(wrong)
    return value


def _domain(value: str) -> str:
    if not re.fullmatch(r"[^\s/:@]+\.[^\s/:@]+", value):
        raise ValueError("nom de site attendu, comme « exemple.fr », sans http:// ni chemin")
    return value.lower()


def _day(value: str) -> str:
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("jour attendu, comme « 2026-11-23 »") from None


Duration = Annotated[timedelta, BeforeValidator(duration, json_schema_input_type=str)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
WebAddresses = Annotated[list[WebAddress], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Slug = Annotated[str, Field(pattern=_SLUG, max_length=60)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class VeilleTable(Table):
    name: str = "Veille"
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Paris"
    database: str = "sqlite:///var/veille.db"
    data: str = "var"
    contact: Mailbox


class CrawlTable(Table):
    delay: Annotated[float, Field(ge=0, le=60)] = 2.0
    timeout: Annotated[float, Field(gt=0, le=300)] = 30.0
    revisit: list[Duration] = [timedelta(0), timedelta(days=1), timedelta(days=3), timedelta(days=7)]
    allowed_private_hosts: list[Annotated[str, AfterValidator(_literal_host)]] = []
    max_pages: Annotated[int, Field(ge=1, le=200)] = 20
    max_new: Annotated[int, Field(ge=1, le=10_000)] = 200


class WebTable(Table):
    public_url: Annotated[str, AfterValidator(_optional_web_address)] = ""
    listen: str = "127.0.0.1:8765"
    legal: str = ""


class DigestTable(Table):
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    hour: Annotated[int, Field(ge=0, le=23), AfterValidator(_waking_hour)] = 8
    max_entries: Annotated[int, Field(ge=1, le=20)] = 20


class MailTable(Table):
    backend: Literal["folder", "smtp"] = "folder"
    folder: str = "var/mail"
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    rate: Annotated[int, Field(ge=1, le=100_000)] = 60
    domain_rate: Annotated[int, Field(ge=1, le=100_000)] = 30
    on_unknown: Literal["hold", "retry"] = "hold"
    sender: Annotated[Mailbox, Field(alias="from")]
    bounces: Annotated[str, AfterValidator(lambda v: _mailbox(v) if v else v)] = ""
    maildir: str = ""
    dkim_selector: str = ""
    dkim_key: str = ""
    maintainers: list[Mailbox] = []


class TopicTable(Table):
    slug: Slug
    name: str
    enabled: bool = True
    central_from: Annotated[float, Field(gt=0, le=1)] = 0.5


class ListingTable(Table):
    url: WebAddress
    item: str = ""
    link: str = ""
    link_regex: Annotated[str, AfterValidator(_expression)] = ""
    title: str = ""
    date: str = ""
    pdf: str = ""
    next: str = ""
    first: Annotated[int, Field(ge=0, le=1_000)] = 1
    exclude: list[str] = []
    pages: Annotated[int, Field(ge=1, le=200)] = 3

    @model_validator(mode="after")
    def _some_link(self) -> Self:
        if not (self.link or self.link_regex or self.pdf):
            raise ValueError("il faut « link » (un sélecteur CSS) ou « link_regex » (une expression)")
        return self


class ApiTable(Table):
    url: WebAddress
    items: str = ""
    link: Annotated[str, Field(min_length=1)]
    title: str = ""
    text: str = ""
    date: str = ""
    first: Annotated[int, Field(ge=0, le=1_000)] = 1
    step: Annotated[int, Field(ge=1, le=10_000)] = 100
    pages: Annotated[int, Field(ge=1, le=200)] = 5
    format: Literal["json", "json.zip", "csv"] = "json"
    encoding: str = ""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    max_mib: Annotated[int, Field(ge=1, le=100)] = 25


class PageTable(Table):
    url: Annotated[WebAddresses, Field(min_length=1)]
    content: str = ""


class ExpectTable(Table):
    items_min: Annotated[float, Field(ge=0)] | None = None
    items_max: Annotated[float, Field(ge=0)] | None = None
    dates_min: Annotated[float, Field(ge=0, le=1)] | None = None
    text_min: Annotated[int, Field(ge=0)] | None = None
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    silence: Duration | None = None


class RightsTable(Table):
    excerpt_chars: Annotated[int, Field(ge=0, le=200)] | None = None
    full_text: Audience | None = None
    keep_days: Annotated[int, Field(ge=1)] | None = None
    mining: Mining = "respect"


class SourceTable(Table):
    slug: Slug
    name: str
    category: Category
    url: WebAddress
    feed: WebAddresses = []
    sitemap: WebAddresses = []
    listing: ListingTable | None = None
    api: ApiTable | None = None
    page: PageTable | None = None
    discover: bool = False
    parameters: dict[Slug, Annotated[list[str], Field(min_length=1)]] = {}
    article_domains: list[Annotated[str, AfterValidator(_domain)]] = []
    delay: Annotated[float, Field(ge=0, le=60)] | None = None
    every: Duration | None = None
    enabled: bool = True
    disabled_reason: str = ""
    checked_on: Annotated[str, AfterValidator(_day)] = ""
    keywords: list[str] = []
    fetch: FetchPolicy = "full"
    expect: ExpectTable = ExpectTable()
    rights: RightsTable = RightsTable()


class ConfigFile(Table):
    veille: VeilleTable
    crawl: CrawlTable = CrawlTable()
    web: WebTable = WebTable()
    digest: DigestTable = DigestTable()
    mail: MailTable
    topic: Annotated[list[TopicTable], Field(min_length=1)]
    source: list[SourceTable] = []
