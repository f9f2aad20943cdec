"""Six hundred hostile strings as titles and names: no header is added, no dangerous node is made (threats A33, A35).

CI runs it on the interpreter it has; nothing here depends on what the interpreter's own header classes do.
"""

from __future__ import annotations

import email
import email.policy
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.etree
import lxml.html

sys.path.append(str(Path(__file__).parent))

from hostile_strings import hostile_strings

from alerts import headers
from alerts.envelope import Envelope
from alerts.render import MailRenderer
from alerts.settings import MailSettings
from core.editions import Body, Copy, Edition, Entry, Subscriber
from core.search import Excerpt, Span

NAMES = (
    "From To Message-ID List-Id List-Unsubscribe List-Unsubscribe-Post List-Help List-Owner Precedence Auto-Submitted"
    " List-Archive Reply-To Subject Date MIME-Version Content-Type"
).split()
OF_A_LIST = "From To Message-ID Subject Date MIME-Version Content-Type".split()
ALLOWED = (
    "html head meta title style body div table tr td h1 h2 h3 p a strong span ul li br hr tbody blockquote".split()
)


def names_of(content: bytes) -> list[str]:
    head = content.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|[\x00\x80-\xff]", content)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    own = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert parsed.keys() == own, "Python's own reader sees what is written"
    decoded = [str(parsed[name]) for name in own]
    assert not any(re.search(r"[\r\n\x00]", value) for value in decoded)
    return own


def test_no_string_adds_a_header_by_the_subject_or_a_name(
    settings: MailSettings, renderer: MailRenderer, tricky: Edition, person: Subscriber, mailing_list: Subscriber
) -> None:
    strings = hostile_strings()
    assert len(set(strings)) >= 600
    shared = renderer.message(tricky, Body("", "texte\n", "<p>texte</p>\n"), person).content
    rest = shared[shared.index(b"Date: ") :]
    for text in strings:
        named = replace(settings, name=text, sender=_mailbox(text, "veille@asso.example"))
        subject, envelope = headers.text_line("Subject", text), Envelope(named)
        assert names_of(envelope.lines(tricky, person) + subject + rest) == NAMES
        poster = replace(mailing_list, sender=f"{text} <poste@asso.example>")
        assert names_of(envelope.lines(tricky, poster) + subject + rest) == OF_A_LIST
        assert envelope.sender(tricky, person) == "bounces@asso.example"
        assert envelope.sender(tricky, poster) in ("poste@asso.example", "veille@asso.example")


def _mailbox(name: str, address: str) -> str:
    """With this name, save where such a mailbox is refused when the configuration is read."""
    try:
        headers.split_mailbox(f"{name} <{address}>")
    except ValueError:
        return f"Veille <{address}>"
    return f"{name} <{address}>"


def test_no_string_makes_a_dangerous_node_of_a_page(
    renderer: MailRenderer, make_entry: Callable[..., Entry], make_edition: Callable[..., Edition]
) -> None:
    strings = hostile_strings()
    for start in range(0, len(strings), 20):
        entries = [
            make_entry(
                number,
                title=text,
                source=text,
                why=text,
                excerpt=Excerpt(text, (Span(0, 3),)),
                copies=(Copy(text, "https://b.fr/"),),
            )
            for number, text in enumerate(strings[start : start + 20])
        ]
        body = renderer.body(make_edition(*entries))
        page = lxml.html.document_fromstring(body.html)
        nodes = list(page.iter(lxml.etree.Element))
        assert {node.tag for node in nodes} <= set(ALLOWED)
        attributes = {name for node in nodes for name in node.attrib}
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "action", "background")]
        assert all(node.get("href").startswith(("https://", "http://", "mailto:")) for node in page.iter("a"))
        assert not set(body.text.replace("\u2063\u2062", "").replace("\u2063\u2064", "")) & set(
            "\r\x00\x1b\u202e\u2063"
        )
