"""One PDF → article, page numbers kept; to be run in a process of its own, because pdfium is native code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest

from core.articles import Article
from core.pages import Failure, FetchedPage
from core.query_fields import midnight
from core.text import one_line, plain
from core.urls import article_key, canonical
from pipeline.dates import french, plausible
from pipeline.html import identify
from pipeline.titles import title_text

MOST_PAGES = 500

_NUMBER = re.compile(r"\d+")
# pdfium writes U+FFFE (or U+0002) for a hyphen at the end of a line, and may join the two lines itself.
_HYPHENATED = re.compile(r"(?<=[a-zà-ÿ])(?:[-\u00ad\u0002\ufffe]\n|[\u00ad\u0002\ufffe])(?=[a-zà-ÿ])")
_KEPT_HYPHEN = re.compile(r"\b(vice|demi|non|ex)[-\u0002\ufffe]\n?(?=[a-zà-ÿ])", re.IGNORECASE)
_HARD_HYPHEN = re.compile(r"[\u0002\ufffe]\n?")
_SHORT_LINE = 0.6
"""Share of a page's usual width under which a line that a capital follows ends a paragraph: a heading, a date."""
_DATE_LINE = re.compile(
    r"^(?:[^,.;:]{2,40},\s*|(?:date|publié|mis en ligne|paru|édité)[^,.;\d]{0,20})?(?:le\s+)?"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?(?=\d{1,2}(?:er)?\s+\w+\s+\d{4}[\s.]*$)",
    re.IGNORECASE,
)
DATE_LINES = 40
"""Lines of a document's beginning among which its date line is sought."""
_PDF_DATE = re.compile(r"^D:(\d{4})(\d{2})(\d{2})")


def _furniture(pages: Sequence[list[str]]) -> set[str]:
    """Running heads and feet: short lines that stand, numbers aside, at the edge of most pages."""
    if len(pages) < 3:
        return set()
    edges = Counter(
        shape for lines in pages for shape in {_NUMBER.sub("#", line) for line in [*lines[:2], *lines[-2:]]}
    )
    return {shape for shape, count in edges.items() if count > len(pages) * 0.6 and len(shape) < 120}


def _parted(lines: Sequence[str]) -> str:
    """Lines with an empty one after each that is short and that a capital follows."""
    usual = sorted(map(len, lines))[len(lines) * 4 // 5] if lines else 0
    text = ""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        ends = len(line) < _SHORT_LINE * usual and following[:1].isupper()
        text += line + ("\n\n" if ends else "\n")
    return text


def _flow(lines: Sequence[str]) -> str:
    """Lines of a page joined into paragraphs: a line that ends a sentence, or an empty one, ends a paragraph."""
    text = _HYPHENATED.sub("", _KEPT_HYPHEN.sub(r"\1-", _parted(lines)))
    text = _HARD_HYPHEN.sub("-", text)
    text = re.sub(r"(?<![.!?:;»”\n])\n(?=[^\n•–—-])", " ", text)
    return plain(text)


def join_pages(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text of a document and the offset at which each page begins."""
    split = [[line.strip() for line in page.replace("\r", "").split("\n") if line.strip()] for page in pages]
    furniture = _furniture(split)
    text, offsets = "", []
    for lines in split:
        body = _flow([line for line in lines if _NUMBER.sub("#", line) not in furniture])
        if text and body:
            text += "\n"
        offsets.append(len(text))
        text += body
    return text, tuple(offsets)


def _pages(body: bytes) -> tuple[list[str], dict[str, str]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    try:
        texts = []
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            texts.append(page.get_textpage().get_text_range())
            page.close()
        return texts, document.get_metadata_dict()
    finally:
        document.close()


def _title(page: FetchedPage, metadata: dict[str, str], opening: str) -> str:
    own = title_text(metadata.get("Title", ""))
    usable = own if len(own) > 8 and not own.lower().endswith((".doc", ".docx", ".indd", ".pdf")) else ""
    first = one_line(opening.strip().split("\n", 1)[0], 160)
    return title_text(page.hint.title) or usable or first or "Document PDF"


def _author(metadata: dict[str, str]) -> str:
    """The metadata's author when it is a name: often it is the account of whoever exported the file."""
    named = title_text(metadata.get("Author", ""))
    return named if " " in named and "@" not in named else ""


def extract_pdf(page: FetchedPage) -> Article | Failure:
    """Read a PDF; a `Failure` of kind encrypted, format or empty (a scan without text) otherwise."""
    import pypdfium2

    try:
        texts, metadata = _pages(page.body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            return Failure(page.source, page.url, "encrypted", "Le PDF est protégé par un mot de passe.")
        return Failure(page.source, page.url, "format", "Le PDF est abîmé ou n'en est pas un.")
    text, offsets = join_pages(texts)
    if len(text) < 20:
        return Failure(page.source, page.url, "empty", "Le PDF ne contient pas de texte (document numérisé ?).")
    made = _PDF_DATE.match(metadata.get("CreationDate", ""))
    hinted = plausible(page.hint.published, page.fetched_at)
    stated = plausible(_stated(texts), page.fetched_at)
    created = plausible(french_day(made), page.fetched_at) if made else None
    published = hinted or stated or created
    origin = "entry" if hinted else "prose" if stated else "header" if created else ""
    address = canonical(page.final_url or page.url)
    return Article(
        page_id=page.id,
        source=page.source,
        url=address,
        key=article_key(address),
        title=_title(page, metadata, texts[0]),
        text=text,
        fetched_at=page.fetched_at,
        author=one_line(page.hint.author or _author(metadata), 120),
        published=published,
        date_origin=origin,
        language=identify(text) or page.hint.language,
        page_offsets=offsets,
        media_type="pdf",
    )


def _stated(pages: Sequence[str]) -> datetime | None:
    """The day of a line that is only a date (« Guéret, le 3 février 2026 »): the text may tell of any other."""
    lines = [line.strip() for page in pages[:2] for line in page.split("\n") if line.strip()]
    found = (french(line) for line in lines[:DATE_LINES] if _DATE_LINE.match(line))
    return next((when[0] for when in found if when), None)


def french_day(match: re.Match[str]) -> datetime | None:
    """The day of a PDF date (ISO 32000-1, 7.9.4), at midnight in Europe/Paris."""
    try:
        return midnight(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return None
