"""What every page shares: ports, names, templates and where links begin."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from archive import wording
from archive.desk import OPINIONS, WEIGHTS
from archive.names import Names, names_of
from archive.ports import ArchivePorts
from archive.prose import prose
from archive.viewer import VISITOR, Viewer
from core.names import STATES

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


@dataclass(frozen=True, slots=True)
class Site:
    ports: ArchivePorts
    names: Names
    prefix: str
    templates: Environment
    viewer: Viewer = VISITOR
    """Who asks for the page; a copy of the site is made for each of them."""

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A rendered page; `values` are escaped by the template."""
        text = self.templates.get_template(template).render(viewer=self.viewer, **values)
        # A lone surrogate in a stored text must not make its page impossible to send.
        return HTMLResponse(text.encode("utf-8", "replace"), status)

    def base(self, request: Request) -> str:
        """The site's own address, for feeds and citations: the configured one, else as it was asked."""
        configured = self.ports.settings.public_url.rstrip("/")
        return configured or str(request.base_url).rstrip("/")


def build_site(ports: ArchivePorts) -> Site:
    prefix = urlsplit(ports.settings.public_url).path.rstrip("/")
    return Site(ports, names_of(ports), prefix, _environment(ports, prefix))


def _environment(ports: ArchivePorts, prefix: str) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        spaced=wording.spaced,
        day=wording.day,
        isoday=wording.isoday,
        moment=wording.moment,
        number=wording.number,
        prose=prose,
    )
    sheet = (STATIC / "style.css").read_bytes()
    templates.globals.update(
        site=ports.settings,
        contact=wording.mail_address(ports.settings.contact),
        topics=ports.topics,
        prefix=prefix,
        sheet=f"{prefix}/static/style.css?v={hashlib.sha256(sheet).hexdigest()[:12]}",
        count=wording.count,
        ago=wording.ago,
        states=STATES,
        opinion_choices=OPINIONS,
        weight_choices=WEIGHTS,
    )
    return templates
