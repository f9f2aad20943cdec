"""Sends sign-in links by the way out that the configuration names."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from core.errors import SendError
from veille.wiring import House


class SignInMail:
    """The SignInPost port."""

    def __init__(self, house: House) -> None:
        self._house = house

    def write(self, address: str, link: str, at: datetime) -> None:
        """Raises SendError, OutcomeUnknown or ConfigError; none of them names the address."""
        from alerts.sign_in import message

        mail = message(link, self._house.mail_settings, address, at)
        with closing(self._house.channel()) as channel:
            receipt = channel.send(mail)
        if receipt.state != "sent":
            raise SendError(receipt.reply)
