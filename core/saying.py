"""An opinion as somebody gives it, from a command or a page, and the corrections that it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.corrections import Correction, Judged, Opinion
from core.text import fold, one_line

MOST_NAME, MOST_REASON = 40, 500
"""Characters."""
_MEMBER_RE = re.compile(r"member:([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Saying:
    opinion: Opinion
    by: str
    labels: tuple[str, ...] = ()
    central: bool | None = None
    reason: str = ""


def by_member(member_id: int) -> str:
    """What stands for a member in `Correction.by`: a number, which no other member ever has, and no name to erase."""
    return f"member:{member_id}"


def is_member_mark(name: str) -> bool:
    """True for a typed name that could be taken for the mark of a member."""
    return fold(name).strip().startswith("member:")


def told_name(by: str, names: Mapping[int, str]) -> str:
    """Who it was, in French; `names` are those of the members who have not left, by number."""
    found = _MEMBER_RE.fullmatch(by)
    return names.get(int(found[1]), f"membre n° {found[1]}") if found else by


def corrections_of(
    judged: Judged, saying: Saying, labels: Mapping[str, str], topics: Sequence[str], at: datetime
) -> list[Correction]:
    """One for each topic concerned.

    « pertinent » concerns those of `labels` (label → topic), which it gives; another opinion concerns the topics that
    the article bears or that the rules say, else all those of `topics`.
    """
    if saying.opinion == "pertinent":
        given = {topic: tuple(name for name, own in labels.items() if own == topic) for topic in labels.values()}
    else:
        borne = {tag.topic for tag in (*judged.machine, *judged.article.tags)}
        given = dict.fromkeys(sorted(borne or set(topics)), ())
    central = saying.central if saying.opinion == "pertinent" else None
    reason = one_line(saying.reason)[:MOST_REASON]
    # After all others, even when the clock stands still.
    last = max((each.id for each in judged.opinions), default=0) + 1
    number = judged.article.id
    return [
        Correction(number, judged.text_hash, topic, saying.opinion, saying.by, at, own, central, reason, last)
        for topic, own in given.items()
    ]
