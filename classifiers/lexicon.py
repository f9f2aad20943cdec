"""Reads a topic's lexicon.toml into rules, and refuses, in a French sentence that names it, a rule that cannot work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from classifiers.forms import Form, FormError, unfold
from classifiers.misspellings import SHORTEST, misspellings
from classifiers.tables import table
from core.errors import TopicError

Role = Literal["core", "support", "neighbour"]
"""core: tags an article; support: raises its score; neighbour: close to the topic, shown, worth nothing."""
FORMAT = 1
THRESHOLD = 0.5
"""A candidate is accepted from this score on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One concept written one way: what it looks like, and what around it confirms or refutes it."""

    id: str
    version: int
    concept: str
    label: str
    """One of those of the topic, as `cis`; empty for what never tags."""
    role: Role
    languages: tuple[str, ...]
    """The languages of its forms; French articles quote English terms, so every rule reads every article."""
    score: float
    """What the form is worth alone, from 0 to 1."""
    forms: tuple[Form, ...]
    acronyms: tuple[str, ...]
    """Exact, case kept."""
    confirm: tuple[Form, ...]
    """One of these near is enough."""
    hints: tuple[Form, ...]
    """Two different ones near are worth one confirmation."""
    refute: tuple[Form, ...]
    """One of these near cancels."""
    refute_article: tuple[Form, ...]
    """One of these anywhere cancels, unless the expansion of the acronym is in the article."""
    refute_next: tuple[Form, ...]
    """One of these right after cancels."""
    refute_previous: tuple[Form, ...]
    """One of these right before cancels."""
    near: tuple[Form, ...]
    """Of a form that says too little alone: one of these must stand a dozen words away at most."""
    previous: tuple[Form, ...]
    """One of these must stand right before, or a comma, or a border."""
    complement: tuple[Form, ...]
    """When « de … » follows, one of these must be in it."""
    expanded_by: tuple[str, ...]
    """Rules of which an accepted match anywhere confirms the acronym."""
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    @property
    def tag(self) -> str:
        """`cis-contrat@3`, what an edition records."""
        return f"{self.id}@{self.version}"

    def context(self) -> tuple[Form, ...]:
        """Every form sought around a candidate."""
        return self.confirm + self.hints + self.refute + self.refute_article + self.near


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The rules of a topic."""

    topic: str
    rules: tuple[Rule, ...]
    slips: Mapping[str, str] = field(default_factory=dict)
    """Folded wrong spelling → key of the word meant (`misspellings.py`)."""

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.label for rule in self.rules if rule.label))


_FORMS = (
    "forms", "confirm", "hints", "refute", "refute_article", "refute_next", "refute_previous", "near", "previous",
    "complement",
)  # fmt: skip
_LISTS = ("languages", "acronyms", "expanded_by", "examples", "counterexamples")
_PLAIN: dict[str, type] = {"id": str, "version": int, "concept": str, "label": str, "role": str, "score": float}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KNOWN = {field.name for field in fields(Rule)}


def load(path: Path) -> Lexicon:
    """Read a lexicon and try every rule on its own examples.

    Raises TopicError: file missing or not TOML, unknown or missing key, form that cannot be read, rule without form,
    rule that its examples do not reach, counterexample that it accepts.
    """
    from classifiers.checks import check

    lexicon = read(path)
    check(lexicon, path)
    return lexicon


def read(path: Path) -> Lexicon:
    """Read a lexicon without trying its examples. Raises TopicError."""
    data = table(path, "Lexique")
    try:
        return _lexicon(data)
    except FormError as error:
        raise TopicError(f"{path} : {error}") from error


def _lexicon(data: Mapping[str, Any]) -> Lexicon:
    unknown = set(data) - {"format", "topic", "often_misspelt", "rule"}
    if unknown:
        raise FormError(f"clé inconnue « {sorted(unknown)[0]} »")
    if data.get("format") != FORMAT:
        raise FormError(f"« format = {FORMAT} » attendu, {data.get('format')!r} trouvé")
    tables = data.get("rule")
    if not isinstance(data.get("topic"), str) or not isinstance(tables, list) or not tables:
        raise FormError("il faut « topic » et au moins une règle [[rule]]")
    rules = tuple(_rule(table, number) for number, table in enumerate(tables, 1))
    _check_references(rules)
    return Lexicon(data["topic"], rules, _slips(data))


def _slips(data: Mapping[str, Any]) -> dict[str, str]:
    words = _strings(data, "often_misspelt", "lexique")
    if short := next((word for word in words if len(word) < SHORTEST or not word.isalpha()), ""):
        raise FormError(f"« often_misspelt » : « {short} » n'est pas un mot de {SHORTEST} lettres ou plus")
    return misspellings(words)


def _rule(table: Mapping[str, Any], number: int) -> Rule:
    name = f"règle « {table.get('id') or number} »"
    unknown = set(table) - _KNOWN
    if unknown:
        raise FormError(f"{name} : clé inconnue « {sorted(unknown)[0]} »")
    values: dict[str, Any] = {key: _plain(table, key, kind, name) for key, kind in _PLAIN.items()}
    for key in _LISTS:
        values[key] = tuple(_strings(table, key, name))
    for key in _FORMS:
        values[key] = _unfolded(_strings(table, key, name), name)
    rule = Rule(**values)
    _check_rule(rule, name)
    return rule


def _plain(table: Mapping[str, Any], key: str, kind: type, name: str) -> Any:
    value = table.get(key)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise FormError(f"{name} : « {key} » manque ou n'est pas du bon type")
    return value


def _strings(table: Mapping[str, Any], key: str, name: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise FormError(f"{name} : « {key} » doit être une liste de textes non vides")
    return value


def _unfolded(written: Iterable[str], name: str) -> tuple[Form, ...]:
    found: dict[tuple[str, bool], Form] = {}
    for form in written:
        try:
            for unfolded in unfold(form):
                found.setdefault((" ".join(unfolded.keys), unfolded.gap), unfolded)
        except FormError as error:
            raise FormError(f"{name} : {error}") from error
    return tuple(found.values())


def _check_rule(rule: Rule, name: str) -> None:
    faults = {
        "« id » ne prend que des minuscules, chiffres et tirets": not _ID.fullmatch(rule.id),
        "« version » commence à 1": rule.version < 1,
        f"« role » est l'un de {', '.join(get_args(Role))}": rule.role not in get_args(Role),
        "une règle « core » porte un « label », les autres non": (rule.role == "core") != bool(rule.label),
        "« score » va de 0 à 1": not 0 <= rule.score <= 1,
        "« languages » manque": not rule.languages,
        "aucune forme : ni « forms » ni « acronyms »": not rule.forms and not rule.acronyms,
        "« examples » manque": not rule.examples,
        "« counterexamples » manque": not rule.counterexamples,
        "une forme d'un seul mot court trouverait n'importe quoi": any(
            len(form.keys) == 1 and len(form.keys[0]) < 4 for form in rule.forms
        ),
        "trop faible pour être acceptée, et sans rien qui la confirme": rule.score < THRESHOLD
        and not (rule.confirm or rule.hints or rule.expanded_by or rule.complement),
    }
    for sentence, wrong in faults.items():
        if wrong:
            raise FormError(f"{name} : {sentence}")


def _check_references(rules: tuple[Rule, ...]) -> None:
    ids = [rule.id for rule in rules]
    for rule in rules:
        if ids.count(rule.id) > 1:
            raise FormError(f"règle « {rule.id} » : deux règles portent ce nom")
        for reference in rule.expanded_by:
            if reference not in ids:
                raise FormError(f"règle « {rule.id} » : « expanded_by » nomme « {reference} », qui n'existe pas")
