"""The blocks of text of an HTML page, in the order in which they are read: paragraphs, headings, items, rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong"
    " sub sup time tt u var wbr img picture amp-img".split()
)
_UNSHOWN = frozenset(
    "head script style noscript template iframe svg object embed video audio canvas map select option button textarea"
    " input math".split()
)
HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
"""Within an article: the first level is its title's."""
_ROWS = frozenset(("td", "th"))


@dataclass(slots=True)
class Block:
    """One run of text that no block-level tag interrupts."""

    node: Any
    """The element that holds it."""
    text: str = ""
    linked: int = 0
    """Characters of it that are links."""
    parts: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The block as a line of a text, an item with its dash as trafilatura writes it."""
        item = self.node.tag == "li" or (
            self.node.tag == "p" and self.node.getparent() is not None and self.node.getparent().tag == "li"
        )
        return f"- {self.text}" if item else self.text


def blocks(top: Any) -> list[Block]:
    """The blocks of an element. `top` is left as it is; a page of any depth is read, without recursion."""
    found = [each for each in _runs(top) if _close(each)]
    return _rows(found)


def _runs(top: Any) -> Iterator[Block]:
    from lxml import etree

    open_block, links, unshown = Block(top), 0, 0
    for event, node in etree.iterwalk(top, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            _add(open_block, node.tail, links, unshown)
            continue
        starts, tag = event == "start", node.tag
        hidden = tag in _UNSHOWN
        unshown += hidden if starts else -hidden
        links += (tag == "a") if starts else -(tag == "a")
        if tag not in _INLINE and not hidden:
            yield open_block
            holder = node if starts and tag != "br" else node.getparent()
            open_block = Block(top if node is top or holder is None else holder)
        if starts:
            _add(open_block, node.text, links, unshown)
        elif node is not top:
            _add(open_block, node.tail, links, unshown)
    yield open_block


def _add(block: Block, text: str | None, links: int, unshown: int) -> None:
    if text and not unshown:
        block.parts.append(text)
        if links > 0:
            block.linked += len(text.strip())


def _close(block: Block) -> bool:
    block.text = " ".join("".join(block.parts).split())
    block.parts = []
    return bool(block.text)


def _rows(found: list[Block]) -> list[Block]:
    """The cells of one row of a table of data are one block."""
    joined: list[Block] = []
    for block in found:
        last = joined[-1] if joined else None
        if last is not None and block.node.tag in _ROWS and _same_row(last.node, block.node):
            last.text += f" | {block.text}"
            last.linked += block.linked
            last.node = block.node
        else:
            joined.append(block)
    return joined


def _same_row(first: Any, second: Any) -> bool:
    return first.tag in _ROWS and first is not second and first.getparent() is second.getparent()
