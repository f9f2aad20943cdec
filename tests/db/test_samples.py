"""The last pages of a source: newest first, each address once, then those that wait."""

from datetime import datetime, timedelta

from store_shelf import NOW, Shelf


def stored(shelf: Shelf, number: int, at: datetime = NOW, body: str = "<p>corps</p>") -> None:
    url = f"https://exemple.fr/{number}"
    assert shelf.page(url, f"{body}{number}", at)
    shelf.keep(url, f"Texte {body} {number}", at=at, page_id=shelf.store.queue.pending(9)[-1].id)


def numbers(shelf: Shelf, count: int, source: str = "anah") -> list[str]:
    return [page.url[-1] for page in shelf.store.samples.of(source, count)]


def test_the_last_pages_of_a_source_are_given_newest_first_then_those_that_wait(shelf: Shelf) -> None:
    for number in range(4):
        stored(shelf, number, NOW + timedelta(hours=number))
    assert numbers(shelf, 3) == ["3", "2", "1"]
    assert shelf.page("https://exemple.fr/9", "<p>en attente</p>")
    assert numbers(shelf, 9) == ["3", "2", "1", "0", "9"]
    assert numbers(shelf, 9, "autre") == []


def test_a_page_that_waits_to_be_read_again_counts_once(shelf: Shelf) -> None:
    stored(shelf, 1)
    assert shelf.page("https://exemple.fr/1", "<p>corrigé</p>", NOW + timedelta(days=1))
    (page,) = shelf.store.samples.of("anah", 5)
    assert page.body == b"<p>corps</p>1"


def test_bodies_that_are_lost_or_too_large_are_left_out(shelf: Shelf) -> None:
    stored(shelf, 1)
    stored(shelf, 2, body="<p>long</p>" * 100_000)
    assert numbers(shelf, 5) == ["1"]
    for body in (shelf.path / "raw").rglob("*.gz"):
        body.unlink()
    assert numbers(shelf, 5) == []
