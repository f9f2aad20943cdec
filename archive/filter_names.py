"""The filters of a query, as readers are told of them; pure."""

from __future__ import annotations

from archive.names import Names
from archive.query import Filter
from archive.wording import day, month
from core.names import LANGUAGES
from core.query_fields import bounds

_STATES = {
    ("central", "yes"): "Sujet principal",
    ("central", "no"): "Simple mention",
    ("status", "deleted"): "Retiré de son site",
    ("status", "changed"): "Modifié depuis sa publication",
    ("status", "reserved"): "Fouille de textes réservée",
    ("status", "truncated"): "Suite réservée aux abonnés",
    ("status", "backfilled"): "Fonds ancien",
    ("status", "pdf"): "Document PDF",
    ("synonyms", "no"): "Sans les synonymes",
    ("synonyms", "yes"): "Avec les synonymes",
}


def filter_name(item: Filter, names: Names) -> str:
    """A filter as readers are told of it: `month:2026-11` → « Novembre 2026 », `-tag:cis` → « Sauf : … »."""
    told = _named(item, names) or f"{item.name}:{item.value}"
    return f"Sauf\u00a0: {told}" if item.excluded else told


def _named(item: Filter, names: Names) -> str:
    match item.name:
        case "tag" | "source" | "category" | "actor" | "place":
            return names.told(item.name, item.value)
        case "month":
            return month(item.value).capitalize()
        case "lang":
            return f"En {LANGUAGES[item.value]}" if item.value in LANGUAGES else f"Langue\u00a0: {item.value}"
        case "central" | "status" | "synonyms":
            return _STATES.get((item.name, item.value), "")
    return _dates(item)


def _dates(item: Filter) -> str:
    found = bounds(item.value)
    if found is None:
        return ""
    if item.name == "year":
        return f"Année {item.value}" if len(item.value) == 4 else f"Période {item.value}"
    return f"À partir du {day(found[0])}" if item.name == "after" else f"Avant le {day(found[0])}"
