"""The query language of the search box, saved searches and feeds: words, "exact form", -not, OR, and `field:value`.

Nothing that a person can type is an error: what is not understood is searched as words, with a remark in French.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from core.clock import PARIS
from core.french import STOP_WORDS, stems
from core.search import SearchQuery, Word
from core.text import fold

MAX_LENGTH = 2_000

_PIECE_RE = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))', re.IGNORECASE
)
_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))
_DATE_RE = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


@dataclass
class _Draft:
    groups: list[list[Word]] = field(default_factory=list)
    excluded: list[Word] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    after: datetime | None = None
    before: datetime | None = None
    central: bool | None = None
    notes: list[str] = field(default_factory=list)
    join: bool = False


def midnight(day: date) -> datetime:
    """The beginning of a day in Europe/Paris, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def _bounds(value: str) -> tuple[datetime, datetime] | None:
    """First instant of a year, month or day, and the first instant after it."""
    match = _DATE_RE.match(value)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 1, month or 1, day or 1)
        if day:
            last = first + timedelta(days=1)
        elif month:
            last = date(first.year + month // 12, month % 12 + 1, 1)
        else:
            last = date(first.year + 1, 1, 1)
        return midnight(first), midnight(last)
    except (ValueError, OverflowError):
        return None


def _after(draft: _Draft, value: str) -> bool:
    bounds = _bounds(value)
    if bounds:
        draft.after = bounds[0]
    return bounds is not None


def _before(draft: _Draft, value: str) -> bool:
    bounds = _bounds(value)
    if bounds:
        draft.before = bounds[0]
    return bounds is not None


def _year(draft: _Draft, value: str) -> bool:
    bounds = _bounds(value)
    if bounds:
        draft.after, draft.before = bounds
    return bounds is not None


def _central(draft: _Draft, value: str) -> bool:
    answers = {"yes": True, "oui": True, "no": False, "non": False}
    if value in answers:
        draft.central = answers[value]
    return value in answers


def month(value: str) -> str:
    """« 2026-9 » → « 2026-09 »; empty for what is no month."""
    return f"{value[:4]}-{value[5:]:0>2}" if re.fullmatch(r"\d{4}-\d{1,2}", value) and _bounds(value) else ""


def _month(draft: _Draft, value: str) -> bool:
    found = month(value)
    if found:
        draft.values.setdefault("month", []).append(found)
    return bool(found)


def _listed(name: str) -> Callable[[_Draft, str], bool]:
    def add(draft: _Draft, value: str) -> bool:
        draft.values.setdefault(name, []).append(value)
        return bool(value)

    return add


FIELDS: dict[str, Callable[[_Draft, str], bool]] = {
    "tag": _listed("tag"),
    "source": _listed("source"),
    "category": _listed("category"),
    "categorie": _listed("category"),
    "lang": _listed("lang"),
    "actor": _listed("actor"),
    "acteur": _listed("actor"),
    "place": _listed("place"),
    "lieu": _listed("place"),
    "month": _month,
    "mois": _month,
    "after": _after,
    "apres": _after,
    "before": _before,
    "avant": _before,
    "year": _year,
    "annee": _year,
    "central": _central,
}


def _word(text: str, exact: bool) -> Word | None:
    found = tuple(stems(text))
    return Word(text, found, exact) if found else None


def _add_word(draft: _Draft, text: str, exact: bool, minus: bool) -> None:
    word = _word(text, exact)
    if word is None:
        return
    # « contrat-à-impact » is several words that follow each other, like a phrase that need not be exact.
    if minus:
        draft.excluded.append(word)
    elif draft.join and draft.groups:
        draft.groups[-1].append(word)
    else:
        draft.groups.append([word])
    draft.join = False


def _add_piece(draft: _Draft, match: re.Match[str]) -> None:
    minus, name = bool(match["minus"]), fold(match["field"] or "")
    phrase, word = match["phrase"], match["word"]
    value = phrase if phrase is not None else word
    if name and name in FIELDS:
        if minus:
            draft.notes.append(f"« -{name}: » n'est pas encore possible : ce filtre est ignoré.")
        elif not FIELDS[name](draft, value.strip().lower()):
            draft.notes.append(f"« {name}:{value} » n'est pas compris : ce filtre est ignoré.")
        return
    if name:
        value = f"{match['field']} {value}"
    elif word in ("OR", "OU") and not minus:
        draft.join = True
        return
    _add_word(draft, value, phrase is not None, minus)


def _without_stop_words(groups: list[list[Word]]) -> tuple[tuple[Word, ...], ...]:
    useful = [g for g in groups if any(w.exact or len(w.stems) > 1 or fold(w.text) not in STOP_WORDS for w in g)]
    return tuple(tuple(group) for group in (useful or groups))


def parse(text: str) -> SearchQuery:
    """Read a query; never raises. `SearchQuery.notes` says in French what was left aside."""
    draft = _Draft()
    if len(text) > MAX_LENGTH:
        draft.notes.append(f"La requête est trop longue : seuls ses {MAX_LENGTH} premiers caractères sont lus.")
    clean = re.sub(r"[\x00-\x1f\x7f]", " ", text[:MAX_LENGTH]).translate(_QUOTES)
    for match in _PIECE_RE.finditer(clean):
        _add_piece(draft, match)
    if draft.excluded and not draft.groups:
        draft.notes.append("Une recherche d'exclusions seules part de tous les articles.")
    values = {name: tuple(dict.fromkeys(found)) for name, found in draft.values.items()}
    return SearchQuery(
        text=text.strip(),
        groups=_without_stop_words(draft.groups),
        excluded=tuple(draft.excluded),
        tags=values.get("tag", ()),
        sources=values.get("source", ()),
        categories=values.get("category", ()),
        languages=values.get("lang", ()),
        months=values.get("month", ()),
        actors=values.get("actor", ()),
        places=values.get("place", ()),
        after=draft.after,
        before=draft.before,
        central=draft.central,
        everything="none" in values.get("tag", ()),
        notes=tuple(draft.notes),
    )
