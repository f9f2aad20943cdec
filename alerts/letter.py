"""A letter to the maintainers → the bytes that are sent: text first, plain HTML beside it."""

from __future__ import annotations

import re
from datetime import datetime

from markupsafe import Markup, escape

from alerts import headers
from alerts.pages import fill
from alerts.settings import MailSettings
from alerts.single import single
from core.editions import Message
from core.upkeep import Letter


def message(letter: Letter, settings: MailSettings, to: str, at: datetime) -> Message:
    """The mail of one maintainer; the same letter to the same address has the same Message-ID, whenever it is sent.

    Reasons quote what sites answered: they are cleaned as any outside text. Raises ValueError on an address that is
    none.
    """
    return single(f"maintenance-{letter.key}", letter.subject, (text(letter), _html(letter)), settings, to, at)


def text(letter: Letter) -> str:
    """The letter as lines of 76 characters, as `--dry-run` shows it."""
    lines: list[str] = []
    for section in letter.sections:
        lines += [_plain(section.title), "-" * len(section.title), ""]
        for item in section.items:
            lines.append(fill(_plain(item.text), "* ", "  "))
            lines += [fill(_plain(line), "    - ", "      ") for line in item.under]
        lines.append("")
    return "\n".join([*lines, _plain(letter.note), ""])


def _html(letter: Letter) -> str:
    title = _plain(letter.subject)
    body = Markup("").join(
        Markup("<h2>{}</h2>\n<ul>\n{}</ul>\n").format(
            _plain(section.title), Markup("").join(_item(item.text, item.under) for item in section.items)
        )
        for section in letter.sections
    )
    page = Markup(
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>{}</title></head>\n'
        '<body style="font: 16px/1.5 sans-serif; max-width: 42em;">\n<h1 style="font-size: 1.2em;">{}</h1>\n'
        "{}<p>{}</p>\n</body>\n</html>\n"
    )
    return str(page.format(title, title, body, _plain(letter.note)))


def _item(line: str, under: tuple[str, ...]) -> Markup:
    inner = Markup("").join(Markup("<li>{}</li>\n").format(_plain(each)) for each in under)
    nested = Markup("\n<ul>\n{}</ul>").format(inner) if under else Markup("")
    return Markup("<li>{}{}</li>\n").format(escape(_plain(line)), nested)


def _plain(line: str) -> str:
    """One line without what cannot be seen, at most 400 characters."""
    return re.sub(r"\s+", " ", headers.visible(line)).strip()[:400]
