"""The mails of those who subscribe by themselves: the link to confirm, and the link to their preferences."""

from __future__ import annotations

from datetime import datetime

from alerts import link_mail
from alerts.settings import MailSettings
from core.editions import Message

_CONFIRM = link_mail.Words(
    "Confirmez votre inscription",
    "Quelqu'un, sans doute vous, demande à recevoir « {} » à cette adresse.",
    "Ouvrez ce lien, puis appuyez sur le bouton de la page. Il sert une fois, dans les sept jours.",
    "Ouvrir la page de confirmation",
    "Vous n'avez rien demandé ? Ne faites rien : sans confirmation, vous ne recevrez rien, et votre adresse est effacée"
    " au bout de sept jours.",
)
_PREFERENCES = link_mail.Words(
    "Vos préférences",
    "Quelqu'un, sans doute vous, demande le lien de vos préférences pour « {} ». Cette adresse y est inscrite :"
    " il n'y a rien d'autre à faire pour continuer à recevoir ce courriel.",
    "Ce lien ouvre la page où vous choisissez ce que vous recevez, et d'où vous pouvez partir.",
    "Ouvrir mes préférences",
    "Gardez ce lien pour vous. Vous n'avez rien demandé ? Ne faites rien : rien n'est changé.",
)


def confirmation(link: str, settings: MailSettings, to: str, at: datetime) -> Message:
    """Raises ValueError on an address that is none; `link` is ours, in ASCII."""
    return link_mail.message("inscription", _CONFIRM, link, settings, to, at)


def preferences(link: str, settings: MailSettings, to: str, at: datetime) -> Message:
    """Raises ValueError on an address that is none; `link` is ours, in ASCII."""
    return link_mail.message("preferences", _PREFERENCES, link, settings, to, at)
