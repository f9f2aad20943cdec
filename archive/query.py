"""The address bar is the query: `?q=…&tri=date&tous=1&syn=0&page=2` ↔ what is searched, and links that change it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from core.query import MAX_LENGTH, parse
from core.query_fields import FIELDS
from core.query_pieces import Piece, pieces
from core.search import SearchQuery, Sort
from core.synonyms import Synonyms, widened
from core.text import fold, one_line
from core.tree import Filter as Asked

PAGE_SIZE = 20
LAST_PAGE = 10_000

_SORTS: dict[str, Sort] = {"pertinence": "relevance", "date": "date"}
_FRENCH_SORTS = {sort: name for name, sort in _SORTS.items()}
_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))


@dataclass(frozen=True, slots=True)
class Filter:
    """One `field:value` of a query, with its place in it; `name` is the English one."""

    name: str
    value: str
    start: int = 0
    end: int = 0
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """What the address bar says; anything that is not understood is the default."""

    q: str = ""
    sort: Sort | None = None
    everything: bool = False
    page: int = 1
    synonyms: bool = True

    def href(self, path: str = "/recherche") -> str:
        """The address, defaults left out."""
        values = {
            "q": self.q,
            "tri": _FRENCH_SORTS[self.sort] if self.sort else "",
            "tous": "1" if self.everything else "",
            "syn": "" if self.synonyms else "0",
            "page": str(self.page) if self.page > 1 else "",
        }
        kept = {name: value for name, value in values.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    def search_query(self, limit: int = PAGE_SIZE, synonyms: Sequence[Synonyms] = ()) -> SearchQuery:
        """What is asked of the index; sorted by date when there is no word to be relevant to."""
        query = parse(self.q)
        query = widened(query, synonyms) if self.synonyms else replace(query, synonyms=False)
        return replace(
            query,
            sort=(self.sort or "relevance") if query.words else "date",
            everything=query.everything or self.everything,
            limit=limit,
            offset=(self.page - 1) * limit,
        )

    @property
    def subject(self) -> str:
        """What is searched, in a title."""
        return self.q or ("tous les articles" if self.everything else "articles repérés")

    def filters(self) -> tuple[Filter, ...]:
        return filters(self.q)

    def with_filter(self, name: str, value: str) -> Address:
        """The same search, narrowed; from its first page."""
        quoted = f'"{value}"' if re.search(r"\s", value) else value
        return replace(self, q=f"{self.q} {name}:{quoted}".strip(), page=1)

    def without(self, name: str, value: str, excluded: bool = False) -> Address:
        """The same search without one filter, nor the OR that joined it to another."""
        found = pieces(self.q, FIELDS)
        kept = [True] * len(found)
        for at, piece in enumerate(found):
            known = _filter(piece)
            if known and (known.name, fold(known.value), known.excluded) == (name, fold(value), excluded):
                kept[at] = False
                joints = [each for each in (at + 1, at - 1) if 0 <= each < len(found) and found[each].kind == "or"]
                for joint in joints[:1]:
                    kept[joint] = False
        q = self.q
        for piece, stays in reversed(list(zip(found, kept, strict=True))):
            q = q if stays else f"{q[: piece.start]} {q[piece.end :]}"
        return replace(self, q=" ".join(q.split()), page=1)

    def without_quotes(self) -> Address:
        return replace(self, q=" ".join(self.q.translate(_QUOTES).replace('"', " ").split()), page=1)


def read(parameters: Mapping[str, str]) -> Address:
    """Query-string parameters → address; never raises, whatever they hold (threat A41)."""
    page = parameters.get("page", "1")
    number = int(page) if re.fullmatch(r"[0-9]{1,5}", page) else 1
    return Address(
        # One character more than is read, so that core.query can say that the rest was left aside.
        q=one_line(parameters.get("q", "")[: MAX_LENGTH * 4], MAX_LENGTH * 4)[: MAX_LENGTH + 1],
        sort=_SORTS.get(parameters.get("tri", "")),
        everything=parameters.get("tous", "") == "1",
        page=min(max(number, 1), LAST_PAGE),
        synonyms=parameters.get("syn", "") != "0",
    )


def filters(q: str) -> tuple[Filter, ...]:
    """The `field:value` pieces of a query, those inside parentheses aside."""
    return tuple(found for piece in pieces(q, FIELDS) if (found := _filter(piece)))


def _filter(piece: Piece) -> Filter | None:
    """A filter that can be taken out of the query by itself."""
    field = FIELDS.get(piece.folded_field)
    if field is None or piece.depth or piece.kind not in ("word", "phrase"):
        return None
    typed = piece.text.strip().lower()
    meant = field.read(typed)
    value = meant.values[0] if isinstance(meant, Asked) else typed
    return Filter(field.name, value, piece.start, piece.end, piece.minus)
