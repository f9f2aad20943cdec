"""Which mails ask to leave: those that our own List-Unsubscribe writes, and no other."""

from __future__ import annotations

import email
import email.policy
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.leaving import leave_request
from alerts.render import MailRenderer
from core.editions import Edition, Subscriber

TOKEN = "3f9c1b7ae4-d24e0f_8a5c"


def mail(subject: str, *lines: str, body: str = "") -> bytes:
    head = ["From: Ana <ana@exemple.fr>", f"Subject: {subject}", *lines]
    return ("\r\n".join(head) + f"\r\n\r\n{body}\r\n").encode()


@pytest.mark.parametrize(
    "subject",
    [
        f"desabonnement {TOKEN}",
        f"Désabonnement {TOKEN}",
        f"Re: desabonnement  {TOKEN}",
        f"DESABONNEMENT\r\n {TOKEN}",
        f"=?utf-8?q?d=C3=A9sabonnement_{TOKEN.replace('_', '=5F')}?=",
        f"=?us-ascii?Q?desabonnement?= {TOKEN}",
    ],
)
def test_a_subject_that_asks_gives_its_token(subject: str) -> None:
    assert leave_request(mail(subject)) == TOKEN


@pytest.mark.parametrize(
    "content",
    [
        b"",
        mail("bonjour"),
        mail("desabonnement"),
        mail(f"desabonnement {TOKEN[:-1]}"),
        mail(f"desabonnement {TOKEN}x"),
        mail(f"predesabonnement {TOKEN}"),
        mail("bonjour", body=f"Subject: desabonnement {TOKEN}"),
        mail("Re: [Veille] 16-22 mars", body=f"> desabonnement {TOKEN}"),
        mail(f"Absence : desabonnement {TOKEN}", "Auto-Submitted: auto-replied; owner"),
        mail(f"desabonnement {TOKEN}", "Content-Type: multipart/report; report-type=delivery-status; boundary=x"),
        mail("=?utf-8?b?!!!?="),
        mail("=?inconnu?q?desabonnement?="),
    ],
)
def test_any_other_mail_asks_nothing(content: bytes) -> None:
    assert leave_request(content) is None


@given(st.binary(max_size=300), st.text(max_size=80))
def test_no_bytes_make_it_fail(raw: bytes, subject: str) -> None:
    for content in (raw, b"Subject: " + raw, b"Subject: =?" + raw + b"?=", mail(subject.replace("\n", ""))):
        leave_request(content)


def test_what_our_own_header_has_a_mail_client_write_is_understood(
    renderer: MailRenderer, tricky: Edition, person: Subscriber
) -> None:
    who = Subscriber(person.id, person.address, "person", TOKEN, person.since)
    sent = email.message_from_bytes(
        renderer.message(tricky, renderer.body(tricky), who).content, policy=email.policy.default
    )
    (subject,) = re.findall(r"<mailto:[^?>]+\?subject=([^>]+)>", sent["List-Unsubscribe"])
    assert leave_request(mail(unquote(subject))) == TOKEN
