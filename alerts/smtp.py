"""Hand messages to an SMTP relay over one connection, and say honestly how each one ended."""

from __future__ import annotations

import base64
import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable

from alerts.headers import address, clean
from alerts.settings import ChannelSettings
from core.editions import Message, Receipt
from core.errors import ConfigError, OutcomeUnknown
from core.returns import enhanced_code, fault

_PLAIN = {
    ConnectionRefusedError: "refusée par le serveur",
    TimeoutError: "délai dépassé",
    socket.gaierror: "nom du serveur inconnu",
    smtplib.SMTPServerDisconnected: "coupée, ou sans réponse dans le délai",
}


class _Lost(Exception):
    """The connection could not be made, or broke before the final dot: nothing was sent."""


class _Refused(Exception):
    """A step (opening, sender, recipient, data) was answered by something else than what was hoped."""

    def __init__(self, step: str, code: int, reply: str) -> None:
        super().__init__(step, code)
        self.step, self.code, self.reply = step, code, reply


class SmtpChannel:
    """Keeps `core.mailing.Channel`, for one thread.

    Raises ConfigError when made to send a password in clear to another machine. `send` raises OutcomeUnknown when the
    connection breaks after the final dot and before the answer, where no sender can know whether the mail was taken
    (RFC 1047; RFC 5321, section 6.1); all else is a Receipt. `context` replaces the system's trusted certificates.
    """

    def __init__(
        self,
        settings: ChannelSettings,
        *,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        _check(settings)
        self._settings = settings
        self._context = context or ssl.create_default_context()
        self._sleep, self._monotonic = sleep, monotonic
        self._smtp: smtplib.SMTP | None = None
        self._last: dict[str, float] = {}
        """When the last mail left for each domain; for any of them, under an empty name."""

    def pace(self, recipient: str = "") -> None:
        """Wait so that no more than `rate` mails leave in a minute, nor `domain_rate` for the recipient's domain."""
        domain = recipient.rpartition("@")[2].lower()
        for rate, who in ((self._settings.rate, ""), (self._settings.domain_rate if domain else 0, domain)):
            last = self._last.get(who)
            wait = last + 60 / rate - self._monotonic() if rate > 0 and last is not None else 0
            if wait > 0:
                self._sleep(wait)
        self._last[""] = self._last[domain] = self._monotonic()

    def send(self, message: Message) -> Receipt:
        """One transaction; a connection that had served before and that the server closed is opened anew, once."""
        if fault := _fault(message):
            return Receipt("failed", fault)
        worn = self._smtp is not None
        while True:
            try:
                return self._transaction(message)
            except _Lost as lost:
                receipt = Receipt("retry", _reply(f"connexion impossible ou perdue : {lost}", message), stop=True)
            except _Refused as refused:
                receipt = self._refusal(refused, message)
                worn = worn and refused.code == 421
            if not worn:
                return receipt
            worn = False

    def close(self) -> None:
        """Say goodbye; a server already gone is no fault."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()

    def _transaction(self, message: Message) -> Receipt:
        smtp = self._connected()
        try:
            _command(smtp, "sender", f"MAIL FROM:<{message.envelope_from}>", {250})
            _command(smtp, "recipient", f"RCPT TO:<{message.recipient}>", {250, 251})
            _command(smtp, "data", "DATA", {354})
            smtp.send(_stuffed(message.content))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _Lost(_PLAIN.get(type(error), type(error).__name__)) from None
        return self._finish(smtp, message)

    def _finish(self, smtp: smtplib.SMTP, message: Message) -> Receipt:
        """The final dot; from here on only an answer tells what became of the mail."""
        try:
            _wait(smtp, self._settings.final_timeout)
            smtp.send(b".\r\n")
            code, answer = smtp.getreply()
            _wait(smtp, self._settings.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise OutcomeUnknown(f"connexion coupée après le point final ({type(error).__name__})") from None
        if not 200 <= code < 300:
            raise _Refused("data", code, _text(answer))
        return Receipt("sent", _reply(f"{code} {_text(answer)}", message))

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            smtp = self._dial()
            try:
                self._greet(smtp)
            except (smtplib.SMTPException, OSError) as error:
                smtp.close()
                raise _opening_fault(error) from None
            self._smtp = smtp
        return self._smtp

    def _dial(self) -> smtplib.SMTP:
        settings = self._settings
        try:
            if settings.tls == "tls":
                return smtplib.SMTP_SSL(
                    settings.host, settings.port, settings.helo, timeout=settings.timeout, context=self._context
                )
            return smtplib.SMTP(settings.host, settings.port, settings.helo, timeout=settings.timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise _opening_fault(error) from None

    def _greet(self, smtp: smtplib.SMTP) -> None:
        """No delay, EHLO, TLS where asked for (no mail in clear when the server has none), then login."""
        if smtp.sock is not None:
            # The final dot is a packet of its own: it would wait for the one before to be acknowledged (RFC 896).
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if self._settings.tls == "starttls":
            smtp.starttls(context=self._context)
            smtp.ehlo()
        if self._settings.user:
            _login(smtp, self._settings.user, self._settings.password)

    def _refusal(self, refused: _Refused, message: Message) -> Receipt:
        """4xx waits, 5xx is final; a refusal that is not about this recipient keeps the mail and stops the run."""
        if refused.code == 421 or refused.step == "opening":
            self._drop()
        else:
            self._reset()
        told = _reply(f"{refused.code} {refused.reply}" if refused.code else refused.reply, message)
        ours = refused.step in ("opening", "sender") or refused.code in (530, 535, 538)
        if ours and (refused.code >= 500 or refused.step == "opening"):
            return Receipt("retry", told, stop=True)
        if refused.code < 500:
            return Receipt("retry", told, stop=refused.code == 421)
        code = enhanced_code(refused.reply[:12])
        # Without a code, what a server says of a recipient is about them; of a content, about us (RFC 5321, 4.2.2).
        whose = fault(code) if code or refused.step == "recipient" else "ours"
        return Receipt("failed", told, stop=code.startswith("5.7."), fault=whose, code=code)

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _check(settings: ChannelSettings) -> None:
    if not settings.host:
        raise ConfigError("[mail] host manque : le nom du serveur qui envoie les courriels.")
    if settings.user and not settings.password:
        raise ConfigError("[mail] user demande un mot de passe : donnez-le dans VEILLE_SMTP_PASSWORD.")
    if settings.tls == "none" and settings.password and not _is_loopback(settings.host):
        raise ConfigError(
            "[mail] tls = « none » enverrait le mot de passe en clair : choisissez « starttls » ou « tls »."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wait(smtp: smtplib.SMTP, seconds: float) -> None:
    """How long an answer may take from now on; a socket gone meanwhile is seen at the next command."""
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _command(smtp: smtplib.SMTP, step: str, line: str, hoped: set[int]) -> None:
    code, answer = smtp.docmd(line)
    if code == -1:
        raise smtplib.SMTPServerDisconnected
    if code not in hoped:
        raise _Refused(step, code, _text(answer))


def _login(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """AUTH PLAIN in UTF-8 (RFC 4616) where it is offered: smtplib's own login fails on an accent."""
    smtp.ehlo_or_helo_if_needed()
    if "PLAIN" in smtp.esmtp_features.get("auth", "").upper().split():
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
        code, answer = smtp.docmd("AUTH", f"PLAIN {secret}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)
    elif user.isascii() and password.isascii():
        smtp.login(user, password)
    else:
        raise smtplib.SMTPNotSupportedError


def _opening_fault(error: smtplib.SMTPException | OSError) -> _Refused | _Lost:
    """What went wrong before the first command of a transaction, in words that hold no secret."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _Refused("opening", error.smtp_code, f"authentification refusée ({_text(error.smtp_error)})")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _Refused("opening", 0, "le serveur ne propose pas STARTTLS ou l'authentification demandée")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _Refused("opening", 0, f"certificat du serveur refusé ({error.verify_message})")
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return _Refused("opening", error.smtp_code, _text(error.smtp_error))
    return _Lost(_PLAIN.get(type(error), type(error).__name__))


def _fault(message: Message) -> str:
    """Why a message must not be put on the wire at all; empty when it may.

    A lone CR or LF could be read as the end of a mail by another server (SMTP smuggling).
    """
    content = message.content
    paired = content.count(b"\r\n") == content.count(b"\r") == content.count(b"\n")
    if not (paired and content.isascii() and b"\x00" not in content and content.endswith(b"\r\n")):
        return "message mal formé : fins de ligne ou octets interdits"
    try:
        addresses = address(message.recipient), address(message.envelope_from)
    except ValueError:
        return "adresse refusée avant l'envoi"
    return "" if addresses == (message.recipient, message.envelope_from) else "adresse refusée avant l'envoi"


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get another one (RFC 5321, section 4.5.2)."""
    return (b"." if content.startswith(b".") else b"") + content.replace(b"\n.", b"\n..")


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _reply(text: str, message: Message) -> str:
    """A server's words on one line, without any address."""
    text = re.sub(r"<[^<>]*>|[^\s<>]*@[^\s<>]*", "…", clean(text, 500))
    local = message.recipient.partition("@")[0]
    return clean(re.sub(rf"(?i)\b{re.escape(local)}\b", "…", text), 200)
