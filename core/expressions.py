"""Regular expressions that maintainers write: those that could run for ever are refused before they are used."""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 500
_REPEATS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT})
_CONSUMING = frozenset({codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY})


def complaint(pattern: str) -> str:
    """What is wrong with a pattern, in French; empty when nothing is (threat A40).

    A repetition within a repetition takes a time that doubles with every character (`(a+)+`, `(.*x)*`), save when a
    sign that the inner one cannot take separates its turns (`(/[a-z]+)+`).
    """
    if len(pattern) > LONGEST:
        return f"expression régulière trop longue : {LONGEST} caractères au plus"
    try:
        tree = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"expression régulière mal formée ({getattr(error, 'msg', 'trop profonde')})"
    if any(_is_nested(body) for body in _repeated(tree)):
        return "expression régulière qui pourrait ne jamais finir : une répétition (+ ou *) en contient une autre"
    return ""


def _repeated(tree: Any) -> list[Any]:
    """The bodies of all repetitions without bound, at any depth."""
    return [argument[2] for code, argument in _walk(tree) if code in _REPEATS and argument[1] == codes.MAXREPEAT]


def _walk(tree: Any) -> list[tuple[Any, Any]]:
    """Every node of a parsed pattern, with its argument."""
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, parser.SubPattern):
            found += part.data
            waiting += [argument for _, argument in part.data]
        elif isinstance(part, (tuple, list)):
            waiting += part
    return found


def _is_nested(body: Any) -> bool:
    inner = _repeated(body)
    return bool(inner) and not any(
        code is codes.LITERAL and not any(_takes(each, argument) for each in inner) for code, argument in _flat(body)
    )


def _flat(body: Any) -> list[tuple[Any, Any]]:
    """What every turn of a repetition goes through: groups opened, branches left aside."""
    found: list[tuple[Any, Any]] = []
    for code, argument in body.data:
        if code is codes.SUBPATTERN:
            found += _flat(argument[3])
        else:
            found.append((code, argument))
    return found


def _takes(body: Any, letter: int) -> bool:
    """Whether the body of a repetition can take a letter, doubt counting as yes."""
    for code, argument in _walk(body):
        if code not in _CONSUMING:
            continue
        if code is codes.IN:
            if _set_takes(argument, letter):
                return True
        elif code is codes.ANY or (argument == letter) == (code is codes.LITERAL):
            return True
    return False


def _set_takes(parts: list[tuple[Any, Any]], letter: int) -> bool:
    negated = any(code is codes.NEGATE for code, _ in parts)
    named = False
    for code, argument in parts:
        if code is codes.LITERAL:
            named = named or argument == letter
        elif code is codes.RANGE:
            named = named or argument[0] <= letter <= argument[1]
        elif code is codes.CATEGORY:
            sign = chr(letter)
            inside = {codes.CATEGORY_DIGIT: sign.isdigit(), codes.CATEGORY_SPACE: sign.isspace()}
            inside[codes.CATEGORY_WORD] = sign.isalnum() or sign == "_"
            named = named or inside.get(argument, True)
    return named != negated
