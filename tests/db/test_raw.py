"""Raw pages: committed once, asked again at the right ages, named when they fail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from store_shelf import CIS, NOW, REVISIT, Shelf

from core.errors import StoreError
from core.pages import Failure, FailureKind, Hint, NewPage, Validators
from db import links
from db.store import Store, open_store

URL = "https://www.anah.gouv.fr/actu/1"
DAY = timedelta(days=1)


def files(shelf: Shelf) -> list[Path]:
    return sorted((shelf.path / "raw").rglob("*.gz"))


def another_run(shelf: Shelf, number: int) -> None:
    shelf.store.runs.start(f"run-{number}", NOW + timedelta(minutes=number))


def fail(shelf: Shelf, kind: FailureKind = "timeout", url: str = URL, entry: bool = False) -> None:
    shelf.store.raw.fail(Failure("anah", url, kind, "Le site ne répond pas.", entry), NOW)


def test_a_saved_page_comes_back_whole_from_the_queue(shelf: Shelf) -> None:
    hint = Hint("Titre d'annonce", NOW - DAY, "résumé", "Ana", "fr")
    headers = (("Content-Type", "text/html; charset=ISO-8859-1"), ("ETag", '"a1"'), ("Last-Modified", "hier"))
    page = NewPage("anah", "article", URL, URL + "?vu", 200, headers, "é\0".encode(), NOW, hint)
    assert shelf.store.raw.save(page)
    (found,) = shelf.store.queue.pending(10)
    assert (found.source, found.kind, found.url, found.final_url) == ("anah", "article", URL, URL + "?vu")
    assert (found.headers, found.body, found.fetched_at, found.hint) == (headers, "é\0".encode(), NOW, hint)
    assert shelf.store.raw.validators(URL) == Validators(URL, '"a1"', "hier", found.body_hash, 200, NOW)
    assert shelf.store.raw.body(URL) == "é\0".encode()


def test_an_equal_body_is_only_a_visit_a18(shelf: Shelf) -> None:
    assert shelf.page(URL, "même", headers=(("etag", "1"),))
    assert not shelf.page(URL, "même", headers=(("etag", "2"),))
    assert len(shelf.store.queue.pending(10)) == 1
    known = shelf.store.raw.validators(URL)
    assert known is not None
    assert known.etag == "2"


def test_a_body_that_comes_back_to_an_earlier_one_is_a_change(shelf: Shelf) -> None:
    assert [shelf.page(URL, body) for body in ("a", "b", "a")] == [True, True, True]
    assert [page.body for page in shelf.store.queue.pending(10)] == [b"a", b"b", b"a"]
    assert len(files(shelf)) == 2


def test_two_addresses_with_one_body_share_its_file(shelf: Shelf) -> None:
    assert shelf.page(URL, "même")
    assert shelf.page(URL + "bis", "même")
    assert len(files(shelf)) == 1
    assert len(shelf.store.queue.pending(10)) == 2


def test_an_entry_keeps_its_latest_body_only_and_is_never_queued(shelf: Shelf) -> None:
    feed = "https://www.anah.gouv.fr/rss"
    assert [shelf.page(feed, body, kind="entry") for body in ("un", "deux", "deux")] == [True, True, False]
    assert shelf.store.raw.body(feed) == b"deux"
    assert len(files(shelf)) == 1
    assert shelf.store.queue.pending(10) == []


def test_an_old_entry_body_that_an_article_uses_is_kept(shelf: Shelf) -> None:
    feed = "https://www.anah.gouv.fr/rss"
    shelf.page(URL, "partagé")
    shelf.page(feed, "partagé", kind="entry")
    shelf.page(feed, "autre", kind="entry")
    assert shelf.store.raw.body(URL) == "partagé".encode()


@pytest.mark.parametrize(
    "same",
    [
        "http://www.anah.gouv.fr/actu/1",
        "https://anah.gouv.fr/actu/1/",
        "https://www.anah.gouv.fr:443/actu/1#haut",
        "https://www.anah.gouv.fr/actu/1?utm_source=lettre",
    ],
)
def test_an_article_is_known_whatever_the_spelling_of_its_address_a29(same: str, shelf: Shelf) -> None:
    shelf.page(URL)
    assert shelf.store.raw.unknown([same]) == set()


def test_of_several_spellings_of_one_unknown_article_the_first_is_asked(shelf: Shelf) -> None:
    urls = ["https://x.fr/a", "http://www.x.fr/a/", "https://x.fr/b", "javascript:alert(1)", "", "https://x.fr/?Page11"]
    assert shelf.store.raw.unknown(urls) == {"https://x.fr/a", "https://x.fr/b", "https://x.fr/?Page11"}


def test_an_entry_point_is_no_article_to_ask(shelf: Shelf) -> None:
    shelf.page("https://x.fr/", kind="entry")
    assert shelf.store.raw.unknown(["https://x.fr"]) == set()


def test_unknown_is_one_query_for_two_hundred_addresses(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    engine = shelf.store.raw._database.engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert len(shelf.store.raw.unknown([f"https://x.fr/{number}" for number in range(200)])) == 200
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ([0], [True]),
        ([0, 0.5], [True, False]),
        ([0, 1], [True, True]),
        ([0, 1, 1.5, 3, 6, 7, 8, 400], [True, True, False, True, False, True, False, False]),
        ([2, 2.5, 3], [True, False, True]),
        ([30, 31], [True, False]),
    ],
)
def test_a_known_article_is_asked_once_an_age(ages: list[float], expected: list[bool], shelf: Shelf) -> None:
    """Revisit ages 0, 1, 3 and 7 days since first seen; an outage is not caught up visit by visit (threat A49)."""
    shelf.page(URL)
    due = []
    for age in ages:
        now = NOW + age * DAY
        due.append(shelf.store.raw.revisits("anah", now) == [URL])
        if due[-1]:
            shelf.store.raw.unchanged(URL, now)
    assert due == expected


def test_revisits_are_those_of_one_source_the_oldest_first(shelf: Shelf) -> None:
    shelf.page(URL + "b", at=NOW)
    shelf.page(URL + "a", at=NOW - DAY)
    shelf.page("https://senat.fr/1", source="senat")
    shelf.page("https://www.anah.gouv.fr/rss", kind="entry")
    shelf.page(URL + "rangée", kind="row")
    assert shelf.store.raw.revisits("anah", NOW) == [URL + "a", URL + "b"]


def test_a_recheck_asks_every_known_article_again(shelf: Shelf) -> None:
    shelf.page(URL)
    shelf.store.raw.unchanged(URL, NOW + 30 * DAY)
    assert shelf.store.raw.revisits("anah", NOW + 31 * DAY) == []
    with open_store(shelf.url, shelf.path, revisit=REVISIT, recheck=True) as store:
        assert store.raw.revisits("anah", NOW + 31 * DAY) == [URL]


def test_a_changed_revisit_is_queued_and_counts_as_a_visit(shelf: Shelf) -> None:
    shelf.page(URL, "avant")
    assert shelf.page(URL, "après", at=NOW + timedelta(hours=1))
    assert shelf.store.raw.revisits("anah", NOW + timedelta(hours=2)) == []


def _kept(shelf: Shelf) -> int:
    shelf.page(URL)
    (page,) = shelf.store.queue.pending(1)
    return shelf.keep(URL, "texte", page_id=page.id).article_id


def _deleted(store: Store, article_id: int) -> bool:
    article = store.articles.article(article_id)
    assert article is not None
    return article.deleted_at is not None


def test_an_article_gone_twice_is_marked_deleted_and_stays_in_the_archive(shelf: Shelf) -> None:
    article = _kept(shelf)
    at = NOW + 30 * DAY
    shelf.store.raw.unchanged(URL, at)
    assert shelf.store.raw.revisits("anah", at) == []
    shelf.store.raw.gone(URL, 404, at)
    assert not _deleted(shelf.store, article)
    assert shelf.store.raw.revisits("anah", at) == [URL], "a first 404 is checked at the next run"
    shelf.store.raw.gone(URL, 410, at + DAY)
    assert _deleted(shelf.store, article)
    assert shelf.store.articles.deleted_count() == 1
    assert shelf.store.raw.revisits("anah", at + 2 * DAY) == []
    assert shelf.titles("texte") == ["Un titre"]


@pytest.mark.parametrize("answer", ["304", "same", "changed"])
def test_an_article_that_answers_again_is_no_more_deleted(answer: str, shelf: Shelf) -> None:
    article = _kept(shelf)
    for number in range(2):
        shelf.store.raw.gone(URL, 404, NOW + number * DAY)
    assert _deleted(shelf.store, article)
    later = NOW + 2 * DAY
    if answer == "304":
        shelf.store.raw.unchanged(URL, later)
    else:
        shelf.page(URL, "<p>corps</p>" if answer == "same" else "neuf", at=later)
    assert not _deleted(shelf.store, article)
    shelf.store.raw.gone(URL, 404, later + DAY)
    assert not _deleted(shelf.store, article), "it takes two again"


def test_an_article_kept_under_its_canonical_address_is_deleted_by_the_address_asked(shelf: Shelf) -> None:
    shelf.page(URL)
    (page,) = shelf.store.queue.pending(1)
    article = shelf.keep("https://www.anah.gouv.fr/canonique", "texte", page_id=page.id).article_id
    for number in range(2):
        shelf.store.raw.gone(URL, 404, NOW + number * DAY)
    assert _deleted(shelf.store, article)


def test_an_article_that_fails_is_asked_in_five_runs_then_given_up(shelf: Shelf) -> None:
    for run in range(5):
        another_run(shelf, run)
        assert shelf.store.raw.unknown([URL]) == {URL}, run
        fail(shelf)
        fail(shelf)  # twice in one run counts once
    assert shelf.store.raw.unknown([URL]) == set()


def test_an_answer_about_an_address_never_read_changes_nothing(shelf: Shelf) -> None:
    shelf.store.raw.unchanged(URL, NOW)
    shelf.store.raw.gone(URL, 404, NOW)
    assert shelf.store.raw.unknown([URL]) == {URL}
    fail(shelf)
    for _ in range(2):
        shelf.store.raw.unchanged(URL, NOW)
        assert shelf.store.raw.unknown([URL]) == {URL}
        shelf.store.raw.gone(URL, 404, NOW)
    shelf.store.raw.gone(URL, 404, NOW)
    assert shelf.store.raw.unknown([URL]) == set(), "gone twice, never read: given up"


def test_an_article_that_failed_then_answers_is_known(shelf: Shelf) -> None:
    fail(shelf)
    assert shelf.store.raw.validators(URL) is None
    assert shelf.page(URL)
    assert shelf.store.raw.unknown([URL]) == set()
    assert shelf.store.raw.revisits("anah", NOW) == [URL]


def test_a_refusal_of_the_guard_is_not_tried_again_a1(shelf: Shelf) -> None:
    fail(shelf, "guard")
    assert shelf.store.raw.unknown([URL]) == set()


def test_a_known_article_that_fails_waits_for_its_next_age_after_five_runs(shelf: Shelf) -> None:
    shelf.page(URL)
    for run in range(5):
        another_run(shelf, run)
        assert shelf.store.raw.revisits("anah", NOW) == [URL], run
        fail(shelf, "http")
    assert shelf.store.raw.revisits("anah", NOW) == []
    assert shelf.store.raw.revisits("anah", NOW + DAY) == [URL]


@pytest.mark.parametrize("url", ["", "pas une adresse", "javascript:alert(1)", "https://x.fr/\ud800", "https://[::1"])
def test_a_failure_on_any_address_is_committed(url: str, shelf: Shelf) -> None:
    another_run(shelf, 1)
    fail(shelf, url=url)
    (failure,) = shelf.store.runs.failures("run-1")
    assert (failure.kind, failure.reason) == ("timeout", "Le site ne répond pas.")


def test_a_failing_entry_does_not_count_against_an_article(shelf: Shelf) -> None:
    for run in range(6):
        another_run(shelf, run)
        fail(shelf, url="https://x.fr/", entry=True)
    assert shelf.store.raw.unknown(["https://x.fr/"]) == {"https://x.fr/"}


def test_a_feed_whose_body_is_lost_is_asked_without_validators_a18(shelf: Shelf) -> None:
    """A 304 would leave nothing to read."""
    feed = "https://x.fr/rss"
    shelf.page(feed, "flux", kind="entry", headers=(("ETag", "1"),))
    files(shelf)[0].unlink()
    assert shelf.store.raw.validators(feed) == Validators(feed)
    assert shelf.store.raw.body(feed) is None
    assert shelf.page(feed, "flux", kind="entry")
    assert shelf.store.raw.body(feed) == b"flux"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, _cut, _emptied])
def test_a_page_whose_body_is_damaged_is_a_failure_and_is_asked_again_c2(damage: Any, shelf: Shelf) -> None:
    another_run(shelf, 1)
    shelf.page(URL, "perdu")
    damage(files(shelf)[0])
    shelf.page(URL + "bis", "gardé")
    assert [page.body for page in shelf.store.queue.pending(1)] == ["gardé".encode()]
    (failure,) = shelf.store.runs.failures("run-1")
    assert failure.kind == "internal"
    assert shelf.store.raw.unknown([URL]) == {URL}
    assert shelf.page(URL, "perdu")
    assert len(shelf.store.queue.pending(10)) == 2


def test_a_disk_that_refuses_a_body_is_told_in_french_c3(shelf: Shelf) -> None:
    (shelf.path / "raw").write_text("un fichier à la place du dossier")
    with pytest.raises(StoreError, match="écriture impossible"):
        shelf.page(URL)
    assert shelf.store.raw.unknown([URL]) == {URL}


def test_pages_stay_pending_until_their_outcome_is_committed(shelf: Shelf) -> None:
    for number in range(4):
        shelf.page(f"{URL}{number}", str(number))
    first, second, third, fourth = shelf.store.queue.pending(10)
    shelf.store.queue.processed(first.id)
    shelf.store.queue.failed(second.id, Failure("anah", second.url, "encrypted", "PDF protégé."))
    shelf.keep(third.url, "texte", page_id=third.id)
    assert [page.id for page in shelf.store.queue.pending(10)] == [fourth.id]
    with open_store(shelf.url, shelf.path) as again:
        assert [page.id for page in again.queue.pending(10)] == [fourth.id]


def test_a_page_that_this_machine_could_not_process_is_tried_by_three_runs(shelf: Shelf) -> None:
    """A busy machine, a fault of ours since mended: the article is not lost, nor tried for ever."""
    shelf.page(URL)
    for run in range(1, 4):
        (page,) = shelf.store.queue.pending(10)
        shelf.store.runs.start(f"run-{run}", NOW)
        shelf.store.queue.failed(page.id, Failure("anah", page.url, "timeout", "L'extraction a dépassé son temps."))
        assert [failure.kind for failure in shelf.store.runs.failures(f"run-{run}")] == ["timeout"]
    assert shelf.store.queue.pending(10) == []


def test_pending_goes_on_after_a_given_page(shelf: Shelf) -> None:
    for number in range(5):
        shelf.page(f"{URL}{number}", str(number))
    ids = [page.id for page in shelf.store.queue.pending(2)]
    assert len(ids) == 2
    assert [page.body for page in shelf.store.queue.pending(2, ids[-1])] == [b"2", b"3"]


def test_an_entry_that_answered_is_noted_for_its_source(shelf: Shelf) -> None:
    shelf.store.raw.source_read("anah", "https://www.anah.gouv.fr/rss", NOW)
    state = shelf.store.runs.states()["anah"]
    assert (state.entry_used, state.last_attempt, state.last_success) == ("https://www.anah.gouv.fr/rss", NOW, None)


def test_links_to_ask_are_those_of_the_topic_the_longest_unasked_first_and_a_few_at_a_time(shelf: Shelf) -> None:
    for number in range(links.AT_ONCE + 3):
        url = f"https://exemple.fr/{number}"
        shelf.page(url, at=NOW - timedelta(days=number))
        shelf.keep(url, "Un contrat à impact.", tags=(CIS,) if number != 5 else ())
    everything = shelf.store.raw.links("anah", NOW + links.EVERY)
    assert everything[0] == f"https://exemple.fr/{links.AT_ONCE + 2}"
    assert len(everything) == links.AT_ONCE
    assert "https://exemple.fr/5" not in everything
    assert shelf.store.raw.links("anah", NOW + links.EVERY - timedelta(days=links.AT_ONCE + 2)) == everything[:1]
    shelf.store.raw.unchanged(everything[0], NOW + links.EVERY)
    assert everything[0] not in shelf.store.raw.links("anah", NOW + links.EVERY)
    shelf.store.raw.fail(Failure("anah", everything[1], "http", "refusé", False), NOW + links.EVERY)
    assert everything[1] not in shelf.store.raw.links("anah", NOW + links.EVERY), "until its next month"
    assert shelf.store.raw.links("senat", NOW + links.EVERY) == []
