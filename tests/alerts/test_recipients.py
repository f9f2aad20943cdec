"""What a person reads, what a list reads, and who the mail says it is from (threats B7, B11, B20)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import lxml.html
import pytest

from alerts import verp
from alerts.render import MailRenderer
from alerts.settings import MailSettings
from core.editions import Edition, Entry, Message, Subscriber
from core.errors import ConfigError
from core.topics import Section
from core.wishes import Wishes

MakeEntry = Callable[..., Entry]
MakeEdition = Callable[..., Edition]
Read = Callable[[Message], Any]
SPACES = str.maketrans("\u00a0\u202f", "  ")


def test_a_person_reads_why_since_when_and_how_to_leave(
    renderer: MailRenderer, tricky: Edition, person: Subscriber, read: Read
) -> None:
    """Checklist line 10; the day is the local one."""
    reading = read(renderer.message(tricky, renderer.body(tricky), person))
    text, page = reading.text, reading.page
    for shown in reading.words:
        assert "votre adresse a été inscrite le 3 mars 2026 (sujet suivi : Contrats à impact social)" in shown
        assert "Il est envoyé par Veille impact social." in shown
        assert "contact@asso.example" in shown
        assert "CNIL" in shown
    leave = f"https://veille.asso.example/desabonnement/{person.token}"
    assert [link.get("href") for link in page.iter("a")].count(leave) == 2
    assert text.count(leave) == 2
    assert text.index(leave) < 500, "a way out near the top, since Gmail cuts long mails"


def test_a_list_mail_holds_no_token_and_tells_how_to_leave_the_list(
    renderer: MailRenderer, tricky: Edition, mailing_list: Subscriber, person: Subscriber, read: Read
) -> None:
    """A list never gets a personal token, link or header: read in the whole .eml and in its decoded parts."""
    careless = replace(mailing_list, token=person.token)
    renderer.message(tricky, renderer.body(tricky), person)
    for who in (mailing_list, careless):
        message = renderer.message(tricky, renderer.body(tricky), who)
        reading = read(message)
        text, page = reading.text, reading.page
        parsed = email.message_from_bytes(message.content, policy=email.policy.default)
        everything = (
            message.content.decode() + text + lxml.html.tostring(page, encoding="unicode") + message.envelope_from
        )
        assert person.token not in everything
        assert "desabonnement" not in everything
        assert not [name for name in parsed if name.lower().startswith("list-")]
        assert not {"Precedence", "Auto-Submitted", "Reply-To"} & set(parsed.keys())
        assert str(parsed["From"]) == "Collectif des associations <secretariat@asso.example>"
        assert message.envelope_from == "secretariat@asso.example"
        for shown in reading.words:
            assert (
                "Ce message est envoyé à la liste groupe@listes.asso.example par Collectif des associations." in shown
            )
            assert "Pour quitter la liste : https://listes.asso.example/sympa/sigrequest/groupe" in shown
            assert "à votre propre adresse, sans passer par la liste" in shown


@pytest.mark.parametrize(
    ("unsubscribe", "href"),
    [
        ("groupe-unsubscribe@listes.asso.example", "mailto:groupe-unsubscribe@listes.asso.example"),
        ("mailto:groupe-leave@listes.asso.example", "mailto:groupe-leave@listes.asso.example"),
        ("https://listes.asso.example/groupe", "https://listes.asso.example/groupe"),
        ("javascript:alert(1)", None),
    ],
)
def test_the_lists_own_way_out_is_a_page_or_an_address(
    renderer: MailRenderer, tricky: Edition, mailing_list: Subscriber, unsubscribe: str, href: str | None, read: Read
) -> None:
    who = replace(mailing_list, unsubscribe=unsubscribe, sender="")
    message = renderer.message(tricky, renderer.body(tricky), who)
    reading = read(message)
    page = reading.page
    assert (href in [link.get("href") for link in page.iter("a")]) is (href is not None)
    assert message.envelope_from == "veille@asso.example"


def test_a_message_id_is_stable_and_differs_by_person_and_by_edition(
    renderer: MailRenderer,
    make_edition: MakeEdition,
    make_entry: MakeEntry,
    person: Subscriber,
    mailing_list: Subscriber,
) -> None:
    edition = make_edition(make_entry(1))
    later = replace(edition, composed_at=datetime(2026, 3, 25, tzinfo=UTC))
    other = replace(edition, period=replace(edition.period, key="2026-W13"))
    ids = [
        renderer.message(one, renderer.body(one), who).message_id
        for one, who in ((edition, person), (later, person), (edition, mailing_list), (other, person))
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert ids[0].startswith("<weekly-2026-W12.")
    assert ids[0].endswith("@asso.example>")
    assert not [part for part in ("jeanne", person.token) if part in ids[0]]


def test_the_envelope_sender_is_personal_where_bounces_are_received(
    settings: MailSettings, tricky: Edition, person: Subscriber, mailing_list: Subscriber
) -> None:
    """Threats B7, B8: VERP, with a token that a key alone can make, and that is not the one to leave."""
    secret = "un-secret-de-vingt-caracteres"
    frozen = replace(tricky, id=12)
    own = verp.address("bounces@asso.example", verp.token(secret, 12, person.id))
    for change, edition, who, expected in (
        ({"bounce_secret": secret}, frozen, person, own),
        ({"bounce_secret": secret}, tricky, person, "bounces@asso.example"),
        ({"bounce_secret": ""}, frozen, person, "bounces@asso.example"),
        ({"bounce_secret": secret, "bounces": ""}, frozen, person, "veille@asso.example"),
        ({"bounce_secret": secret}, frozen, mailing_list, "secretariat@asso.example"),
    ):
        renderer = MailRenderer(replace(settings, **change))
        assert renderer.message(edition, renderer.body(edition), who).envelope_from == expected
    assert person.token not in own


def test_no_two_people_read_each_others_token(renderer: MailRenderer, tricky: Edition, person: Subscriber) -> None:
    """Threat B20."""
    body = renderer.body(tricky)
    people = [
        replace(person, id=n, address=f"p{n}@exemple.fr", token=sha256(b"%d" % n).hexdigest()[:32])
        for n in range(1, 20)
    ]
    for who in people:
        content = renderer.message(tricky, body, who).content.replace(b"=\r\n", b"").decode()
        assert [other.id for other in people if other.token in content] == [who.id]


def test_a_row_with_a_bad_address_gives_a_mail_that_no_relay_is_asked_to_take(
    renderer: MailRenderer, tricky: Edition, person: Subscriber
) -> None:
    """One bad row must not stop a whole run."""
    message = renderer.message(tricky, renderer.body(tricky), replace(person, address="a@b.fr\r\nBcc: c@d.fr"))
    assert message.recipient == ""
    assert b"Bcc" not in message.content.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("change", [{"sender": "Veille"}, {"contact": "x"}, {"bounces": "y@"}])
def test_a_bad_address_in_the_settings_is_told_at_once(settings: MailSettings, change: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="adresse"):
        MailRenderer(replace(settings, **change))


def test_a_body_without_marks_still_gets_its_footer(
    renderer: MailRenderer, tricky: Edition, person: Subscriber, read: Read
) -> None:
    body = renderer.body(tricky)
    bare = replace(body, text="bonjour", html="<p>bonjour</p>")
    reading = read(renderer.message(tricky, bare, person))
    text = reading.text
    assert "\nbonjour\n" in text
    assert "inscrite le 3 mars 2026" in reading.words[0]
    assert "inscrite le 3 mars 2026" in reading.words[1]


def test_an_edition_is_encoded_once_and_then_only_the_personal_lines(
    renderer: MailRenderer, tricky: Edition, person: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Performance goal G17: the shared pieces are prepared once per edition."""
    body = renderer.body(tricky)
    renderer.message(tricky, body, person)
    sizes: list[int] = []
    real = __import__("alerts.mime", fromlist=["quoted"]).quoted

    def counted(text: str) -> bytes:
        sizes.append(len(text))
        return bytes(real(text))

    monkeypatch.setattr("alerts.mime.quoted", counted)
    renderer.message(tricky, body, replace(person, id=99))
    assert sum(sizes) < 4_000


def test_a_variant_is_prepared_once_for_all_who_chose_it(
    settings: MailSettings, make_edition: MakeEdition, make_entry: MakeEntry, person: Subscriber,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other = Section("autre", ("autre",), "Autre sujet", "sur un autre sujet")
    renderer = MailRenderer(replace(settings, sections=(*settings.sections, other)))
    edition = make_edition(
        make_entry(1, topic="impact-social"), make_entry(2, topic="autre", labels=("autre",)), introduction="Bonjour."
    )
    body, made = renderer.body(edition), []
    monkeypatch.setattr(renderer, "body", lambda told: made.append(told) or MailRenderer.body(renderer, told))
    choices = [(), ("impact-social",), ("autre",), ("impact-social", "autre"), ("ancien",)]
    for number in range(40):
        wishes = Wishes(topics=choices[number % 5], format="text" if number % 2 else "html")
        mail = renderer.message(edition, body, replace(person, id=number, wishes=wishes))
        assert (b"ordinaire num=C3=A9ro 2" in mail.content) == (wishes.topics not in (choices[1], choices[4]))
    assert [[entry.topic for entry in told.entries] for told in made] == [["impact-social"], ["autre"], []]
    assert all(told.introduction for told in made)


def test_lines_made_for_one_person_serve_the_next_as_if_made_for_them(
    settings: MailSettings, tricky: Edition, person: Subscriber
) -> None:
    shared = MailRenderer(settings)
    body = shared.body(tricky)
    for number in range(1, 6):
        who = replace(person, id=number, token=sha256(b"%d" % number).hexdigest()[: 20 + number])
        assert shared.message(tricky, body, who) == MailRenderer(settings).message(tricky, body, who)
