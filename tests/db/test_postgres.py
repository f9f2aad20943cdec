"""PostgreSQL: what is refused and how it is told, one writer at a time, and a schema made whole or not at all."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from postgres_server import GUARDED, PASSWORD, PostgresServer
from sqlalchemy import text
from store_shelf import NOW, SOURCES, Shelf

from core.errors import ConfigError, SchemaTooNew, StoreError
from core.query import parse
from db import postgres_text, schema
from db.engine import open_database
from db.postgres import has_password, place, with_password
from db.search import open_index
from db.store import Store, open_store

pytestmark = pytest.mark.postgres
ROOT = Path(schema.__file__).parents[1]


@pytest.fixture
def name(postgres: PostgresServer) -> Iterator[str]:
    """A new database, empty."""
    with postgres.database() as made:
        yield made


@pytest.fixture
def url(postgres: PostgresServer, name: str) -> str:
    return postgres.url(name)


def refusal(url: str, folder: Path) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(url, folder).close()
    return str(caught.value)


def test_a_server_that_does_not_answer_is_told_in_one_french_sentence(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        said = refusal(f"postgresql://veille:tres-secret@127.0.0.1:{closed.getsockname()[1]}/veille", tmp_path)
    assert said.startswith("Base PostgreSQL veille sur 127.0.0.1 : le serveur ne répond pas")
    assert "secret" not in said and "veille:" not in said


def test_a_password_is_wanted_checked_and_never_repeated(postgres: PostgresServer, name: str, tmp_path: Path) -> None:
    postgres.execute(f"ALTER DATABASE {name} OWNER TO {GUARDED}")
    bare = postgres.url(name, GUARDED)
    for wrong in (bare, with_password(bare, "faux-mot")):
        said = refusal(wrong, tmp_path)
        assert "mot de passe" in said and "faux-mot" not in said
    with open_store(with_password(bare, PASSWORD), tmp_path, sources=SOURCES) as store:
        assert store.check() == []


@pytest.mark.parametrize(
    ("url", "password", "made"),
    [
        ("postgresql://a@h/b", "p:/@é", f"postgresql://a:{quote('p:/@é', safe='')}@h/b"),
        ("postgresql://a:deja@h/b", "p", "postgresql://a:deja@h/b"),
        ("postgresql://a@h/b?password=deja", "p", "postgresql://a@h/b?password=deja"),
        ("postgresql://a@h/b", "", "postgresql://a@h/b"),
        ("postgresql:///b", "p", "postgresql:///b"),
    ],
)
def test_a_password_joins_an_address_that_has_none(url: str, password: str, made: str) -> None:
    assert with_password(url, password) == made
    assert has_password(made) == ("deja" in made or "a:" in made)


def test_messages_name_the_database_and_never_the_user() -> None:
    assert place("postgresql://ana:secret@base.exemple.fr:5433/ma%20veille") == (
        "Base PostgreSQL ma veille sur base.exemple.fr"
    )
    assert place("postgresql+psycopg:///veille?host=/run/postgresql") == "Base PostgreSQL veille"


def test_an_absent_database_and_an_unknown_user_are_named(postgres: PostgresServer, tmp_path: Path) -> None:
    assert "cette base n'existe pas" in refusal(postgres.url("absente"), tmp_path)
    assert "cet utilisateur n'existe pas" in refusal(postgres.url("postgres", "inconnue"), tmp_path)


@pytest.mark.parametrize("url", ["postgresql://h:port/b", "postgresql://[/b", "postgresql://h/b?inconnu=1"])
def test_an_address_that_cannot_be_read_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="adresse de la base"):
        open_store(url, tmp_path).close()


def test_without_its_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in [each for each in sys.modules if each.partition(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match="make postgres"):
        open_store("postgresql://veille@127.0.0.1:1/veille", tmp_path)


def test_a_user_without_rights_is_told_so(postgres: PostgresServer, name: str, tmp_path: Path) -> None:
    said = refusal(with_password(postgres.url(name, GUARDED), PASSWORD), tmp_path)
    assert "n'a pas les droits" in said


def test_a_database_of_somebody_else_is_left_as_it_was(postgres: PostgresServer, name: str, tmp_path: Path) -> None:
    postgres.execute("CREATE TABLE recettes (nom text)", database=name)
    assert "pas été créée par veille" in refusal(postgres.url(name), tmp_path)
    tables = postgres.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=name)
    assert tables == [("recettes",)]


def test_a_database_of_a_later_version_is_refused_c10(
    postgres: PostgresServer, url: str, name: str, tmp_path: Path
) -> None:
    open_store(url, tmp_path).close()
    postgres.execute("UPDATE alembic_version SET version_num = '9999'", database=name)
    with pytest.raises(SchemaTooNew, match="plus récente"):
        open_store(url, tmp_path)
    assert open_index(url, SOURCES) is None


def test_texts_are_in_the_order_of_their_code_whatever_the_language_of_the_server(
    postgres: PostgresServer, url: str, name: str, tmp_path: Path
) -> None:
    open_store(url, tmp_path).close()
    other = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    other += " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    assert postgres.execute(other, database=name) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was_c10(
    postgres: PostgresServer, url: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("db.postgres_schema._order_by_code", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_store(url, tmp_path)
    assert postgres.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=name) == []
    open_store(url, tmp_path).close()


def test_two_processes_may_create_the_database_at_once(url: str, tmp_path: Path) -> None:
    script = "from pathlib import Path; from db.store import open_store\n"
    script += f"open_store({url!r}, Path({str(tmp_path)!r})).close()"
    both = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(url, tmp_path, sources=SOURCES) as opened:
        yield opened


def test_writers_take_turns_and_each_sees_what_the_others_wrote(store: Store, url: str) -> None:
    """As on SQLite: what a transaction reads before it writes cannot change under it."""
    turns = 8

    def add_one() -> None:
        database = open_database(url, durable=False)
        for _ in range(turns):
            with database.write() as connection:
                known = connection.execute(text("SELECT value FROM meta WHERE name = 'note.n'")).scalar()
                time.sleep(0.001)
                connection.execute(text("DELETE FROM meta WHERE name = 'note.n'"))
                values = {"value": str(int(known or 0) + 1)}
                connection.execute(text("INSERT INTO meta VALUES ('note.n', :value)"), values)
        database.close()

    threads = [threading.Thread(target=add_one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.notes.read("n") == str(3 * turns)


def test_a_view_does_not_change_while_somebody_writes(store: Store, tmp_path: Path) -> None:
    database, counts = store.articles._database, []
    count = text("SELECT count(*) FROM article")
    with database.read() as connection:
        counts.append(connection.execute(count).scalar())
        Shelf(store, tmp_path, "").keep("https://exemple.fr/a", "impact")
        counts.append(connection.execute(count).scalar())
    with database.read() as connection:
        counts.append(connection.execute(count).scalar())
    assert counts == [0, 0, 1]


def test_what_searches_cannot_write(store: Store, url: str) -> None:
    with pytest.raises(StoreError, match="lecture seule"), store.articles._reading.read() as reader:
        reader.execute("DELETE FROM article", {})


def _cut(name: str) -> str:
    """Ends every connection to a database."""
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


def test_a_connection_cut_between_two_uses_is_made_again_c23(
    store: Store, postgres: PostgresServer, name: str, url: str, tmp_path: Path
) -> None:
    Shelf(store, tmp_path, "").keep("https://exemple.fr/a", "impact")
    index = open_index(url, SOURCES)
    assert index is not None
    query = parse("impact")
    for _ in range(2):
        assert index.search(query, NOW).total == store.index.search(query, NOW).total == 1
        assert store.articles.all_ids() == [1]
        assert len(postgres.execute(_cut(name))) >= 3
    index.close()


def test_a_connection_cut_in_the_middle_is_told_in_french(store: Store, postgres: PostgresServer, name: str) -> None:
    def write() -> None:
        with store.articles._database.write() as connection:
            postgres.execute(_cut(name))
            connection.execute(text("SELECT 1"))

    with pytest.raises(StoreError, match="Base PostgreSQL"):
        write()
    assert store.articles.all_ids() == []


def test_a_copy_is_left_to_pg_dump(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        store.backup(tmp_path / "copie.db")
    assert not (tmp_path / "copie.db").exists()


def test_an_index_out_of_step_is_found_and_made_again_c12(store: Store, tmp_path: Path) -> None:
    shelf = Shelf(store, tmp_path, "")
    for number in range(3):
        shelf.keep(f"https://exemple.fr/{number}", f"impact {number}")
    for damage, told in {
        "DELETE FROM article_fts WHERE rowid = 2": "compte 2 articles au lieu de 3",
        "UPDATE article_fts_total SET words = words + 1": "abîmé",
    }.items():
        with store.articles._database.write() as connection:
            connection.execute(text(damage))
        assert told in " ".join(store.check())
        assert store.reindex() == 3
        assert store.check() == []
    assert shelf.find("impact").total == 3


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("a IN (SELECT value FROM json_each(:x))", "a = ANY(%(x)s)"),
        ("a NOT IN (SELECT value FROM json_each(:x))", "a <> ALL(%(x)s)"),
        ("ORDER BY +article.day DESC LIMIT :n", "ORDER BY article.day DESC LIMIT %(n)s"),
        ("fts CROSS JOIN article ON TRUE", "fts JOIN article ON TRUE"),
        ("FROM fact INDEXED BY ix_fact WHERE a LIKE '5%'", "FROM fact  WHERE a LIKE '5%%'"),
    ],
)
def test_what_only_sqlite_says_is_said_otherwise(written: str, spelled: str) -> None:
    said, values = postgres_text.spelled(written, {"x": "[1, 2]", "n": 5})
    assert said == spelled
    assert values["x"] == ([1, 2] if "json_each" in written else "[1, 2]")
