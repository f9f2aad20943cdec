"""What `veille alerts` does: the alerts that are due, what each would tell, and sending them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from core.editions import Copy, Edition, Period, SendReport, Subscriber
from core.errors import ConfigError, StoreError
from core.mailing import Renderer
from core.saved import ALERTS, YOUNG, SavedSearch, query_of
from pipeline import alerting
from veille import console
from veille.sending import stop_asked
from veille.synonyms import synonyms
from veille.wiring import House

if TYPE_CHECKING:
    from db.saved import SavedSearches
    from pipeline.deliver import Post

MOST_STORIES = 100
"""Stories frozen in one mail; the rest goes to the next."""
KEPT = timedelta(days=90)
"""How long what alerts told is kept: longer than a story is news."""
MOST_REFUSED = 5
"""Refusals from which a run stops: something is wrong with us, not with them."""
PARTIAL = 4


@dataclass(frozen=True, slots=True)
class OneReader:
    """Keeps `core.mailing.Recipients` for the series of one alert: its member, until the alert is stopped."""

    searches: SavedSearches
    number: int

    def active(self) -> list[Subscriber]:
        found = self.by_id(self.number)
        return [found] if found else []

    def by_id(self, subscriber_id: int) -> Subscriber | None:
        return self.searches.recipient(subscriber_id)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one alert's mail."""

    alert: int
    period: str
    articles: int
    state: str
    """`due` when nothing was sent, else `sent`, `retry`, `failed`, `unknown` or `suppressed`."""


def run(path: Path, *, send: bool, resend: bool, dry_run: bool, quiet: bool, as_json: bool) -> int:
    """Returns the exit code: 4 when the sending stopped before its end."""
    with House(path) as house:
        stopped = ""
        if (send or resend) and not dry_run:
            told, stopped = send_due(house, resend=resend)
        else:
            told = [Told(number_of(each), each.period.key, len(each.entries), "due") for each in due(house)]
        if as_json:
            console.say_json({"alerts": told, "stopped": stopped})
        elif told or not quiet:
            _say(told)
        if stopped:
            console.warn(f"L'envoi des alertes s'est arrêté : {stopped}")
        return PARTIAL if stopped else 0


def due(house: House) -> Iterator[Edition]:
    """The edition of each alert that is due and has something to tell; written nowhere."""
    for search, period in _due_searches(house):
        edition = compose(house, search, period)
        if edition.entries:
            yield edition


def _due_searches(house: House) -> list[tuple[SavedSearch, Period]]:
    now, digest = house.clock.now(), house.config.digest
    found = []
    for search in house.store.searches.alerts():
        at = alerting.due_at(search, now, digest.day, digest.hour, house.zone)
        if alerting.is_due(search, at, now):
            found.append((search, alerting.period(search, at, house.zone)))
    return found


def compose(house: House, search: SavedSearch, period: Period) -> Edition:
    """What an alert has to tell now: what was first seen since it was made and that it never told."""
    now = house.clock.now()
    assert search.alert_since  # an alert knows since when it is one
    query = query_of(search.wish, synonyms(house.config.topics), MOST_STORIES)
    since = max(search.alert_since, now - YOUNG)
    news = []
    for hit in house.store.index.arrivals(query, since, now - YOUNG, search.series).hits:
        article = house.store.articles.article(hit.article_id)
        others = [each for each in house.store.articles.copies(hit.article_id) if each.deleted_at is None]
        copies = tuple(Copy(each.source, each.url) for each in others)
        news.append(alerting.News(hit, article is not None and article.truncated, copies))
    return alerting.compose(period, news, house.sources, now)


def send_due(house: House, *, resend: bool = False) -> tuple[list[Told], str]:
    """Finish what was begun, then send what is due, under the lock of sendings; why it stopped, if it did.

    Each alert is asked once in its time, whether it has news or not. Raises ConfigError when members could not stop
    their alerts by a link, SendError when nothing can leave.
    """
    from db.lock import run_lock

    house.config.data.mkdir(parents=True, exist_ok=True)
    with run_lock(house.config.data, "send"):
        house.store.searches.clear(house.clock.now() - KEPT)
        released = _release(house) if resend else frozenset()
        begun, asked = house.store.searches.editions(unfinished=True), _due_searches(house)
        if not begun and not asked:
            return [], ""
        _check_way_out(house)
        with closing(house.channel()) as channel, stop_asked() as stopping:
            post = house.post(channel, stopping)
            told: list[Told] = []
            # One after the other: nothing more is frozen once the sending stops.
            for one in chain(_unfinished(house, begun, released, post), _news(house, asked, post)):
                told.append(one.told)
                refused = sum(each.state == "failed" for each in told)
                if one.stopped or refused >= MOST_REFUSED:
                    return told, one.stopped or f"{refused} mails refusés de suite."
        return told, ""


@dataclass(frozen=True, slots=True)
class _Sent:
    told: Told
    stopped: str


def _unfinished(house: House, begun: list[Edition], released: frozenset[int], post: Post) -> Iterator[_Sent]:
    """`released`: editions of which a person asks what was held, however late."""
    from pipeline.deliver import give_up, is_waiting

    for edition in begun:
        search, now = house.store.searches.alert(number_of(edition)), house.clock.now()
        if search is None:
            _drop(house, edition)
        elif edition.id not in released and give_up(edition, post.ledger, now):
            continue
        elif not is_waiting(edition, post.ledger, now):
            yield _deliver(house, search, edition, post)


def _news(house: House, asked: list[tuple[SavedSearch, Period]], post: Post) -> Iterator[_Sent]:
    from pipeline.deliver import freeze

    for search, period in asked:
        if post.stopping():
            return
        try:
            edition = compose(house, search, period)
            stored = freeze(edition, _own(house, search, post)) if edition.entries else None
        except StoreError as error:
            # Not noted as asked: it is asked again, and keeps no other from leaving.
            console.warn(f"L'alerte {search.id} n'a pas pu être composée : {error}")
            continue
        # Noted once it is frozen: cut between the two, it is asked again, and finds the edition that there is.
        house.store.searches.looked(search.id, house.clock.now())
        if stored is not None and stored.state == "sending":
            yield _deliver(house, search, stored, post)


def _own(house: House, search: SavedSearch, post: Post) -> Post:
    """The same way out, for the one reader of an alert."""
    return replace(post, subscribers=OneReader(house.store.searches, search.id), renderer=renderer(house, search))


def _deliver(house: House, search: SavedSearch, edition: Edition, post: Post) -> _Sent:
    from pipeline.deliver import deliver

    report = deliver(edition, _own(house, search, post))
    return _Sent(Told(search.id, edition.period.key, len(edition.entries), _state(report)), report.stopped)


def _state(report: SendReport) -> str:
    counts = {"sent": report.sent, "retry": report.retry, "failed": report.failed, "unknown": report.unknown}
    return next((state for state, count in counts.items() if count), "suppressed")


def _drop(house: House, edition: Edition) -> None:
    """End the edition of an alert that was stopped: what has not left will not."""
    assert edition.id is not None  # a stored edition has an id
    ledger = house.store.editions
    ledger.mark_interrupted(edition.id)
    for state in ("queued", "retry"):
        ledger.move(edition.id, state, "suppressed")
    ledger.set_state(edition.id, "sent")


def _release(house: House) -> frozenset[int]:
    """Put the mails in doubt of the last weeks back in the queue, a double being possible; their editions."""
    ledger, now, released = house.store.editions, house.clock.now(), set()
    for edition in house.store.searches.editions():
        if edition.id is not None and now - edition.composed_at <= YOUNG and edition.state in ("sending", "sent"):
            ledger.mark_interrupted(edition.id)
            if ledger.release(edition.id):
                ledger.set_state(edition.id, "sending")
                released.add(edition.id)
    return frozenset(released)


def _check_way_out(house: House) -> None:
    if house.config.mail.backend == "smtp" and not house.config.public_url:
        raise ConfigError(
            "[web] public_url est vide : les alertes des membres porteraient un lien d'arrêt mort. "
            "Donnez l'adresse de l'archive."
        )


def renderer(house: House, search: SavedSearch) -> Renderer:
    from alerts.alert import AlertRenderer

    return AlertRenderer(house.mail_settings, search)


def number_of(edition: Edition) -> int:
    """The number of the alert whose series it is."""
    return int(edition.period.series.removeprefix(ALERTS))


_OUTCOMES = {
    "due": "à envoyer",
    "sent": "mail parti",
    "retry": "mail à reprendre",
    "failed": "mail refusé",
    "unknown": "mail incertain, retenu pour ne rien doubler (veille alerts --resend)",
    "suppressed": "sans objet",
}


def _say(told: list[Told]) -> None:
    """By number: what a member searches is theirs."""
    if not told:
        console.say("Aucune alerte à envoyer.")
    for each in told:
        articles = console.count(each.articles, "article")
        console.say(f"Alerte {each.alert}, {each.period} : {articles}, {_OUTCOMES[each.state]}.")
