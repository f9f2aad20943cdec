"""A small real SMTP receiver on loopback, for the demo and the tests: every mail becomes an `.eml` file."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
"""As a scripted answer: close the connection without a word."""
Answers = Callable[[str, str], str | None]
"""(step, address) → an SMTP answer, DROP, or None to accept.

Steps: MAIL, RCPT, DATA (the command, before any content), DOT (after the final dot; the address is the recipient's;
DROP there takes the mail without saying so).
"""


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail received: what the envelope said, and the file that holds its bytes as they came."""

    file: Path
    sender: str
    recipients: tuple[str, ...]
    helo: str
    tls: bool
    authenticated: bool

    @property
    def content(self) -> bytes:
        return self.file.read_bytes()


@dataclass(frozen=True, slots=True)
class Safety:
    """What the receiver asks of its clients: a TLS context (`implicit` from the first byte), a login."""

    tls: ssl.SSLContext | None = None
    implicit: bool = False
    login: tuple[str, str] | None = None


class Catcher:
    """`with Catcher(folder) as catcher:` listens on `catcher.port` of 127.0.0.1 until the end of the block.

    Mails are kept as `mail-0001.eml`, byte for byte, with the envelope beside in `mail-0001.json`.
    """

    def __init__(
        self, folder: Path, port: int = 0, answers: Answers | None = None, safety: Safety | None = None
    ) -> None:
        self.folder = folder
        self.caught: list[Caught] = []
        self.connections = 0
        self._before = 0
        self._controller = _Controller(_Handler(self, answers or _accept), port, safety or Safety())

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def __enter__(self) -> Catcher:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._before = len(list(self.folder.glob("mail-*.eml"))) - len(self.caught)
        self._controller.start()
        self.connections = 0  # aiosmtpd connects once to see that it listens

    def stop(self) -> None:
        self._controller.stop()

    def keep(self, server: SMTP, session: Session, envelope: Envelope) -> None:
        """Write one mail and what was said around it."""
        file = self.folder / f"mail-{self._before + len(self.caught) + 1:04d}.eml"
        content = envelope.original_content or b""
        file.write_bytes(content)
        caught = Caught(
            file=file,
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            helo=session.host_name or "",
            tls=server.transport is not None and server.transport.get_extra_info("ssl_object") is not None,
            authenticated=bool(session.authenticated),
        )
        told = {"from": caught.sender, "to": caught.recipients, "helo": caught.helo, "tls": caught.tls}
        file.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.caught.append(caught)


def _accept(step: str, where: str) -> str | None:
    return None


class _Handler:
    """aiosmtpd's hooks; their names are its own."""

    def __init__(self, catcher: Catcher, answers: Answers) -> None:
        self.catcher = catcher
        self.answers = answers

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = answer(self.answers, server, "MAIL", address)
        if refused is None:
            envelope.mail_from = address
        return refused or "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = answer(self.answers, server, "RCPT", address)
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        refused = answer(self.answers, server, "DOT", envelope.rcpt_tos[0])
        if refused in (None, DROP):
            self.catcher.keep(server, session, envelope)
        return refused or f"250 2.0.0 Ok: queued as {len(self.catcher.caught):04d}"


def answer(answers: Answers, server: SMTP, step: str, where: str) -> str | None:
    """The scripted answer of a step; DROP closes the connection, so that the answer returned goes nowhere."""
    said = answers(step, where)
    if said == DROP and isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    return said


class _Server(SMTP):
    """aiosmtpd's server, with a scripted answer to the DATA command itself."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.catcher.connections += 1
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:
        handler: _Handler = self.event_handler
        refused = answer(handler.answers, self, "DATA", "")
        if refused is None:
            await super().smtp_DATA(arg)
        else:
            await self.push(refused)


class _Controller(Controller):
    """Listens on 127.0.0.1, on a port chosen by the system when none is given."""

    def __init__(self, handler: _Handler, port: int, safety: Safety) -> None:
        options: dict[str, Any] = {"ident": "veille"}
        if safety.login is not None:
            # aiosmtpd only counts STARTTLS as TLS: under implicit TLS it must not ask for it.
            asked = not safety.implicit
            options |= {"authenticator": _authenticator(safety.login)}
            options |= {"auth_required": asked, "auth_require_tls": asked}
        implicit = safety.tls if safety.implicit else None
        if safety.tls is not None and not safety.implicit:
            options["tls_context"] = safety.tls
        super().__init__(handler, hostname="127.0.0.1", port=port, ssl_context=implicit, **options)

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        if isinstance(self.server, asyncio.base_events.Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _authenticator(login: tuple[str, str]) -> Callable[[SMTP, Session, Envelope, str, Any], AuthResult]:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == login, handled=False)

    return check
