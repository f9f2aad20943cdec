"""Sends the links that people ask for on the site, by the way out that the configuration names."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from core.editions import Message
from core.errors import SendError
from veille.wiring import House


class SignInMail:
    """The SignInPost port: neither error of `write` names the address."""

    def __init__(self, house: House) -> None:
        self._house = house

    def write(self, address: str, link: str, at: datetime) -> None:
        """Raises SendError, OutcomeUnknown or ConfigError."""
        from alerts.sign_in import message

        _send(self._house, message(link, self._house.mail_settings, address, at))


class JoinMail:
    """The JoinPost port: no error of its methods names the address."""

    def __init__(self, house: House) -> None:
        self._house = house

    def confirm(self, address: str, link: str, at: datetime) -> None:
        """Raises SendError, OutcomeUnknown or ConfigError."""
        from alerts.joining import confirmation

        _send(self._house, confirmation(link, self._house.mail_settings, address, at))

    def preferences(self, address: str, link: str, at: datetime) -> None:
        """Raises SendError, OutcomeUnknown or ConfigError."""
        from alerts.joining import preferences

        _send(self._house, preferences(link, self._house.mail_settings, address, at))


def _send(house: House, mail: Message) -> None:
    with closing(house.channel()) as channel:
        receipt = channel.send(mail)
    if receipt.state != "sent":
        raise SendError(receipt.reply)
