"""The PostgreSQL server, whoever opens it: its address, a connection to it, what is said of its faults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from core.errors import ConfigError, StoreError
from db.file import BUSY_SECONDS

if TYPE_CHECKING:
    from psycopg import Connection

CONNECT_SECONDS = 10
OLDEST = 140_000
"""Server versions before 14 are no longer mended by their authors."""

_NOT_UNDERSTOOD = "L'adresse de la base n'est pas comprise : exemple, postgresql://veille@localhost/veille."
_URL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.IGNORECASE)
_MESSAGES = {
    "53100": "le disque du serveur est plein ; rien n'est perdu de ce qui était déjà enregistré.",
    "53300": "le serveur n'accepte pas plus de connexions (max_connections).",
    "55P03": f"un autre programme l'occupe depuis plus de {BUSY_SECONDS} secondes.",
    "25006": "elle est en lecture seule ; indiquez le serveur principal, pas sa copie.",
    "42501": "cet utilisateur n'a pas les droits qu'il faut ; donnez-lui la base (ALTER DATABASE … OWNER TO …).",
    "57P": "le serveur s'arrête ou redémarre ; recommencez dans un instant.",
    "58": "le serveur signale une erreur d'entrée-sortie ; voyez son journal.",
    "XX001": "elle est abîmée ; remettez une sauvegarde (guide d'exploitation).",
    "XX002": "un index est abîmé ; lancez REINDEX DATABASE, puis recommencez.",
    "08": "la liaison avec le serveur s'est coupée ; rien n'est perdu de ce qui était déjà enregistré.",
}
"""By the beginning of the server's code (PostgreSQL, appendix A)."""
_REFUSALS = {
    r"password authentication|no password supplied|authentification par mot de passe": (
        "le serveur refuse cet utilisateur ou ce mot de passe ; le mot de passe se donne dans VEILLE_DATABASE_PASSWORD."
    ),
    r"database .* does not exist|la base de données .* n'existe pas": (
        "cette base n'existe pas ; créez-la (createdb) ou corrigez l'adresse."
    ),
    r"role .* does not exist|le rôle .* n'existe pas": (
        "cet utilisateur n'existe pas sur le serveur ; créez-le (createuser) ou corrigez l'adresse."
    ),
    r"pg_hba\.conf|authentication failed": (
        "le serveur n'admet pas cet utilisateur depuis cette machine (pg_hba.conf)."
    ),
    r"starting up|shutting down|démarrage|arrêt": _MESSAGES["57P"],
    r"too many clients|remaining connection slots|trop de clients": _MESSAGES["53300"],
    r"\bSSL\b|certificate": "la liaison chiffrée avec le serveur a échoué ; voyez sslmode dans l'adresse.",
}
"""By what libpq says when it cannot connect, for it gives no code then."""


def is_postgres(url: str) -> bool:
    return _URL.match(url) is not None


def place(url: str) -> str:
    """How messages name the database: its name and its server, never its user or password."""
    parts, options = _split(url)
    host = options.get("host") or parts.hostname or ""
    at = "" if not host or host.startswith("/") else f" sur {host}"
    return f"Base PostgreSQL {unquote(parts.path[1:]) or 'par défaut'}{at}"


def with_password(url: str, password: str) -> str:
    """The same address, with this password unless it has one."""
    scheme, sign, rest = url.partition("://")
    user, at, host = rest.rpartition("@")
    if not password or not at or has_password(url):
        return url
    return f"{scheme}{sign}{user}:{quote(password, safe='')}@{host}"


def has_password(url: str) -> bool:
    parts, options = _split(url)
    return bool(parts.password) or "password" in options


def driver() -> Any:
    """The module psycopg; raises ConfigError when it is not installed."""
    try:
        import psycopg
    except ImportError:
        message = "PostgreSQL demande un paquet de plus : lancez « make postgres », puis recommencez."
        raise ConfigError(message) from None
    return psycopg


def connect(url: str, *, durable: bool = True) -> Connection[Any]:
    """An open connection, whose times are in UTC.

    `durable`: a commit outlives a power cut; otherwise the last ones may be lost, as `db.engine.open_database` says.
    Raises ConfigError when the driver is not installed or the address is not understood, StoreError when the server
    cannot be reached, refuses, or is too old.
    """
    psycopg = driver()
    session = f"-c TimeZone=UTC -c DateStyle=ISO -c lock_timeout={BUSY_SECONDS}s -c max_parallel_workers_per_gather=0"
    asked: dict[str, Any] = {
        "application_name": "veille",
        "connect_timeout": CONNECT_SECONDS,
        "client_encoding": "UTF8",
        "options": f"{session} -c synchronous_commit={'on' if durable else 'off'}",
    }
    try:
        connection: Connection[Any] = psycopg.connect(_plain(url), **asked)
    except psycopg.OperationalError as error:
        raise refused(error, url) from None  # what libpq says repeats the address
    except (psycopg.ProgrammingError, UnicodeError):
        raise ConfigError(_NOT_UNDERSTOOD) from None
    if connection.info.server_version < OLDEST:
        version = connection.info.server_version // 10_000
        connection.close()
        raise StoreError(f"{place(url)} : PostgreSQL {version} est trop ancien ; il faut la version 14 ou plus.")
    return connection


def refused(error: BaseException, url: str) -> StoreError:
    """The sentence for a connection that could not be made."""
    said = str(error)
    for pattern, message in _REFUSALS.items():
        if re.search(pattern, said):
            return StoreError(f"{place(url)} : {message}")
    return StoreError(f"{place(url)} : le serveur ne répond pas ; vérifiez son adresse et qu'il est démarré.")


def french_error(error: BaseException | None, url: str) -> StoreError | None:
    """The sentence for a server that cannot be used; None for an error that is not about the server."""
    code = getattr(error, "sqlstate", None) or ""
    for beginning, message in _MESSAGES.items():
        if code.startswith(beginning):
            return StoreError(f"{place(url)} : {message}")
    if not code and type(error).__name__ == "OperationalError":
        return StoreError(f"{place(url)} : {_MESSAGES['08']}")
    return None


def _plain(url: str) -> str:
    """The address as libpq writes it."""
    return _URL.sub("postgresql://", url)


def _split(url: str) -> Any:
    try:
        parts = urlsplit(_plain(url))
        _ = parts.port
    except ValueError:
        raise ConfigError(_NOT_UNDERSTOOD) from None
    return parts, dict(parse_qsl(parts.query))
