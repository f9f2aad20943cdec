"""OPML both ways (opml.org/spec2.opml): lists of feeds that other readers share; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from core.errors import ConfigError
from core.names import CATEGORIES
from core.sources import Source
from core.text import fold, one_line

MOST_BYTES = 2 * 1024 * 1024
MOST_OUTLINES = 5_000
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    title: str
    feed: str
    page: str
    group: str
    """The title of the nearest group; empty at the top."""


def parse(body: bytes) -> list[Outline]:
    """The feeds of an OPML file.

    Raises ConfigError for what is none, is too large, or defines entities (threat A13).
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(body) > MOST_BYTES:
        raise ConfigError(f"Le fichier dépasse {MOST_BYTES // 1024 // 1024} Mio : ce n'est pas une liste de flux.")
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise ConfigError("Le fichier contient des définitions d'entités XML : il est refusé.") from None
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ConfigError("Le fichier n'est pas du XML lisible.") from None
    if root.tag != "opml":
        raise ConfigError("Le fichier n'est pas une liste OPML.")
    found = []
    for outline in _outlines(root.find("body"), "", 0):
        found.append(outline)
        if len(found) > MOST_OUTLINES:
            raise ConfigError(f"La liste a plus de {MOST_OUTLINES} flux.")
    return found


def _outlines(parent: Any, group: str, depth: int) -> Iterator[Outline]:
    for element in parent.findall("outline") if parent is not None and depth < DEEPEST else ():
        title = one_line(element.get("title") or element.get("text") or "", 80)
        feed = (element.get("xmlUrl") or "").strip()
        if feed:
            yield Outline(title, feed, (element.get("htmlUrl") or "").strip(), group)
        else:
            yield from _outlines(element, title or group, depth + 1)


def category_of(group: str) -> str:
    """The category that a group names, by its word or by its title; empty when it names none."""
    words = fold(group).replace("-", " ").strip()
    for category, title in CATEGORIES.items():
        names = {category.replace("-", " "), fold(title)}
        if words and words in names | {f"{name}s" for name in names}:
            return category
    return ""


def write(sources: Sequence[Source], title: str) -> bytes:
    """The feeds of the sources, grouped by category; a source without feed has none to give."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body = ElementTree.SubElement(root, "body")
    for category, name in CATEGORIES.items():
        members = [source for source in sources if source.category == category and source.feeds]
        if not members:
            continue
        group = ElementTree.SubElement(body, "outline", text=name, title=name)
        for source in members:
            for number, feed in enumerate(source.feeds, 1):
                shown = source.name if number == 1 else f"{source.name} ({number})"
                ElementTree.SubElement(
                    group, "outline", type="rss", text=shown, title=shown, xmlUrl=feed, htmlUrl=source.url
                )
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
