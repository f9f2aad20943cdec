"""Cuts a title and a text into comparable words, each with its place in the original.

Words are folded (case, accents, ligatures) and put in the singular, so that « Contrats à Impact Social » and
"CONTRAT A IMPACT SOCIAL" give the same keys. Snowball stems are not used here: they confound « investisseur à impact »
with « investir », or « impacté » with « impact », and a rule must say exactly what it matches.
"""

from __future__ import annotations

import html
import html.entities
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from core.french import singular
from core.text import fold

Field = Literal["title", "text"]

STOP = "|"
"""The mark of a sentence or block border: no form crosses it."""
COMMA = ","

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u0300-\u036f"
_PIECE = re.compile(
    r"(?P<dotted>(?<![^\W_])(?:[A-Z]\.){1,5}[A-Z](?![^\W_])(?:\.(?!\s+[A-ZÀ-Ý«]))?)"
    r"|(?P<a>(?<![^\W_])[\ufffdˆ‡Ó](?![^\W_])|(?<=\s)\?(?=\s[a-zé]))"
    r"|(?P<spaced>(?<![^\W_])[^\W_](?:[^\S\n]{1,3}[^\W_]){6,50}(?![^\W_]))"
    rf"|(?P<word>[^\W_](?:[^\W_]|[{_INVISIBLE}])*)"
    r"|(?P<ending>(?<=[^\W_])[.·•](?:[eè]?s?|euses?|rices?|ses?|e[.·•]s|(?:eu)?se[.·•]s|rice[.·•]s)(?<![.·•])(?![^\W_]))"
    r"|(?P<lost>(?<=(?<![^\W_])[cdjlnsCDJLNS])\?(?=[^\W_]))"
    r"|(?P<comma>,)"
    r"|(?P<stop>[.!?:;…|•·/]|\n[^\S\n]*\n)"
)
# Accents and apostrophes left undecoded by a page, repaired in place, same length, so that offsets hold.
_BROKEN = re.compile(
    r"\\u(?:00[c-fC-F][0-9a-fA-F]|20(?:18|19))|&(?:[aeiouc](?:grave|acute|circ|uml|cedil)|[lr]squo|nbsp|\#\d{2,4}|\#x[0-9a-fA-F]{2,4});"
    r"|â€™|â€˜|Ã[\u0080-\u00bf]"
)
UNDECODED: tuple[Callable[[str], str], ...] = (
    lambda word: word.encode("utf-8").decode("latin-1"),
    lambda word: _each(word, lambda letter: f"\\u{ord(letter):04x}"),
    lambda word: _each(word, lambda letter: f"&{html.entities.codepoint2name.get(ord(letter), '')};"),
    lambda word: _each(word, lambda letter: f"&#{ord(letter)};"),
    lambda word: _each(word, lambda letter: f"&#x{ord(letter):x};"),
)
"""The ways in which `repair` finds accents: what a page makes of a word when it leaves them undecoded."""
_GAP = re.compile(r"[\s\u00ad\u200b-‑‒–—-]*")
_LONGEST_RUN = 80
_UNREAD = "#"
"""Key of a run of letters too long to be a word: neither folded nor remembered."""
_MARKS = {"a": "a", "comma": COMMA, "stop": STOP}
_FILLER = "\u00ad"
_LONGEST = 20
"""Letters of the longest word looked for in a glued one."""
_GLUED = range(7, 60)
"""Lengths at which a word may be several; longer runs are not words of a hashtag."""
_LONG = 6
"""Letters of a word that a small one may be glued to."""
_SMALL_FIRST = ("l", "d", "a", "le", "la", "les", "un", "ces", "aux")
_SMALL_LAST = ("et", "est", "ou", "ont", "sont")
_CUT_ONCE = 10_000
"""Different long words of one text whose cut is remembered."""


def _each(word: str, change: Callable[[str], str]) -> str:
    return "".join(letter if letter.isascii() else change(letter) for letter in word)


def _repaired(found: re.Match[str]) -> str:
    broken = found.group()
    if broken.startswith("\\u"):
        char = chr(int(broken[2:], 16))
    elif broken.startswith("&"):
        char = html.unescape(broken) or _FILLER  # nothing for a number that is no character
    elif broken.startswith("â"):
        char = "'"
    else:
        char = bytes(map(ord, broken)).decode("utf-8", "replace")
    return char + _FILLER * (len(broken) - 1)


def repair(text: str) -> str:
    """Undecoded accents and apostrophes decoded (« l\\u2019action », "&agrave;", « dâ€™impact »), at equal length."""
    text = text.replace("ʼ", "'")  # a letter to Unicode, an apostrophe to the writer
    if "\\u" in text or "&" in text or "â€" in text or "Ã" in text:
        return _BROKEN.sub(_repaired, text)
    return text


@lru_cache(maxsize=100_000)
def surface(word: str) -> str:
    """A word without case, accents or invisible characters; its plural is kept."""
    return fold(word)


@lru_cache(maxsize=100_000)
def key(word: str) -> str:
    """The form in which a word is compared: folded, singular, « sociale » as « social »."""
    found = singular(surface(word))
    return found[:-1] if len(found) > 5 and found.endswith("ale") else found


class Piece(NamedTuple):
    """One word or mark: its key, and half-open offsets in its field."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that forms are made of: what glued words may be cut into, and broken words be joined into."""

    words: frozenset[str]
    """Folded singular and plural spellings."""
    acronyms: frozenset[str]
    """Exact spellings, case kept."""
    breaks: dict[str, frozenset[str]] = field(repr=False)
    """Second half of a broken word → first halves."""
    slips: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Folded wrong spelling → key of the word meant."""

    @classmethod
    def of(cls, words: Iterable[str], acronyms: Iterable[str], slips: Mapping[str, str]) -> Vocabulary:
        spellings = {spelling for word in words for spelling in _spellings(surface(word))}
        breaks: dict[str, set[str]] = {}
        for word in spellings:
            for cut in range(2, len(word) - 1) if len(word) >= 6 else ():
                if not (word[:cut] in spellings and word[cut:] in spellings):
                    breaks.setdefault(word[cut:], set()).add(word[:cut])
        return cls(frozenset(spellings), frozenset(acronyms), {k: frozenset(v) for k, v in breaks.items()}, slips)

    def knows(self, folded: str) -> bool:
        """Whether a folded word is one of the lexicon, or a slip for one."""
        return folded in self.words or folded in self.slips

    def key(self, word: str) -> str:
        """The key of a word, or of the one it was meant to be."""
        found = key(word)
        if found[-1:].isdigit() and (plain := surface(word).rstrip("0123456789")) in self.words:
            return key(plain)  # the call of a footnote: « contrats à impact social2 »
        return self.slips.get(found) or self.slips.get(surface(word), found)

    def cut(self, word: str) -> list[str]:
        """The words glued in « contratsàimpactsocial », the first of 4 letters at least, with or without a small word
        at either end (« lescontrats », « dimpact », « àimpactont »); empty when one is unknown."""
        if parts := self._cut(word, 0, set()):
            return parts
        for first in ("", *(small for small in _SMALL_FIRST if word.startswith(small))):
            for last in ("", *(small for small in _SMALL_LAST if word.endswith(small))):
                core = word[len(first) : len(word) - len(last)]
                parts = [core] if core in self.words and len(core) >= _LONG else self._cut(core, 0, set())
                if parts and core != word:
                    return [part for part in (first, *parts, last) if part]
        return []

    def _cut(self, word: str, start: int, dead: set[int]) -> list[str]:
        """The words of what remains; `dead` holds the places already tried in vain ("lalala" can be cut in 8 ways)."""
        if start in dead:
            return []
        if start and word[start:] in self.words:
            return [word[start:]]
        for end in range(min(len(word) - 1, start + _LONGEST), start + (0 if start else 3), -1):
            if word[start:end] in self.words and (rest := self._cut(word, end, dead)):
                return [word[start:end], *rest]
        dead.add(start)
        return []


def _spellings(word: str) -> set[str]:
    if len(word) < 4:
        return {word}
    return {word, key(word), word[:-1] + "ux" if word.endswith("al") else word + "s"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an article: title first, then a border, then the text."""

    pieces: list[Piece]
    title_count: int
    """How many pieces belong to the title."""
    acronyms: dict[str, list[int]]
    """Exact acronym → indexes of its pieces."""
    joined: str
    """All keys between single spaces, with a space at both ends."""
    positions: list[int]
    """Where each key begins in `joined`."""
    title: str
    text: str

    def index_at(self, position: int) -> int:
        """Index of the piece whose key covers a position of `joined`."""
        return bisect_right(self.positions, position) - 1

    def written(self, first: int, last: int) -> str:
        """The original spelling of a run of pieces of one field."""
        source = self.title if first < self.title_count else self.text
        return source[self.pieces[first].start : self.pieces[last].end]

    def field_of(self, index: int) -> Field:
        return "title" if index < self.title_count else "text"


def _scan(text: str, vocabulary: Vocabulary, acronyms: dict[str, list[int]], shift: int) -> list[Piece]:
    pieces: list[Piece] = []
    cut = lru_cache(maxsize=_CUT_ONCE)(vocabulary.cut)
    for found in _PIECE.finditer(text):
        kind, start, end = found.lastgroup, found.start(), found.end()
        if kind in {"ending", "lost"}:  # « contrat·s »: the word before says enough; « d?impact »: an apostrophe
            continue
        if kind == "spaced":
            pieces.extend(_spaced(found.group(), start, vocabulary))
            continue
        if kind == "dotted":
            pieces.append(_dotted(found.group(), start, end, vocabulary, acronyms, shift + len(pieces)))
            continue
        if kind != "word":
            pieces.append(Piece(_MARKS[kind or "stop"], start, end))
            continue
        if end - start > _LONGEST_RUN:
            pieces.append(Piece(_UNREAD, start, end))
            continue
        raw = found.group()
        if raw in vocabulary.acronyms:
            acronyms.setdefault(raw, []).append(shift + len(pieces))
        folded = surface(raw)
        if folded in vocabulary.breaks and pieces and _is_broken(text, pieces[-1], folded, start, vocabulary):
            first = pieces.pop()
            pieces.append(Piece(key(text[first.start : first.end] + raw), first.start, end))
        elif len(folded) in _GLUED and not vocabulary.knows(folded) and (parts := cut(folded)):
            pieces.extend(_parts(parts, start, end))
        else:
            pieces.append(Piece(vocabulary.key(raw), start, end))
    return pieces


def _dotted(
    raw: str, start: int, end: int, vocabulary: Vocabulary, acronyms: dict[str, list[int]], index: int
) -> Piece:
    """« C.I.S. » as « CIS »."""
    letters = raw.replace(".", "")
    if letters in vocabulary.acronyms:
        acronyms.setdefault(letters, []).append(index)
    return Piece(key(letters), start, end)


def _spaced(raw: str, start: int, vocabulary: Vocabulary) -> list[Piece]:
    """« I M P A C T » as « impact »: letters apart are words when the lexicon has them all."""
    end = start + len(raw)
    joined = surface("".join(raw.split()))
    if vocabulary.knows(joined):
        return [Piece(vocabulary.key(joined), start, end)]
    if parts := vocabulary.cut(joined):
        return [Piece(key(part), start, end) for part in parts]
    return [Piece(key(raw[at]), start + at, start + at + 1) for at in range(len(raw)) if not raw[at].isspace()]


def _is_broken(text: str, first: Piece, second: str, start: int, vocabulary: Vocabulary) -> bool:
    half = surface(text[first.start : first.end])
    return half in vocabulary.breaks[second] and bool(_GAP.fullmatch(text, first.end, start))


def _parts(parts: list[str], start: int, end: int) -> list[Piece]:
    if sum(map(len, parts)) != end - start:
        return [Piece(key(part), start, end) for part in parts]
    pieces = []
    for part in parts:
        pieces.append(Piece(key(part), start, start + len(part)))
        start += len(part)
    return pieces


def read(title: str, text: str, vocabulary: Vocabulary, sections: Sequence[tuple[int, int]] = ()) -> Words:
    """Cut an article's two fields into words; of the text, only the sections when there are some."""
    acronyms: dict[str, list[int]] = {}
    pieces = _scan(repair(title), vocabulary, acronyms, 0)
    pieces.append(Piece(STOP, len(title), len(title)))
    count = len(pieces)
    for start, end in sections or ((0, len(text)),):
        found = _scan(repair(text[start:end]), vocabulary, acronyms, len(pieces))
        pieces += [Piece(p.key, p.start + start, p.end + start) for p in found] if start else found
        pieces.append(Piece(STOP, end, end))
    positions, at = [], 1
    for piece in pieces:
        positions.append(at)
        at += len(piece.key) + 1
    return Words(pieces, count, acronyms, " " + " ".join(p.key for p in pieces) + " ", positions, title, text)
