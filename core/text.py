"""Cleaning and folding of text: what readers are shown, and the plain form in which it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘ʼ′‛＇`´"
HYPHENS = "-‐‑‒–—−"
# Bidi marks and overrides, zero-width characters, soft hyphen, byte-order mark: they can hide or reorder what is shown.
INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

_INVISIBLE_RE = re.compile(f"[{INVISIBLE}]")
# Lone surrogates are there because no encoding can write them, U+FFFE and U+FFFF because XML may not hold them.
_CONTROL_RE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_SPACES_RE = re.compile(r"\s+")
_BLANKS_RE = re.compile(r"[^\S\n]+")
_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "€": "€"}


@lru_cache(maxsize=8192)
def fold_char(char: str) -> str:
    """Folded form of one character: zero, one or several characters."""
    if char in APOSTROPHES:
        return "'"
    if char in HYPHENS:
        return "-"
    if char in INVISIBLE:
        return ""
    if char.isspace():
        return " "
    lowered = char.lower()
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)).lower()


def fold(text: str) -> str:
    """Text without accents, case or typographic variety; its length may differ from the original's."""
    if len(text) < _LONG:
        return text.translate(_FOLDS)
    distinct = set(_ORDINARY_RE.sub("", text))
    if len(distinct) > _MANY or not all(map(_is_settled, distinct)):
        return text.translate(_FOLDS)
    # A few letters come back all the time: replacing each everywhere takes a third of the time of looking at all.
    for char in distinct:
        text = text.replace(char, fold_char(char))
    return text.lower()


@lru_cache(maxsize=8192)
def _is_settled(char: str) -> bool:
    """True when what a character folds to holds nothing that would be folded again."""
    return all(fold_char(folded) == folded for folded in fold_char(char))


class _Folds(dict[int, str]):
    """What each character folds to, for `str.translate`; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = fold_char(chr(code))
        if len(self) < MOST_FOLDS:
            self[code] = folded
        return folded


MOST_FOLDS = 8_192
_FOLDS = _Folds()
_LONG = 100
_MANY = 60
# What is folded by its case alone.
_ORDINARY_RE = re.compile(r"[ -_a-~]+")


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Folded text and, for each of its characters, the index of its origin; one last element is `len(text)`."""
    chars: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        for folded in fold_char(char):
            chars.append(folded)
            offsets.append(index)
    offsets.append(len(text))
    return "".join(chars), offsets


def plain(text: str) -> str:
    """Multi-line text fit to store and show: NFC, no control or invisible characters, spaces and blank lines folded."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL_RE.sub(" ", _INVISIBLE_RE.sub("", text))
    lines = [_BLANKS_RE.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str, limit: int = 300) -> str:
    """A title or name on one line, at most `limit` characters, cut at a word with an ellipsis."""
    text = _SPACES_RE.sub(" ", plain(text)).strip()
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rstrip()
    border = cut.rfind(" ")
    return (cut[:border] if border > limit // 2 else cut) + "…"


def inner_quotes(text: str) -> str:
    """French quotation marks turned into the second ones, “ ”, for a text that is itself to be quoted."""
    return re.sub(r"\s?»", "”", re.sub(r"«\s?", "“", text))
