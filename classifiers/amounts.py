"""Reads sums of money: « 1,3 M€ », « 195.000 euros », « entre 1 et 3 M€ », « six millions d'euros par an », "£5m".

A number is a sum only with its currency: « 1.500 emplois », « 3 % », « 10 000 places » and « 2016 » are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.numbers import NUMBER, SPACE, is_year, number
from classifiers.quantities import Quantity

_S = rf"{SPACE}{{0,2}}"
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
_CURRENCIES = {
    "EUR": r"€|(?i:euros?)(?![^\W\d_])|EUR(?![^\W\d_])|E(?![^\W\d_])",
    "GBP": rf"£|(?i:livres?{SPACE}sterling)(?![^\W\d_])|(?i:pounds?)(?![^\W\d_])|GBP(?![^\W\d_])",
    "USD": r"(?:US)?\$|(?i:dollars?)(?![^\W\d_])|USD(?![^\W\d_])",
    "CHF": rf"CHF(?![^\W\d_])|(?i:francs?{SPACE}suisses?)(?![^\W\d_])",
    "FRF": r"(?i:francs?)(?![^\W\d_])",
}
_UNIT = "|".join(f"(?P<{{0}}{code}>{pattern})" for code, pattern in _CURRENCIES.items())
_SCALES = {"mille": 1e3, "millier": 1e3, "million": 1e6, "milliard": 1e9, "billion": 1e9, "thousand": 1e3}
_SCALE = (
    r"(?i:milliards?|milliers?|millions?|mille|thousand|billions?)(?![^\W\d_])"
    r"|Mds?|Mrds?|[Kk](?=\s?[€£$E])|M(?=\s?[€£$E]|\s?(?i:d['’]\s?)?(?i:euros?)\b)|Mio"
)
_ENGLISH_SCALE = r"(?i:millions?|billions?|thousand|bn|mn|m|k)(?![^\W\d_])|Mds?|M|K"
_OF = rf"(?i:d{_S}['’]{_S}|de{SPACE})?"
_HALF = rf"(?P<half>{SPACE}(?i:et{SPACE}demie?))?"
_YEARLY = re.compile(
    rf"{_S}(?:(?i:(?:par|l['’]|chaque){_S}ann?(?:ée)?s?|annuel(?:le)?s?|a{SPACE}year|per{SPACE}(?:year|annum))(?![^\W\d_])"
    r"|/\s?an(?![^\W\d_]))"
)
_AFTER = re.compile(rf"(?P<number>{NUMBER}){_S}(?:{_OF}(?P<scale>{_SCALE}){_HALF})?{_S}{_OF}(?:{_UNIT.format('u_')})")
_BEFORE = re.compile(rf"(?P<sign>€|£|(?:US)?\$){_S}(?P<number>{NUMBER})(?:{_S}(?P<scale>{_ENGLISH_SCALE}))?")
_TO = rf"{SPACE}(?i:à|et|and|to){SPACE}|{_S}[-–]{_S}"
_FIRST = re.compile(
    rf"(?P<number>{NUMBER})(?:{_S}(?P<scale>{_SCALE}|M|K|k))?{_S}(?:{_OF}(?:€|(?i:euros?)))?(?P<to>{_TO})$"
)
_BETWEEN = re.compile(rf"(?i:entre|between){SPACE}\Z")
_MARK = re.compile(
    rf"[€£$]|(?i:(?<![^\W\d_])(?:euros?|dollars?|francs?(?:{SPACE}suisses?)?|pounds?|sterling)(?![^\W\d_]))|(?:EUR|GBP|USD|CHF)\b|[MKk]\s?E\b"
)
_BACK, _AHEAD = 100, 40
"""Characters read around the mark of a currency."""


def amounts(text: str, start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """The sums written in `text[start:end]`, in reading order; linear in the text, whatever it holds."""
    previous: Quantity | None = None
    for mark in _MARK.finditer(text, start, len(text) if end is None else end):
        last = previous.end if previous else start
        if mark.start() < last:
            continue
        found = _prefixed(text, mark) or _suffixed(text, max(last, mark.start() - _BACK), mark)
        if found is None:
            continue
        if previous is not None and _is_range(text, previous, found):
            found = found._replace(start=previous.start, low=previous.low)
        elif previous is not None:
            yield previous
        previous = found
    if previous is not None:
        yield previous


def _is_range(text: str, first: Quantity, second: Quantity) -> bool:
    """« entre 1 M€ et 3 M€ »: both ends with their currency."""
    between = text[first.end : second.start]
    if len(between) > len(" and ") or not re.fullmatch(_TO, between) or first.low is None or second.low is None:
        return False
    joined = between.strip().lower() not in ("et", "and") or bool(
        _BETWEEN.search(text, max(0, first.start - 10), first.start)
    )
    return joined and first.unit == second.unit and first.low == first.high and first.low < second.low


def _suffixed(text: str, low: int, mark: re.Match[str]) -> Quantity | None:
    """« 3,5 millions d'euros »: the sum that ends with this mark."""
    for found in _AFTER.finditer(text, low, mark.end()):
        if found.end() == mark.end() and (value := _value(found)) is not None:
            unit = next(name[2:] for name, said in found.groupdict().items() if name.startswith("u_") and said)
            return _ranged(text, low, found, value, unit)
    return None


def _prefixed(text: str, mark: re.Match[str]) -> Quantity | None:
    """« €1.3 million », unless the sign ends another sum (« 3 € 50 »)."""
    if mark.group() not in _SIGNS or text[max(0, mark.start() - 2) : mark.start()].strip()[-1:].isdigit():
        return None
    if text[mark.start() - 1 : mark.start()].isalpha() and text[mark.start() - 2 : mark.start()] != "US":
        return None
    found = _BEFORE.match(text, mark.start(), min(len(text), mark.end() + _AHEAD))
    if found is None or (value := _value(found)) is None:
        return None
    unit, start = _SIGNS[mark.group()], mark.start()
    return _yearly(text, Quantity("amount", start, found.end(), value, value, unit))


def _ranged(text: str, low: int, found: re.Match[str], high: float, unit: str) -> Quantity:
    """With what is before it, when that makes a range: « de 10 à 27,3 millions d'euros »."""
    whole = Quantity("amount", found.start(), found.end(), high, high, unit)
    first = next((one for one in _FIRST.finditer(text, low, found.start())), None)
    if first is not None and _joins(text, first):
        scale = first["scale"] or ""
        value = number(first["number"], bool(scale or found["scale"]))
        if value is not None:
            value *= _scale(scale or (_shared(value, high, found) if value < 1000 else ""))
        if value is not None and value < high and (scale or not is_year(first["number"])):
            whole = whole._replace(start=first.start(), low=value)
    return _yearly(text, whole)


def _shared(first: float, high: float, found: re.Match[str]) -> str:
    """The scale that the first end takes from the second: « 1 à 3 millions », « deux à dix mille », « 2 à 3 000 »."""
    return found["scale"] or ("mille" if high % 1000 == 0 and first < high / 1000 else "")


def _joins(text: str, first: re.Match[str]) -> bool:
    """« et » and « and » make a range after « entre » only."""
    return first["to"].strip().lower() not in ("et", "and") or bool(
        _BETWEEN.search(text, max(0, first.start() - 10), first.start())
    )


def _yearly(text: str, found: Quantity) -> Quantity:
    year = _YEARLY.match(text, found.end)
    return found._replace(end=year.end(), per_year=True) if year else found


def _value(found: re.Match[str]) -> float | None:
    scale = found["scale"] or ""
    value = number(found["number"], bool(scale))
    if value is None:
        return None
    half = 0.5 if found.groupdict().get("half") else 0.0
    return round((value + half) * _scale(scale), 2)


def _scale(written: str) -> float:
    if not written:
        return 1.0
    plain = written.lower().rstrip("s")
    if plain in _SCALES:
        return _SCALES[plain]
    return {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6}.get(plain, 1e9)
