"""A sign-in link → the mail that carries it: the link and the reason, nothing else."""

from __future__ import annotations

import hashlib
from datetime import datetime

from markupsafe import Markup

from alerts import headers
from alerts.pages import fill
from alerts.settings import MailSettings
from alerts.single import single
from core.editions import Message

_ASKED = "Quelqu'un, sans doute vous, demande à se connecter à l'archive « {} »."
_HOW = "Ouvrez ce lien, puis appuyez sur le bouton de la page. Il sert une fois, dans la demi-heure."
_ELSE = "Vous n'avez rien demandé ? Ne faites rien : sans ce lien, personne n'entre à votre place."


def message(link: str, settings: MailSettings, to: str, at: datetime) -> Message:
    """The mail to one member; `link` is ours, in ASCII. Raises ValueError on an address that is none."""
    name = headers.clean(settings.name, 80)
    asked = _ASKED.format(name)
    # The file of a folder channel is named after the key: it must tell nothing of the link.
    key = "connexion-" + hashlib.sha256(link.encode()).hexdigest()[:16]
    # The link has a line of its own, never folded, whatever its length.
    text = "\n\n".join((fill(asked), fill(_HOW), link, fill(_ELSE))) + "\n"
    return single(key, f"Votre lien de connexion · {name}", (text, _html(asked, link)), settings, to, at)


def _html(asked: str, link: str) -> str:
    page = Markup(
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>Votre lien de connexion</title></head>\n'
        '<body style="font: 16px/1.5 sans-serif; max-width: 42em;">\n'
        '<h1 style="font-size: 1.2em;">Votre lien de connexion</h1>\n<p>{}</p>\n<p>{}</p>\n'
        '<p><a href="{}" style="display: inline-block; padding: .7em 1.2em; background: #1b5270; color: #fff;">'
        "Ouvrir la page de connexion</a></p>\n<p>{}</p>\n</body>\n</html>\n"
    )
    return str(page.format(asked, _HOW, link, _ELSE))
