"""Cuts a query into pieces with their places: words, "phrases", `field:value`, parentheses, OR.

A parenthesis counts where a word may begin or end only: « contrat(s) » is a word.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

from core.text import fold

_PIECE_RE = re.compile(
    r"(?P<minus>-(?=[^\s)]))?(?:(?P<open>\()|(?P<close>\))"
    r'|(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<inside>\((?=[^\s)]))?(?P<word>[^\s"]+)))'
)
_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))
_CONTROL_RE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Piece:
    """`start` and `end`: half-open offsets in the query."""

    kind: Literal["word", "phrase", "open", "close", "or"]
    start: int
    end: int
    text: str = ""
    """The word, the phrase, or the value of the field."""
    minus: bool = False
    field: str = ""
    """As typed; also before a parenthesis, for the values that it holds."""
    depth: int = 0
    """Parentheses around it."""
    closed: bool = True
    """False for a phrase whose quotation mark is never closed."""

    @property
    def folded_field(self) -> str:
        return fold(self.field)


def pieces(text: str, fields: Container[str] = ()) -> list[Piece]:
    """The pieces of a query, in order; `fields`: folded names that may stand before a parenthesis."""
    clean = _CONTROL_RE.sub(" ", text).translate(_QUOTES)
    found: list[Piece] = []
    depth, at = 0, 0
    while match := _PIECE_RE.search(clean, at):
        piece, at = _piece(match, depth, fields)
        found.append(piece)
        depth = max(0, depth + (piece.kind == "open") - (piece.kind == "close"))
    return found


def _piece(match: re.Match[str], depth: int, fields: Container[str]) -> tuple[Piece, int]:
    """One piece, and where the next one begins."""
    start, end, minus = match.start(), match.end(), match["minus"] is not None
    if match["open"]:
        return Piece("open", start, end, minus=minus, depth=depth), end
    if match["close"]:
        return Piece("close", start, end, depth=depth), end
    field = match["field"] or ""
    if match["phrase"] is not None:
        closed = bool(match["closed"])
        return Piece("phrase", start, end, match["phrase"], minus, field, depth, closed), end
    if match["inside"] and fold(field) in fields:
        return Piece("open", start, match.end("inside"), minus=minus, field=field, depth=depth), match.end("inside")
    word = (match["inside"] or "") + match["word"]
    extra = max(0, word.count(")") - word.count("("))
    ending = len(word) - len(word.rstrip(")"))
    cut = min(extra, ending)
    end, word = end - cut, word[: len(word) - cut]
    if word in ("OR", "OU") and not field and not minus:
        return Piece("or", start, end, word, depth=depth), end
    return Piece("word", start, end, word, minus, field, depth), end


def balanced(found: list[Piece], deepest: int) -> Iterator[Piece]:
    """The same pieces, without the parentheses that are nested deeper."""
    for piece in found:
        level = piece.depth + 1 if piece.kind == "open" else piece.depth
        if piece.kind not in ("open", "close") or level <= deepest:
            yield piece
