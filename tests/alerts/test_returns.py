"""Mails that come back are read whatever server wrote them, and believed only by our own return address (B7 to B9)."""

from __future__ import annotations

import pytest

from alerts import verp
from alerts.returns import MAX_BYTES, Unreadable, read
from core.returns import Proof, fault

SECRET = "un-secret-de-vingt-caracteres"
TOKEN = verp.token(SECRET, 12, 345)
OURS = verp.address("retours@asso.example", TOKEN)
PROOF = Proof(12, 345)


def dsn(action: str, status: str, diagnostic: str = "", to: str = OURS) -> bytes:
    """A delivery status as Postfix writes them, with the head of the mail that came back."""
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return f"""From: MAILER-DAEMON@mx.exemple.fr
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system at host mx.exemple.fr.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr
Arrival-Date: Mon, 23 Nov 2026 08:00:03 +0100 (CET)

Final-Recipient: rfc822; ana@exemple.fr
Action: {action}
Status: {status}
{said}
--b1
Content-Type: text/rfc822-headers

Subject: [Veille] la semaine
To: ana@exemple.fr

--b1--
""".encode()


QMAIL = f"""From: MAILER-DAEMON@mx.exemple.fr
To: {OURS}
Subject: failure notice

Hi. This is the qmail-send program at mx.exemple.fr.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ana@exemple.fr>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{OURS}>
""".encode()

COMPLAINT = f"""From: fbl@fournisseur.example
To: plaintes@asso.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain

Someone pressed the spam button.
--b2
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: fbl/1.0
Version: 1
Original-Mail-From: <{OURS}>
--b2
Content-Type: message/rfc822

Subject: [Veille] la semaine

--b2--
""".encode()


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected", "code"),
    [
        ("5.1.1", "", "hard", "5.1.1"),
        ("5.1.10", "", "hard", "5.1.10"),
        ("5.2.1", "", "hard", "5.2.1"),
        ("5.2.2", "", "soft", "5.2.2"),
        ("4.4.7", "", "soft", "4.4.7"),
        ("5.0.0", "smtp; 550 5.1.1 user unknown", "hard", "5.1.1"),
        ("5.7.1", "", "ours", "5.7.1"),
        ("5.7.26", "", "ours", "5.7.26"),
        ("5.1.8", "", "ours", "5.1.8"),
        ("5.6.7", "", "ours", "5.6.7"),
        ("5.0.0", "smtp; 550 go away", "soft", "5.0.0"),
        ("", "", "soft", ""),
    ],
)
def test_a_delivery_status_is_classed_by_its_enhanced_code(
    status: str, diagnostic: str, expected: str, code: str
) -> None:
    returned = read(dsn("failed", status, diagnostic), SECRET)
    assert (returned.kind, returned.fault, returned.code, returned.proof) == ("refusal", expected, code, PROOF)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_mail_delayed_or_delivered_is_no_refusal(action: str) -> None:
    assert read(dsn(action, "4.4.1"), SECRET).kind == "automatic"


def test_an_old_format_and_a_complaint_are_read_too() -> None:
    qmail, complaint = read(QMAIL, SECRET), read(COMPLAINT, SECRET)
    assert (qmail.kind, qmail.fault, qmail.code, qmail.proof) == ("refusal", "hard", "5.1.1", PROOF)
    assert (complaint.kind, complaint.proof) == ("complaint", PROOF)


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
    ],
)
def test_an_answering_machine_is_recognised(head: str) -> None:
    assert read(f"From: a@b.fr\nTo: {OURS}\n{head}\nSubject: absente\n\nde retour lundi\n".encode(), SECRET).kind == (
        "automatic"
    )


def test_a_person_who_answers_is_neither_a_refusal_nor_a_machine() -> None:
    assert read(f"From: a@b.fr\nTo: {OURS}\nAuto-Submitted: no\n\nmerci !\n".encode(), SECRET).kind == "other"


@pytest.mark.parametrize(
    "to",
    [
        "retours@asso.example",
        f"retours+{TOKEN[:-1]}a@asso.example" if TOKEN[-1] != "a" else f"retours+{TOKEN[:-1]}b@asso.example",
        f"retours+12-346-{TOKEN.rpartition('-')[2]}@asso.example",
        f"retours+{verp.token('une autre clé que la nôtre', 12, 345)}@asso.example",
        f"retours+x{TOKEN}z@asso.example",
    ],
)
def test_no_proof_is_found_in_a_forged_return_address(to: str) -> None:
    """B8."""
    assert read(dsn("failed", "5.1.1", to=to), SECRET).proof is None


def test_two_proofs_that_disagree_prove_nothing_and_without_a_key_nothing_is_proved() -> None:
    both = dsn("failed", "5.1.1", to=f"{OURS}, {verp.address('retours@asso.example', verp.token(SECRET, 12, 7))}")
    assert read(both, SECRET).proof is None
    assert read(dsn("failed", "5.1.1"), "").proof is None


def test_a_proof_survives_a_server_that_changes_case_or_rewrites_the_address() -> None:
    for to in (OURS.upper(), f"SRS0=Ab1c=XY=asso.example=retours+{TOKEN}@relais.example"):
        assert read(dsn("failed", "5.1.1", to=to), SECRET).proof == PROOF


def test_a_return_address_keeps_to_64_octets_or_is_not_personal() -> None:
    assert len(OURS.partition("@")[0]) <= 64
    assert verp.address("x" * 40 + "@asso.example", TOKEN) == ""


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe" * 1000, b"Content-Type: multipart/report; boundary=\n\n--\n"])
def test_what_is_no_mail_at_all_is_nothing_that_counts(raw: bytes) -> None:
    assert read(raw, SECRET).kind == "other"


def test_a_mail_nested_without_end_or_too_long_is_told_as_unreadable() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    for raw in (nested, b"x" * (MAX_BYTES + 1)):
        with pytest.raises(Unreadable):
            read(raw, SECRET)


def test_codes_of_rfc_3463_that_are_ours_never_blame_the_recipient() -> None:
    assert {fault(code) for code in ("5.7.0", "4.7.1", "5.5.1", "5.3.4", "5.1.7")} == {"ours"}
    assert fault("") == fault("5.2.2") == fault("5.4.4") == "soft"
