"""`veille web`, `watch` and `serve`: the archive, the timer, and both together; they stop cleanly on SIGTERM."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from core.errors import AlreadyRunning, ConfigError
from veille import console
from veille.wiring import House

if TYPE_CHECKING:
    from archive.ports import SiteSettings

ASK_SOURCES = timedelta(minutes=10)
ASK_DIGEST = timedelta(minutes=30)
ASK_UPKEEP = timedelta(hours=1)
PATIENCE = 20
"""Seconds given to a child to end by itself."""


def application(house: House) -> Any:
    """The archive's ASGI application over this house's store."""
    from archive.app import create_app
    from archive.ports import ArchivePorts, EditorPorts, JoinPorts, MemberPorts
    from veille.composing import HouseComposer
    from veille.link_mails import JoinMail, SignInMail

    config, store = house.config, house.store
    return create_app(
        ArchivePorts(
            index=store.index,
            articles=store.articles,
            corrections=store.corrections,
            runs=store.runs,
            editions=store.editions,
            subscribers=store.subscribers,
            clock=house.clock,
            sources=tuple(house.sources.values()),
            topics=config.topics,
            settings=_settings(house),
            members=MemberPorts(
                sessions=store.sessions,
                proposals=store.proposals,
                captures=store.captures,
                removals=store.removals,
                post=SignInMail(house),
                people=store.members,
                readings=store.readings,
                searches=store.searches,
            ),
            joining=JoinPorts(store.joining, JoinMail(house)),
            editing=EditorPorts(HouseComposer(house), store.drafts, store.reports),
        )
    )


def _settings(house: House) -> SiteSettings:
    from archive.ports import SiteSettings, TopicDefinition
    from classifiers import build
    from veille.synonyms import synonyms

    config, told = house.config, house.descriptions
    return SiteSettings(
        name=config.name,
        contact=config.contact,
        public_url=config.public_url,
        legal=config.legal,
        labels=tuple(label for one in told for label in one.labels),
        sections=tuple(section for one in told for section in one.sections),
        synonyms=synonyms(config.topics),
        definitions=tuple(
            TopicDefinition(topic.slug, one.text, ", ".join(build([topic]).versions))
            for topic, one in zip(config.topics, told, strict=True)
        ),
    )


def address(listen: str) -> tuple[str, int]:
    """`127.0.0.1:8765` → host and port; raises ConfigError."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) < 65_536:
        raise ConfigError(f"« {listen} » n'est pas une adresse d'écoute ; forme attendue : 127.0.0.1:8765.")
    return host.strip("[]"), int(port)


def server(house: House, listen: str) -> Any:
    """A uvicorn server over the archive, not yet started."""
    from archive.server import server as site_server

    running = site_server(application(house), *address(listen))
    # The program itself is no garbage: looked through in the middle of a page, it made one in twenty 0.1 s longer.
    gc.freeze()
    return running


def serve_archive(house: House, listen: str) -> None:
    """Serve the archive until a signal."""
    running = server(house, listen)
    console.warn(f"Archive ouverte sur http://{listen}/ (Ctrl-C pour fermer).")
    running.run()


class Watch:
    """Asks `veille run` and `veille digest` in children, so that their memory and their crashes are not ours."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._children: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        self._stopping = False
        self._purged_on: date | None = None

    def _ask(self, *arguments: str) -> int:
        """The exit code of a command; that of another pass under way once nothing is asked any more."""
        command = [sys.executable, "-m", "veille", *arguments, "--config", str(self._house.config.path)]
        with self._lock:
            if self._stopping:
                return AlreadyRunning.exit_code
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
            # A second pass may be asked, and refused, while a first is still at work: each child is kept on its own.
            self._children.append(child)
        code = child.wait()
        with self._lock:
            self._children.remove(child)
        if code not in (0, 4, 75) and not self._stopping:
            console.warn(f"veille {' '.join(arguments)} s'est terminé avec le code {code}.")
        return code

    def collect(self) -> None:
        """Read what is due; once a day, what has had its time leaves, after a pass so that the two never meet."""
        self._ask("run", "--due", "--quiet")
        if self._some_proposed():
            self._ask("proposals", "take", "--quiet")
        today = self._house.clock.now().date()
        if self._purged_on != today and self._ask("purge", "--quiet") == 0:
            self._purged_on = today

    def _some_proposed(self) -> bool:
        """Asked by one thread at a time, for the first opens the database; never once the end is asked for."""
        with self._lock:
            return not self._stopping and bool(self._house.store.proposals.waiting())

    def _some_alert(self) -> bool:
        """As above."""
        with self._lock:
            return not self._stopping and bool(self._house.store.searches.alerts())

    def tell(self) -> None:
        self._ask("digest", "--send", "--due")
        if self._some_alert():
            self._ask("alerts", "--send", "--quiet")

    def tell_maintainers(self) -> None:
        if self._house.config.mail.maildir is not None:
            self._ask("bounces", "--quiet")
        self._ask("source", "health", "--mail", "--due")

    def _ask_all(self) -> None:
        self.collect()
        self.tell()
        self.tell_maintainers()

    def run(self) -> None:
        """Block until SIGTERM or SIGINT; children are asked to end, then ended."""
        from pipeline.schedule import Job, Timer

        digest = self._house.config.digest
        jobs = [
            Job("sources", self.collect, every=ASK_SOURCES),
            Job("digest", self.tell, day=digest.day, hour=digest.hour),
            Job("unfinished", self.tell, every=ASK_DIGEST),
            Job("upkeep", self.tell_maintainers, every=ASK_UPKEEP),
        ]
        timer = Timer(jobs, self._house.config.timezone)

        def stop(number: int, frame: FrameType | None) -> None:
            self._stopping = True
            timer.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        threading.Thread(target=self._ask_all, daemon=True).start()
        console.warn("Veille en marche : les sources sont lues à leur rythme (Ctrl-C pour arrêter).")
        try:
            timer.run()
        finally:
            self.end()

    def end(self) -> None:
        """Ask every child to end, then end those that did not; nothing is asked any more."""
        with self._lock:
            self._stopping = True
            children = list(self._children)
        for child in children:
            _signal(child, signal.SIGTERM)
        for child in children:
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def watch(path: Path) -> None:
    """The timer alone, one for a configuration; a second raises AlreadyRunning."""
    from db.lock import run_lock

    with House(path) as house:
        house.config.data.mkdir(parents=True, exist_ok=True)
        with run_lock(house.config.data, "watch"):
            Watch(house).run()


def serve(path: Path, listen: str) -> None:
    """The timer and the archive in one process, until a signal."""
    from db.lock import run_lock

    with House(path) as house:
        house.config.data.mkdir(parents=True, exist_ok=True)
        with run_lock(house.config.data, "watch"):
            archive = server(house, listen or house.config.listen)
            archive.install_signal_handlers = lambda: None
            thread = threading.Thread(target=archive.run, daemon=True)
            thread.start()
            try:
                Watch(house).run()
            finally:
                archive.should_exit = True
                thread.join(10)
