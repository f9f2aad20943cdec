"""French names of what several rooms show: families of sources, languages, what people say of articles."""

from __future__ import annotations

from core.corrections import Cause, State
from core.sources import Category

CATEGORIES: dict[Category, str] = {
    "ministere": "Ministères et État",
    "agence": "Agences et opérateurs publics",
    "parlement": "Parlement",
    "journal-officiel": "Journal officiel",
    "think-tank": "Groupes de réflexion",
    "promoteur": "Promoteurs",
    "presse": "Presse",
    "critique-allie": "Critiques et alliés",
    "international": "International",
}
LANGUAGES = {"fr": "français", "en": "anglais", "es": "espagnol", "de": "allemand", "it": "italien"}
"""By ISO 639-1 code."""
STATES: dict[State, str] = {
    "pertinent": "jugé pertinent",
    "hors-sujet": "jugé hors sujet",
    "discussion": "en discussion",
}
CAUSES: dict[Cause, str] = {
    "version": "l'article a changé",
    "reprocess": "l'article a été mieux lu",
    "retag": "les règles ont changé",
    "correction": "une personne a corrigé",
}
"""Why a tag was replaced."""


def family_name(slug: str) -> str:
    """The name of a family of sources; empty for what is none."""
    return next((name for known, name in CATEGORIES.items() if known == slug), "")
