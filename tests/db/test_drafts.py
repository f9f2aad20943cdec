"""What editors prepared is taken once, by the edition made from it; what they dropped is never told in its series."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_shelf import NOW, Shelf

from core.drafts import Draft, arranged
from core.editions import Body, Edition
from core.errors import StoreError, VeilleError

BODY = Body("Sujet", "texte", "<p>texte</p>")


def put(shelf: Shelf, name: str) -> int:
    return shelf.keep(f"https://exemple.fr/{name}", f"texte {name}", name).story_id


def composed(shelf: Shelf, key: str, stories: list[int]) -> Edition:
    """As a command composes it: with what editors prepared until now."""
    edition = shelf.edition(key, stories)
    draft = shelf.store.drafts.open("weekly")
    return arranged(edition, draft) if draft else edition


def prepare(shelf: Shelf, **changes: object) -> None:
    draft = shelf.store.drafts.open("weekly") or Draft("weekly", "2026-W48")
    shelf.store.drafts.save(replace(draft, **changes), "member:1", NOW)  # type: ignore[arg-type]


def test_an_edition_takes_its_draft_once_and_what_was_dropped_is_told_nowhere(shelf: Shelf) -> None:
    kept, dropped = put(shelf, "a"), put(shelf, "b")
    prepare(shelf, introduction="Bonjour.", dropped=(dropped,), pinned=(kept,))
    frozen = shelf.store.editions.freeze(composed(shelf, "2026-W48", [kept, dropped]), BODY)
    assert ([each.story_id for each in frozen.entries], frozen.introduction) == ([kept], "Bonjour.")
    assert shelf.eligible() == [] and shelf.store.drafts.open("weekly") is None
    line = shelf.store.audit.latest(1)[0]
    assert (line.what, line.after["edition"], line.after["dropped"]) == ("edition.drafted", "2026-W48", [dropped])
    later = put(shelf, "c")
    assert composed(shelf, "2026-W49", [later]).introduction == "", "an introduction is not said twice"


def test_an_edition_composed_before_the_last_change_is_not_frozen(shelf: Shelf) -> None:
    story = put(shelf, "a")
    early = composed(shelf, "2026-W48", [story])
    prepare(shelf, introduction="Un mot.")
    with pytest.raises(StoreError, match="vient de changer"):
        shelf.store.editions.freeze(early, BODY)
    assert shelf.store.editions.find("weekly", "2026-W48") is None and shelf.eligible() == [story]
    assert shelf.store.editions.freeze(composed(shelf, "2026-W48", [story]), BODY).introduction == "Un mot."


def test_the_slower_of_two_editors_is_told_so(shelf: Shelf) -> None:
    prepare(shelf, introduction="Le mot de l'une.")
    with pytest.raises(VeilleError, match="autre personne"):
        shelf.store.drafts.save(Draft("weekly", "2026-W48", "Le mot de l'autre."), "member:2", NOW)


@pytest.mark.parametrize("begun", [False, True], ids=["nothing-since", "next-one-begun"])
def test_an_edition_skipped_gives_back_its_drops_but_not_its_introduction(shelf: Shelf, begun: bool) -> None:
    kept, dropped = put(shelf, "a"), put(shelf, "b")
    prepare(shelf, introduction="Cette semaine…", dropped=(dropped,))
    frozen = shelf.store.editions.freeze(composed(shelf, "2026-W48", [kept, dropped]), BODY)
    if begun:
        prepare(shelf, introduction="La suivante.", pinned=(kept,))
    assert frozen.id is not None
    shelf.store.editions.set_state(frozen.id, "skipped")
    assert shelf.eligible() == [kept, dropped]
    again = composed(shelf, "2026-W49", [kept, dropped])
    assert [each.story_id for each in again.entries] == [kept]
    assert again.introduction == ("La suivante." if begun else "")
    assert shelf.store.editions.freeze(again, BODY).entries[0].pinned == begun
    assert shelf.eligible() == []


def test_a_week_of_which_everything_was_dropped_is_closed_and_stays_so(shelf: Shelf) -> None:
    story = put(shelf, "a")
    prepare(shelf, dropped=(story,))
    edition = composed(shelf, "2026-W48", [story])
    assert edition.state == "empty"
    shelf.store.editions.freeze(edition, BODY)
    assert shelf.eligible() == []
