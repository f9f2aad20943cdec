"""What the templates show of an edition: every outside text already cleaned, cut and grouped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from alerts import links, wording
from alerts.acronyms import Acronyms
from alerts.headers import visible
from alerts.settings import MailSettings
from alerts.shown import Group, Item, Link, Part, Sheet, Trouble
from core.editions import Edition, Entry, SourceNotice
from core.parts import OTHER, PASSING, parts_of, subject_of
from core.search import Excerpt
from core.text import inner_quotes, one_line, plain

MAX_TITLE = 200
MAX_QUOTE = 300
MAX_COPIES = 5
MAX_TROUBLES = 12
MARKS = {
    "ministere": "document officiel",
    "agence": "document officiel",
    "parlement": "document officiel",
    "journal-officiel": "document officiel",
    "presse": "presse",
    "think-tank": "laboratoire d’idées",
    "international": "source internationale",
}
"""What kind of source speaks. Promoters and critics carry no mark: to take a position is the group's part."""
ORDER = (
    "Ordre\u00a0: par sujet, les repérages les plus nets d’abord, puis les plus récents\u202f; "
    "les mentions en passant à la fin."
)
ARRANGED = "La rédaction a revu cet ordre."
QUIET = "Rien de neuf\u00a0: les sources lues n’ont rien publié sur le sujet."
UNREAD = "Aucun article\u00a0: aucune source n’a pu être lue."


class SheetBuilder:
    """Edition → Sheet, by the settings alone: the same edition gives the same sheet."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._site = links.Site(settings.public_url)
        self._topics = list(dict.fromkeys(section.topic for section in settings.sections))

    def build(self, edition: Edition, limit: int) -> Sheet:
        """The sheet of an edition with at most `limit` entries shown, pinned ones first, then central ones."""
        entries = sorted(edition.entries, key=lambda entry: (not entry.pinned, not entry.central))
        groups = self._groups(self._chosen(entries, limit))
        first = [item.title for group in groups for item in group.items][:2]
        settings = self._settings
        online = self._site.edition(edition.period.series, edition.period.key)
        troubles = _troubles(edition.notices)
        return Sheet(
            name=_line(settings.name, 100),
            period=wording.long_period(edition.period, self._zone),
            counts=self._counts(edition),
            order=_order(edition),
            introduction=_paragraphs(edition.introduction),
            preheader=_line(" · ".join(first), 180),
            groups=groups,
            more=_others(len(entries) - limit, online),
            online=online,
            troubles_title=_troubles_title((edition.period.end - edition.period.start).days),
            troubles=troubles[:MAX_TROUBLES],
            more_troubles=_more(len(troubles) - MAX_TROUBLES, "autre raison", "autres raisons"),
            sources=_sources(edition.sources_read, len(edition.notices)),
            contact=settings.contact,
            correct=links.mailto(settings.contact, f"Correction {edition.period.key}"),
            definition=wording.spaced(_line(settings.definition, 400 * max(1, len(settings.topics)))),
            topic_url=self._site.topic,
        )

    def _chosen(self, entries: Sequence[Entry], limit: int) -> list[Entry]:
        """The entries shown when not all can be: those pinned, the central ones, and of one weight, those of each topic
        in turn, the main one first, so that no topic crowds out another."""
        taken: Counter[tuple[bool, bool, str]] = Counter()
        places: list[tuple[bool, bool, int, int, int]] = []
        for at, entry in enumerate(entries):
            weight = (not entry.pinned, not entry.central)
            taken[*weight, entry.topic] += 1
            order = self._topics.index(entry.topic) if entry.topic in self._topics else len(self._topics)
            places.append((*weight, taken[*weight, entry.topic], order, at))
        return [entries[at] for at in sorted(place[-1] for place in sorted(places)[:limit])]

    def _groups(self, entries: Sequence[Entry]) -> tuple[Group, ...]:
        groups: list[Group] = []
        acronyms, number = Acronyms(self._settings.acronyms), 1
        for title, inside in parts_of(entries, self._settings.sections):
            groups.append(
                Group(title, tuple(self._item(entry, number + at, acronyms) for at, entry in enumerate(inside)))
            )
            number += len(inside)
        return tuple(groups)

    def _item(self, entry: Entry, number: int, acronyms: Acronyms) -> Item:
        url = links.web(entry.url)
        quote = _quote(entry.excerpt)
        title = wording.spaced(_line(entry.title, MAX_TITLE))
        why = wording.spaced(_line(entry.why, 250))
        copies = entry.copies[:MAX_COPIES]
        return Item(
            number=number,
            title=title or "(sans titre)",
            url=url,
            source=_name(entry.source),
            mark=MARKS.get(entry.category, ""),
            date=self._date(entry),
            reserved=entry.truncated,
            quote=quote,
            why=why,
            page=entry.page if quote else None,
            page_url=links.page(url, entry.page) if quote else "",
            copies=tuple(Link(_name(copy.source), links.web(copy.url)) for copy in copies),
            more_copies=len(entry.copies) - len(copies),
            terms=acronyms.told(" ".join((title, *(part.text for part in quote), why))),
            off_topic=self._site.off_topic(entry.article_id),
        )

    def _date(self, entry: Entry) -> str:
        if entry.published is not None:
            return wording.day(entry.published, self._zone)
        return f"vu le {wording.day(entry.first_seen, self._zone)}"

    def _counts(self, edition: Edition) -> str:
        """« 6 articles : 3 sur les contrats à impact social, 1 mention en passant », or a quiet week."""
        entries = edition.entries
        if not entries:
            return QUIET if edition.sources_read else UNREAD
        sections = [subject_of(entry, self._settings.sections) for entry in entries]
        about = {section.title: section.about for section in self._settings.sections}
        told = [
            f"{wording.number_text(n)}{wording.NBSP}{about[title]}" for title in about if (n := sections.count(title))
        ]
        if others := sections.count(OTHER):
            told.append(wording.count(others, "autre", "autres"))
        if passing := sections.count(PASSING):
            told.append(wording.count(passing, "mention en passant", "mentions en passant"))
        total = wording.count(len(entries), "article", "articles")
        return f"{total}{wording.NBSP}: {', '.join(told)}." if told else f"{total}."


def _order(edition: Edition) -> str:
    """How the stories are ranked, for whoever wonders why one comes first."""
    if len(edition.entries) < 2:
        return ""
    return f"{ORDER} {ARRANGED}" if edition.arranged else ORDER


def _paragraphs(text: str) -> tuple[str, ...]:
    """What editors wrote, cleaned as any text that comes from outside."""
    blocks = re.split(r"\n\s*\n", plain(text))
    return tuple(wording.spaced(" ".join(block.split())) for block in blocks if block.strip())


def _line(text: str, limit: int) -> str:
    """Outside text on one line; lone surrogates, which no encoding can write, are taken out with the invisible."""
    return one_line(visible(text), limit)


def _name(source: str) -> str:
    return _line(source, 80)


def _quote(excerpt: Excerpt) -> tuple[Part, ...]:
    """The passage cut at its spans; spans out of bounds or overlapping are ignored, never trusted."""
    parts: list[Part] = []
    at, end = 0, min(len(excerpt.text), MAX_QUOTE)
    for span in sorted(excerpt.spans, key=lambda span: span.start):
        if at <= span.start < span.end <= end:
            parts += [Part(_quoted(excerpt.text[at : span.start]), False)]
            parts += [Part(_quoted(excerpt.text[span.start : span.end]), True)]
            at = span.end
    parts.append(Part(_quoted(excerpt.text[at:end]) + ("…" if end < len(excerpt.text) else ""), False))
    shown = tuple(part for part in parts if part.text)
    return shown if any(part.text.strip() for part in shown) else ()


def _quoted(text: str) -> str:
    """A piece of a passage; a quotation inside our own takes the second French marks, “ ”."""
    return wording.spaced(inner_quotes(visible(text)))


def _others(number: int, online: str) -> str:
    """What is said of the entries that are not shown."""
    if not online or number < 1:
        return _more(number)
    return "Voir l’autre article" if number == 1 else f"Voir les {wording.count(number, '', 'autres articles')}"


def _more(number: int, singular: str = "autre article", plural: str = "autres articles") -> str:
    return f"Et {wording.count(number, singular, plural)}" if number > 0 else ""


def _troubles(notices: Iterable[SourceNotice]) -> tuple[Trouble, ...]:
    """Notices grouped by reason, in the order of the edition."""
    names: dict[str, list[str]] = {}
    for notice in notices:
        reason = wording.spaced(_line(notice.reason, 200)).rstrip(". ") or "raison inconnue"
        names.setdefault(reason, []).append(_name(notice.name))
    return tuple(Trouble(_listed(found), reason + ".") for reason, found in names.items())


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:10])
    return shown + (f" et {wording.count(len(names) - 10, 'autre', 'autres')}" if len(names) > 10 else "")


def _troubles_title(days: int) -> str:
    when = {7: "cette semaine", 1: "ce jour-là", 0: "ce jour-là"}.get(days, "ce mois-ci" if days >= 28 else "")
    return f"Ce que nous n’avons pas pu lire {when}".strip()


def _sources(read: int, failed: int) -> str:
    told = wording.count(read, "source lue", "sources lues") if read else "Aucune source lue"
    return f"{told}, {wording.count(failed, 'illisible', 'illisibles')}." if failed else f"{told}."
