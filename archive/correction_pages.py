"""The pages of editors: their opinion on an article, and the queue of those under discussion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.article_page import ArticlePage
from archive.desk import Desk, Unclear, desk_of, saying_of, topics_of
from archive.doors import seen
from archive.forms import Form, posted, see
from archive.listing import brief_of, stored
from archive.member_pages import member_of, needing
from archive.pages import SearchPage
from archive.site import Site
from core.corrections import Correction, Judged, open_doubts
from core.members import Member
from core.saying import by_member, corrections_of
from core.search import SearchResult

DOUBTS_SHOWN, REPORTS_SHOWN, LAST_SHOWN, PASSAGES = 20, 20, 30, 2
CORRECTIONS = "corrections"
"""What a form says to come back to the queue."""


@dataclass(frozen=True, slots=True)
class Line:
    """One story that people have judged."""

    page: ArticlePage
    desk: Desk
    reported: int = 0
    """How often readers said that it is off topic."""


def add_corrections(app: FastAPI, site: Site) -> None:
    app.add_route("/corrections", seen(site, needing("editor", queue)), methods=["GET"])
    app.add_route("/article/{number}/avis", posted(site, give), methods=["POST"])


def queue(site: Site, request: Request) -> Response:
    """What readers report, open doubts, then what was settled last."""
    stories = site.ports.corrections.by_story()
    doubts = open_doubts(stories)
    waiting = _by_turn(stories, doubts, member_of(site))
    settled = [story for story in stories if story not in doubts]
    members = site.ports.members.people.members()
    return site.page(
        "corrections.html",
        section="corrections",
        reported=_reported(site, members),
        doubts=_lines(site, stories, waiting[:DOUBTS_SHOWN], members),
        more=max(0, len(waiting) - DOUBTS_SHOWN),
        last=_lines(site, stories, settled[:LAST_SHOWN], members),
        passages=PASSAGES,
    )


def _by_turn(stories: Mapping[int, Sequence[Correction]], doubts: set[int], viewer: Member) -> list[int]:
    """First those that await the word of whoever asks, then the oldest."""
    mine = by_member(viewer.id)
    return sorted(doubts, key=lambda story: (any(each.by == mine for each in stories[story]), stories[story][0].id))


def _lines(
    site: Site, stories: Mapping[int, Sequence[Correction]], chosen: Sequence[int], members: Sequence[Member]
) -> list[Line]:
    """Each story by the article that was judged last."""
    lines = []
    for story in chosen:
        judged = site.ports.corrections.judged(stories[story][-1].article_id)
        if judged:
            desk = desk_of(judged, site.names, members, member_of(site))
            lines.append(Line(brief_of(site, judged), desk))
    return lines


def _reported(site: Site, members: Sequence[Member]) -> list[Line]:
    lines = []
    for each in site.ports.editing.reports.waiting(REPORTS_SHOWN):
        judged = site.ports.corrections.judged(each.article_id)
        if judged:
            desk = desk_of(judged, site.names, members, member_of(site))
            lines.append(Line(brief_of(site, judged), desk, each.times))
    return lines


def give(site: Site, request: Request, form: Form) -> Response:
    """Note the opinion of an editor, under their number: whoever speaks twice holds one key."""
    if not site.viewer.edits:
        raise HTTPException(403)
    found = stored(site, request.path_params["number"])
    judged = site.ports.corrections.judged(found.id)
    if judged is None:
        raise HTTPException(404)
    back = CORRECTIONS if form.get("retour") == CORRECTIONS else ""
    try:
        saying = saying_of(form, judged, site.names, member_of(site))
    except Unclear as error:
        return _again(site, judged, form, str(error), back)
    topic = topics_of(site.ports.settings.sections)
    labels = {label: topic[label] for label in saying.labels if label in topic}
    followed = [one.slug for one in site.ports.topics]
    opinions = corrections_of(judged, saying, labels, followed, site.ports.clock.now())
    site.ports.corrections.record(opinions, saying.by)
    return see(site, f"/{back}" if back else f"/article/{found.id}#avis")


def _again(site: Site, judged: Judged, form: Form, problem: str, back: str) -> Response:
    members = site.ports.members.people.members()
    desk = desk_of(judged, site.names, members, member_of(site), form)
    page = brief_of(site, judged)
    return site.page("opinion.html", 400, section="", page=page, desk=desk, problem=problem, back=back)


def desk_for(site: Site, article_id: int) -> Desk | None:
    """What the page of an article adds for an editor."""
    judged = site.ports.corrections.judged(article_id) if site.viewer.edits else None
    return desk_of(judged, site.names, site.ports.members.people.members(), member_of(site)) if judged else None


def with_doubts(site: Site, page: SearchPage, found: SearchResult) -> SearchPage:
    """The results of a search, with those under discussion marked for editors."""
    if not site.viewer.edits:
        return page
    doubts = open_doubts(site.ports.corrections.by_story())
    stories = {hit.article_id: hit.story_id for hit in found.hits}
    results = tuple(replace(each, discussed=stories[each.id] in doubts) for each in page.results)
    return replace(page, results=results)
