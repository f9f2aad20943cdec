"""Articles corrected from their raw pages: in place, in one transaction, and nothing else of them moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text, update
from store_shelf import AGAIN, CIS, IIS, NOW, Shelf

from core.articles import Article, Kept, Signature, Verdict
from db.models import PageRow

URL = "https://www.anah.gouv.fr/actu/1"
OLD = "Menu. Contact. Un contrat à impact social est signé à Lyon."
NEW = "Un contrat à impact social est signé à Villeurbanne."
DAY = timedelta(days=1)


def stored(shelf: Shelf, url: str = URL, body: str = "<p>corps</p>", **values: bool) -> tuple[Kept, Article]:
    """An article kept from a raw page of its own."""
    shelf.page(url, body)
    page = shelf.store.queue.pending(1)[0]
    article = shelf.article(url, OLD, page_id=page.id)
    kept = shelf.store.articles.keep(article, Verdict((CIS,)), Signature(tuple(range(128))), None, bool(values))
    return kept, article


def test_a_better_text_takes_the_place_of_the_current_one_without_a_new_version(shelf: Shelf) -> None:
    kept, article = stored(shelf)
    better = replace(article, text=NEW, title="Le bon titre", author="Ana", published=NOW - DAY, date_origin="meta")
    changed = shelf.store.replays.renew(kept.article_id, article.page_id, better, Verdict((IIS,)), Signature(), AGAIN)
    assert changed
    found = shelf.store.articles.article(kept.article_id)
    assert found is not None
    assert (found.text, found.title, found.author, found.version) == (NEW, "Le bon titre", "Ana", 1)
    assert (found.published, found.date_origin, found.tags) == (NOW - DAY, "meta", (IIS,))
    assert (found.story_id, found.first_seen, found.backfilled) == (kept.story_id, NOW, False)
    assert [version.text for version in shelf.store.articles.versions(kept.article_id)] == [NEW]
    assert shelf.store.check() == []


def test_search_finds_the_new_words_and_no_longer_the_old_ones(shelf: Shelf) -> None:
    kept, article = stored(shelf)
    better = replace(article, text=NEW, title="Le bon titre")
    shelf.store.replays.renew(kept.article_id, article.page_id, better, Verdict((CIS,)), Signature(), AGAIN)
    assert shelf.titles("villeurbanne") == ["Le bon titre"]
    assert shelf.titles("lyon") == shelf.titles("menu") == []
    assert shelf.store.articles.neighbours(Signature(tuple(range(128)))) == []


def test_an_article_that_took_another_page_meanwhile_is_left_alone(shelf: Shelf) -> None:
    kept, article = stored(shelf)
    shelf.keep(URL, "Un texte que le site a changé depuis.", page_id=99)
    better = replace(article, text=NEW)
    assert not shelf.store.replays.renew(kept.article_id, article.page_id, better, Verdict(), Signature(), AGAIN)
    found = shelf.store.articles.article(kept.article_id)
    assert found is not None
    assert found.text == "Un texte que le site a changé depuis."


def test_a_mailed_story_is_not_mailed_again_and_a_backfilled_one_never_is(shelf: Shelf) -> None:
    kept, article = stored(shelf)
    shelf.freeze("2026-W47", [kept.story_id])
    history, old = stored(shelf, "https://www.anah.gouv.fr/actu/2", "<p>autre</p>", backfilled=True)
    for each, known in ((kept, article), (history, old)):
        better = replace(known, text=NEW, published=NOW - DAY)
        assert shelf.store.replays.renew(each.article_id, known.page_id, better, Verdict((CIS,)), Signature(), AGAIN)
    assert shelf.eligible() == []


def test_what_cannot_be_read_again_says_why(shelf: Shelf) -> None:
    urls = [f"https://www.anah.gouv.fr/actu/{number}" for number in range(3)]
    kept = [stored(shelf, url, f"<p>{url}</p>") for url in urls]
    with shelf.store.articles._database.write() as connection:
        purged = update(PageRow).where(PageRow.id == kept[1][1].page_id)
        connection.execute(purged.values(body_hash=""))
        lost = connection.execute(
            text("SELECT body_hash FROM page WHERE id = :id"), {"id": kept[2][1].page_id}
        ).scalar()
    (shelf.path / "raw" / str(lost)[:2] / f"{lost}.gz").unlink()
    batch = shelf.store.replays.batch(0, 10, "", None)
    assert [(each.url, each.gap) for each in batch] == list(zip(urls, ("", "purged", "missing"), strict=True))
    assert batch[0].page is not None
    assert batch[0].page.body == f"<p>{urls[0]}</p>".encode()


def test_articles_are_chosen_by_source_and_by_their_day(shelf: Shelf) -> None:
    shelf.keep("https://a.fr/1", OLD, source="senat", published=NOW - 400 * DAY)
    shelf.keep("https://a.fr/2", OLD, source="senat")
    shelf.keep("https://a.fr/3", OLD)
    chosen = shelf.store.replays.batch(0, 10, "senat", NOW - DAY)
    assert [each.url for each in chosen] == ["https://a.fr/2"]
    assert shelf.store.replays.count("senat", None) == 2


def test_what_was_added_to_a_watched_page_is_not_read_again_as_the_whole_page(shelf: Shelf) -> None:
    kept, article = stored(shelf)
    part = shelf.keep(f"{URL}#modification-2026-11-25-0123abcd", "Un ajout.", page_id=article.page_id)
    found = {each.article_id: each.gap for each in shelf.store.replays.batch(0, 10, "", None)}
    assert found == {kept.article_id: "", part.article_id: "part"}
