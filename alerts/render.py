"""Edition → Body, then Body → the very bytes that one recipient is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from alerts import headers, links, mime, wording
from alerts.envelope import Envelope, recipient
from alerts.pages import Pages
from alerts.settings import MailSettings
from alerts.sheet import SheetBuilder
from alerts.shown import Sheet
from core.editions import Body, Edition, Message, Subscriber
from core.recipients import narrowed

HTML_TOP, HTML_FOOT = "<!--veille:haut-->", "<!--veille:pied-->"
# Invisible characters, which cleaning takes out of every outside text: no title can forge a mark.
TEXT_TOP, TEXT_FOOT = "\u2063\u2062", "\u2063\u2064"
_PLAIN_TOKEN, _STAND_IN = re.compile(r"[A-Za-z0-9_-]{16,64}"), "_0_"
"""Tokens that no escaping changes, and what no token drawn at random is."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """What all recipients of the same topics share, encoded once: pieces around the two marks, and fixed headers."""

    head: bytes
    limit: bytes
    text: tuple[bytes, bytes, bytes]
    html: tuple[bytes, bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Personal:
    """What one recipient alone reads: the line at the top and the footer."""

    text_top: str
    text_foot: str
    html_top: str
    html_foot: str


class MailRenderer:
    """Keeps `core.mailing.Renderer`. Raises ConfigError when made with a sender or contact that is no address."""

    def __init__(self, settings: MailSettings) -> None:
        self._envelope = Envelope(settings)
        self._settings = settings = replace(settings, contact=self._envelope.contact)
        self._zone = ZoneInfo(settings.timezone)
        self._sheets = SheetBuilder(settings)
        self._site = links.Site(settings.public_url)
        self._pages = Pages()
        self._owners = {label: section.topic for section in settings.sections for label in section.labels}
        self._prepared: tuple[Edition, Body] | None = None
        self._letters: dict[tuple[str, ...], _Letter] = {}
        """Of the edition prepared last, by the topics that are told."""
        self._lines: dict[tuple[str, ...], _Personal] = {}
        """Of the edition prepared last, by all that they say but the token."""

    def body(self, edition: Edition) -> Body:
        """Subject, text and HTML; entries that would make the HTML part too heavy are counted, not shown."""
        for limit in range(max(1, self._settings.max_entries), 0, -1):
            sheet = self._sheets.build(edition, limit)
            html = self._html(sheet)
            if len(mime.quoted(html)) <= self._settings.max_html:
                break
        text = self._pages.text("edition", sheet=sheet, top_mark=TEXT_TOP, foot_mark=TEXT_FOOT)
        return Body(wording.subject(edition.period, len(edition.entries), self._zone), text, html)

    def message(self, edition: Edition, body: Body, subscriber: Subscriber) -> Message:
        """The mail of one recipient, CRLF and 7-bit.

        A recipient whose address is none gets a message that no relay will be asked to take (`recipient` is empty).
        """
        letter = self._letter(edition, body, subscriber.wishes.topics if subscriber.kind == "person" else ())
        own = self._for_list(subscriber) if subscriber.kind == "list" else self._for_person(subscriber)
        text = _joined(letter.text, own.text_top, own.text_foot)
        html = _joined(letter.html, own.html_top, own.html_foot)
        bare = subscriber.kind == "person" and subscriber.wishes.format == "text"
        content = (
            mime.plain(text) if bare else mime.opening(letter.limit) + mime.CRLF + mime.parts(letter.limit, text, html)
        )
        lines = self._envelope.lines(edition, subscriber)
        return Message(
            recipient=recipient(subscriber),
            envelope_from=self._envelope.sender(edition, subscriber),
            message_id=self._envelope.message_id(edition, subscriber),
            content=lines + letter.head + content,
        )

    def _html(self, sheet: Sheet) -> str:
        return self._pages.html("edition", sheet=sheet, top_mark=Markup(HTML_TOP), foot_mark=Markup(HTML_FOOT))

    def concerns(self, edition: Edition, subscriber: Subscriber) -> bool:
        """Whether an edition holds something for a recipient, or they want to be told that it does not."""
        if subscriber.kind == "list":
            return bool(edition.entries)
        wishes = subscriber.wishes
        return wishes.quiet or bool(narrowed(edition, wishes.topics, self._owners).entries)

    def _letter(self, edition: Edition, body: Body, topics: tuple[str, ...]) -> _Letter:
        """The part of an edition that tells these topics, made of the frozen one, once for all who chose them."""
        if self._prepared != (edition, body):
            self._prepared, self._letters, self._lines = (edition, body), {}, {}
        if topics not in self._letters:
            told = narrowed(edition, topics, self._owners)
            self._letters[topics] = self._encoded(edition, body if told is edition else self.body(told))
        return self._letters[topics]

    def _encoded(self, edition: Edition, body: Body) -> _Letter:
        limit = mime.boundary(f"{edition.period.series}/{edition.period.key}")
        date = format_datetime(edition.composed_at.astimezone(self._zone))
        head = headers.text_line("Subject", body.subject) + headers.token_line("Date", date)
        text = _pieces(body.text, TEXT_TOP, TEXT_FOOT)
        return _Letter(head, limit, text, _pieces(body.html, HTML_TOP, HTML_FOOT))

    def _for_person(self, subscriber: Subscriber) -> _Personal:
        settings = self._settings
        leave = self._site.leave(subscriber.token) if subscriber.token else ""
        named = dict(zip(settings.slugs, settings.topics, strict=False))
        topics = [named[slug] for slug in subscriber.wishes.topics if slug in named] or settings.topics
        consent = subscriber.consent
        values = {
            "token": subscriber.token,
            "leave": leave,
            "preferences": self._site.preferences(subscriber.token) if subscriber.token else "",
            "leave_mail": links.mailto(settings.contact, f"desabonnement {subscriber.token}".strip()),
            "reason": "vous avez confirmé votre inscription" if consent else "votre adresse a été inscrite",
            "since": wording.day(consent.at if consent else subscriber.since, self._zone),
            "sender": _shown(settings.sender),
            "followed": "sujets suivis" if len(topics) > 1 else "sujet suivi",
            "topics": ", ".join(headers.clean(topic, 80) for topic in topics),
            "contact": settings.contact,
            "mentions": self._site.mentions,
        }
        return self._personal("person", values, top=True)

    def _for_list(self, subscriber: Subscriber) -> _Personal:
        shown, leave = _way_out(subscriber.unsubscribe)
        values = {
            "address": recipient(subscriber),
            "sender": _shown(self._envelope.poster(subscriber)),
            "leave": leave,
            "leave_name": shown,
            "join": self._site.join,
            "contact": self._settings.contact,
            "mentions": self._site.mentions,
        }
        return self._personal("list", values, top=False)

    def _personal(self, kind: str, values: dict[str, str], top: bool) -> _Personal:
        """The lines filled in; made once for all whose lines differ by their token alone (performance goal G17)."""
        token = values.pop("token", "")
        if not _PLAIN_TOKEN.fullmatch(token):
            return self._filled(kind, values, top)
        # A stand-in of the same length, so that lines are folded as they would be with the token itself.
        stand_in = (_STAND_IN * len(token))[: len(token)]
        common = {name: value.replace(token, stand_in) for name, value in values.items()}
        key = (kind, *common.values())
        if key not in self._lines:
            self._lines[key] = self._filled(kind, common, top)
        made = self._lines[key]
        return _Personal(*(getattr(made, part.name).replace(stand_in, token) for part in fields(made)))

    def _filled(self, kind: str, values: dict[str, str], top: bool) -> _Personal:
        return _Personal(
            text_top=self._pages.text(f"{kind}_top", **values) if top else "",
            text_foot=self._pages.text(f"{kind}_foot", **values),
            html_top=self._pages.fragment(f"{kind}_top", **values) if top else "",
            html_foot=self._pages.fragment(f"{kind}_foot", **values),
        )


def _shown(mailbox: str) -> str:
    name, where = headers.split_mailbox(mailbox)
    return name or where


def _way_out(unsubscribe: str) -> tuple[str, str]:
    """(what is shown, link) of a list's own unsubscribe page or address; no link when it is neither."""
    shown = headers.clean(unsubscribe, 300).removeprefix("mailto:")
    if page := links.web(shown):
        return page, page
    try:
        return shown, links.mailto(headers.address(shown))
    except ValueError:
        return shown, ""


def _pieces(text: str, top: str, foot: str) -> tuple[bytes, bytes, bytes]:
    """A body cut at its two marks and encoded; without marks, the footer goes at the end."""
    before, found, rest = text.partition(top)
    before, rest = (before, rest) if found else ("", text)
    middle, _, after = rest.partition(foot)
    return _lines(before), _lines(middle.removeprefix("\n")), _lines(after.removeprefix("\n"))


def _joined(pieces: tuple[bytes, bytes, bytes], top: str, foot: str) -> bytes:
    before, middle, after = pieces
    return before + _lines(top) + middle + _lines(foot) + after


def _lines(text: str) -> bytes:
    """Quoted-printable of whole lines, so that pieces join without a line growing too long."""
    return mime.quoted(text if text.endswith("\n") else text + "\n") if text else b""
