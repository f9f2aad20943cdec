"""Careful extraction: three readers of a page, and the blocks of it on which they agree.

The readers are trafilatura on the page without its furniture, trafilatura for precision on the page as it came, and
readability (the one that trafilatura ships). They are wrong in different places: a block two of them keep is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipeline.blocks import HEADINGS, Block, blocks
from pipeline.recurring import line_key

SHINGLE = 4
COVERED = 0.5
"""Share of a block's shingles of words that a reader's text must hold for the reader to have kept it."""
ENOUGH = 2
LOST = 0.5
"""Share of what both readers of the whole page keep under which the taking out of furniture went wrong."""
MOST = 0.6
"""Share of the text that readability must keep to be believed on where it ends."""
MAIN = 0.2
"""Share of the text from which an element that holds it directly is where the article is."""
_WORD = re.compile(r"\w+")
_ITEMS = frozenset(("li", "p", "dd", "dt", "td", "th", "blockquote", "pre")) | HEADINGS


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reader keeps: its shingles, and its short lines whole."""

    shingles: frozenset[tuple[str, ...]]
    lines: frozenset[tuple[str, ...]]

    def keeps(self, words: Sequence[str]) -> bool:
        if len(words) < SHINGLE:
            return tuple(words) in self.lines
        own = list(_shingles(words))
        return sum(shingle in self.shingles for shingle in own) >= COVERED * len(own)


def opinion(text: str) -> Opinion:
    lines = [_words(line) for line in text.split("\n")]
    every = [word for line in lines for word in line]
    return Opinion(frozenset(_shingles(every)), frozenset(tuple(line) for line in lines if len(line) < SHINGLE))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(SHINGLE)), strict=False)


def agreed(top: Any, cleared: str, whole: tuple[str, str], page: Any, recurring: frozenset[str]) -> list[Block]:
    """The blocks of `top`, cleared of its furniture, that readers agree on: `cleared` is what trafilatura makes of it,
    `whole` what the two others make of the page as it came, `page`; those that recur in its source are left out."""
    own = opinion(cleared)
    others = [opinion(text) for text in whole]
    kept = _own(_ended(_kept(blocks(top), [own, *others]), others[-1]), recurring)
    if _length(kept) >= LOST * sum(map(len, whole)) / 2:
        return kept
    both = [block for block in blocks(page) if all(each.keeps(_words(block.text)) for each in others)]
    return kept if _length(kept) >= LOST * _length(both) else _own(both, recurring)


def _own(found: list[Block], recurring: frozenset[str]) -> list[Block]:
    """The blocks that are not the source's; all of them when most are, for the article is then served twice."""
    own = [block for block in found if line_key(block.text) not in recurring] if recurring else found
    return own if _length(own) >= LOST * _length(found) else found


def _length(kept: Sequence[Block]) -> int:
    return sum(len(block.text) for block in kept)


def _kept(found: Sequence[Block], opinions: Sequence[Opinion]) -> list[Block]:
    votes = [sum(each.keeps(_words(block.text)) for each in opinions) for block in found]
    chosen = [count >= ENOUGH for count in votes]
    for index, block in enumerate(found):
        if not chosen[index] and block.linked <= 0.5 * len(block.text):
            chosen[index] = _is_heading_of_text(found, chosen, index) or (
                votes[index] > 0 and index > 0 and chosen[index - 1] and _are_near(found[index - 1], block)
            )
    return [block for block, is_text in zip(found, chosen, strict=True) if is_text]


def _is_heading_of_text(found: Sequence[Block], chosen: Sequence[bool], index: int) -> bool:
    """A heading right above a paragraph that is kept."""
    if found[index].node.tag not in HEADINGS or index + 1 == len(found) or not chosen[index + 1]:
        return False
    after = found[index + 1]
    return after.node.getparent() is found[index].node.getparent() and len(after.text) > len(found[index].text)


def _are_near(before: Block, block: Block) -> bool:
    """Whether an item or a paragraph that one reader keeps goes on with the text: beside it, or a level away."""
    if block.node.tag not in _ITEMS:
        return False
    return not {before.node.getparent(), *_around(before, 1)}.isdisjoint(_around(block, 2))


def _ended(kept: list[Block], surest: Opinion) -> list[Block]:
    """The text up to where readability ends it, if it kept most of it: what stands after, elsewhere in the page, is
    comments and other articles, which the two others take when no class name says what they are."""
    sure = [index for index, block in enumerate(kept) if surest.keeps(_words(block.text))]
    if not sure or _length([kept[index] for index in sure]) < MOST * _length(kept):
        return kept
    last = sure[-1]
    parts = _main_parts([kept[index] for index in sure])
    return kept[: last + 1] + [block for block in kept[last + 1 :] if parts.intersection(_around(block, 3))]


def _main_parts(sure: Sequence[Block]) -> set[Any]:
    """The elements that hold, each, a good share of the text directly."""
    sizes: dict[Any, int] = {}
    for block in sure:
        parent = block.node.getparent()
        sizes[parent] = sizes.get(parent, 0) + len(block.text)
    return {part for part, size in sizes.items() if size >= MAIN * _length(sure)}


def _around(block: Block, levels: int) -> list[Any]:
    """The elements around a block's own: a note or an item stands two levels under the text, or three."""
    return [*islice(block.node.iterancestors(), levels)]
