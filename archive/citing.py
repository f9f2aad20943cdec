"""What a page tells reference managers of its article: `citation_…` tags, as Zotero and Google Scholar read them."""

from __future__ import annotations

from archive.references import Kind, Reference

_KINDS: dict[Kind, str] = {
    "news": "citation_journal_title",
    "report": "citation_technical_report_institution",
    "page": "citation_website_title",
}


def citation_tags(one: Reference) -> tuple[tuple[str, str], ...]:
    """Names and contents of `<meta>` elements; by which of its tags names the source, the kind of document is told."""
    tags = (
        ("citation_title", one.title),
        ("citation_author", one.who),
        (_KINDS[one.kind], one.source_name),
        ("citation_publisher", one.source_name),
        ("citation_publication_date", one.day.replace("-", "/")),
        ("citation_language", one.language),
        ("citation_public_url", one.url),
        ("citation_pdf_url", one.url if one.pdf else ""),
        ("citation_keywords", one.keywords),
    )
    return tuple((name, content) for name, content in tags if content)
