"""Errors of Twisted, OpenSSL and Scrapy → a named reason that a volunteer understands."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from service_identity.exceptions import CertificateError, VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.python.failure import Failure

from crawlers.found import Unreadable
from crawlers.guard import AddressRefused
from crawlers.handler import HeadersTooLong


def mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:g} Mio"


def unreadable(error: Exception, host: str, timeout: float, limit: int) -> Unreadable:
    """Name what stopped a download; `timeout` in seconds and `limit` in bytes are what the download was held to."""
    return next((named for cause in _causes(error) if (named := _root(cause, host))), None) or _shown(
        error, host, timeout, limit
    )


def _root(cause: BaseException, host: str) -> Unreadable | None:
    """Reasons that hide inside another error."""
    if isinstance(cause, AddressRefused):
        return Unreadable("guard", str(cause))
    if isinstance(cause, SSL.Error | VerificationError | CertificateError):
        return Unreadable("tls", f"le certificat de {host} n'est pas valable{_tls_detail(cause)}")
    if isinstance(cause, HeadersTooLong):
        return Unreadable("size", "les en-têtes de la réponse dépassent 64 Kio")
    return None


def _shown(error: Exception, host: str, timeout: float, limit: int) -> Unreadable:
    match error:
        case CannotResolveHostError() | DNSLookupError():
            return Unreadable("dns", f"le nom {host} n'existe pas ou n'a pas pu être résolu")
        case DownloadTimeoutError():
            return Unreadable("timeout", f"le serveur n'a pas répondu en {timeout:g} s")
        case DownloadCancelledError() | IgnoreRequest():
            return Unreadable("size", f"la page dépasse {mebibytes(limit)}")
        case DownloadConnectionRefusedError():
            return Unreadable("connection", f"{host} refuse la connexion")
        case DownloadFailedError() | ResponseDataLossError() | ConnectError() | ConnectionClosed():
            return Unreadable("connection", f"la connexion à {host} a été coupée avant la fin")
        case zlib.error() | EOFError() | OSError():
            return Unreadable("encoding", "la réponse compressée est abîmée")
        case ValueError():
            return Unreadable("dns", f"« {host[:100]} » n'est pas un nom de machine valable")
        case _:
            return Unreadable("internal", f"erreur inattendue : {type(error).__name__}: {error}"[:300])


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it wraps: its cause, and the reasons that Twisted lists."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if current.__cause__ is not None:
            pending.append(current.__cause__)
        reasons = getattr(current, "reasons", None) or ()
        pending.extend(reason.value for reason in reasons if isinstance(reason, Failure) and reason.value is not None)


def _tls_detail(error: BaseException) -> str:
    """The last words of an OpenSSL error: « certificate verify failed » and the like."""
    if isinstance(error, SSL.Error) and error.args and isinstance(error.args[0], list) and error.args[0]:
        return f" ({error.args[0][-1][-1]})"
    return f" ({type(error).__name__})"
