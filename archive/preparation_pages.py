"""The next edition as editors prepare it: its introduction, the order of its stories, what is pinned or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import private, seen
from archive.edition_pages import Part, parts_page, story_page
from archive.forms import Form, posted, see
from archive.member_pages import member_of, needing
from archive.site import Site
from archive.wording import period_title
from core.drafts import LONGEST, Draft, Gesture, Upcoming, changed, introduced
from core.errors import VeilleError
from core.parts import parts_of
from core.saying import by_member

PATH = "/preparation"
GONE = "L’édition que vous prépariez est partie entre-temps : voici la suivante."
# A mail is styled inside itself; it may still load nothing, run nothing and send nothing.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Preparation:
    title: str
    upcoming: Upcoming
    parts: tuple[Part, ...]
    dropped: Part
    pinned: frozenset[int]
    introduction: str


def add_preparation(app: FastAPI, site: Site) -> None:
    app.add_route(PATH, seen(site, needing("editor", preparing)), methods=["GET"])
    app.add_route(PATH, posted(site, gesture), methods=["POST"])
    app.add_route(f"{PATH}/introduction", posted(site, introduce), methods=["POST"])
    app.add_route(f"{PATH}/apercu.html", seen(site, needing("editor", as_html)), methods=["GET"])
    app.add_route(f"{PATH}/apercu.txt", seen(site, needing("editor", as_text)), methods=["GET"])


def preparing(site: Site, request: Request) -> Response:
    return _page(site, site.ports.editing.composer.upcoming())


def _page(site: Site, upcoming: Upcoming, problem: str = "", given: str | None = None) -> Response:
    """`given`: an introduction that was refused, to be shown again."""
    edition, names, role = upcoming.edition, site.names, site.viewer.role
    dropped = (each for each in upcoming.composed.entries if each.story_id in upcoming.draft.dropped)
    page = Preparation(
        title=period_title(edition.period),
        upcoming=upcoming,
        parts=parts_page(edition.entries, names, role),
        dropped=Part("Retirés", tuple(story_page(each, names, role) for each in dropped)),
        pinned=frozenset(each.article_id for each in edition.entries if each.pinned),
        introduction=upcoming.draft.introduction if given is None else given,
    )
    status = 400 if problem else 200
    return site.page("preparation.html", status, section="editions", page=page, problem=problem, longest=LONGEST)


def gesture(site: Site, request: Request, form: Form) -> Response:
    """Move, pin, drop or put back one story."""
    upcoming = _upcoming(site)
    asked = next((each for each in get_args(Gesture) if each == form.get("geste")), None)
    entries = {str(each.article_id): each for each in upcoming.composed.entries}
    entry = entries.get(form.get("article", ""))
    if form.get("edition") != upcoming.draft.key:
        return _page(site, upcoming, GONE)
    if asked is None or entry is None:
        return _page(site, upcoming, "Cet article n’est plus dans l’édition.")
    parts = [[each.story_id for each in part] for _, part in parts_of(upcoming.edition.entries, site.names.sections)]
    draft = changed(upcoming.draft, asked, entry.story_id, parts)
    anchor = "retires" if asked == "retirer" else f"article-{entry.article_id}"
    return _saved(site, draft, anchor) or _page(site, _upcoming(site), "Une autre personne a été plus rapide.")


def introduce(site: Site, request: Request, form: Form) -> Response:
    """Write the introduction over the one that was read, and no other."""
    upcoming, text = _upcoming(site), form.get("introduction", "")
    if form.get("edition") != upcoming.draft.key:
        return _page(site, upcoming, GONE, text)
    try:
        draft = replace(introduced(upcoming.draft, text), revision=_number(form, "revision"))
    except VeilleError as error:
        return _page(site, upcoming, str(error), text)
    told = "L’édition a changé pendant que vous écriviez : relisez-la, puis enregistrez à nouveau votre texte."
    return _saved(site, draft, "") or _page(site, _upcoming(site), told, text)


def _upcoming(site: Site) -> Upcoming:
    """For a form; raises HTTPException 403 for a role that may not."""
    if not site.viewer.edits:
        raise HTTPException(403)
    return site.ports.editing.composer.upcoming()


def _saved(site: Site, draft: Draft, anchor: str) -> Response | None:
    """None when the draft changed meanwhile."""
    try:
        site.ports.editing.drafts.save(draft, by_member(member_of(site).id), site.ports.clock.now())
    except VeilleError:
        return None
    return see(site, f"{PATH}#{anchor}" if anchor else PATH)


def _number(form: Mapping[str, str], name: str) -> int:
    given = form.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1


def as_html(site: Site, request: Request) -> Response:
    """The mail as it would leave now, without the lines of each recipient."""
    composer = site.ports.editing.composer
    response = private(Response(composer.body(composer.upcoming().edition).html, media_type="text/html"))
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    return response


def as_text(site: Site, request: Request) -> Response:
    composer = site.ports.editing.composer
    return private(Response(composer.body(composer.upcoming().edition).text, media_type="text/plain"))
