"""What `veille source add` does: finds a site's entry point, tries it, shows it, and writes its block."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from core.errors import ConfigError
from core.sources import Category, Source
from core.text import fold
from core.urls import host, same_site
from veille import config as configuration
from veille import config_writer, console, trying
from veille.config import Config
from veille.new_source import category_of, table_of, watching
from veille.switching import today
from veille.trial import Finding, find

FAILED = 1
CATEGORIES: dict[Category, str] = {
    "ministere": "ministère, État",
    "agence": "agence, opérateur public",
    "parlement": "parlement",
    "journal-officiel": "journal officiel",
    "think-tank": "groupe de réflexion",
    "promoteur": "promoteur de l'investissement à impact",
    "presse": "presse",
    "critique-allie": "voix critique, allié",
    "international": "international",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said of the source; empty when it is to be guessed."""

    name: str = ""
    category: str = ""
    slug: str = ""


def add(path: Path, address: str, wishes: Wishes, *, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Find, try, show and write; returns the exit code."""
    config, text = configuration.load(path), config_writer.read(path)
    _require_address(address)
    category = category_of(address, wishes.category)
    if wishes.slug in {source.slug for source in config.sources}:
        raise ConfigError(f"« {wishes.slug} » est déjà le nom court d'une source : donnez-en un autre à --slug.")
    if watched := watching(config, address):
        return _already(watched, as_json)
    if not category and (as_json or not sys.stdin.isatty()):
        raise ConfigError(f"Dites de quelle sorte est cette source : --category {'|'.join(get_args(Category))}.")
    finding = find(path, [address])[0]
    if finding.chosen is not None and (watched := watching(config, finding.chosen.url)):
        return _already(watched, as_json)
    if finding.chosen is None:
        return _nothing(finding, as_json)
    if not as_json:
        _say_found(config, address, finding)
    category = category or _ask_category()
    table = table_of(config, finding.discovery, finding.chosen, category)
    table |= {key: value for key, value in (("slug", wishes.slug), ("name", wishes.name)) if value}
    comment = f"Trouvée le {today()} par « veille source add {address} »."
    written = config_writer.block(table, comment)
    changed = config_writer.with_blocks(text, [written])
    config_writer.check(path, changed)
    keep = not dry_run and (yes or as_json or _agreed(written))
    if keep:
        config_writer.replace(path, text, changed)
    if as_json:
        console.say_json({**trying.found_json(finding), "slug": table["slug"], "block": written, "written": keep})
    else:
        _say_written(path, written, str(table["slug"]), keep, dry_run)
    return 0


def _require_address(address: str) -> None:
    if not address.startswith(("http://", "https://")) or not host(address) or re.search(r"[\s\x00-\x1f\x7f]", address):
        raise ConfigError(f"« {address} » n'est pas une adresse : elle commence par https:// ou http://.")


def _already(source: Source, as_json: bool) -> int:
    if as_json:
        console.say_json({"found": True, "slug": source.slug, "written": False, "already": source.slug})
        return 0
    off = f" Elle est désactivée : {source.disabled_reason or 'sans raison donnée'}." if not source.enabled else ""
    console.say(f"Cette adresse est déjà suivie par « {source.name} » ({source.slug}). Rien n'est ajouté.{off}")
    return 0


def _nothing(finding: Finding, as_json: bool) -> int:
    if as_json:
        console.say_json({**trying.found_json(finding), "written": False})
    else:
        trying.say_nothing_found(finding.discovery)
        console.say("Rien n'est ajouté.")
    return FAILED


def _say_found(config: Config, address: str, finding: Finding) -> None:
    console.say(f"Ce que {address} donne :")
    console.say()
    trying.say_finding(finding)
    for source in config.sources:
        if same_site(source.url, address):
            console.say(f"« {source.name} » ({source.slug}) suit déjà une autre partie de ce site.")
    console.say()


def _ask_category() -> str:
    names = get_args(Category)
    console.say("De quelle sorte est cette source ?")
    for number, category in enumerate(names, 1):
        console.say(f"  {number}. {category} ({CATEGORIES[category]})")
    while True:
        answer = _ask("Numéro ou nom : ")
        if answer in names:
            return answer
        if answer.isdigit() and 1 <= int(answer) <= len(names):
            return str(names[int(answer) - 1])


def _agreed(written: str) -> bool:
    """Asked on a terminal only: a script that calls `add` means it."""
    if not sys.stdin.isatty():
        return True
    console.say(written)
    return fold(_ask("Écrire ce bloc dans la configuration ? [O/n] ")) in ("", "o", "oui", "y", "yes")


def _ask(question: str) -> str:
    sys.stdout.write(question)
    sys.stdout.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise ConfigError("Pas de réponse : rien n'est ajouté.")
    return answer.strip()


def _say_written(path: Path, written: str, slug: str, kept: bool, dry_run: bool) -> None:
    if dry_run or (kept and not sys.stdin.isatty()):
        console.say(written)
    if not kept:
        console.say("Serait ajouté à la configuration ; rien n'est écrit." if dry_run else "Rien n'est ajouté.")
        return
    console.say(f"Ajoutée à {path}. Pour la lire tout de suite (ses vieux articles ne partent pas par mail) :")
    console.say(f"  veille run --source {slug}")
