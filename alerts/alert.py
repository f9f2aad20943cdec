"""The edition of one member's alert → Body, then the very bytes that the member is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from alerts import headers, links, mime, wording
from alerts.envelope import Envelope, recipient
from alerts.pages import Pages
from alerts.settings import MailSettings
from alerts.sheet import SheetBuilder
from alerts.shown import Item, Sheet
from core.editions import Body, Edition, Message, Subscriber
from core.saved import FREQUENCY_NAMES, SavedSearch
from core.text import one_line

HTML_FOOT = "<!--veille:alerte-->"
# Invisible characters, which cleaning takes out of every outside text: no title can forge a mark.
TEXT_FOOT = "\u2063\u2064"
_NAME_IN_SUBJECT = 48
_LINE = 300


@dataclass(frozen=True, slots=True)
class Leaf:
    """All that the two templates of an alert read."""

    name: str
    site: str
    period: str
    counts: str
    query: str
    search: str
    """Address of the same search, the newest first; empty without a public URL."""
    preheader: str
    items: tuple[Item, ...]
    more: str


class AlertRenderer:
    """Keeps `core.mailing.Renderer` for the series of one alert, which has one recipient.

    Raises ConfigError when made with a sender or contact that is no address.
    """

    def __init__(self, settings: MailSettings, search: SavedSearch) -> None:
        self._envelope = Envelope(settings)
        # Without sections, an edition is one list.
        self._settings = replace(settings, contact=self._envelope.contact, sections=())
        self._search = search
        self._zone = ZoneInfo(settings.timezone)
        self._site = links.Site(settings.public_url)
        self._pages = Pages()

    def body(self, edition: Edition) -> Body:
        """Subject, text and HTML; entries that would make the HTML part too heavy are counted, not shown."""
        for limit in range(max(1, self._settings.max_entries), 0, -1):
            leaf = self._leaf(edition, limit)
            html = self._pages.html("alert", leaf=leaf, foot_mark=Markup(HTML_FOOT))
            if len(mime.quoted(html)) <= self._settings.max_html:
                break
        text = self._pages.text("alert", leaf=leaf, foot_mark=TEXT_FOOT)
        return Body(self._subject(len(edition.entries)), text, html)

    def concerns(self, edition: Edition, subscriber: Subscriber) -> bool:
        """Whether there is something to tell; always, for nothing else is frozen."""
        return bool(edition.entries)

    def message(self, edition: Edition, body: Body, subscriber: Subscriber) -> Message:
        """The member's mail, CRLF and 7-bit; a row whose address is none gives a message that no relay will take."""
        foot = self._foot(subscriber)
        text = body.text.replace(TEXT_FOOT, self._pages.text("alert_foot", **foot), 1)
        html = body.html.replace(HTML_FOOT, self._pages.fragment("alert_foot", **foot), 1)
        limit = mime.boundary(f"{edition.period.series}/{edition.period.key}")
        date = format_datetime(edition.composed_at.astimezone(self._zone))
        head = b"".join(
            (
                headers.mailbox_line("From", self._settings.sender),
                headers.token_line("To", recipient(subscriber) or "undisclosed-recipients:;"),
                headers.text_line("Subject", body.subject),
                headers.token_line("Date", date),
                headers.token_line("Message-ID", self._envelope.message_id(edition, subscriber)),
                self._way_out(subscriber),
                mime.opening(limit),
            )
        )
        parts = mime.parts(limit, mime.quoted(_whole(text)), mime.quoted(_whole(html)))
        return Message(
            recipient=recipient(subscriber),
            envelope_from=self._envelope.sender(edition, subscriber),
            message_id=self._envelope.message_id(edition, subscriber),
            content=head + mime.CRLF + parts,
        )

    def _way_out(self, subscriber: Subscriber) -> bytes:
        """RFC 2369, 3834 and 8058: one click stops this alert, and no answering machine answers."""
        stop = self._site.stop(subscriber.token)
        lines = [headers.token_line("List-Unsubscribe", f"<{stop}>")] if stop else []
        if stop.startswith("https://"):
            lines.append(headers.token_line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        lines.append(headers.token_line("Precedence", "bulk"))
        lines.append(headers.token_line("Auto-Submitted", "auto-generated"))
        if self._settings.contact != headers.split_mailbox(self._settings.sender)[1]:
            lines.append(headers.token_line("Reply-To", self._settings.contact))
        return b"".join(lines)

    def _leaf(self, edition: Edition, limit: int) -> Leaf:
        sheet, wish = self._sheet(edition, limit), self._search.wish
        items = tuple(item for group in sheet.groups for item in group.items)
        left = len(edition.entries) - len(items)
        return Leaf(
            name=wording.spaced(one_line(headers.visible(wish.name), 100)),
            site=sheet.name,
            period=sheet.period,
            counts=f"{self._count(len(edition.entries))}, du plus récent au plus ancien.",
            query=one_line(headers.visible(wish.query), _LINE),
            search=self._site.search(wish.query, everything=wish.everything, synonyms=wish.synonyms),
            preheader=sheet.preheader,
            items=items,
            more=f"Et {wording.count(left, 'autre article', 'autres articles')}" if left > 0 else "",
        )

    def _sheet(self, edition: Edition, limit: int) -> Sheet:
        return SheetBuilder(self._settings).build(edition, limit)

    def _count(self, number: int) -> str:
        return wording.count(number, "nouvel article", "nouveaux articles")

    def _subject(self, number: int) -> str:
        name = one_line(headers.visible(self._search.wish.name), _NAME_IN_SUBJECT)
        return f"[Alerte] {name} : {self._count(number)}"

    def _foot(self, subscriber: Subscriber) -> dict[str, str]:
        return {
            "since": wording.day(subscriber.since, self._zone),
            "often": FREQUENCY_NAMES[self._search.wish.frequency],
            "site": one_line(headers.visible(self._settings.name), 100),
            "stop": self._site.stop(subscriber.token),
            "saved": self._site.saved,
            "contact": self._settings.contact,
            "mentions": self._site.mentions,
        }


def _whole(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
