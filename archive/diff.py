"""What changed between two versions of a text, word by word, in time and size that a hostile text cannot stretch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "gap"]

# difflib is quadratic: longer runs are shown as replaced whole.
MAX_PARAGRAPHS = 1_500
MAX_WORDS = 3_000
# Words of an unchanged passage kept on each side of a change.
CONTEXT = 12

_WORDS_RE = re.compile(r"\w+\s*|[^\w\s]\s*")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of text; a gap stands for unchanged text that is not shown."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Paragraphs with their changes, and how many words came and went."""

    paragraphs: tuple[tuple[Change, ...], ...]
    added: int
    removed: int

    @property
    def empty(self) -> bool:
        return not self.added and not self.removed


def compare(old: str, new: str) -> Difference:
    """Only the paragraphs that changed, each with a little of what surrounds the change."""
    before, after = _paragraphs(old), _paragraphs(new)
    rows: list[tuple[Change, ...]] = []
    for left, right in _blocks(before, after):
        changes = list(_words("\n".join(left), "\n".join(right)))
        rows.append(tuple(_with_gaps(changes)))
    added = sum(_count(change.text) for row in rows for change in row if change.kind == "added")
    removed = sum(_count(change.text) for row in rows for change in row if change.kind == "removed")
    return Difference(tuple(rows), added, removed)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _count(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _blocks(before: list[str], after: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The runs of paragraphs that differ; equal heads and tails are dropped before anything is compared."""
    head = _common(before, after)
    before, after = before[head:], after[head:]
    tail = _common(before[::-1], after[::-1])
    before, after = before[: len(before) - tail], after[: len(after) - tail]
    if not before and not after:
        return
    if max(len(before), len(after)) > MAX_PARAGRAPHS:
        yield before, after
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "replace" and i2 - i1 == j2 - j1:
            yield from (([before[i1 + n]], [after[j1 + n]]) for n in range(i2 - i1))
        elif tag != "equal":
            yield before[i1:i2], after[j1:j2]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(before), len(after)))


def _words(left: str, right: str) -> Iterator[Change]:
    old, new = _WORDS_RE.findall(left), _WORDS_RE.findall(right)
    if max(len(old), len(new)) > MAX_WORDS:
        yield from _replaced(old, new)
        return
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new])
    # Two sentences that share little read better one after the other than interleaved.
    if matcher.ratio() < 0.4:
        yield from _replaced(old, new)
        return
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Change("same", "".join(new[j1:j2]))
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    if old:
        gone = "".join(old)
        yield Change("removed", gone)
        if new and not gone[-1].isspace():
            yield Change("same", " ")
    if new:
        yield Change("added", "".join(new))


def _with_gaps(changes: Sequence[Change]) -> Iterator[Change]:
    for index, change in enumerate(changes):
        words = _WORDS_RE.findall(change.text)
        if change.kind != "same" or len(words) <= CONTEXT * 3:
            yield change
            continue
        if index > 0:
            yield Change("same", "".join(words[:CONTEXT]).rstrip())
        yield Change("gap", " […] ")
        if index < len(changes) - 1:
            yield Change("same", "".join(words[-CONTEXT:]).lstrip())
