"""Opens the database: SQLite, short transactions, errors told in French."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from core.errors import ConfigError, StoreError

BUSY_SECONDS = 30
CACHE_KIB = 32_768
CHECKPOINT_PAGES = 4_000
"""16 MB of log before it is written back: an article touches forty scattered pages, many of them again soon."""

_MESSAGES = {
    "SQLITE_NOTADB": "ce n'est pas une base de veille, ou elle est abîmée ; remettez une sauvegarde (voir le guide).",
    "SQLITE_CORRUPT": "elle est abîmée ; remettez une sauvegarde (guide d'exploitation).",
    "SQLITE_READONLY": "elle est en lecture seule ; vérifiez les droits du fichier et de son dossier.",
    "SQLITE_CANTOPEN": "elle ne peut pas être ouverte ; vérifiez que son dossier existe et que vous pouvez y écrire.",
    "SQLITE_PERM": "vous n'avez pas le droit de la lire ; vérifiez les droits du fichier.",
    "SQLITE_FULL": "le disque est plein ; rien n'est perdu de ce qui était déjà enregistré.",
    "SQLITE_IOERR": "le disque ne répond pas bien (erreur d'entrée-sortie).",
    "SQLITE_BUSY": f"un autre programme l'occupe depuis plus de {BUSY_SECONDS} secondes.",
    "SQLITE_LOCKED": f"un autre programme l'occupe depuis plus de {BUSY_SECONDS} secondes.",
}


def database_path(url: str) -> Path:
    """The SQLite file that a URL names; raises ConfigError, in French, on any other kind of URL."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # The URL itself may hold a password: it is not repeated.
        raise ConfigError(
            "L'adresse de la base n'est pas comprise : exemple, database = \"sqlite:///var/veille.db\"."
        ) from error
    if backend == "postgresql":
        raise ConfigError(
            "PostgreSQL n'est pas encore pris en charge : indiquez une base sqlite:///… dans config.toml."
        )
    if backend != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise ConfigError(
            'La base doit être un fichier SQLite : database = "sqlite:///var/veille.db" dans config.toml.'
        )
    return Path(parsed.database)


def open_engine(url: str, *, durable: bool) -> Engine:
    """An engine on a SQLite file, without opening it yet.

    `durable`: a commit outlives a power cut (synchronous FULL, threat C2); otherwise it outlives a killed
    process only, which is enough for pages that can be fetched again. Raises ConfigError on a URL not supported.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(database_path(url))),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=4,
        max_overflow=28,
    )

    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # sqlite3 would begin transactions by itself, and too late for a lock
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute("PRAGMA temp_store = MEMORY")

    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine


class Database:
    """Short transactions on one engine; every database error leaves it as a StoreError with a French sentence."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(writing=True)

    @property
    def path(self) -> Path:
        return Path(self.engine.url.database or "")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the whole database, rolled back at the end."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; committed at the end, rolled back on an error."""
        with self._told(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            told = french_error(error.orig if isinstance(error, DatabaseError) else error, self.path)
            if told is None:
                raise
            raise told from error


def french_error(error: BaseException | None, path: Path) -> StoreError | None:
    """The sentence for a file that cannot be used; None for an error that is not about the file."""
    name = getattr(error, "sqlite_errorname", "")
    for code, message in _MESSAGES.items():
        if name.startswith(code):
            return StoreError(f"Base {path} : {message}")
    return None
