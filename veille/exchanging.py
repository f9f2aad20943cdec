"""`veille source import` and `export`: lists of feeds, in OPML, from and to other readers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.urls import canonical, host
from veille import config as configuration
from veille import config_writer, console, opml
from veille.config import Config
from veille.new_source import category_of, free_slug, identity, root_of, slug_of, watching
from veille.opml import Outline
from veille.switching import today


def import_list(path: Path, file: Path, category: str, *, dry_run: bool, as_json: bool) -> None:
    """Feeds of a list become sources that are off until somebody tries them; those already watched are said."""
    config, old = configuration.load(path), config_writer.read(path)
    category_of("", category)
    outlines = opml.parse(_bytes(file))
    if not outlines:
        raise ConfigError("La liste ne contient aucun flux (outline avec xmlUrl).")
    tables, known, refused = _tables(config, outlines, category)
    new = config_writer.with_blocks(old, [config_writer.block(table) for table in tables]) if tables else old
    config_writer.check(path, new)
    if tables and not dry_run:
        config_writer.replace(path, old, new)
    if as_json:
        added = [{"slug": table["slug"], "feed": table["feed"], "category": table["category"]} for table in tables]
        console.say_json({"added": added, "known": known, "refused": refused, "written": bool(tables) and not dry_run})
        return
    _say(tables, known, refused, dry_run)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(opml.MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{file} ne peut pas être lu : {error.strerror}.") from None


def _tables(
    config: Config, outlines: Sequence[Outline], category: str
) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """Blocks to add, feeds already watched, addresses that are none. Raises ConfigError when a group says nothing."""
    taken, seen = {source.slug for source in config.sources}, set[str]()
    tables: list[dict[str, Any]] = []
    known: list[str] = []
    refused: list[str] = []
    for outline in outlines:
        try:
            canonical(outline.feed)
        except ValueError:
            refused.append(outline.feed)
            continue
        if watching(config, outline.feed) or identity(outline.feed) in seen:
            known.append(outline.feed)
            continue
        seen.add(identity(outline.feed))
        table = _table(outline, taken, category)
        taken.add(str(table["slug"]))
        tables.append(table)
    return tables, known, refused


def _table(outline: Outline, taken: set[str], category: str) -> dict[str, Any]:
    told = opml.category_of(outline.group) or category or category_of(outline.feed, "")
    if not told:
        where = f"Le groupe « {outline.group} »" if outline.group else "Un flux sans groupe"
        raise ConfigError(
            f"{where} ne dit pas la catégorie de {outline.feed} : "
            "donnez celle des flux qui n'en ont pas, par exemple --category presse."
        )
    return {
        "slug": free_slug(slug_of(outline.feed), taken),
        "name": outline.title or host(outline.feed),
        "category": told,
        "url": outline.page if _is_web(outline.page) else root_of(outline.feed),
        "feed": outline.feed,
        "enabled": False,
        "disabled_reason": f"importée le {date.fromisoformat(today()):%d/%m/%Y}, à essayer",
    }


def _is_web(address: str) -> bool:
    try:
        return bool(canonical(address))
    except ValueError:
        return False


def _say(tables: Sequence[dict[str, Any]], known: Sequence[str], refused: Sequence[str], dry_run: bool) -> None:
    if tables:
        verbs = ("serait ajoutée", "seraient ajoutées") if dry_run else ("ajoutée", "ajoutées")
        what = console.count(len(tables), f"source {verbs[0]}", f"sources {verbs[1]}")
        console.say(f"{what} sans être active{'s' if len(tables) > 1 else ''} :")
    for table in tables:
        console.say(f"  {table['slug']} ({table['category']}) {table['feed']}")
    for title, addresses in (("Déjà suivis", known), ("Ce ne sont pas des adresses", refused)):
        if addresses:
            console.say(f"{title} :")
        for address in addresses:
            console.say(f"  {address}")
    if tables and not dry_run:
        console.say("Pour les essayer toutes et activer celles qui se lisent : veille source try --all")


def export_list(path: Path, file: Path | None) -> None:
    """The feeds of the configuration, to a file or to stdout; what has no feed is said."""
    config = configuration.load(path)
    written = opml.write(config.sources, config.name)
    opml.parse(written)
    without = sum(not source.feeds for source in config.sources)
    if file is None:
        sys.stdout.write(written.decode())
    else:
        try:
            file.write_bytes(written)
        except OSError as error:
            raise ConfigError(f"{file} ne peut pas être écrit : {error.strerror}.") from None
        console.say(f"Écrit : {file} ({console.count(len(config.sources) - without, 'source')}).")
    if without:
        console.warn(f"{console.count(without, 'source')} sans flux : OPML ne sait dire que des flux.")
