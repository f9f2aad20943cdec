"""Asks PostgreSQL's index of stems what FTS5 is asked: the same expressions, the same answers.

An expression is read once (`read`), then written as a `tsquery` that the GIN index answers. The index knows which stems
an article has, not where: the phrases are then sought in the stems themselves, which have none of the limits of a
`tsvector` (256 places of a word, none beyond the 16,383rd: PostgreSQL, 12.11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST = 500
"""Characters of a stem that count: a tsvector refuses more than 2,046 bytes."""

_TOKENS = re.compile(r"[^\W_]+")
_NOWHERE = (" ",)
"""Stands for the stems of a phrase that has none: FTS5 finds it nowhere, and no token holds a space."""
_PIECES = re.compile(r'"((?:[^"]|"")*)"|(\(|\)|AND|OR|NOT)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Stems that follow each other."""

    stems: tuple[str, ...]

    @property
    def sought(self) -> str:
        """As it stands in stored stems."""
        return f" {' '.join(self.stems)} "

    @property
    def meets_itself(self) -> bool:
        """True when it may begin before it has ended, as « a b a » does."""
        return any(self.stems[:size] == self.stems[-size:] for size in range(1, len(self.stems)))


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which one (OR), all (AND), or the first and none of the others (NOT) must match."""

    sign: str
    parts: tuple[Node, ...]


Node = Phrase | Joined


def tokens(stems: str) -> list[str]:
    """Stems as the index knows them: letters and digits alone, like those of FTS5's unicode61 (« 1⁄2 » is two)."""
    found = stems.split()
    if not "".join(found).isalnum():
        found = _TOKENS.findall(stems)
    return [stem[:LONGEST] for stem in found] if len(stems) > LONGEST else found


@lru_cache(maxsize=500)
def read(expression: str) -> Node:
    """An expression of `db.matching` (SQLite FTS5, 3.2: NOT binds before AND, AND before OR) as a tree."""
    pieces: list[Phrase | str] = [
        sign or Phrase(tuple(tokens(text.replace('""', '"'))) or _NOWHERE) for text, sign in _PIECES.findall(expression)
    ]
    pieces.reverse()
    return _joined(pieces, ("OR", "AND", "NOT"))


def _joined(pieces: list[Phrase | str], signs: tuple[str, ...]) -> Node:
    if not signs:
        piece = pieces.pop()
        if isinstance(piece, Phrase):
            return piece
        inside = _joined(pieces, ("OR", "AND", "NOT"))
        pieces.pop()
        return inside
    parts = [_joined(pieces, signs[1:])]
    while pieces and pieces[-1] == signs[0]:
        pieces.pop()
        parts.append(_joined(pieces, signs[1:]))
    return Joined(signs[0], tuple(parts)) if len(parts) > 1 else parts[0]


def phrases(node: Node) -> Iterator[Phrase]:
    if isinstance(node, Phrase):
        yield node
    else:
        for part in node.parts:
            yield from phrases(part)


def matching(expression: str, name: str) -> tuple[str, dict[str, Any]]:
    """A condition on `article_fts` and its values, whose names begin with `name`."""
    return Condition(name).of(read(expression))


def among_stems(node: Node) -> str:
    """A tsquery that all that matches satisfies; exact when no phrase has several stems."""
    if isinstance(node, Phrase):
        return "(" + " & ".join(map(_quoted, node.stems)) + ")"
    if node.sign != "NOT":
        return "(" + (" | " if node.sign == "OR" else " & ").join(map(among_stems, node.parts)) + ")"
    wanted, *banned = node.parts
    pieces = [among_stems(wanted), *(f"!{among_stems(part)}" for part in banned if _is_exact(part))]
    return "(" + " & ".join(pieces) + ")"


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_exact(node: Node) -> bool:
    return all(len(each.stems) == 1 for each in phrases(node))


class Condition:
    """Writes one condition; every value is a parameter."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values: dict[str, Any] = {}

    def of(self, node: Node) -> tuple[str, dict[str, Any]]:
        condition = self._has(among_stems(node))
        if not _is_exact(node):
            condition = f"({condition} AND {self._checked(node)})"
        return condition, self._values

    def _bound(self, value: str) -> str:
        name = f"{self._name}_{len(self._values)}"
        self._values[name] = value
        return f"%({name})s"

    def _has(self, asked: str) -> str:
        return f"article_fts.words @@ CAST({self._bound(asked)} AS tsquery)"

    def _checked(self, node: Node) -> str:
        if _is_exact(node):
            return self._has(among_stems(node))
        if isinstance(node, Phrase):
            sought = self._bound(node.sought)
            there = " OR ".join(f"strpos(article_fts.{column}, {sought}) > 0" for column in ("title", "text"))
            return f"({self._has(among_stems(node))} AND ({there}))"
        sign = {"OR": " OR ", "AND": " AND ", "NOT": " AND NOT "}[node.sign]
        return "(" + sign.join(map(self._checked, node.parts)) + ")"
