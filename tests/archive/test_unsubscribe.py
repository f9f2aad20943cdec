"""Leaving: a GET shows, a POST acts (RFC 8058; threats B10, B11, B12)."""

from __future__ import annotations

from typing import Any

import pytest

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def people(fresh: Any) -> list[str]:
    return [each.address for each in fresh.store.subscribers.active()]


def test_opening_the_link_changes_nothing_b10(fresh: Any) -> None:
    for method in ("GET", "HEAD"):
        answer = fresh.client.request(method, f"/desabonnement/{fresh.token}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
    assert "lectrice@asso.example" in people(fresh)
    assert fresh.store.subscribers.by_token(fresh.token)


@pytest.mark.parametrize(
    "body",
    [
        {"data": ONE_CLICK},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
        {"content": b"\xff\x00 garbage", "headers": {"content-type": "text/plain"}},
    ],
    ids=["urlencoded", "multipart", "empty", "garbage"],
)
def test_one_post_is_enough_without_cookie_login_or_redirect_b11(fresh: Any, body: dict[str, Any]) -> None:
    answer = fresh.client.post(f"/desabonnement/{fresh.token}", follow_redirects=False, **body)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert people(fresh) == ["groupe@listes.example"]


def test_the_page_s_own_button_is_that_post(fresh: Any) -> None:
    text = fresh.client.get(f"/desabonnement/{fresh.token}").text
    assert '<form method="post">' in text
    assert 'name="List-Unsubscribe" value="One-Click"' in text


def test_leaving_twice_and_an_unknown_token_get_the_same_answer_b12(fresh: Any) -> None:
    first = fresh.client.post(f"/desabonnement/{fresh.token}", data=ONE_CLICK)
    again = fresh.client.post(f"/desabonnement/{fresh.token}", data=ONE_CLICK)
    unknown = fresh.client.post("/desabonnement/AAAAAAAAAAAAAAAAAAAAAA", data=ONE_CLICK)
    odd = fresh.client.post("/desabonnement/%00%27;--", data=ONE_CLICK)
    assert {answer.status_code for answer in (first, again, unknown, odd)} == {200}
    assert first.content == again.content == unknown.content == odd.content
    shown = fresh.client.get("/desabonnement/AAAAAAAAAAAAAAAAAAAAAA").content
    assert shown == fresh.client.get(f"/desabonnement/{fresh.token}").content


def test_a_huge_body_is_refused_and_changes_nothing(fresh: Any) -> None:
    def endless() -> Any:
        for _ in range(40):
            yield b"x" * 1024

    for body in (b"x" * 20_000, endless()):
        answer = fresh.client.post(f"/desabonnement/{fresh.token}", content=body)
        assert answer.status_code == 413
        assert answer.headers["content-security-policy"]
    assert "lectrice@asso.example" in people(fresh)


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999"])
def test_a_lying_content_length_is_refused(fresh: Any, length: str) -> None:
    answer = fresh.client.post(f"/desabonnement/{fresh.token}", headers={"content-length": length}, content=b"")
    assert answer.status_code == 413
    assert "lectrice@asso.example" in people(fresh)
