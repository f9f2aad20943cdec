"""Takes a picture of every page of the archive, filled by the demonstration at a fixed time, for docs/images.

python scripts/screenshots.py [FOLDER]

Needs Chromium (Debian package chromium) and the packages of `make setup`.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.query import Address
from core.members import Wording
from core.saved import Wish
from db.store import Store
from demo.web import DemoWeb
from veille import collecting, sending, telling
from veille.serving import server
from veille.wiring import House

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PORT = 8970
FOLDER = Path(__file__).parents[1] / "docs" / "images"
MOST = 150_000
"""Bytes of one picture: they are in the repository for good."""
WIDE, NARROW = (1024, 720), (360, 740)
PAGES = {
    "accueil": "/",
    "recherche": "/recherche?q=contrat+tag%3Acis",
    "article": "",
    "editions": "/editions",
    "edition-page": "",
    "sources": "/sources",
    "source": "",
    "statistiques": "/statistiques",
    "sujet": "/sujet",
    "mentions": "/mentions",
    "api": "/api",
    "connexion": "/connexion",
    "abonnement": "/abonnement",
    "moi": "/moi",
    "moi-recherches": "/moi/recherches",
    "moi-recherche-a-garder": "/moi/recherches/nouvelle?q=contrat+tag%3Acis",
    "moi-lectures": "/moi/lectures",
    "preparation": "/preparation",
    "corrections": "/corrections",
    "reunion": "/reunion",
    "introuvable": "/rien",
}
"""An empty address is found by following the first link of a page: see FOLLOWED."""
FOLLOWED = {
    "article": ("/recherche?q=contrat+tag%3Acis", ".results h3 a"),
    "edition-page": ("/editions", ".ledger a"),
    "source": ("/sources", ".sources tbody th a"),
}
SIGNED = ("moi", "moi-recherches", "moi-recherche-a-garder", "moi-lectures", "preparation", "corrections", "reunion")
"""Pages of somebody who is signed in, an editor here."""
PHONE = (
    "accueil",
    "recherche",
    "article",
    "statistiques",
    "source",
    "sources",
    "abonnement",
    "moi-recherches",
    "preparation",
)


@contextmanager
def archive() -> Iterator[tuple[str, str]]:
    """The address of the demonstration's archive, as its readers find it at NOW, and the cookie of an editor."""
    from alerts.catcher import Catcher

    os.environ["VEILLE_NOW"] = NOW.isoformat()
    with tempfile.TemporaryDirectory() as scratch, DemoWeb(NOW, PORT) as web, Catcher(Path(scratch)) as catcher:
        config = Path(scratch) / "config.toml"
        config.write_text(web.config(Path(scratch), catcher.port, "http://127.0.0.1:8765"), encoding="utf-8")
        with House(config) as house:
            house.store.subscribers.add("abonnee@asso.example", "person", NOW)
            collecting.run_pass(house, house.config.enabled)
            sending.send(house, telling.prepare(house, telling.chosen_period(house, "")))
            cookie = _editor(house.store)
            running = server(house, "127.0.0.1:0")
            thread = threading.Thread(target=running.run, daemon=True)
            thread.start()
            while not running.started:
                time.sleep(0.05)
            yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}", cookie
            running.should_exit = True
            thread.join(10)


def _editor(store: Store) -> str:
    """Somebody who kept an article and searches, signed in; their cookie."""
    member = store.members.add("editrice@asso.example", "Essai", "editor", NOW, "command")
    for wish in (Wish("Tous les contrats", "tag:cis", "weekly"), Wish("Le logement", "logement")):
        store.searches.save(member.id, wish, NOW)
    article = store.index.search(Address("contrat").search_query(1), NOW).hits[0].article_id
    store.readings.keep(member.id, article, NOW)
    store.readings.annotate(member.id, article, Wording("À citer mardi.", ("réunion",), shared=True), NOW)
    opened = store.sessions.sign_in(store.sessions.invite(member.address, "", NOW) or "", "Firefox, Linux", NOW)
    assert opened
    return opened.token


def take(folder: Path) -> list[Path]:
    """Every page on a desk, the main ones on a phone too, and one in the dark; returns the pictures."""
    from playwright.sync_api import sync_playwright

    taken: list[Path] = []
    with archive() as (base, cookie), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-lcd-text"]
        )
        for name in PAGES:
            taken.append(_picture(browser, base, cookie, name, WIDE, "light", folder / f"{name}.png"))
            if name in PHONE:
                taken.append(_picture(browser, base, cookie, name, NARROW, "light", folder / f"{name}-etroit.png"))
        taken.append(_picture(browser, base, cookie, "statistiques", WIDE, "dark", folder / "statistiques-sombre.png"))
        browser.close()
    return taken


def _picture(browser: Any, base: str, cookie: str, name: str, size: tuple[int, int], scheme: Any, file: Path) -> Path:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="fr-FR", java_script_enabled=False
    )
    if name in SIGNED:
        context.add_cookies([{"name": "veille", "value": cookie, "url": base}])
    page = context.new_page()
    first, link = FOLLOWED.get(name, (PAGES[name], ""))
    page.goto(base + first)
    if link:
        page.locator(link).first.click()
        page.wait_for_url(re.compile(f"^(?!{re.escape(base + first)}$)"))
    page.screenshot(path=file)
    context.close()
    if file.stat().st_size > MOST:
        raise SystemExit(f"{file.name}: {file.stat().st_size} bytes, more than {MOST}")
    return file


if __name__ == "__main__":
    for path in take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(f"{path.name} {path.stat().st_size}")  # noqa: T201
