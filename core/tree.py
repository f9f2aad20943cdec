"""What a query asks, as a small immutable tree: words and filters, joined by and, or, not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One searched word, or several that follow each other; `stems` is its French analysis, in order."""

    text: str
    stems: tuple[str, ...]
    exact: bool = False
    """True for "…": the folded text itself must be present, word for word."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A property of the article; its values are alternatives."""

    name: str
    """In English: tag, source, category, lang, actor, place, month, status, central."""
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """The article's day, aware UTC; None for no bound."""

    after: datetime | None = None
    """Inclusive."""
    before: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class Not:
    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """Everything, when it has no part."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Nothing, when it has no part."""

    parts: tuple[Expression, ...]


Expression = Word | Filter | Dated | Not | And | Or
ANYTHING = And(())


def both(parts: Iterable[Expression]) -> Expression:
    """All of these, without needless levels."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else And(kept)


def either(*choices: Expression) -> Expression:
    """One of these; two filters of one name make one, with the values of both."""
    options: list[Expression] = []
    for choice in choices:
        for option in choice.parts if isinstance(choice, Or) else (choice,):
            _add_option(options, option)
    return options[0] if len(options) == 1 else Or(tuple(options))


def _add_option(options: list[Expression], option: Expression) -> None:
    for at, known in enumerate(options):
        if isinstance(known, Filter) and isinstance(option, Filter) and known.name == option.name:
            options[at] = Filter(known.name, tuple(dict.fromkeys((*known.values, *option.values))))
            return
    if option not in options:
        options.append(option)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """What must all be true."""
    return expression.parts if isinstance(expression, And) else (expression,)


def wanted(expression: Expression) -> Iterator[Word | Filter | Dated]:
    """The words and filters that are asked for, in order; not those that are excluded."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from wanted(part)
        case Not():
            return
        case _:
            yield expression


def without(expression: Expression, name: str) -> Expression:
    """The same, wider: without the filter of this name that every article must satisfy."""
    return both(part for part in parts_of(expression) if not (isinstance(part, Filter) and part.name == name))


def limited(expression: Expression, most: int) -> Expression:
    """The same, with its first `most` words and filters only."""
    return _limited(expression, [most]) or ANYTHING


def _limited(expression: Expression, left: list[int]) -> Expression | None:
    match expression:
        case And(parts) | Or(parts):
            kept = tuple(part for each in parts if left[0] > 0 and (part := _limited(each, left)) is not None)
            return type(expression)(kept) if kept or not parts else None
        case Not(part):
            inner = _limited(part, left) if left[0] > 0 else None
            return None if inner is None else Not(inner)
    left[0] -= 1
    return expression


def asked_time(expression: Expression) -> Dated:
    """The time that every article must be of; without bounds when the search asks for none."""
    dated = [part for part in parts_of(expression) if isinstance(part, Dated)]
    return Dated(
        max((each.after for each in dated if each.after), default=None),
        min((each.before for each in dated if each.before), default=None),
    )
