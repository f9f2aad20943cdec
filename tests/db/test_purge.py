"""Texts whose time is over leave; the search, the cards and the hash stay, and the index stays sound."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from store_shelf import AGAIN, CIS, NOW, Shelf, card

from core.articles import Signature, Verdict
from core.history import Purged
from core.pages import Hint
from core.search import Span

LONG_AGO = NOW - timedelta(days=100)
BEFORE = NOW - timedelta(days=90)
URL = "https://gazette.fr/1"
TEXT = "La région signe des contrats à impact social. Les élus s'interrogent sur leur évaluation indépendante."
MATCH = card("contrats à impact social", TEXT)


def old_article(shelf: Shelf, url: str = URL, **values: object) -> int:
    """An article of the Gazette, with its raw page, seen a hundred days ago."""
    shelf.page(url, f"<p>{url}</p>", LONG_AGO, source="gazette", hint=Hint("Titre", text="Le résumé du flux"))
    page = shelf.store.queue.pending(1)[0]
    known = {"source": "gazette", "matches": (MATCH,), "page_id": page.id, **values}
    return shelf.keep(url, TEXT, "Des contrats signés", LONG_AGO, **known).article_id


def purge(shelf: Shelf) -> Purged:
    taken = shelf.store.purge.texts(["gazette"], BEFORE) + shelf.store.purge.pages(["gazette"], BEFORE)
    assert shelf.store.check() == []
    return taken


def raw_files(shelf: Shelf) -> list[Path]:
    return sorted((shelf.path / "raw").glob("??/*"))


def test_a_purged_article_is_still_found_and_shows_the_sentence_of_its_card(shelf: Shelf) -> None:
    article_id = old_article(shelf)
    assert purge(shelf) == Purged(texts=1, pages=1, files=1, bytes=purged_bytes(shelf))
    found = shelf.store.articles.article(article_id)
    assert found is not None
    assert (found.text, found.title, found.tags, found.matches) == ("", "Des contrats signés", (CIS,), (MATCH,))
    for query in ("évaluation", "elu", "contrat impact"):
        hit = shelf.find(query).hits[0]
        assert (hit.article_id, hit.excerpt.text) == (article_id, TEXT)
    assert shelf.find("contrats").hits[0].excerpt.spans[:1] == (Span(20, 28),)
    assert raw_files(shelf) == []


def purged_bytes(shelf: Shelf) -> int:
    """The size that a file of this body had, written again."""
    shelf.store.raw._bodies.write("0" * 64, f"<p>{URL}</p>".encode())
    path = shelf.store.raw._bodies.path("0" * 64)
    size = path.stat().st_size
    path.unlink()
    return size


def test_an_exact_form_of_a_purged_text_is_decided_by_its_stems(shelf: Shelf) -> None:
    old_article(shelf)
    assert shelf.titles('"contrat à impact social"') == []  # the text has the plural only
    purge(shelf)
    assert (
        shelf.titles('"contrat à impact social"')
        == shelf.titles('"contrats à impact social"')
        == ["Des contrats signés"]
    )
    assert shelf.titles('"contrats à impact environnemental"') == []


def test_an_article_without_a_label_keeps_its_title_its_address_and_its_hash(shelf: Shelf) -> None:
    refuted = replace(MATCH, accepted=False)
    article_id = old_article(shelf, tags=(), matches=(refuted,))
    assert purge(shelf).unmatched == 1
    found = shelf.store.articles.article(article_id)
    assert found is not None
    assert (found.text, found.matches, found.url) == ("", (), URL)
    assert shelf.titles("évaluation", everything=True) == []
    assert shelf.titles("contrats signés", everything=True) == ["Des contrats signés"]
    assert shelf.keep(URL, TEXT, "Des contrats signés", source="gazette", tags=()).outcome == "same"


def test_young_texts_other_sources_and_pending_pages_stay(shelf: Shelf) -> None:
    shelf.page("https://gazette.fr/attente", at=LONG_AGO, source="gazette")
    shelf.keep("https://gazette.fr/jeune", TEXT, at=NOW, source="gazette")
    shelf.keep("https://anah.gouv.fr/vieux", TEXT, at=LONG_AGO)
    assert shelf.store.purge.overdue(["gazette"], BEFORE) == Purged()
    assert purge(shelf) == Purged()
    assert shelf.store.queue.pending(9)[0].body == b"<p>corps</p>"


def test_a_purge_does_what_its_trial_says_and_the_next_has_nothing_left(shelf: Shelf) -> None:
    for number in range(3):
        old_article(shelf, f"https://gazette.fr/{number}", tags=(CIS,) if number else ())
    told = shelf.store.purge.overdue(["gazette"], BEFORE)
    done = purge(shelf)
    assert (told.texts, told.unmatched, told.pages) == (done.texts, done.unmatched, done.pages) == (3, 1, 3)
    assert purge(shelf) == Purged()


def test_the_summary_of_a_feed_leaves_with_its_page(shelf: Shelf) -> None:
    old_article(shelf)
    purge(shelf)
    with shelf.store.articles._database.read() as connection:
        assert "résumé" not in str(connection.execute(text("SELECT hint FROM page")).scalar_one())


def test_every_version_leaves_at_its_own_time(shelf: Shelf) -> None:
    article_id = old_article(shelf)
    shelf.keep(URL, TEXT + " Mis à jour.", "Des contrats signés", NOW, source="gazette", matches=(MATCH,))
    assert purge(shelf).texts == 1
    assert [version.text for version in shelf.store.articles.versions(article_id)] == ["", TEXT + " Mis à jour."]
    assert shelf.titles("interrogent") == ["Des contrats signés"]


def test_the_same_words_seen_again_do_not_bring_a_purged_text_back(shelf: Shelf) -> None:
    article_id = old_article(shelf)
    purge(shelf)
    assert shelf.keep(URL, TEXT, "Des contrats signés", source="gazette").outcome == "same"
    assert shelf.keep(URL, TEXT + " Ailleurs.", "Des contrats signés", source="anah").outcome == "same"
    found = shelf.store.articles.article(article_id)
    assert found is not None
    assert found.text == ""


@pytest.mark.parametrize("tags", [(CIS,), ()])
def test_a_purged_article_that_changes_is_searched_by_its_new_words_alone(shelf: Shelf, tags: tuple[()]) -> None:
    old_article(shelf, tags=tags)
    old_article(shelf, "https://gazette.fr/2")
    purge(shelf)
    assert shelf.keep(URL, "Un budget participatif.", "Le budget", source="gazette").outcome == "changed"
    assert shelf.titles("participatif") == ["Le budget"]
    assert shelf.titles("évaluation") == ["Des contrats signés"]
    assert shelf.store.check() == []


def test_a_title_found_at_last_is_indexed_beside_the_stems_of_a_purged_text(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT, "", LONG_AGO, source="gazette")
    purge(shelf)
    shelf.keep(URL, TEXT, "Enfin un titre", source="gazette")
    assert shelf.titles("titre") == shelf.titles("évaluation") == ["Enfin un titre"]
    assert shelf.store.check() == []


def test_the_index_made_again_still_holds_purged_texts(shelf: Shelf) -> None:
    old_article(shelf)
    old_article(shelf, "https://gazette.fr/2", tags=())
    purge(shelf)
    assert shelf.store.reindex() == 2
    assert shelf.titles("évaluation") == ["Des contrats signés"]
    assert shelf.titles("évaluation", everything=True) == ["Des contrats signés"]
    assert shelf.store.check() == []


def test_a_replay_names_a_purged_article_and_does_not_fill_it(shelf: Shelf) -> None:
    article_id = old_article(shelf)
    purge(shelf)
    assert [each.gap for each in shelf.store.replays.batch(0, 9, "", None)] == ["purged"]
    article = shelf.article(URL, TEXT)
    assert not shelf.store.replays.renew(article_id, 1, article, Verdict(), Signature(), AGAIN)


def test_a_body_that_another_page_names_stays(shelf: Shelf) -> None:
    old_article(shelf)
    shelf.page("https://anah.gouv.fr/copie", f"<p>{URL}</p>", LONG_AGO)
    assert purge(shelf).files == 0
    assert len(raw_files(shelf)) == 1


def test_an_entry_page_not_asked_for_as_long_leaves_too(shelf: Shelf) -> None:
    shelf.page("https://gazette.fr/flux", "<rss>résumés</rss>", LONG_AGO, source="gazette", kind="entry")
    shelf.page("https://gazette.fr/flux2", "<rss>frais</rss>", NOW, source="gazette", kind="entry")
    assert (purge(shelf).pages, len(raw_files(shelf))) == (1, 1)
    assert shelf.store.raw.validators("https://gazette.fr/flux") is None


def test_files_that_nothing_names_are_removed_unless_they_are_young(shelf: Shelf) -> None:
    old_article(shelf)
    shelf.page("https://gazette.fr/flux", "<rss/>", source="gazette", kind="entry")
    named = raw_files(shelf)
    bodies = shelf.store.raw._bodies
    for name in ("aa" + "1" * 62, "bb" + "2" * 62):
        bodies.write(name, b"perdu")
    half = bodies.path("aa" + "1" * 62).with_name("aa33.4242.partial")
    half.write_bytes(b"")
    for path in (*named, half, bodies.path("aa" + "1" * 62)):
        os.utime(path, (0, 0))
    assert shelf.store.purge.unnamed(dry_run=True).files == 2
    assert shelf.store.purge.unnamed().files == 2
    assert raw_files(shelf) == sorted([*named, bodies.path("bb" + "2" * 62)])
