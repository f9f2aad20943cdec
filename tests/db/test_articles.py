"""Articles: one identity, every version, stories that join and merge, all in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from store_shelf import AGAIN, CIS, IIS, NOW, Shelf, card

from core.articles import Signature, StoredArticle, Tag, Verdict
from db import fts
from db.models import ArticleRow
from db.signatures import MAX_IN_BAND, MAX_NEIGHBOURS

URL = "https://www.anah.gouv.fr/actu/1"
TEXT = "L'Anah soutient un contrat à impact social à Lyon."
DAY = timedelta(days=1)


def stored(shelf: Shelf, number: int) -> StoredArticle:
    article = shelf.store.articles.article(number)
    assert article is not None
    return article


def rows(shelf: Shelf, table: str) -> int:
    with shelf.store.articles._database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def numbers(seed: int) -> Signature:
    return Signature(tuple((seed * 7919 + index * 104_729) % 2**32 for index in range(128)))


def test_an_article_comes_back_as_it_was_kept(shelf: Shelf) -> None:
    match = card("contrat à impact social", TEXT, page=2, confirmed_by=("Lyon", "Anah"))
    refuted = card("Lyon", TEXT, label="", accepted=False, score=0.1, refuted_by=("football",))
    kept = shelf.keep(
        URL,
        TEXT,
        "Un « titre »",
        tags=(CIS, IIS),
        matches=(match, refuted),
        author="Ana",
        published=NOW - DAY,
        date_origin="meta",
        date_has_time=True,
        page_offsets=(0, 20),
        truncated=True,
        media_type="pdf",
    )
    assert kept.outcome == "new"
    article = stored(shelf, kept.article_id)
    assert article == StoredArticle(
        id=kept.article_id,
        story_id=kept.story_id,
        source="anah",
        url=URL,
        title="Un « titre »",
        text=TEXT,
        author="Ana",
        language="fr",
        published=NOW - DAY,
        date_has_time=True,
        date_origin="meta",
        first_seen=NOW,
        backfilled=False,
        deleted_at=None,
        truncated=True,
        media_type="pdf",
        version=1,
        page_offsets=(0, 20),
        tags=(CIS, IIS),
        matches=(match, refuted),
    )
    assert article.day == NOW - DAY


@pytest.mark.parametrize("spelling", ["http://anah.gouv.fr/actu/1/", "https://www.anah.gouv.fr/actu/1#x"])
def test_the_same_text_at_the_same_address_is_the_same_article_a29(spelling: str, shelf: Shelf) -> None:
    first = shelf.keep(URL, TEXT)
    again = shelf.keep(spelling, "  " + TEXT.replace(" ", "\n"), source="senat", at=NOW + DAY)
    assert (again.article_id, again.story_id, again.outcome) == (first.article_id, first.story_id, "same")
    article = stored(shelf, first.article_id)
    assert (article.text, article.source, article.version, article.first_seen) == (TEXT, "anah", 1, NOW)


def test_an_unchanged_text_fills_what_was_blank_and_nothing_else(shelf: Shelf) -> None:
    first = shelf.keep(URL, TEXT, title="", language="")
    shelf.keep(
        URL, TEXT, title="Retrouvé", author="Ana", language="fr", published=NOW - DAY, date_origin="feed", tags=(IIS,)
    )
    shelf.keep(URL, TEXT, title="RETROUVE", author="Bob", language="en", published=NOW - 9 * DAY, date_origin="prose")
    shelf.keep(URL, TEXT, title="Autre", source="senat")
    article = stored(shelf, first.article_id)
    assert (article.title, article.author, article.language) == ("Retrouvé", "Ana", "fr")
    assert (article.published, article.date_origin, article.version) == (NOW - DAY, "feed", 1)
    assert article.tags == (CIS,)
    assert shelf.titles("retrouvé") == ["Retrouvé"]
    assert shelf.titles("titre") == []


def test_a_corrected_headline_is_a_new_version_even_above_the_same_text(shelf: Shelf) -> None:
    first = shelf.keep(URL, TEXT, "Avant")
    second = shelf.keep(URL, TEXT, "Un contrat à impact social annulé", at=NOW + DAY, tags=(IIS,))
    assert (second.article_id, second.outcome) == (first.article_id, "changed")
    article = stored(shelf, first.article_id)
    assert (article.title, article.version, article.tags) == ("Un contrat à impact social annulé", 2, (IIS,))
    assert (shelf.titles("avant"), shelf.titles("annulé")) == ([], ["Un contrat à impact social annulé"])
    assert shelf.store.check() == []


def test_a_changed_text_is_a_new_version_and_the_old_one_is_kept_a32(shelf: Shelf) -> None:
    first = shelf.keep(URL, TEXT, "Avant", matches=(card("contrat", TEXT),), page_offsets=(0,))
    second = shelf.keep(URL, "Un fonds à impact est annoncé.", "Après", at=NOW + DAY, tags=(IIS,))
    assert (second.article_id, second.story_id, second.outcome) == (first.article_id, first.story_id, "changed")
    article = stored(shelf, first.article_id)
    assert (article.title, article.text, article.version) == ("Après", "Un fonds à impact est annoncé.", 2)
    assert (article.tags, article.matches, article.first_seen) == ((IIS,), (), NOW)
    versions = shelf.store.articles.versions(first.article_id)
    assert [(each.number, each.title, each.text, each.seen_at) for each in versions] == [
        (1, "Avant", TEXT, NOW),
        (2, "Après", "Un fonds à impact est annoncé.", NOW + DAY),
    ]
    assert (shelf.titles("Lyon"), shelf.titles("avant"), shelf.titles("fonds")) == ([], [], ["Après"])
    assert shelf.store.check() == []


def test_an_article_that_goes_back_to_its_first_text_has_three_versions(shelf: Shelf) -> None:
    outcomes = [shelf.keep(URL, each).outcome for each in ("un texte", "un autre", "un texte")]
    assert outcomes == ["new", "changed", "changed"]
    assert [each.number for each in shelf.store.articles.versions(1)] == [1, 2, 3]
    assert shelf.store.check() == []


def test_an_edited_article_keeps_the_date_of_its_first_publication(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT, published=NOW - DAY, date_origin="meta")
    shelf.keep(URL, TEXT + " Mis à jour.", published=NOW, date_origin="prose")
    assert (stored(shelf, 1).published, stored(shelf, 1).date_origin) == (NOW - DAY, "meta")


def test_a_syndicated_summary_never_replaces_the_page_but_the_page_replaces_it(shelf: Shelf) -> None:
    shelf.keep(URL, "Un résumé.", source="gazette", media_type="row")
    assert shelf.keep(URL, TEXT, source="anah").outcome == "changed"
    assert shelf.keep(URL, "Un autre résumé.", source="gazette", media_type="row").outcome == "same"
    assert (stored(shelf, 1).text, stored(shelf, 1).source) == (TEXT, "anah")


def test_an_empty_text_changes_nothing(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT)
    assert shelf.keep(URL, "").outcome == "same"
    assert stored(shelf, 1).text == TEXT


def test_an_article_is_found_by_its_address_or_by_the_one_asked(shelf: Shelf) -> None:
    shelf.page("https://lien.court/x")
    (page,) = shelf.store.queue.pending(1)
    shelf.keep(URL, TEXT, page_id=page.id)
    for url in (URL, "http://anah.gouv.fr/actu/1/?utm_source=x", "https://lien.court/x"):
        found = shelf.store.articles.by_url(url)
        assert found is not None, url
        assert found.id == 1
    for url in ("https://ailleurs.fr/", "pas une adresse", "", "javascript:x", "https://x.fr/\0"):
        assert shelf.store.articles.by_url(url) is None


def test_retagging_replaces_tags_and_cards_and_search_follows(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT, matches=(card("contrat", TEXT),))
    shelf.store.articles.retag(1, Verdict((IIS,), (card("Anah", TEXT, label="iis"),)), AGAIN)
    article = stored(shelf, 1)
    assert ([tag.label for tag in article.tags], [each.form for each in article.matches]) == (["iis"], ["Anah"])
    assert (shelf.titles("tag:cis"), shelf.titles("tag:iis")) == ([], ["Un titre"])
    shelf.store.articles.retag(1, Verdict(), AGAIN)
    shelf.store.articles.retag(99, Verdict((IIS,)), AGAIN)
    assert (shelf.titles("anah"), shelf.titles("tag:none")) == ([], ["Un titre"])


def test_the_same_label_for_two_topics_is_two_tags(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT, tags=(CIS, Tag("autre", "cis", False, 0.5), CIS))
    assert len(stored(shelf, 1).tags) == 2


def test_neighbours_are_those_that_share_a_band_the_nearest_first(shelf: Shelf) -> None:
    base = numbers(1).values
    near = Signature(base[:64] + numbers(2).values[64:])
    far = Signature(base[:4] + numbers(3).values[4:])
    shifted = Signature(numbers(4).values[:1] + base[:127])
    signatures = {"far": far, "near": near, "same": numbers(1), "shifted": shifted, "none": Signature()}
    for name, signature in signatures.items():
        shelf.keep(f"https://x.fr/{name}", f"texte {name}", signature=signature)
    found = shelf.store.articles.neighbours(numbers(1))
    assert [each.article_id for each in found] == [3, 2, 1]
    assert [each.signature for each in found] == [numbers(1), near, far]
    assert shelf.store.articles.neighbours(Signature()) == []


def test_the_copy_of_an_old_text_is_found_among_hundreds_made_from_one_template(shelf: Shelf) -> None:
    template = numbers(1).values[:64]
    for number in range(MAX_IN_BAND + 20):
        shelf.keep(
            f"https://x.fr/{number}", f"texte {number}", signature=Signature(template + numbers(number).values[64:])
        )
    found = shelf.store.articles.neighbours(Signature(template + numbers(3).values[64:]))
    assert found[0].article_id == 4
    assert len(found) == MAX_NEIGHBOURS


def test_a_changed_article_is_no_more_the_neighbour_of_its_old_text(shelf: Shelf) -> None:
    shelf.keep(URL, TEXT, signature=numbers(1))
    shelf.keep(URL, "autre chose", signature=numbers(2))
    assert shelf.store.articles.neighbours(numbers(1)) == []
    assert [each.article_id for each in shelf.store.articles.neighbours(numbers(2))] == [1]
    shelf.keep(URL, "trop court", signature=Signature())
    assert (rows(shelf, "band"), rows(shelf, "signature")) == (0, 0)


def test_copies_are_listed_the_earliest_first_whatever_the_order_of_arrival(shelf: Shelf) -> None:
    story = shelf.keep("https://b.fr/", "copie b", published=NOW - DAY).story_id
    shelf.keep("https://c.fr/", "copie c", story=story)
    shelf.keep("https://a.fr/", "copie a", story=story, published=NOW - 2 * DAY)
    assert [each.url for each in shelf.store.articles.copies(2)] == ["https://a.fr/", "https://b.fr/"]
    assert shelf.store.articles.copies(99) == []
    assert shelf.store.articles.all_ids() == [1, 2, 3]


def test_a_story_that_does_not_exist_gives_one_of_its_own(shelf: Shelf) -> None:
    assert shelf.keep(URL, TEXT, story=4_000).story_id == 1


def test_a_changed_article_alone_in_its_story_joins_another_and_the_old_number_leads_there(shelf: Shelf) -> None:
    first = shelf.keep("https://a.fr/", "texte a")
    second = shelf.keep(URL, "texte b")
    joined = shelf.keep(URL, "texte a, presque", story=first.story_id)
    assert joined.story_id == first.story_id
    assert shelf.store.articles.story(second.story_id) == first.story_id
    late = shelf.keep("https://c.fr/", "texte c", story=second.story_id)
    assert late.story_id == first.story_id, "a number read before the merge still leads to the story"


def test_a_changed_article_that_has_copies_stays_with_them(shelf: Shelf) -> None:
    other = shelf.keep("https://a.fr/", "texte a")
    own = shelf.keep(URL, "texte b")
    shelf.keep("https://c.fr/", "texte b", story=own.story_id)
    assert shelf.keep(URL, "texte a", story=other.story_id).story_id == own.story_id


def test_merged_stories_lead_to_the_last_one_through_any_chain(shelf: Shelf) -> None:
    stories = [shelf.keep(f"https://{name}.fr/", f"texte {name}").story_id for name in "abc"]
    shelf.store.articles.merge(stories[0], stories[1], NOW)
    shelf.store.articles.merge(stories[1], stories[2], NOW)
    shelf.store.articles.merge(stories[2], stories[0], NOW)
    assert [shelf.store.articles.story(story) for story in stories] == [stories[2]] * 3
    assert [each.id for each in shelf.store.articles.copies(1)] == [2, 3]
    assert shelf.store.articles.story(99) is None


@pytest.mark.parametrize(
    ("published", "month", "day"),
    [
        (None, "2026-11", NOW),
        (datetime(2026, 10, 31, 23, 30, tzinfo=UTC), "2026-11", datetime(2026, 10, 31, 23, 30, tzinfo=UTC)),
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "2026-08", datetime(2026, 7, 31, 22, 30, tzinfo=UTC)),
        (datetime(1999, 1, 1, tzinfo=UTC), "1999-01", datetime(1999, 1, 1, tzinfo=UTC)),
        (datetime(2099, 1, 1, tzinfo=UTC), "2026-11", NOW),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01", datetime(1, 1, 1, tzinfo=UTC)),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "2026-11", NOW),
    ],
)
def test_the_day_counts_in_paris_and_never_lies_in_the_future_a30(
    published: datetime | None, month: str, day: datetime, shelf: Shelf
) -> None:
    shelf.keep(URL, TEXT, published=published)
    assert stored(shelf, 1).published == published
    with shelf.store.articles._database.read() as connection:
        found = connection.execute(select(ArticleRow.month, ArticleRow.day)).one()
    assert (found.month, found.day) == (month, day)


@pytest.mark.parametrize(
    "hostile", ["Nul\0octet", "seul\ud83d", "a" * 300_000, "\u202eretourné", "<script>x</script>", "'; --"]
)
def test_any_text_is_kept_and_found_again(hostile: str, shelf: Shelf) -> None:
    """Threats A33, A41, A45: whatever a page says is only text here."""
    shelf.keep(URL, hostile + " impact", hostile[:200])
    article = stored(shelf, 1)
    assert len(article.text) == len(hostile) + 7
    assert shelf.find("impact").total == 1
    assert shelf.keep(URL, hostile + " impact", hostile[:200]).outcome == "same"
    shelf.keep(URL, "autre")
    assert shelf.store.check() == []


def test_keeping_is_one_transaction_c1(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.page(URL)
    (page,) = shelf.store.queue.pending(1)

    def broken(*_: Any) -> None:
        raise RuntimeError("panne")

    with monkeypatch.context() as patch:
        patch.setattr("db.articles.close_page", broken)
        with pytest.raises(RuntimeError, match="panne"):
            shelf.keep(URL, TEXT, signature=numbers(1), matches=(card("contrat", TEXT),), page_id=page.id)
    tables = ("article", "version", "story", "tag", "card", "band", "signature")
    assert {table: rows(shelf, table) for table in tables} == dict.fromkeys(tables, 0)
    with shelf.store.articles._database.read() as connection:
        assert fts.size(connection) == 0
    assert [each.id for each in shelf.store.queue.pending(5)] == [page.id]
    assert shelf.keep(URL, TEXT, page_id=page.id).outcome == "new"
    assert shelf.store.queue.pending(5) == []


def test_an_article_keeps_that_its_publisher_reserves_mining(shelf: Shelf) -> None:
    """A26: found by its words, quoted nowhere."""
    kept = shelf.keep(URL, TEXT, reserved=True)
    assert stored(shelf, kept.article_id).reserved
    (hit,) = shelf.find("impact").hits
    assert hit.excerpt.text == ""
    assert not stored(shelf, shelf.keep(URL + "2", "Un autre texte.").article_id).reserved


def test_a_part_of_a_page_leaves_its_page_to_be_done_with_the_whole(shelf: Shelf) -> None:
    shelf.page(URL, kind="watched")
    (page,) = shelf.store.queue.pending(1)
    for _ in range(2):  # the second time as after a run killed between the two
        part = shelf.keep(f"{URL}#modification-2026-11-25-0123abcd", "Un ajout.", page_id=page.id, is_part=True)
        assert [each.id for each in shelf.store.queue.pending(1)] == [page.id]
    assert part.outcome == "same"
    whole = shelf.keep(URL, "Le tout. Un ajout.", page_id=page.id)
    assert whole.article_id != part.article_id
    assert shelf.store.queue.pending(1) == []
