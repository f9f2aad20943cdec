"""Editions and meeting sheets as text to paste: `veille digest --format` and `veille brief`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archive.edition_pages import edition_page
from archive.edition_texts import text_of
from archive.names import Names
from core.editions import Edition
from core.errors import ConfigError
from veille import composing, console, telling
from veille.arguments import Format
from veille.issuing import edition_json
from veille.wiring import House


def paste(path: Path, period: tuple[str, str], form: Format) -> int:
    """Print an edition, frozen or not; `period` as `veille.issuing.issue` takes it. Returns the exit code."""
    with House(path) as house:
        console.say(_text(house, telling.prepare(house, telling.chosen_period(house, *period)), form))
    return 0


def brief(path: Path, since: datetime, form: Format, *, as_json: bool) -> int:
    """Print what came in since a day, as typed. Returns the exit code; raises ConfigError for a day to come."""
    with House(path) as house:
        start = house.day_start(since)
        if start > house.clock.now():
            raise ConfigError("--since : ce jour n'est pas encore venu.")
        edition = composing.since(house, start)
        if as_json:
            console.say_json(edition_json(edition))
        else:
            console.say(_text(house, edition, form))
    return 0


def _text(house: House, edition: Edition, form: Format) -> str:
    """What any visitor may read of it, as the site gives it."""
    told = house.descriptions
    labels = {label.slug: label.name for one in told for label in one.labels}
    names = Names(house.sources, labels, tuple(section for one in told for section in one.sections))
    return text_of(form.value, edition_page(edition, names), house.config.name).rstrip("\n")
