"""French wording of dates, numbers, periods and categories, with its no-break spaces and ordinals."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email.utils import parseaddr

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

from core.clock import PARIS
from core.editions import Period

NBSP = "\u00a0"
THIN = "\u202f"

DATE_ORIGINS = {
    "entry": "date donnée par la liste ou le flux du site",
    "feed": "date donnée par le flux du site",
    "meta": "date lue dans les métadonnées de la page",
    "json-ld": "date lue dans les données structurées de la page",
    "prose": "date lue dans le texte de la page",
    "listing": "date lue dans la liste du site",
    "url": "date lue dans l’adresse de la page",
    "header": "date de création du fichier",
    "visit": "jour où notre visite a vu l’ajout",
}
ERRORS = {
    "dns": "le nom du site ne répond plus",
    "tls": "le certificat du site n’est pas valable",
    "connection": "le site refuse la connexion ou la coupe",
    "timeout": "le site ne répond pas à temps",
    "http": "le site répond par une erreur",
    "robots": "le site demande aux robots de ne pas le lire (robots.txt)",
    "guard": "l’adresse n’est pas publique : elle n’est pas demandée",
    "size": "la page est trop grande",
    "redirect": "le site renvoie sans fin d’une adresse à l’autre",
    "format": "la réponse n’est pas dans la forme attendue",
    "empty": "la page est vide",
    "encrypted": "le document est protégé par un mot de passe",
    "memory": "le document demande trop de mémoire",
    "encoding": "le texte est illisible (encodage)",
    "interrupted": "la lecture a été interrompue",
    "config": "les réglages de cette source sont à revoir",
    "internal": "une erreur du programme a empêché la lecture",
}


def spaced(text: str) -> str:
    """The spaces before « : ; ? ! » and inside quotation marks, made no-break; the length never changes."""
    text = re.sub(r"[ \u00a0]([:»])", NBSP + r"\1", text)
    text = re.sub(r"[ \u00a0]([;?!])", THIN + r"\1", text)
    return re.sub(r"«[ \u202f]", "«" + NBSP, text)


def number(value: float) -> str:
    """« 1 250 », « 0,82 »."""
    return format_decimal(value, format="#,##0.##", locale="fr")


def count(value: int, singular: str, plural: str) -> str:
    """« 1 article », « 1 250 articles »."""
    return f"{number(value)}{NBSP}{singular if value < 2 else plural}"


def _dated(when: date, pattern: str) -> str:
    text = format_date(when, pattern, locale="fr")
    text = re.sub(r"\b1(?= [^\W\d])", "1er", text, count=1)
    return text.replace(" ", NBSP)


def day(at: datetime) -> str:
    """« 1er novembre 2026 », the day in Paris."""
    return _dated(at.astimezone(PARIS).date(), "d MMMM y")


def isoday(at: datetime) -> str:
    """« 2026-11-01 », for machines; the day in Paris."""
    return at.astimezone(PARIS).date().isoformat()


def moment(at: datetime) -> str:
    """« 23 novembre 2026 à 8 h 05 », Paris time."""
    local = at.astimezone(PARIS)
    return f"{day(at)} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def ago(at: datetime, now: datetime) -> str:
    """« il y a 3 heures », « dans 2 jours »; « à l’instant » within the minute."""
    delta = at - now
    if abs(delta) < timedelta(minutes=1):
        return "à l’instant"
    return format_timedelta(delta, locale="fr", add_direction=True).replace(" ", NBSP)


def month(value: str) -> str:
    """« 2026-11 » → « novembre 2026 »; the value itself when it is no month."""
    try:
        return format_date(date.fromisoformat(f"{value}-01"), "MMMM y", locale="fr")
    except ValueError:
        return value


def month_number(value: str) -> int:
    """« 2026-11 » → months since the year 0, so that months can be counted."""
    return int(value[:4]) * 12 + int(value[5:7]) - 1


def between(start: datetime, end: datetime) -> str:
    """« entre le 3 et le 17 mai 2026 », the days in Paris."""
    first, last = start.astimezone(PARIS).date(), end.astimezone(PARIS).date()
    return f"entre le {_beginning(first, last)} et le {day(end)}"


def _beginning(first: date, last: date) -> str:
    """The first of two days, without the month and the year that the last one tells."""
    if first.year != last.year:
        return _dated(first, "d MMMM y")
    if first.month != last.month:
        return _dated(first, "d MMMM")
    return "1er" if first.day == 1 else str(first.day)


def short_month(value: str) -> str:
    """« 2026-11 » → « nov. 26 »."""
    return format_date(date.fromisoformat(f"{value}-01"), "MMM yy", locale="fr").replace(" ", NBSP)


def local_bounds(period: Period) -> tuple[date, date]:
    """First and last day in Paris; the period's end is excluded."""
    first = period.start.astimezone(PARIS).date()
    last = (period.end.astimezone(PARIS) - timedelta(microseconds=1)).date()
    return first, max(first, last)


def period_title(period: Period) -> str:
    """« Semaine du 16 au 22 novembre 2026 », « Novembre 2026 », « 23 novembre 2026 »."""
    first, last = local_bounds(period)
    if first == last:
        return _dated(first, "d MMMM y")
    following = last + timedelta(days=1)
    if first.day == 1 and following.day == 1 and (following - first).days <= 31:
        return format_date(first, "MMMM y", locale="fr").capitalize()
    head = "Semaine du" if (last - first).days == 6 else "Du"
    return f"{head} {_beginning(first, last)} au {_dated(last, 'd MMMM y')}"


def error(kind: str, reason: str) -> str:
    """Why a source could not be read, in plain French, without a final stop."""
    text = (reason or ERRORS.get(kind, "raison inconnue")).strip().rstrip(".")
    return spaced(text)


def mail_address(contact: str) -> str:
    """The bare address of « Nom <adresse> »; empty when there is none."""
    address = parseaddr(contact)[1]
    return address if "@" in address else ""
