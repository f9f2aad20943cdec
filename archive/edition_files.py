"""Past editions taken home: a feed of them (RFC 4287, RSS 2.0), and each as text to paste."""

from __future__ import annotations

import io
from functools import partial
from html import escape

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.edition_pages import edition_page, is_public, stored_edition
from archive.edition_texts import TextKind, text_of
from archive.feeds import CLASSES, MEDIA_TYPES, FeedKind
from archive.site import Site
from archive.validators import validated
from archive.wording import count, period_title
from core.editions import Edition

FEED_LENGTH = 20
_LOOKED_AT = 100
"""Editions among which those that were sent are taken: weeks without news are editions too."""
_TEXTS: dict[str, tuple[TextKind, str]] = {"md": ("markdown", "text/markdown"), "wiki.txt": ("wiki", "text/plain")}


def add_edition_files(app: FastAPI, site: Site) -> None:
    """What any visitor may read, whoever asks: it leaves the site. Before the pages of editions, whose key it ends."""
    for kind in MEDIA_TYPES:
        app.add_route(f"/editions.{kind}", validated(partial(feed_of_editions, kind, site)), methods=["GET"])
    for ending, (text, media_type) in _TEXTS.items():
        path = f"/edition/{{series}}/{{key}}.{ending}"
        app.add_route(path, validated(partial(text_of_edition, text, media_type, site)), methods=["GET"])


def text_of_edition(kind: TextKind, media_type: str, site: Site, request: Request) -> Response:
    found = stored_edition(site.ports, request.path_params["series"], request.path_params["key"])
    if found is None:
        raise HTTPException(404)
    ending = request.url.path.rpartition(found.period.key + ".")[2]
    name = f"veille-{found.period.series}-{found.period.key}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = text_of(kind, edition_page(found, site.names), site.ports.settings.name)
    return Response(text.encode("utf-8", "replace"), media_type=f"{media_type}; charset=utf-8", headers=headers)


def feed_of_editions(kind: FeedKind, site: Site, request: Request) -> Response:
    """The editions that were sent, the last first: titles, sources and links, no passage."""
    base = site.base(request)
    made = CLASSES[kind](
        title=f"{site.ports.settings.name}\u00a0: éditions",
        link=f"{base}/editions",
        feed_url=f"{base}/editions.{kind}",
        description="Chaque édition de la veille, le jour où elle est envoyée.",
        language="fr",
    )
    sent = (each for each in site.ports.editions.editions(_LOOKED_AT) if is_public(each) and each.entries)
    for edition in [each for each in sent if each.state in ("sending", "sent")][:FEED_LENGTH]:
        address = f"{base}/edition/{edition.period.series}/{edition.period.key}"
        made.add_item(
            title=f"{period_title(edition.period)}\u00a0: {count(len(edition.entries), 'article', 'articles')}",
            link=address,
            description=_listed(site, edition),  # both formats take it as HTML
            unique_id=address,
            pubdate=edition.composed_at,
            updateddate=edition.composed_at,
        )
    out = io.BytesIO()
    made.write(out, "utf-8")
    return Response(out.getvalue(), media_type=MEDIA_TYPES[kind])


def _listed(site: Site, edition: Edition) -> str:
    page = edition_page(edition, site.names)
    lines = (
        f'<li><a href="{escape(story.url)}">{escape(story.title)}</a>, {escape(story.source)}</li>'
        if story.url
        else f"<li>{escape(story.title)}, {escape(story.source)}</li>"
        for part in page.parts
        for story in part.stories
    )
    told = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in page.introduction)
    return f"{told}<ul>{''.join(lines)}</ul>"
