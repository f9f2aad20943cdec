"""French names of what several rooms show: families of sources, languages."""

from __future__ import annotations

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
