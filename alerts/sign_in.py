"""The mail of a sign-in link."""

from __future__ import annotations

from datetime import datetime

from alerts import link_mail
from alerts.settings import MailSettings
from core.editions import Message

_WORDS = link_mail.Words(
    "Votre lien de connexion",
    "Quelqu'un, sans doute vous, demande à se connecter à l'archive « {} ».",
    "Ouvrez ce lien, puis appuyez sur le bouton de la page. Il sert une fois, dans la demi-heure.",
    "Ouvrir la page de connexion",
    "Vous n'avez rien demandé ? Ne faites rien : sans ce lien, personne n'entre à votre place.",
)


def message(link: str, settings: MailSettings, to: str, at: datetime) -> Message:
    """The mail to one member; `link` is ours, in ASCII. Raises ValueError on an address that is none."""
    return link_mail.message("connexion", _WORDS, link, settings, to, at)
