"""The shapes of what the API answers: stable names, described in French for its documentation; pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from archive.article_page import ArticlePage, Proof
from archive.edition_pages import EditionLine
from archive.marks import Piece
from archive.references import Listing, Reference
from archive.source_page import SourceLine
from core.clock import PARIS
from core.sources import Source


class Summary(BaseModel):
    """Un article, tel que les listes le donnent."""

    id: int = Field(description="Numéro, stable.")
    title: str = Field(description="Titre.")
    source: str = Field(description="Nom court de la source.")
    source_name: str = Field(description="Nom de la source.")
    category: str = Field(description="Famille de la source ; vide si elle n'est plus suivie.")
    author: str = Field(description="Auteur, tel que la source l'écrit ; souvent vide.")
    language: str = Field(description="Langue (fr, en…) ; vide si elle n'est pas connue.")
    published: date | None = Field(description="Jour de publication, à Paris ; null si la source n'en donne pas.")
    first_seen: date = Field(description="Jour de la première lecture, à Paris.")
    tags: list[str] = Field(description="Étiquettes.")
    central: bool = Field(description="Vrai si c'est le sujet principal de l'article.")
    excerpt: str = Field(description="Court passage, dans la limite des droits de la source ; parfois vide.")
    copies: int = Field(description="Nombre d'autres sources qui ont publié le même texte.")
    deleted: bool = Field(description="Vrai si le site a retiré l'article.")
    pdf: bool = Field(description="Vrai si c'est un document PDF.")
    url: str = Field(description="Adresse à la source.")
    permanent: str = Field(description="Adresse de la fiche dans l'archive, permanente.")


class Found(BaseModel):
    """Une partie de ce que trouve une recherche."""

    query: str = Field(description="La recherche, telle qu'elle a été lue.")
    address: str = Field(description="La même recherche en page.")
    total: int = Field(description="Nombre d'articles trouvés.")
    first: int = Field(description="Rang du premier résultat donné ici, à partir de 1.")
    next: str | None = Field(description="Adresse de la suite ; null à la fin.")
    coverage: list[str] = Field(
        description="Depuis quand les sources sont lues, et lesquelles ne peuvent pas l'être : "
        "ne rien trouver ne prouve pas qu'il n'y a rien."
    )
    notes: list[str] = Field(description="Ce qui n'a pas été compris de la recherche.")
    results: list[Summary] = Field(description="Les articles.")


class Passage(BaseModel):
    """Une phrase où une règle a trouvé quelque chose, et ce qu'elle en dit."""

    text: str = Field(description="La phrase, ou ce que les droits permettent d'en montrer ; parfois les seuls mots.")
    in_title: bool = Field(description="Vrai si c'est le titre.")
    page: int | None = Field(description="Page du PDF.")
    forms: list[str] = Field(description="Les mots trouvés.")
    concept: str = Field(description="Ce que ces mots désignent.")
    label: str = Field(description="Étiquette, en clair.")
    rule: str = Field(description="Règle.")
    version: str = Field(description="Version de la règle.")
    score: float = Field(description="Score, de 0 à 1.")
    threshold: float = Field(description="Seuil à atteindre.")
    accepted: bool = Field(description="Faux pour un candidat écarté.")


class Copy(BaseModel):
    """Le même texte, publié ailleurs."""

    id: int = Field(description="Numéro.")
    source_name: str = Field(description="Nom de la source.")
    title: str = Field(description="Titre.")
    url: str = Field(description="Adresse à la source.")


class Whole(Summary):
    """Un article, avec ce que sa page en montre."""

    passages: list[Passage] = Field(description="Pourquoi il est là.")
    text: str | None = Field(description="Texte entier ; null si les droits ne permettent pas de le donner.")
    also_in: list[Copy] = Field(description="Les copies.")
    versions: int = Field(description="Nombre de versions connues.")
    coverage: list[str] = Field(description="Depuis quand la source est lue.")


class SourceState(BaseModel):
    """Une source, et comment elle va."""

    source: str = Field(description="Nom court.")
    name: str = Field(description="Nom.")
    category: str = Field(description="Famille.")
    url: str = Field(description="Adresse du site.")
    health: str = Field(
        description="fine : lue ; broken : illisible en ce moment ; waiting : pas encore lue ; stopped : arrêtée."
    )
    status: str = Field(description="La même chose en une phrase.")
    since: datetime | None = Field(description="Première lecture.")
    last_success: datetime | None = Field(description="Dernière lecture réussie.")
    articles: int = Field(description="Articles lus.")
    matched: int = Field(description="Articles repérés.")
    full_text: bool = Field(description="Vrai si le texte entier peut être montré.")
    excerpt_chars: int = Field(description="Caractères d'un article qui peuvent être montrés, sinon.")


class Sources(BaseModel):
    """Toutes les sources."""

    results: list[SourceState] = Field(description="Les sources.")


class EditionSummary(BaseModel):
    """Une édition du courriel."""

    series: str = Field(description="Série : weekly, monthly.")
    key: str = Field(description="Période : 2026-W47, 2026-11.")
    title: str = Field(description="Période, en clair.")
    stories: int = Field(description="Nombre d'articles.")
    note: str = Field(description="Ce qu'il faut en savoir : rien à signaler, non envoyée…")
    permanent: str = Field(description="Adresse de sa page.")


class Editions(BaseModel):
    """Toutes les éditions publiques, la plus récente d'abord."""

    results: list[EditionSummary] = Field(description="Les éditions.")


class Problem(BaseModel):
    """Pourquoi une demande est refusée."""

    status: int = Field(description="Code HTTP.")
    message: str = Field(description="La raison, en français.")
    parameter: str | None = Field(default=None, description="Le paramètre en cause.")


def summary(one: Reference) -> Summary:
    return Summary(**_summarised(one))


def _summarised(one: Reference) -> dict[str, Any]:
    same = ("id", "title", "source", "source_name", "category", "author", "language", "central", "copies", "deleted")
    return {name: getattr(one, name) for name in (*same, "pdf", "url", "permanent")} | {
        "published": one.published.astimezone(PARIS).date() if one.published else None,
        "first_seen": one.first_seen.astimezone(PARIS).date(),
        "tags": [tag.slug for tag in one.tags],
        "excerpt": one.passage,
    }


def found(listing: Listing) -> Found:
    return Found(
        query=listing.asked,
        address=listing.address,
        total=listing.total,
        first=listing.first,
        next=listing.next or None,
        coverage=list(listing.coverage),
        notes=list(listing.notes),
        results=[summary(one) for one in listing.references],
    )


def json_file(listing: Listing) -> bytes:
    """The same shape as /api/search gives, as a file."""
    return (found(listing).model_dump_json(indent=1) + "\n").encode("utf-8")


def whole(listing: Listing, page: ArticlePage) -> Whole:
    """One article; `page` has been cut by the rights of the reader."""
    proofs = [(proof, True) for proof in (*page.proofs, *page.more_proofs)] + [(proof, False) for proof in page.refuted]
    text = "\n".join(_joined(paragraph.pieces) for paragraph in page.paragraphs)
    return Whole(
        **_summarised(listing.references[0]),
        passages=[passage for proof, accepted in proofs for passage in _passages(proof, accepted)],
        text=_clean(text) if page.full_text and text else None,
        also_in=[Copy(id=c.id, source_name=c.source, title=_clean(c.title), url=c.url) for c in page.copies],
        versions=page.history.count,
        coverage=list(listing.coverage),
    )


def _passages(proof: Proof, accepted: bool) -> list[Passage]:
    same = ("concept", "label", "rule", "version", "score", "threshold")
    return [
        Passage(
            text=_clean(_joined(proof.passage)),
            in_title=proof.in_title,
            page=proof.page,
            forms=[_clean(form) for form in card.forms],
            accepted=accepted,
            **{name: getattr(card, name) for name in same},
        )
        for card in proof.cards
    ]


def _joined(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _clean(text: str) -> str:
    """A lone surrogate in a stored text must not make its answer impossible to send."""
    return text.encode("utf-8", "replace").decode("utf-8")


def source_state(line: SourceLine, source: Source, full_text: bool, excerpt_chars: int) -> SourceState:
    same = ("name", "url", "health", "status", "since", "last_success", "articles", "matched")
    return SourceState(
        source=line.slug,
        category=source.category,
        full_text=full_text,
        excerpt_chars=excerpt_chars,
        **{name: getattr(line, name) for name in same},
    )


def edition_summary(line: EditionLine, base: str) -> EditionSummary:
    permanent = f"{base}/edition/{line.series}/{line.key}"
    same = ("series", "key", "title", "stories", "note")
    return EditionSummary(permanent=permanent, **{name: getattr(line, name) for name in same})
