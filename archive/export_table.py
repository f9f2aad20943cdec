"""The columns of a table of results, for CSV and ODS alike; pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from archive.references import Reference
from core.clock import PARIS
from core.names import family_name

Cell = str | int | date | None


def _day(at: datetime | None) -> date | None:
    return at.astimezone(PARIS).date() if at else None


COLUMNS: tuple[tuple[str, Callable[[Reference], Cell]], ...] = (
    ("Titre", lambda one: one.title),
    ("Source", lambda one: one.source_name),
    ("Famille", lambda one: family_name(one.category)),
    ("Publié le", lambda one: _day(one.published)),
    ("Vu le", lambda one: _day(one.first_seen)),
    ("Auteur", lambda one: one.author),
    ("Étiquettes", lambda one: one.keywords),
    ("Sujet principal", lambda one: "oui" if one.central else "non"),
    ("Extrait", lambda one: one.passage),
    ("Langue", lambda one: one.language),
    ("Autres sources", lambda one: one.copies),
    ("Retiré du site", lambda one: "oui" if one.deleted else "non"),
    ("Adresse", lambda one: one.url),
    ("Fiche", lambda one: one.permanent),
)
"""Headings are stable: other people's sheets and scripts read them."""


def cells(reference: Reference) -> list[Cell]:
    return [value(reference) for _, value in COLUMNS]
