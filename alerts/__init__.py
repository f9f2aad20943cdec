"""From an edition to a mail that left: rendering, and the channels it leaves by."""

from __future__ import annotations

from collections.abc import Callable

from alerts.settings import ChannelSettings
from core.mailing import Channel


def _folder(settings: ChannelSettings) -> Channel:
    from alerts.folder import FolderChannel

    return FolderChannel(settings.folder)


def _smtp(settings: ChannelSettings) -> Channel:
    from alerts.smtp import SmtpChannel

    return SmtpChannel(settings)


CHANNELS: dict[str, Callable[[ChannelSettings], Channel]] = {"folder": _folder, "smtp": _smtp}
"""Values of `[mail] backend`, and what builds each; a builder may raise ConfigError."""
