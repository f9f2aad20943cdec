"""Turns what a query asks into one condition on articles: SQL text and its values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.search import SearchQuery
from core.text import fold
from core.tree import And, Dated, Expression, Filter, Not, Or, Word, limited, parts_of, wanted
from db.matching import MAX_TERMS, match_expression
from db.values import as_list, stored_time

NO_LABEL = "none"
SCOPE = "article.labels <> ''"
"""What is searched unless everything is asked."""

Sources = Mapping[str, tuple[str, str]]
"""Slug → (name, category)."""
Refused = Mapping[Word, Collection[int]]
"""Exact forms → articles that have their stems but not themselves."""

_STATUS = {
    "deleted": "article.deleted_at IS NOT NULL",
    "changed": "article.version > 1",
    "reserved": "article.reserved",
    "truncated": "article.truncated",
    "backfilled": "article.backfilled",
    "pdf": "article.media_type = 'pdf'",
}


class Conditions:
    """One condition on `article`, in two parts, and the values of its parameters.

    `match`: what the index of words can answer, as an FTS5 expression; empty when it can answer nothing.
    `rest`: SQL text of all the rest. `has_all_words`: true when `match` holds every word that is asked for.
    """

    def __init__(self, query: SearchQuery, sources: Sources, refused: Refused | None = None) -> None:
        self.values: dict[str, Any] = {}
        self._sources = sources
        self._refused = refused or {}
        parts = parts_of(limited(query.expression, MAX_TERMS))
        together = self._together(And(parts))
        self.match = match_expression(And(tuple(together)), self._refused)
        apart = [part for part in parts if part not in together]
        self.has_all_words = not any(isinstance(leaf, Word) for leaf in wanted(And(tuple(apart))))
        tagged = any(isinstance(part, Filter) and part.name == "tag" for part in parts)
        scope = [] if query.everything or tagged else [SCOPE]
        self.rest = " AND ".join([*scope, *map(self._of, apart)]) or "TRUE"

    def _together(self, asked: And | Or) -> list[Expression]:
        """The parts that the index can answer as one question."""
        found = [part for part in asked.parts if match_expression(part, self._refused)]
        if found and isinstance(asked, And):
            banned = [part for part in asked.parts if isinstance(part, Not)]
            found += [part for part in banned if match_expression(part.part, self._refused)]
        return found

    def _bound(self, value: object) -> str:
        """The name of a parameter for this value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _of(self, asked: Expression) -> str:
        if expression := match_expression(asked, self._refused):
            return self._matching(expression)
        match asked:
            case And():
                return self._joined(" AND ", asked) or "TRUE"
            case Or():
                return self._joined(" OR ", asked) or "FALSE"
            case Not(part):
                return f"NOT {self._of(part)}"
            case Word():
                return self._checked(asked)
            case Dated(after, before):
                bounds = {"article.day >= ": after, "article.day < ": before}
                told = [f"{sign}{self._bound(stored_time(at))}" for sign, at in bounds.items() if at]
                return f"({' AND '.join(told) or 'TRUE'})"
        return f"({_FILTERS[asked.name](self, asked.values)})" if asked.name in _FILTERS else "FALSE"

    def _joined(self, sign: str, asked: And | Or) -> str:
        together = self._together(asked)
        rest = [part for part in asked.parts if part not in together]
        at_once = [type(asked)(tuple(together))] if together else []
        found = [self._of(part) for part in (*at_once, *rest)]
        return f"({sign.join(found)})" if found else ""

    def _matching(self, expression: str) -> str:
        return f"article.id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH {self._bound(expression)})"

    def _checked(self, word: Word) -> str:
        if not word.stems:
            return "FALSE"
        stems = self._matching(match_expression(word))
        return f"({stems} AND article.id NOT IN {self._among(self._refused.get(word, ()))})"

    def _among(self, values: Collection[int] | Collection[str]) -> str:
        return f"(SELECT value FROM json_each({self._bound(as_list(values))}))"

    def _tags(self, values: tuple[str, ...]) -> str:
        labels = [tag.lower() for tag in values if tag.lower() != NO_LABEL]
        tagged = "EXISTS (SELECT * FROM tag WHERE tag.article_id = article.id AND tag.label IN {})"
        clauses = [tagged.format(self._among(labels))] if labels else []
        return " OR ".join([*clauses, *(["article.labels = ''"] if len(labels) < len(values) else [])]) or "FALSE"

    def _slugs(self, values: tuple[str, ...]) -> str:
        named = _named(values, self._sources, 0) | {each.lower() for each in values}
        return f"article.source IN {self._among(sorted(named))}"

    def _categories(self, values: tuple[str, ...]) -> str:
        return f"article.source IN {self._among(sorted(_named(values, self._sources, 1)))}"

    def _languages(self, values: tuple[str, ...]) -> str:
        return f"article.language IN {self._among([each.lower() for each in values])}"

    def _named(self, kind: str, values: tuple[str, ...]) -> str:
        """What a fact names, by its id or its name."""
        among = self._among([fold(each) for each in values])
        facts = f"SELECT article_id FROM fact WHERE kind = '{kind}'"
        return f"article.id IN ({facts} AND value IN {among} UNION ALL {facts} AND folded IN {among})"

    def _actors(self, values: tuple[str, ...]) -> str:
        return self._named("actor", values)

    def _places(self, values: tuple[str, ...]) -> str:
        return self._named("place", values)

    def _months(self, values: tuple[str, ...]) -> str:
        return f"article.month IN {self._among(values)}"

    def _central(self, values: tuple[str, ...]) -> str:
        return f"CAST(article.central AS INTEGER) IN {self._among([int(each == 'yes') for each in values])}"

    def _status(self, values: tuple[str, ...]) -> str:
        return " OR ".join(_STATUS.get(each, "FALSE") for each in values) or "FALSE"


_FILTERS: dict[str, Callable[[Conditions, tuple[str, ...]], str]] = {
    "tag": Conditions._tags,
    "source": Conditions._slugs,
    "category": Conditions._categories,
    "lang": Conditions._languages,
    "actor": Conditions._actors,
    "place": Conditions._places,
    "month": Conditions._months,
    "central": Conditions._central,
    "status": Conditions._status,
}
"""By the name of the filter (`core/query_fields.py`)."""


def _named(wanted: tuple[str, ...], sources: Sources, field: int) -> set[str]:
    """Slugs of the sources that a value names: by name (field 0) or by category (field 1)."""
    values = {fold(each) for each in wanted}
    return {slug for slug, description in sources.items() if fold(description[field]) in values}
