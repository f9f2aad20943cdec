"""Builds every page of a site, from its templates and its feeds: path → page."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo import feeds, french, pdf
from demo.sites import Site

PER_PAGE = 4  # rows in a page of the ministry's listing
# Topic words that stand around every article and must not tag it.
TRAPS = ("Contrats à impact social : notre dossier", "L’investissement à impact en dix questions")
ABOUT = [
    "L’Institut Horizons sociaux est une organisation fictive, inventée pour le site de démonstration d’une veille "
    "informationnelle. Ses rapports n’ont été remis à personne, et les chiffres qu’ils contiennent ne mesurent rien.",
    "Les textes sont publiés sous licence Creative Commons CC BY-SA 4.0. On peut les reprendre, les corriger et les "
    "augmenter, à condition de citer le projet et de partager le résultat dans les mêmes conditions.",
]
Builder = Callable[[Site, datetime], Iterator[tuple[str, "Page"]]]


@dataclass(frozen=True)
class Page:
    """One answer of a site: its bytes and what its headers say."""

    body: bytes
    content_type: str
    modified: datetime

    @cached_property
    def etag(self) -> str:
        """A strong entity tag of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def environment() -> Environment:
    """The templates, with the French dates they print."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"short_date": french.short_date, "long_date": french.long_date, "month_year": french.month_year}
    return made


TEMPLATES = environment()


def build(site: Site, now: datetime) -> dict[str, Page]:
    """All the pages of a site."""
    pages = dict(common(site, now))
    for path, page in EXTRAS.get(site.slug, no_extra)(site, now):
        pages[path] = page
    return pages


def common(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """What every site has: robots.txt, a home page, a section, articles, a legal notice, a topic page."""
    yield "/robots.txt", Page(robots(site).encode(), "text/plain; charset=utf-8", now)
    yield "/", html(site, "home.html", now, articles=site.articles[:6])
    if site.section != "/" and site.articles:
        yield site.section, html(site, "list.html", now, articles=site.articles, older="", newer="")
    yield "/mentions-legales", html(site, "../notice.html", now)
    yield "/dossier", html(site, "../dossier.html", now)
    for article in site.articles:
        if not site.path_of(article).endswith(".pdf"):
            related = [other for other in site.articles if other is not article][:3]
            yield site.path_of(article), html(site, "article.html", article.published, article=article, related=related)


def html(site: Site, template: str, modified: datetime, **values: object) -> Page:
    """One rendered page, in the site's own encoding."""
    name = template[3:] if template.startswith("../") else f"{site.slug}/{template}"
    charset = "iso-8859-1" if site.slug == "agence-logement-digne" else "utf-8"
    text = TEMPLATES.get_template(name).render(site=site, traps=TRAPS, charset=charset, modified=modified, **values)
    return Page(text.encode(charset, "xmlcharrefreplace"), f"text/html; charset={charset}", modified)


def robots(site: Site) -> str:
    """The site's robots.txt."""
    if site.slug == "revue-bilans":
        return "User-agent: *\nDisallow: /\n"
    lines = ["User-agent: *", "Disallow: /recherche", "Disallow: /compte"]
    if site.crawl_delay:
        lines.append(f"Crawl-delay: {site.crawl_delay}")
    if "sitemap" in site.entry:
        lines.append(f"Sitemap: {site.base}/sitemap.xml")
    return "\n".join(lines) + "\n"


def no_extra(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """A site with nothing but the common pages."""
    yield from ()


def ministry(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """The listing, a few rows at a time."""
    count = -(-len(site.articles) // PER_PAGE)
    for number in range(count):
        rows = site.articles[number * PER_PAGE : (number + 1) * PER_PAGE]
        older = f"/actualites?page={number + 1}" if number + 1 < count else ""
        newer = f"/actualites?page={number - 1}" if number else ""
        page = html(site, "list.html", now, articles=rows, older=older, newer=newer)
        yield f"/actualites?page={number}", page
        if number == 0:
            yield "/actualites", page


def agency(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """A feed that gives no date."""
    body = feeds.rss(site, dated=False, encoding="iso-8859-1")
    yield site.feed, Page(body, "text/xml; charset=iso-8859-1", feeds.newest(site))


def parliament(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """The pages of the API."""
    for number, body in enumerate(feeds.api_pages(site), 1):
        yield f"/api/questions?page={number}", Page(body, "application/json; charset=utf-8", feeds.newest(site))


def institute(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """The reports."""
    for article in site.articles:
        body = pdf.report(article, site.name, ABOUT)
        yield site.path_of(article), Page(body, "application/pdf", article.published)


def daily(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """A feed, and a sitemap index with two gzipped sitemaps."""
    parts = {
        "/sitemap-news.xml.gz": feeds.news_sitemap(site, now),
        "/sitemap-articles.xml.gz": feeds.archive_sitemap(site),
    }
    newest = feeds.newest(site)
    yield "/sitemap.xml", Page(feeds.sitemap_index(site, list(parts)), "application/xml; charset=utf-8", newest)
    for path, body in parts.items():
        yield path, Page(body, "application/gzip", newest)
    yield from plain_feed(site, now)


def plain_feed(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """The site's feed in its own format."""
    match site.feed_type:
        case "application/atom+xml":
            body = feeds.atom(site)
        case "application/feed+json":
            body = feeds.json_feed(site)
        case _:
            body = feeds.rss(site)
    yield site.feed, Page(body, f"{site.feed_type}; charset=utf-8", feeds.newest(site))


def login(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """The broken source: where the feed was, a login page, and still a 200."""
    yield site.feed, html(site, "login.html", now)


def closed(site: Site, now: datetime) -> Iterator[tuple[str, Page]]:
    """A feed that robots.txt forbids to read."""
    yield site.feed, Page(feeds.rss(site), f"{site.feed_type}; charset=utf-8", now)


EXTRAS: dict[str, Builder] = {
    "ministere-action-solidaire": ministry,
    "agence-logement-digne": agency,
    "assemblee-territoires": parliament,
    "institut-horizons-sociaux": institute,
    "courrier-des-vallees": daily,
    "collectif-des-lisieres": plain_feed,
    "fonds-passerelles": plain_feed,
    "gazette-du-littoral": plain_feed,
    "lettre-du-secteur-associatif": login,
    "revue-bilans": closed,
}
