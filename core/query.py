"""The query language of the search box, saved searches, exports and feeds: words, "exact form", -not, OR, parentheses
and `field:value` (`core/query_fields.py`).

Nothing that a person can type is an error: what is not understood is repaired or searched as words, with a remark in
French. OR joins what stands beside it, before the rest is joined by "and": `a b OR c` is a and (b or c).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.french import STOP_WORDS, stems
from core.query_fields import FIELDS
from core.query_pieces import Piece, balanced, pieces
from core.search import SearchQuery
from core.text import fold, one_line
from core.tree import ANYTHING, And, Dated, Expression, Filter, Not, Or, Word, both, either, limited, wanted

MAX_LENGTH = 2_000
"""Characters of a query that are read."""
MAX_DEPTH = 10
"""Parentheses one inside the other."""
MAX_TERMS = 60
"""Words and filters of one query."""
_TOLD = 40
"""Characters of a piece that a remark repeats."""

_Part = tuple[str, Expression]
"""A part of an "and", with the name of the field that it came from, if any."""


class _Parser:
    """Recursive descent over the pieces; each level of recursion is a pair of parentheses, at most MAX_DEPTH."""

    def __init__(self, found: Sequence[Piece]) -> None:
        self._pieces = found
        self._at = 0
        self._depth = 0
        self.notes: list[str] = []
        self.synonyms = True

    def read(self, field: str = "") -> Expression:
        """Everything up to the parenthesis that closes this level, or the end; `field`: of the bare values inside."""
        parts: list[_Part] = []
        joined = False
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            if piece.kind == "close" and self._depth:
                break
            self._at += 1
            if piece.kind == "close":
                self.notes.append("Une parenthèse fermante est de trop : elle est ignorée.")
            elif piece.kind == "or":
                joined = bool(parts)
                self._check_alternative(joined)
            elif part := self._part(piece, field):
                if joined:
                    part = "", either(parts.pop()[1], part[1])
                parts.append(part)
                joined = False
        return _all(parts, alternatives=bool(field))

    def _check_alternative(self, has_left: bool) -> None:
        following = self._pieces[self._at].kind if self._at < len(self._pieces) else "close"
        if not has_left or following in ("or", "close"):
            self.notes.append("« OU » attend quelque chose de chaque côté : il est ignoré.")

    def _part(self, piece: Piece, field: str) -> _Part | None:
        """What one piece asks, with its field; None when it asks nothing."""
        name, found = self._group(piece) if piece.kind == "open" else self._leaf(piece, field)
        if found is None:
            return None
        return ("", Not(found)) if piece.minus else (name, found)

    def _group(self, piece: Piece) -> tuple[str, Expression | None]:
        self._depth += 1
        found = self.read(piece.folded_field)
        self._depth -= 1
        if self._at < len(self._pieces):
            self._at += 1
        else:
            self.notes.append("Une parenthèse n'est jamais refermée : elle l'est à la fin.")
        if found == ANYTHING:
            self.notes.append("Des parenthèses ne contiennent rien : elles sont ignorées.")
            return "", None
        return "", found

    def _leaf(self, piece: Piece, field: str) -> tuple[str, Expression | None]:
        if not piece.closed:
            self.notes.append("Un guillemet n'est jamais refermé : tout ce qui le suit est pris pour une expression.")
        name = piece.folded_field
        if name in FIELDS:
            return self._filter(piece, name)
        if field and not name:
            return self._filter(piece, field)
        text = f"{piece.field} {piece.text}" if name else piece.text
        if name and piece.kind == "word" and piece.text and not piece.text.startswith("/"):
            told = one_line(piece.field, _TOLD)
            self.notes.append(f"« {told}: » n'est pas un filtre connu : ce sont des mots à chercher.")
        found = tuple(stems(text))
        return "", Word(text, found, piece.kind == "phrase") if found else None

    def _filter(self, piece: Piece, typed: str) -> tuple[str, Expression | None]:
        field = FIELDS[typed]
        found = field.read(piece.text.strip().lower())
        if found is None:
            told = one_line(f"{typed}:{piece.text}", _TOLD)
            self.notes.append(f"« {told} » n'est pas compris : ce filtre est ignoré.")
        elif field.name == "synonyms":
            self.synonyms = (found == Filter("synonyms", ("yes",))) != piece.minus
            return "", None
        return field.name, found


def _all(parts: Iterable[_Part], alternatives: bool = False) -> Expression:
    """All of the parts; values of one field are alternatives, save of those that narrow (`after:`, `before:`)."""
    merged: list[_Part] = []
    for name, part in parts:
        same = next((at for at, (other, _) in enumerate(merged) if other == name), None) if name else None
        if same is not None and (alternatives or not FIELDS[name].narrows):
            merged[same] = (name, either(merged[same][1], part))
        else:
            merged.append((name, part))
    return both(_without_stop_words([part for _, part in merged]))


def _without_stop_words(parts: list[Expression]) -> list[Expression]:
    """« le contrat de ville » asks « contrat » and « ville »; « le » alone asks « le »."""
    worded = [part for part in parts if any(isinstance(leaf, Word) for leaf in wanted(part))]
    if all(map(_is_empty, worded)):
        return parts
    return [part for part in parts if not (part in worded and _is_empty(part))]


def _is_empty(part: Expression) -> bool:
    """True for a stop word, and for a choice of nothing else."""
    if isinstance(part, Or):
        return all(map(_is_empty, part.parts))
    return isinstance(part, Word) and not part.exact and len(part.stems) == 1 and fold(part.text) in STOP_WORDS


def parse(text: str) -> SearchQuery:
    """Read a query; never raises. `SearchQuery.notes` says in French what was repaired or left aside."""
    notes = []
    if len(text) > MAX_LENGTH:
        notes.append(f"La requête est trop longue : seuls ses {MAX_LENGTH} premiers caractères sont lus.")
    found = pieces(text[:MAX_LENGTH], FIELDS)
    kept = list(balanced(found, MAX_DEPTH))
    if len(kept) < len(found):
        notes.append(f"Plus de {MAX_DEPTH} parenthèses s'emboîtent : les plus profondes sont ignorées.")
    parser = _Parser(kept)
    whole = parser.read()
    expression = limited(whole, MAX_TERMS)
    if expression != whole:
        notes.append(f"La requête a trop de termes : seuls les {MAX_TERMS} premiers comptent.")
    leaves = list(wanted(expression))
    if expression != ANYTHING and not any(isinstance(leaf, Word) for leaf in leaves) and _excludes_words(expression):
        notes.append("Une recherche d'exclusions seules part de tous les articles.")
    return SearchQuery(
        text=text.strip(),
        expression=expression,
        everything=any(isinstance(leaf, Filter) and leaf.name == "tag" and "none" in leaf.values for leaf in leaves),
        synonyms=parser.synonyms,
        notes=tuple(dict.fromkeys((*notes, *parser.notes))),
    )


def _excludes_words(expression: Expression) -> bool:
    match expression:
        case Not(part):
            return any(isinstance(leaf, Word) for leaf in wanted(part)) or _excludes_words(part)
        case And(parts) | Or(parts):
            return any(map(_excludes_words, parts))
        case Word() | Filter() | Dated():
            return False
