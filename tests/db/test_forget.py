"""An article taken down on request: nothing of it is left to read, and nothing brings it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_shelf import CIS, NOW, Shelf, card

from core.articles import Signature
from core.editions import Body
from core.urls import article_key

URL, ASKED = "https://x.fr/2026/cloture-du-fonds", "https://x.fr/r/9"
TEXT = "Le zygomatique voisin signe un contrat à impact social à Quimperlé."
ALIKE = Signature(tuple(range(128)))
HOUR = timedelta(hours=1)


def files(shelf: Shelf) -> list[Path]:
    return sorted(path for path in (shelf.path / "raw").rglob("*") if path.is_file())


def bring(shelf: Shelf, url: str = URL, text: str = TEXT, asked: str = "") -> int:
    """As a run would: a raw page, then its article."""
    shelf.page(asked or url, f"<p>{text}</p>", final_url=url)
    page = shelf.store.queue.pending(1)[0].id
    proof = card("contrat à impact social", text)
    return shelf.keep(url, text, "Clôture", page_id=page, matches=(proof,), signature=ALIKE).article_id


def holds(shelf: Shelf, words: str) -> bool:
    """Whether these words can be read in any file of the store."""
    return any(words.encode() in path.read_bytes() for path in shelf.path.rglob("*") if path.is_file())


@pytest.mark.sqlite
def test_nothing_of_it_can_be_read_any_more(shelf: Shelf) -> None:
    number = bring(shelf, asked=ASKED)
    shelf.page("https://x.fr/flux", "<rss>zygomatique</rss>", kind="entry")
    shelf.keep("https://x.fr/autre", "Un autre contrat à impact social.")
    assert len(files(shelf)) == 2 and shelf.titles("zygomatique") == ["Clôture"]
    assert holds(shelf, "zygomatique voisin")
    found = shelf.store.removals.footprint(number)
    assert (found.versions, found.cards, found.pages) == (1, 1, 1)
    assert shelf.store.removals.forget(number, "demande de l'auteur", NOW, "command")
    assert shelf.store.articles.article(number) is None and shelf.store.articles.by_url(URL) is None
    assert shelf.titles("zygomatique") == [] and len(shelf.titles("contrat")) == 1
    assert shelf.store.articles.neighbours(ALIKE) == []
    assert files(shelf) == [], "the raw page, and the last answer of the feed that told of it"
    assert shelf.store.check() == [], "the index is whole"
    for words in ("zygomatique voisin", "cloture-du-fonds", "x.fr/r/9"):
        assert not holds(shelf, words), words
    assert shelf.store.captures.of(number) is None


def test_what_stays_is_its_number_the_day_and_the_reason(shelf: Shelf) -> None:
    number = bring(shelf)
    assert shelf.store.removals.find(number) is None
    shelf.store.removals.forget(number, "demande de l'auteur", NOW, "command")
    told = shelf.store.removals.find(number)
    assert told and (told.article_id, told.at, told.reason) == (number, NOW, "demande de l'auteur")
    assert shelf.store.removals.of_url("http://www.x.fr/2026/cloture-du-fonds/?utm_source=a") == told
    last = shelf.store.audit.latest(1)[0]
    assert (last.what, last.before, last.after) == (
        "article.forget",
        {"article": number},
        {"reason": "demande de l'auteur"},
    )
    assert not shelf.store.removals.forget(number, "", NOW, "command"), "once"


def test_it_is_never_collected_again(shelf: Shelf) -> None:
    number = bring(shelf, asked=ASKED)
    shelf.store.removals.forget(number, "demande", NOW, "command")
    assert shelf.store.raw.unknown([URL, ASKED, "https://x.fr/b"]) == {"https://x.fr/b"}
    assert shelf.store.raw.revisits("anah", NOW + timedelta(days=400)) == []
    assert not shelf.page(URL, "<p>encore</p>") and not shelf.page("https://x.fr/c", "<p>x</p>", final_url=URL)
    assert files(shelf) == [] and shelf.store.queue.pending(5) == []


def test_another_address_that_leads_to_it_is_emptied_and_not_asked_again(shelf: Shelf) -> None:
    number = bring(shelf)
    shelf.store.removals.forget(number, "demande", NOW, "command")
    shelf.page("https://x.fr/miroir", f"<p>{TEXT}</p>")
    page = shelf.store.queue.pending(1)[0].id
    kept = shelf.keep(URL, TEXT, page_id=page)
    assert kept.outcome == "removed" and shelf.find("", everything=True).total == 0
    assert shelf.store.queue.pending(5) == []
    assert shelf.store.raw.unknown(["https://x.fr/miroir"]) == set()
    part = shelf.article(URL, TEXT, is_part=True)
    from core.articles import Verdict

    assert shelf.store.articles.keep(part, Verdict((CIS,), ()), ALIKE, None, False).outcome == "removed"


def test_every_version_goes_even_of_a_text_that_was_purged(shelf: Shelf) -> None:
    bring(shelf)
    kept = shelf.keep(URL, TEXT + " Puis le kiosque ferma.", "Clôture", at=NOW + HOUR)
    assert kept.outcome == "changed" and shelf.store.removals.footprint(kept.article_id).versions == 2
    shelf.store.purge.texts(["anah"], NOW + 2 * HOUR)
    assert shelf.titles("kiosque") == ["Clôture"], "the index keeps the stems of a purged text"
    shelf.store.removals.forget(kept.article_id, "demande", NOW, "command")
    assert shelf.titles("kiosque") == [] and shelf.store.check() == []
    assert shelf.store.articles.versions(kept.article_id) == []


def test_a_raw_page_that_other_articles_share_is_emptied_and_they_stay(shelf: Shelf) -> None:
    whole = bring(shelf, "https://x.fr/liste", "La liste du contrat à impact social.")
    article = shelf.store.articles.article(whole)
    assert article
    page = shelf.store.captures.of(whole)
    assert page and page.body and page.url == "https://x.fr/liste"
    part = shelf.keep("https://x.fr/liste/1", "Une partie, contrat à impact social.", page_id=1, is_part=True)
    shelf.store.removals.forget(part.article_id, "demande", NOW, "command")
    assert shelf.store.articles.article(whole) == article
    assert shelf.store.captures.of(whole) is None and files(shelf) == []


def test_an_edition_that_held_it_is_rewritten_and_the_story_does_not_come_back(shelf: Shelf) -> None:
    number = bring(shelf)
    edition = shelf.freeze("2026-W48", [number])
    without = replace(edition, entries=())
    assert shelf.store.removals.forget(number, "demande", NOW, "command", [(without, Body("Sujet", "rien", "<p></p>"))])
    stored = shelf.store.editions.find("weekly", "2026-W48")
    assert stored and stored.entries == () and stored.state == "frozen"
    body = shelf.store.editions.body(edition.id or 0)
    assert body and body.text == "rien"
    assert shelf.eligible() == []


def test_the_identity_kept_tells_no_address() -> None:
    assert URL not in article_key(URL) and len(article_key(URL)) == 64


@pytest.mark.parametrize("number", [0, 999])
def test_what_is_not_there_cannot_be_forgotten(shelf: Shelf, number: int) -> None:
    assert not shelf.store.removals.forget(number, "demande", NOW, "command")
    assert shelf.store.audit.latest(1) == []
