"""What an answer must be to be read: given, not empty, a page or a PDF."""

from __future__ import annotations

from crawlers.fetcher import Answer
from crawlers.found import EntryPage, Unreadable
from crawlers.walls import wall

READABLE = ("text/", "application/xhtml+xml", "application/xml", "application/pdf", "application/octet-stream")
BEYOND_THE_END = frozenset({400, 404, 410, 416})
"""What APIs and listings answer for a page after their last."""
STATUS = {
    401: "la page demande une identification",
    403: "le serveur refuse l'accès",
    404: "la page n'existe pas",
    410: "la page a été supprimée",
    429: "le serveur trouve nos demandes trop fréquentes",
    503: "le serveur est indisponible",
}


def require_page(answer: Answer) -> None:
    """Raises Unreadable unless the answer is 200 with a body."""
    if answer.status != 200:
        otherwise = "le serveur est en erreur" if answer.status >= 500 else "la page n'est pas donnée"
        said = STATUS.get(answer.status, otherwise)
        if answer.status in (403, 429, 503) and (owner := wall(answer.headers, answer.body)):
            said = f"la protection {owner} du site refuse les robots"
        raise Unreadable("http", f"{said} (code {answer.status})", answer.status)
    if not answer.body.strip():
        raise Unreadable("empty", "la page est vide")


def entry_page(answer: Answer) -> EntryPage:
    """An answer as an entry page; raises Unreadable unless it is 200 with a body."""
    require_page(answer)
    return EntryPage(answer.final_url, answer.body, answer.header("content-type"))


def is_beyond(error: Unreadable) -> bool:
    """What a page after the last one says of itself: it is not there, or it is empty."""
    return error.kind == "empty" or error.status in BEYOND_THE_END


def require_readable(answer: Answer) -> None:
    """Raises Unreadable for a picture, a film, an archive: neither a page nor a PDF."""
    media = answer.header("content-type").split(";")[0].strip().lower()
    if media and not media.startswith(READABLE) and not answer.body.startswith(b"%PDF"):
        raise Unreadable("format", f"ce n'est ni une page ni un PDF ({media[:60]})")
