"""One row that an entry point carried whole (API answer, feed summary) → article, without asking its page."""

from __future__ import annotations

import json
import re
from html import unescape

from core.articles import Article
from core.pages import Failure, FetchedPage
from core.text import one_line, plain
from core.urls import article_key, canonical
from pipeline.dates import has_hour, plausible, read
from pipeline.furniture import clear
from pipeline.html import identify
from pipeline.titles import title_text

_MARKUP = re.compile(r"</?[a-z][^>]{0,300}>", re.IGNORECASE)
_BLOCKS = ("p", "br", "div", "li", "tr", "td", "th", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


def row_text(value: str) -> str:
    """A row's text as plain paragraphs, whether it was plain, HTML, or HTML escaped once more; without furniture."""
    if not _MARKUP.search(value):
        value = unescape(value)
    if not _MARKUP.search(value):
        return plain(value)
    from lxml import html

    tree = html.fromstring(f"<div>{value}</div>")
    for node in tree.xpath("//script | //style"):
        node.drop_tree()
    clear(tree, None)
    for node in tree.iter(*_BLOCKS):
        node.text = "\n" + (node.text or "")
        node.tail = "\n" + (node.tail or "")
    text = plain(tree.text_content())
    return re.sub(r"\n{2,}", "\n", text)


def extract_row(page: FetchedPage) -> Article | Failure:
    """Read a row page: a JSON object with url, title, text, date."""
    try:
        row = json.loads(page.body)
        title, text, day = (str(row.get(name) or "") for name in ("title", "text", "date"))
        reserved = row.get("reserved") is True
    except (ValueError, AttributeError):
        return Failure(page.source, page.url, "format", "La ligne reçue n'est pas lisible.")
    body = row_text(text)
    if not body and not title:
        return Failure(page.source, page.url, "empty", "La ligne reçue ne contient ni titre ni texte.")
    stated = read(day) if day else None
    hinted = page.hint.published
    published = plausible(hinted or (stated[0] if stated else None), page.fetched_at)
    address = canonical(page.url)
    return Article(
        page_id=page.id,
        source=page.source,
        url=address,
        key=article_key(address),
        title=title_text(title or page.hint.title) or one_line(body, 120),
        text=body,
        fetched_at=page.fetched_at,
        author=one_line(page.hint.author, 120),
        published=published,
        date_origin="entry" if published else "",
        date_has_time=bool(published and (has_hour(published) if hinted else stated and stated[1])),
        language=identify(body) or page.hint.language,
        media_type="row",
        reserved=reserved,
    )
