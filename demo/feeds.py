"""Writes what machines read: RSS, Atom, JSON Feed, sitemaps and the pages of a JSON API."""

import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from demo.articles import Article
from demo.sites import Site

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NEWS_WINDOW = timedelta(days=2)  # what a news sitemap holds
API_ROWS = 3

for prefix, namespace in {"": ATOM, "news": NEWS}.items():
    ET.register_namespace(prefix, namespace)


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """A child element with its text."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def rss(site: Site, *, dated: bool = True, encoding: str = "utf-8") -> bytes:
    """RSS 2.0, newest first; without `dated`, the reader must find the dates in the pages."""
    root = ET.Element("rss", version="2.0")
    channel = add(root, "channel")
    head = {"title": site.name, "link": f"{site.base}/", "language": "fr", "description": f"Le fil de {site.name}"}
    for tag, text in head.items():
        add(channel, tag, text)
    for article in site.articles:
        item = add(channel, "item")
        add(item, "title", article.title)
        add(item, "link", site.url_of(article))
        add(item, "guid", site.url_of(article), isPermaLink="true")
        add(item, "description", f"<p>{article.summary}</p>")
        if dated:
            add(item, "pubDate", format_datetime(article.published))
    return to_xml(root, encoding)


def atom(site: Site) -> bytes:
    """Atom 1.0 whose links are relative to the feed's own address."""
    root = ET.Element(f"{{{ATOM}}}feed")
    add(root, f"{{{ATOM}}}title", site.name)
    add(root, f"{{{ATOM}}}id", f"tag:{site.host},2024:billets")
    add(root, f"{{{ATOM}}}updated", newest(site).isoformat())
    add(root, f"{{{ATOM}}}link", rel="self", href=site.feed)
    for article in site.articles:
        entry = add(root, f"{{{ATOM}}}entry")
        add(entry, f"{{{ATOM}}}title", article.title)
        add(entry, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=f"..{site.path_of(article)}")
        add(entry, f"{{{ATOM}}}id", f"tag:{site.host},2024:{article.slug}")
        add(entry, f"{{{ATOM}}}published", article.published.isoformat())
        add(entry, f"{{{ATOM}}}updated", article.published.isoformat())
        add(entry, f"{{{ATOM}}}summary", article.summary, type="text")
    return to_xml(root)


def json_feed(site: Site) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": site.url_of(article),
            "url": site.url_of(article),
            "title": article.title,
            "summary": article.summary,
            "date_published": article.published.isoformat(),
            "language": "en" if article.section == "English" else "fr",
        }
        for article in site.articles
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": site.name, "home_page_url": f"{site.base}/"}
    return to_json({**head, "feed_url": site.base + site.feed, "items": items})


def sitemap_index(site: Site, paths: list[str]) -> bytes:
    """The sitemap that lists the others."""
    root = ET.Element("sitemapindex", xmlns=SITEMAP)
    for path in paths:
        row = add(root, "sitemap")
        add(row, "loc", site.base + path)
        add(row, "lastmod", newest(site).isoformat())
    return to_xml(root)


def news_sitemap(site: Site, now: datetime) -> bytes:
    """The Google-News sitemap, gzipped: the last two days."""

    def describe(row: ET.Element, article: Article) -> None:
        news = add(row, f"{{{NEWS}}}news")
        publication = add(news, f"{{{NEWS}}}publication")
        add(publication, f"{{{NEWS}}}name", site.name)
        add(publication, f"{{{NEWS}}}language", "fr")
        add(news, f"{{{NEWS}}}publication_date", article.published.isoformat())
        add(news, f"{{{NEWS}}}title", article.title)

    recent = [article for article in site.articles if now - article.published <= NEWS_WINDOW]
    return urlset(site, recent, describe)


def archive_sitemap(site: Site) -> bytes:
    """Every article with its `lastmod`, gzipped."""
    return urlset(site, list(site.articles), lambda row, article: None)


def to_xml(root: ET.Element, encoding: str = "utf-8") -> bytes:
    """The document with its declaration."""
    return bytes(ET.tostring(root, encoding=encoding, xml_declaration=True))


def urlset(site: Site, articles: list[Article], describe: Callable[[ET.Element, Article], None]) -> bytes:
    """A gzipped sitemap; `describe` adds to each row what its kind needs."""
    root = ET.Element("urlset", xmlns=SITEMAP)
    for article in articles:
        row = add(root, "url")
        add(row, "loc", site.url_of(article))
        add(row, "lastmod", article.published.isoformat())
        describe(row, article)
    return gzip.compress(to_xml(root), mtime=0)


def api_pages(site: Site) -> list[bytes]:
    """The pages of the questions API, and a last empty one."""
    rows = [
        {
            "numero": article.number,
            "url": site.url_of(article),
            "titre": article.title,
            "rubrique": article.section,
            "texte": article.text,
            "date": article.published.date().isoformat(),
        }
        for article in site.articles
    ]
    starts = range(0, len(rows) + API_ROWS, API_ROWS)
    return [to_json({"total": len(rows), "results": rows[start : start + API_ROWS]}) for start in starts]


def newest(site: Site) -> datetime:
    """When the site last published."""
    return site.articles[0].published


def to_json(value: object) -> bytes:
    """UTF-8 JSON, accents kept."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
