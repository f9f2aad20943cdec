"""What was due is compared with what was accepted, and every recipient is in one part."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from core.editions import Edition, EditionState, OutboxRow, OutboxState, Period
from pipeline.delivery import account

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def edition(state: EditionState) -> Edition:
    return Edition(Period("weekly", "2026-W48", NOW, NOW), NOW, (), state=state, id=1)


def rows(*states: OutboxState) -> list[OutboxRow]:
    return [OutboxRow(number, 1, number, state) for number, state in zip(count(7), states, strict=False)]


def test_the_parts_add_up_to_what_was_due_and_doubts_have_numbers() -> None:
    told = account(edition("sending"), rows("sent", "sent", "unknown", "retry", "queued", "failed", "suppressed"), 1)
    parts = told.accepted + told.waiting + told.failed + told.unknown + told.suppressed
    assert told.due == parts == 7
    assert (told.accepted, told.returned, told.waiting, told.unknown_mails, told.fault) == (2, 1, 2, (9,), "")


@pytest.mark.parametrize(
    ("state", "states", "fault"),
    [
        ("sent", ("sent", "retry"), "attendent"),
        ("frozen", (), "jamais"),
        ("sent", ("sent", "perdu"), "état inconnu : perdu"),
    ],
)
def test_an_account_that_is_not_right_says_why(
    state: EditionState, states: tuple[OutboxState, ...], fault: str
) -> None:
    assert fault in account(edition(state), rows(*states), 0).fault


def test_a_recipient_who_is_there_twice_is_told() -> None:
    (one,) = rows("sent")
    assert "deux fois" in account(edition("sent"), [one, one], 0).fault
