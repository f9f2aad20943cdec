"""The door of the room: one object that holds every port of the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import StoreError
from db.articles import Articles
from db.audit import Audit
from db.backfills import Backfills
from db.bodies import Bodies
from db.captures import Captures
from db.care import note_analysis, problems, reindex
from db.corrections import Corrections
from db.drafts import Drafts
from db.editions import Editions
from db.engine import Database, open_database
from db.file import database_path
from db.forget import Removals
from db.joining import Joining
from db.members import Members
from db.notes import Notes
from db.pending import PendingPages
from db.postgres import is_postgres
from db.proposals import Proposals
from db.purge import Purge
from db.raw import RawPages
from db.reader import ReadOnly, open_read_only
from db.readings import Readings
from db.replay import Replays
from db.reports import Reports
from db.returns import Returns
from db.runs import Runs
from db.samples import Samples
from db.saved import SavedSearches
from db.schema import copy_database, prepare
from db.search import Index
from db.sessions import Sessions
from db.subscribers import Subscribers


class Store:
    """An open database and its folder of raw pages; close it when done."""

    def __init__(
        self,
        database: Database,
        replayable: Database,
        reading: ReadOnly,
        bodies: Bodies,
        *,
        revisit: tuple[timedelta, ...],
        recheck: bool,
        backfill: bool,
        sources: Mapping[str, tuple[str, str]],
    ) -> None:
        self._database = database
        # An article lost in a power cut is read again from its raw page, still pending: no fsync for each of them.
        self._replayable = replayable
        self.raw = RawPages(replayable, bodies, revisit, recheck, backfill)
        self.queue = PendingPages(replayable, bodies)
        self.samples = Samples(replayable, bodies)
        self.articles = Articles(replayable, reading)
        self.replays = Replays(replayable, bodies)
        self.corrections = Corrections(database)
        self.reports = Reports(database)
        self.purge = Purge(database, bodies)
        self.backfills = Backfills(database)
        self.runs = Runs(database)
        self.notes = Notes(database)
        self.index = Index(reading, sources)
        self.editions = Editions(database)
        self.drafts = Drafts(database)
        self.subscribers = Subscribers(database)
        self.joining = Joining(database)
        self.returns = Returns(database)
        self.members = Members(database)
        self.sessions = Sessions(database)
        self.proposals = Proposals(database)
        self.readings = Readings(database)
        self.searches = SavedSearches(database)
        self.removals = Removals(database, bodies)
        self.captures = Captures(database, bodies)
        self.audit = Audit(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.index.close()
        self._replayable.close()
        self._database.close()

    def backup(self, target: Path) -> None:
        """Copy the database, even while it is written to; the copy is checked, and appears whole or not at all.

        Raises StoreError when the copy cannot be written or is not sound.
        """
        if self._database.is_postgres:
            raise StoreError(
                f"{self._database.place} : cette commande ne copie que SQLite ; sauvegardez PostgreSQL par pg_dump "
                "(guide d'exploitation)."
            )
        copy_database(self._database.path, target)

    def check(self) -> list[str]:
        """What is wrong with the database, one French sentence each; empty when all is well."""
        return problems(self._database)

    def reindex(self) -> int:
        """Make the full-text index again from the stored texts; returns how many articles it holds."""
        return reindex(self._database)


def open_store(
    url: str,
    data: Path,
    *,
    revisit: tuple[timedelta, ...] = (),
    recheck: bool = False,
    backfill: bool = False,
    sources: Mapping[str, tuple[str, str]] | None = None,
    durable: bool = True,
) -> Store:
    """Open the store, creating or migrating its schema.

    `data`: folder of raw pages. `revisit`, `recheck`, `backfill`: see `db.raw.RawPages`. `sources`: slug → (name,
    category). `durable`: editions, mails and subscribers outlive a power cut; False for the crawl child, which writes
    none.
    Raises ConfigError on a URL not supported, SchemaTooNew, or StoreError when the file cannot be used.
    """
    if not is_postgres(url):
        _make_folder(database_path(url).parent)
    database = open_database(url, durable=durable)
    if prepare(database):
        with database.write() as connection:
            note_analysis(connection)
    replayable = open_database(url, durable=False)
    return Store(
        database,
        replayable,
        open_read_only(url),
        Bodies(data / "raw"),
        revisit=revisit,
        recheck=recheck,
        backfill=backfill,
        sources=sources or {},
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Le dossier {folder} ne peut pas être créé ({error.strerror}).") from error
