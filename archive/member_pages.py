"""The pages of members: their own, what they propose, and the raw page of an article for editors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import own_address, private, seen
from archive.evidence import warc
from archive.forms import Form, posted, see
from archive.listing import number_of, stored
from archive.marks import web_link
from archive.rights import view_of
from archive.site import Site
from core.corrections import open_doubts
from core.errors import VeilleError
from core.members import Member, Proposal, Role, at_least

ROLE_NAMES: dict[Role, str] = {
    "reader": "lecture",
    "member": "membre",
    "editor": "rédaction",
    "maintainer": "maintenance",
}
ROLE_MEANINGS: dict[Role, str] = {
    "reader": "Vous lisez ce que lit tout visiteur.",
    "member": "Vous lisez les textes que leurs sources ouvrent aux membres, et vous proposez des articles.",
    "editor": "Vous lisez comme un membre, proposez des articles, les corrigez, et pouvez prendre leur page d’origine.",
    "maintainer": "Vous pouvez tout ce que peut la rédaction, et tenez la machine de la veille.",
}
PROPOSALS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ProposalLine:
    proposal: Proposal
    link: str
    """Its address, where it is one that a browser may follow."""


def add_member_pages(app: FastAPI, site: Site) -> None:
    app.add_route("/moi", seen(site, needing("reader", me)), methods=["GET"])
    app.add_route("/moi/appareils/{number}", posted(site, end_device), methods=["POST"])
    app.add_route("/proposer", seen(site, needing("member", proposing)), methods=["GET"])
    app.add_route("/proposer", posted(site, propose), methods=["POST"])
    app.add_route("/article/{number}/page-d-origine.warc", seen(site, original), methods=["GET"])


def needing(role: Role, answer: Callable[[Site, Request], Response]) -> Callable[[Site, Request], Response]:
    """The same page, for a role at least: a visitor is asked to sign in first, another role is refused."""

    def asked(site: Site, request: Request) -> Response:
        if site.viewer.session is None:
            wanted = request.url.path.removeprefix(site.prefix) + (f"?{request.url.query}" if request.url.query else "")
            return see(site, f"/connexion?{urlencode({'suite': wanted})}")
        if not at_least(site.viewer.role, role):
            raise HTTPException(403)
        return answer(site, request)

    return asked


def member_of(site: Site) -> Member:
    assert site.viewer.member  # both `needing` and a signed form have seen to it
    return site.viewer.member


def me(site: Site, request: Request) -> Response:
    member, now = member_of(site), site.ports.clock.now()
    proposals = site.ports.members.proposals.of(member.id, PROPOSALS_SHOWN)
    return site.page(
        "me.html",
        section="me",
        role=ROLE_NAMES[member.role],
        meaning=ROLE_MEANINGS[member.role],
        kept=len(site.ports.members.readings.of(member.id)),
        saved=len(site.ports.members.searches.of(member.id)),
        doubts=len(open_doubts(site.ports.corrections.by_story())) if site.viewer.edits else 0,
        may_propose=at_least(member.role, "member"),
        devices=site.ports.members.sessions.sessions(member.id, now),
        proposals=[ProposalLine(each, web_link(each.url)) for each in proposals],
    )


def end_device(site: Site, request: Request, form: Form) -> Response:
    number = number_of(request.path_params["number"])
    if not site.ports.members.sessions.revoke(number, member_of(site).id, site.ports.clock.now()):
        raise HTTPException(404)
    return see(site, "/moi")


def proposing(site: Site, request: Request) -> Response:
    url = request.query_params.get("url", "")[:2_000]
    return _proposal_page(site, request, url=url)


def _proposal_page(
    site: Site, request: Request, status: int = 200, *, url: str = "", note: str = "", problem: str = ""
) -> Response:
    return site.page(
        "propose.html",
        status,
        section="me",
        url=url,
        note=note,
        problem=problem,
        bookmarklet=bookmarklet(own_address(site, request)),
    )


def propose(site: Site, request: Request, form: Form) -> Response:
    """Note an address; the timer reads it, for a request of a browser never makes the site fetch anything."""
    member = member_of(site)
    if not at_least(member.role, "member"):
        raise HTTPException(403)
    url, note = form.get("url", ""), form.get("note", "")
    try:
        site.ports.members.proposals.propose(member.id, url, note, site.ports.clock.now())
    except VeilleError as error:
        return _proposal_page(site, request, 400, url=url, note=note, problem=str(error))
    return see(site, "/moi#propositions")


def bookmarklet(base: str) -> str:
    """A link to drag among one's bookmarks: from any page, it opens the form with that page's address."""
    script = f"location.href={json.dumps(base + '/proposer?url=')}+encodeURIComponent(location.href)"
    return f"javascript:{quote(script, safe='/:?=.()+')}"


def original(site: Site, request: Request) -> Response:
    """The page as it was fetched, as a WARC file, for those whom the rights of its source allow."""
    found = stored(site, request.path_params["number"])
    if not view_of(found, site.names, site.viewer.role).raw_page:
        raise HTTPException(403)
    capture = site.ports.members.captures.of(found.id)
    if capture is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="article-{found.id}.warc"'}
    return private(Response(warc(capture), media_type="application/warc", headers=headers))
