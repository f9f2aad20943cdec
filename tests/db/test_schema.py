"""Migrations: they agree with the models, are idempotent, copy the file first and leave it whole when they fail."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from store_shelf import Shelf

import db.journal
import db.ledger
import db.roster  # noqa: F401  the tables of visits, opinions, editions and members join the metadata
from core.errors import SchemaTooNew, StoreError
from db import schema
from db.engine import Database, open_database
from db.migrations.filters import ours, rendered
from db.models import Base
from db.store import open_store

ROOT = Path(schema.__file__).parents[1]
LAST = schema.REVISIONS[-1]
NEXT = f"{int(LAST) + 1:04}"


def opened(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder}/veille.db", durable=True)


def described(folder: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(folder / "veille.db")
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return rows


def test_the_migrations_make_the_very_tables_of_the_models(tmp_path: Path) -> None:
    database = opened(tmp_path)
    schema.prepare(database)
    with database.read() as connection:
        options = {"compare_type": True, "include_object": ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_partial_indexes_keep_their_conditions(tmp_path: Path) -> None:
    """Alembic does not compare the WHERE of an index: the two that matter are read from the file."""
    database = opened(tmp_path)
    schema.prepare(database)
    database.close()
    indexes = dict(described(tmp_path))
    assert "WHERE state = 'pending'" in indexes["ix_page_pending"]
    assert "WHERE labels <> ''" in indexes["ix_article_matched_day"]


def test_the_known_revisions_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(revisions)) == schema.REVISIONS


def test_preparing_twice_changes_nothing(tmp_path: Path) -> None:
    database = opened(tmp_path)
    assert schema.prepare(database) is True
    first = described(tmp_path)
    assert schema.prepare(database) is False
    assert described(tmp_path) == first
    database.close()


def test_an_up_to_date_database_opens_without_alembic_spacy_or_scrapy(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    script = (
        "import sys; from pathlib import Path; from db.store import open_store\n"
        f"open_store('sqlite:///{tmp_path}/veille.db', Path({str(tmp_path)!r})).close()\n"
        "heavy = {'alembic', 'spacy', 'scrapy', 'trafilatura', 'pydantic', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_database_of_a_later_version_is_refused_c10(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    connection = sqlite3.connect(tmp_path / "veille.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaTooNew, match="plus récente"):
        open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path)


def two_revisions(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Make the program one revision older than a second one, whose upgrade is `body`."""
    copy = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / f"{NEXT}.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '{NEXT}'\ndown_revision = '{LAST}'\n\n\ndef upgrade():\n" + body
    )
    monkeypatch.setattr(schema, "MIGRATIONS", copy)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, NEXT))
    monkeypatch.setattr(schema, "HEAD", NEXT)


def test_a_migration_copies_the_file_beside_it_first_c10(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    two_revisions(tmp_path, monkeypatch, "    op.create_table('plus', sa.Column('a', sa.Text()))\n")
    database = opened(tmp_path)
    assert schema.prepare(database) is False
    database.close()
    assert "plus" in dict(described(tmp_path))
    copy = sqlite3.connect(tmp_path / f"veille.db.avant-schema-{NEXT}")
    assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (LAST,)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was_c10(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    before = described(tmp_path)
    body = "    op.create_table('plus', sa.Column('a', sa.Text()))\n    raise RuntimeError('coupure')\n"
    two_revisions(tmp_path, monkeypatch, body)
    database = opened(tmp_path)
    with pytest.raises(RuntimeError, match="coupure"):
        schema.prepare(database)
    database.close()
    assert described(tmp_path) == before


def test_a_rebuilt_table_keeps_the_rows_that_point_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic's batch mode drops the old table: with foreign keys on, versions would go with their articles."""
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    connection = sqlite3.connect(tmp_path / "veille.db")
    with connection:
        connection.execute("INSERT INTO story (id, created_at) VALUES (1, '2026-11-23 00:00:00.000000')")
        names = [row[1] for row in connection.execute("PRAGMA table_info(article)")]
        values = {"id": 1, "story_id": 1, "published": None, "deleted_at": None}
        connection.execute(
            f"INSERT INTO article ({','.join(names)}) VALUES ({','.join('?' * len(names))})",
            [values.get(name, 0) for name in names],
        )
        connection.execute("INSERT INTO version VALUES (1, 1, 't', 'x', 'h', '[]', '2026-11-23 00:00:00.000000', 0)")
    connection.close()
    body = (
        "    with op.batch_alter_table('article') as batch:\n        batch.add_column(sa.Column('note', sa.Text()))\n"
    )
    body += "        batch.alter_column('author', nullable=True)\n"
    two_revisions(tmp_path, monkeypatch, body)
    database = opened(tmp_path)
    schema.prepare(database)
    with database.read() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM version").scalar() == 1
        assert reader.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()


def test_a_migration_that_cuts_a_link_between_tables_is_undone_c10(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path) as store:
        Shelf(store, tmp_path, "").keep("https://x.fr/a", "texte")
    two_revisions(tmp_path, monkeypatch, "    op.execute('DELETE FROM story')\n")
    database = opened(tmp_path)
    with pytest.raises(StoreError, match="rien n'a été changé"):
        schema.prepare(database)
    with database.read() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM story").scalar() == 1
    database.close()


def test_a_developer_may_upgrade_and_check_with_alembic_alone(tmp_path: Path) -> None:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/veille.db")
    command.upgrade(config, "head")
    command.check(config)
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()


def test_a_revision_written_by_alembic_names_plain_sql_types(tmp_path: Path) -> None:
    """A revision must not change its meaning when the program's own column types do."""
    database = opened(tmp_path)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "render_item": rendered})
        script = produce_migrations(context, Base.metadata)
        assert script.upgrade_ops is not None
        written = render_python_code(script.upgrade_ops, render_item=rendered, migration_context=context)
    assert "sa.Column('title', sa.Text(), nullable=False)" in written
    assert "sa.DateTime(timezone=True)" in written
    assert "db." not in written
    database.close()


def test_two_processes_may_create_the_database_at_once(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from db.store import open_store\n"
        f"open_store('sqlite:///{tmp_path}/veille.db', Path({str(tmp_path)!r})).close()"
    )
    both = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
