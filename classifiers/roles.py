"""Says which part an actor takes in a contract, by the words of its sentence (`roles.toml`); in doubt, none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classifiers.words import STOP, key
from core.facts import ROLES

_LEADS = (
    "le la les l un une du de d des a au aux the groupe agence banque fondation cabinet societe fonds fond association"
    " entreprise assureur investisseur assurance mutuelle cooperative structure ministere".split()
)
_JOINTS = ", et and ainsi que ou puis".split()
_BETWEEN = "|".join(re.escape(word) for word in (*_LEADS, *_JOINTS))
_LIST = rf"(?:(?:{'|'.join(_LEADS)}) )*@\d+ (?:(?:(?:{_BETWEEN}) )*@\d+ )*"
_SIGNS = ("{X}", "…", ",", ":")
_LIGHT = frozenset(
    map(
        key,
        "a à de en l le la les un par by est sera sont seront ont is avec comme dont parmi lesquels tels que".split(),
    )
)
"""Words of patterns that are everywhere."""
_GAP = r"(?:[^|@ ]+ ){0,6}"
_DENIED = frozenset("pas jamais ni non not".split())
_REACH = 4
"""Words before a pattern among which a denial counts."""
_NUMBER = re.compile(r"@(\d+) ")


@dataclass(frozen=True, slots=True)
class Pattern:
    role: str
    regex: re.Pattern[str]
    cues: tuple[str, ...]
    """What its words look like among keys, `(a|b)` spelled out, for a quick look."""
    excepted: frozenset[str]


def _keys(word: str) -> list[str]:
    """« (financé|souscrit) » → its keys."""
    return [STOP if each == ":" else each if each == "," else key(each) for each in word.strip("()").split("|")]


def _regex(pattern: str) -> re.Pattern[str]:
    parts = []
    for word in pattern.split():
        if word == "{X}":
            parts.append(f"(?P<list>{_LIST})")
        elif word == "…":
            parts.append(_GAP)
        else:
            parts.append(f"(?:{'|'.join(re.escape(each) for each in _keys(word))}) ")
    return re.compile("(?<= )" + "".join(parts))


def _cues(pattern: str) -> tuple[str, ...]:
    """The keys of its word of weight nearest to the actor, which any sentence that fits holds."""
    words = pattern.split()
    actor = words.index("{X}")
    near = sorted(range(len(words)), key=lambda at: abs(at - actor))
    heavy = next(words[at] for at in near if words[at] not in _SIGNS and not _LIGHT & set(_keys(words[at])))
    return tuple(f" {each} " for each in _keys(heavy))


def load(path: Path) -> tuple[Pattern, ...]:
    """The patterns of a file; raises ValueError for a role that core does not know."""
    found: list[Pattern] = []
    for entry in tomllib.loads(path.read_text("utf-8"))["role"]:
        if entry["role"] not in ROLES:
            raise ValueError(f"{path.name}: unknown role {entry['role']!r}")
        for pattern in entry["patterns"]:
            pattern = re.sub(r"\(([^()]*) ([^()]*)\)", r"(\1_\2)", pattern)
            found.extend(
                Pattern(entry["role"], _regex(one), _cues(one), frozenset(entry.get("except", ())))
                for one in _spelled(pattern)
            )
    return tuple(found)


def _spelled(pattern: str) -> list[str]:
    """A pattern whose alternatives hold several words, as one pattern for each."""
    found = re.search(r"\(([^()]*_[^()]*)\)", pattern)
    if not found:
        return [pattern]
    return [
        one
        for each in found[1].split("|")
        for one in _spelled(pattern[: found.start()] + each.replace("_", " ") + pattern[found.end() :])
    ]


@cache
def patterns() -> tuple[Pattern, ...]:
    return load(Path(__file__).with_name("roles.toml"))


def may_tell(joined: str) -> bool:
    """Whether keys between spaces hold a word of some pattern."""
    return any(cue in joined for cue in _all_cues())


def telling(joined: str) -> list[int]:
    """Where keys between spaces hold such words, in reading order."""
    return sorted(found.start() + 1 for cue in _all_cues() for found in re.finditer(re.escape(cue), joined))


def is_cue(key: str) -> bool:
    return f" {key} " in _all_cues()


@cache
def _all_cues() -> tuple[str, ...]:
    return tuple(sorted({cue for pattern in patterns() for cue in pattern.cues}))


def roles(tokens: Sequence[str], categories: Mapping[int, str]) -> dict[int, str]:
    """Number of an actor → its role in this sentence; `tokens`: keys, with `@n` in the place of actor n.

    Words that are part of longer ones do not decide (« évaluation menée par », « menée par »); an actor that two
    patterns give two roles has none.
    """
    line = f" {' '.join(tokens)} "
    said: dict[int, list[tuple[int, int, str]]] = {}
    for pattern in patterns():
        if not any(cue in line for cue in pattern.cues):
            continue
        for found in pattern.regex.finditer(line):
            if _is_denied(line[: found.start()], line[found.start() : found.start("list")]):
                continue
            for number in map(int, _NUMBER.findall(found["list"])):
                if categories.get(number, "") not in pattern.excepted:
                    said.setdefault(number, []).append((found.start(), found.end(), pattern.role))
    chosen = {number: _widest(spans) for number, spans in said.items()}
    return {number: roles.pop() for number, roles in chosen.items() if len(roles) == 1}


def _widest(spans: Sequence[tuple[int, int, str]]) -> set[str]:
    """The roles of the spans that lie in no longer one."""
    return {
        role
        for start, end, role in spans
        if not any(low <= start and end <= high and high - low > end - start for low, high, _ in spans)
    }


def _is_denied(before: str, words: str) -> bool:
    return bool(_DENIED & {*before.split()[-_REACH:], *words.split()})
