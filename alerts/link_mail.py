"""One link → the mail that carries it: the link and the reason, nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from alerts import headers
from alerts.pages import fill
from alerts.settings import MailSettings
from alerts.single import single
from core.editions import Message


@dataclass(frozen=True, slots=True)
class Words:
    """What such a mail says, in the order it is read."""

    title: str
    asked: str
    """Why it is sent; `{}` stands for the watch's name."""
    how: str
    button: str
    otherwise: str
    """What to do when one asked for nothing."""


def message(kind: str, words: Words, link: str, settings: MailSettings, to: str, at: datetime) -> Message:
    """The mail to one address; `link` is ours, in ASCII. Raises ValueError on an address that is none."""
    name = headers.clean(settings.name, 80)
    words = replace(words, asked=words.asked.format(name))
    # The file of a folder channel is named after the key: it must tell nothing of the link.
    key = f"{kind}-" + hashlib.sha256(f"{link}\n{at.isoformat()}".encode()).hexdigest()[:16]
    # The link has a line of its own, never folded, whatever its length.
    text = "\n\n".join((fill(words.asked), fill(words.how), link, fill(words.otherwise))) + "\n"
    return single(key, f"{words.title} · {name}", (text, _html(words, link)), settings, to, at)


def _html(words: Words, link: str) -> str:
    page = Markup(
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>{}</title></head>\n'
        '<body style="font: 16px/1.5 sans-serif; max-width: 42em;">\n'
        '<h1 style="font-size: 1.2em;">{}</h1>\n<p>{}</p>\n<p>{}</p>\n'
        '<p><a href="{}" style="display: inline-block; padding: .7em 1.2em; background: #1b5270; color: #fff;">'
        "{}</a></p>\n<p>{}</p>\n</body>\n</html>\n"
    )
    return str(page.format(words.title, words.title, words.asked, words.how, link, words.button, words.otherwise))
