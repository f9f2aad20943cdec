"""Reads numbers as French texts write them: « 1 300 000 », « 195.000 », « 27,3 », « six cent mille », « deux et demi ».

English ones too: "1,300,000", "1.3". A single separator before three digits groups them, unless a scale follows
(« 1,250 million »), where nothing but a decimal makes sense.
"""

from __future__ import annotations

import re

from core.text import fold

_UNITS = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90}
_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve".split()
_VALUES: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_ENGLISH)},
    **{word: float(value) for value, word in enumerate(_UNITS)},
    **_TENS,
    "une": 1,
    "vingts": 20,
    "cent": 100,
    "cents": 100,
    "mille": 1000,
}
_ROUND = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip

SPACE = r"[ \t\n\u00a0\u2007\u2009\u202f]"
_GROUP = r"[ \u00a0\u2007\u2009\u202f'’]"
_DIGITS = (
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}}(?!\d))+(?:[.,]\d{{1,2}}(?!\d))?"
    r"|\d{1,3}(?:\.\d{3}(?!\d)){2,}|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"
    r"|\d{1,3}(?:,\d{3}(?!\d))+(?:\.\d{1,2}(?!\d))?|\d{1,12}(?:[.,]\d{1,3}(?!\d))?"
)
_WORD = "|".join(sorted({*_VALUES, "zéro"}, key=len, reverse=True))
_AND = rf"(?:{SPACE}|-)et(?:{SPACE}|-)(?:une?|onze)"
_WORDS = rf"(?i:\b(?:{_WORD})(?:{_AND}|(?:{SPACE}|-)(?:{_WORD})){{0,9}}\b)"
_ABOUT = rf"(?i:\b(?:une|deux|trois|quelques?){SPACE}(?:{'|'.join(_ROUND)})s?\b)"
NUMBER = rf"(?<![\d.,])(?:{_DIGITS})|{_ABOUT}|{_WORDS}"
"""A number in figures or letters, for a larger pattern."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def is_year(written: str) -> bool:
    """Whether a number without unit looks like a year."""
    return bool(_YEAR.fullmatch(written))


def number(written: str, scaled: bool = False) -> float | None:
    """The value of what NUMBER matched; None when its words make no number. `scaled`: a scale word follows."""
    if written[0].isdigit():
        return _figures(re.sub(_GROUP, "", written), scaled)
    words = re.split(r"[\s-]+", fold(written))
    if words[-1].rstrip("s") in _ROUND:
        first = _VALUES.get(words[0])
        return first * _ROUND[words[-1].rstrip("s")] if first else None
    return _letters(words)


def _figures(written: str, scaled: bool) -> float | None:
    marks = [mark for mark in written if mark in ".,"]
    if not marks:
        return float(written)
    whole, _, decimals = written.rpartition(marks[-1])
    grouped = len(decimals) == 3 and not whole.startswith("0") and (len(marks) > 1 or not scaled)
    plain = whole.replace(".", "").replace(",", "")
    return float(plain + decimals) if grouped else float(f"{plain}.{decimals}")


def _letters(words: list[str]) -> float | None:
    """« deux cent mille » → 200,000: what comes before cent or mille multiplies it, what comes after is added."""
    total = current = 0.0
    for word in words:
        if word == "et":
            continue
        value = _VALUES[word]
        if value == 1000:
            total, current = total + (current or 1) * 1000, 0.0
        elif value == 100:
            current = (current or 1) * 100
        elif value == 20 and current % 100 == 4:  # quatre-vingts
            current += 76
        elif current and value >= 20 and current % 100:
            return None
        else:
            current += value
    return total + current
