"""Credit lines of texts that a news agency or a press office wrote and that many sites publish.

Their wordings are those that French media print: « PARIS, 23 nov. 2026 (AFP) – », « Source AFP », « © AFP »,
« Le Courrier avec AFP et Reuters », « Communiqué de presse ». Only the ends of a text are read: an agency named in the
middle of it is a subject, not an author.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

CreditKind = Literal["dispatch", "adapted", "release"]


@dataclass(frozen=True, slots=True)
class Credit:
    kind: CreditKind
    """A dispatch as it is, a text written with one, or a press release."""
    agency: str = ""
    """AFP, Reuters or AP; empty for a press release."""


LINE = 90
"""Characters of the longest line that is a credit and nothing else."""
END = 160
"""Characters of a paragraph among which a credit stands, at its beginning or end."""
EDGES = 2
"""Lines looked at on each side of a text."""

_NAMES = {"afp": "AFP", "france": "AFP", "reuters": "Reuters", "ap": "AP", "associated": "AP"}
# AP is also what French budgets call a commitment: in brackets at the end of a text it proves nothing.
_SURE = r"(?:l['’]\s?)?(?:AFP|Agence[\s-]France[\s-]Presse|(?:Thomson\s)?Reuters|(?:The\s)?Associated\sPress)\b"
_ANY = rf"(?:{_SURE}|(?:l['’]\s?)?AP\b)"
_MORE = rf"(?:\s*(?:,|/|&|-|et|and|avec)\s*(?:{_ANY}|agences))*"
_WITH = r"(?i:avec|d['’]après|with)"
_FROM = r"(?i:©|\(c\)|sources?|crédits?|dépêche|copyright|par|by|via)"
_SAID = rf"(?:{_WITH}|{_FROM})\s?:?\s?(?:\d{{4}}\s)?"
_PLACE = r"[A-ZÀ-Þ][\w'’ -]{1,40}(?:,?\s(?:le\s)?\d{1,2}(?:er)?\s\w{3,9}\.?(?:\s\d{4})?)?"
_WORD = r"\w(?:[\w'’&-]|\.(?=\w)){0,20}"
_TITLE = rf"{_WORD}(?:\s{_WORD}){{0,3}}(?:\s(?={_WITH}\s)|\s?/\s?)"
_CREDIT_LINE = re.compile(rf"\W*(?:{_TITLE})?(?:{_SAID}){{0,2}}{_ANY}{_MORE}\W*")
_CREDIT_HEAD = re.compile(rf"(?:{_PLACE}\s*)?[(\[]{_ANY}{_MORE}[)\]][\s:.–—-]*|{_ANY}{_MORE}\s+[–—-]\s+")
_CREDIT_TAIL = re.compile(rf"\s*[(\[](?:{_SURE}|{_SAID}{_ANY}){_MORE}[)\]]\W*$|(?<=[.!?»”])\s+{_SAID}{_ANY}{_MORE}\W*$")
_RELEASE = r"(?i:communiqué(?:\sde\spresse|\scommun)?)"
_RELEASE_LINE = re.compile(rf"\W*(?:(?i:source)\s?:?\s)?{_RELEASE}(?:\s*[–—:,|-].*)?\W*")
_RELEASE_HEAD = re.compile(rf"\W{{0,3}}(?:{_RELEASE}|CP)\W{{0,2}}\s?[–—:|\]-]\s*")


def credited(title: str, text: str, author: str = "") -> Credit | None:
    """Whose text it is, when its title, its author or an end of it says so; the agency rather than the release."""
    lines = _lines(text)
    # Under a title « © AFP » credits a photograph.
    head = [line for line in lines[:EDGES] if not line.startswith("©")]
    edges = [line for line in (author.strip(), *head, *lines[EDGES:][-EDGES:]) if line]
    said = [line for line in edges if _is_whole(_CREDIT_LINE, line)]
    if lines:
        ends = (_CREDIT_HEAD.match(lines[0][:END]), _CREDIT_TAIL.search(lines[-1][-END:]))
        said += [found.group() for found in ends if found]
    if said:
        return Credit("adapted" if re.search(rf"\b{_WITH}\b", said[0]) else "dispatch", _agency(said[0]))
    if _RELEASE_HEAD.match(title) or any(_is_whole(_RELEASE_LINE, line) for line in edges):
        return Credit("release")
    return Credit("release") if lines and _RELEASE_HEAD.match(lines[0]) else None


def without_credit(text: str) -> str:
    """The lines of a text that are not blank, without the credits at its ends: what papers share of one dispatch."""
    lines = _lines(text)
    for at in (0, -1):
        for _ in range(EDGES):
            if lines and (_is_whole(_CREDIT_LINE, lines[at]) or _is_whole(_RELEASE_LINE, lines[at])):
                del lines[at]
    if lines:
        for pattern in (_RELEASE_HEAD, _CREDIT_HEAD):
            if found := pattern.match(lines[0][:END]):
                lines[0] = lines[0][found.end() :]
        if found := _CREDIT_TAIL.search(lines[-1][-END:]):
            lines[-1] = lines[-1][: len(lines[-1]) - len(found.group())]
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def _is_whole(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= LINE and pattern.fullmatch(line) is not None


def _agency(line: str) -> str:
    """The first agency that a credit names."""
    words = re.findall(r"\w+", line.lower())
    return next(_NAMES[word] for word in words if word in _NAMES)
