"""The API: what the pages show, as JSON, with its OpenAPI document and a page that explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive import api_models as models
from archive.doors import seen
from archive.edition_pages import editions_page
from archive.listing import article_listing, page_of, search_listing, stored
from archive.query import LAST_PAGE, PAGE_SIZE, read
from archive.rights import view_for
from archive.site import Site
from archive.source_page import source_line
from archive.validators import tagged, validated

MOST = 100
"""Articles in one answer."""
_TOLD = {
    404: "Rien à cette adresse. La liste des adresses : /api",
    410: "Cet article a été retiré à la demande : il ne reviendra pas.",
    405: "Cette adresse ne répond qu'à GET.",
    500: "La réponse n'a pas pu être préparée. Réessayez dans un moment.",
}
_ABOUT = (
    "Ce que montrent les pages de l'archive, pour un programme. Sans clé ni compte ; les mêmes droits que les pages : "
    "d'un texte que sa source réserve, un court extrait au plus. Les jours sont ceux de Paris."
)


class _Validated(APIRoute):
    """A route whose answers carry an ETag."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        answer = super().get_route_handler()

        async def checked(request: Request) -> Response:
            return tagged(request, await answer(request))

        return checked


def add_api(app: FastAPI, site: Site) -> None:
    """The API under /api, and its page at /api itself."""
    api = create_api(site)
    app.add_route("/api", validated(seen(site, partial(api_page, api))), methods=["GET"])
    app.mount("/api", api)


def create_api(site: Site) -> FastAPI:
    """The application to mount at /api; it answers its own errors, as JSON."""
    api = FastAPI(
        title=f"{site.ports.settings.name} : API", version="1", description=_ABOUT, openapi_url=None, docs_url=None,
        redoc_url=None, redirect_slashes=False, root_path_in_servers=False,
    )  # fmt: skip
    api.router.route_class = _Validated
    refused: dict[int | str, dict[str, Any]] = {"4XX": {"model": models.Problem, "description": "Demande refusée"}}
    for path, answer, name in (
        ("/search", _search(site), "Chercher"),
        ("/article/{number}", _article(site), "Un article"),
        ("/sources", _sources(site), "Les sources"),
        ("/editions", _editions(site), "Les éditions"),
    ):
        api.add_api_route(path, answer, summary=name, responses=refused, operation_id=path.split("/")[1])
        api.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False)
    described = partial(document, site, api)
    api.add_api_route("/openapi.json", described, methods=["GET", "HEAD"], include_in_schema=False)
    api.add_exception_handler(RequestValidationError, _misasked)
    api.add_exception_handler(HTTPException, _refused)
    api.add_exception_handler(Exception, _failed)
    return api


def document(site: Site, api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the address at which the API is reached."""
    return {**api.openapi(), "servers": [{"url": f"{site.prefix}/api"}]}


def api_page(api: FastAPI, site: Site, request: Request) -> Response:
    """The OpenAPI document as a page that is read without script."""
    return site.page("api.html", section="api", document=document(site, api), base=site.base(request))


def _search(site: Site) -> Callable[..., models.Found]:
    def search(
        request: Request,
        q: Annotated[str, Query(description="La recherche, comme dans la page ; vide : tout ce qui est repéré.")] = "",
        tri: Annotated[Literal["pertinence", "date"] | None, Query(description="L'ordre.")] = None,
        tous: Annotated[Literal["0", "1"], Query(description="1 : aussi les articles sans étiquette.")] = "0",
        page: Annotated[int, Query(ge=1, le=LAST_PAGE, description="Quelle partie des résultats.")] = 1,
        par_page: Annotated[int, Query(ge=1, le=MOST, description="Articles par partie.")] = PAGE_SIZE,
    ) -> models.Found:
        """Les articles que trouve une recherche. Toute adresse de la page de recherche marche aussi ici."""
        address = replace(read(request.query_params), page=page)
        listing = search_listing(site, request, address, par_page, "/api/search")
        if listing.next and par_page != PAGE_SIZE:
            listing = replace(listing, next=f"{listing.next}&par_page={par_page}")
        return models.found(listing)

    return search


def _article(site: Site) -> Callable[..., models.Whole]:
    def article(
        request: Request, number: Annotated[int, Path(ge=1, lt=10**18, description="Le numéro de l'article.")]
    ) -> models.Whole:
        """Un article, ses passages repérés, ses copies, et son texte quand la source le permet."""
        kept = stored(site, str(number))
        page = page_of(site, kept)
        return models.whole(article_listing(site, request, kept, page), page)

    return article


def _sources(site: Site) -> Callable[..., models.Sources]:
    def sources() -> models.Sources:
        """Ce qui est lu, depuis quand, et ce qui ne peut pas l'être."""
        states = site.ports.runs.states(counted=True)
        lines = []
        for source in site.ports.sources:
            view = view_for("visitor", source)
            line = source_line(source, states.get(source.slug))
            lines.append(models.source_state(line, source, view.full_text, view.excerpt_chars))
        return models.Sources(results=lines)

    return sources


def _editions(site: Site) -> Callable[..., models.Editions]:
    def editions(request: Request) -> models.Editions:
        """Les courriels envoyés."""
        years = editions_page(site.ports.editions.editions(1_000))
        base = site.base(request)
        return models.Editions(results=[models.edition_summary(line, base) for year in years for line in year.editions])

    return editions


def _problem(status: int, message: str, parameter: str | None = None) -> JSONResponse:
    return JSONResponse(models.Problem(status=status, message=message, parameter=parameter).model_dump(), status)


def _misasked(request: Request, error: Exception) -> Response:
    """A parameter that is out of its bounds; the API says so, where a page would do its best."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) and error.errors() else {}
    name = str((first.get("loc") or ("?",))[-1])
    bounds = {
        "page": f"un nombre de 1 à {LAST_PAGE}",
        "par_page": f"un nombre de 1 à {MOST}",
        "tri": "pertinence ou date",
        "tous": "0 ou 1",
        "number": "un nombre",
    }
    return _problem(400, f"« {name} » n'est pas compris. Attendu : {bounds.get(name, 'autre chose')}.", name)


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = _problem(status, _TOLD.get(status, _TOLD[404]))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _failed(request: Request, error: Exception) -> Response:
    return _problem(500, _TOLD[500])
