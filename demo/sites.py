"""The sites of the demonstration: who they are, where their articles live and by which door a crawler enters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from demo.articles import Article, load_site

Entry = Mapping[str, str | Mapping[str, str | int]]


@dataclass(frozen=True, slots=True)
class Site:
    """One site, on a loopback address of its own; its slug names its folders of articles and of templates."""

    slug: str
    name: str
    category: str
    host: str
    pattern: str  # where an article lives, from {slug}, {number} and {date}
    entry: Entry  # its entry point in config.toml, paths still relative
    section: str = "/"  # the page that lists its articles
    feed: str = ""
    feed_type: str = ""
    crawl_delay: int = 0
    comment: str = ""  # said above its block in config.toml, in French
    port: int = 0
    articles: tuple[Article, ...] = field(default=(), repr=False)

    @property
    def address(self) -> str:
        """The literal address and port, as `allowed_private_hosts` wants it."""
        return f"{self.host}:{self.port}"

    @property
    def base(self) -> str:
        """The site's address without the final slash."""
        return f"http://{self.address}"

    def path_of(self, article: Article) -> str:
        """The path (and query) of an article's page."""
        return self.pattern.format(slug=article.slug, number=article.number, date=article.published)

    def url_of(self, article: Article) -> str:
        """The whole address of an article's page."""
        return self.base + self.path_of(article)


SITES = (
    Site(
        "ministere-action-solidaire", "Ministère de l’Action solidaire", "ministere", "127.0.0.21",
        "/actualites/{slug}",
        {"listing": {
            "url": "/actualites", "link": "div.views-row h3 a", "next": "a.pager-next",
            "date": ".date-publication", "pages": 5,
        }},
        section="/actualites",
        comment="Un ministère sans flux : une liste HTML de plusieurs pages, des dates en toutes lettres.",
    ),
    Site(
        "agence-logement-digne", "Agence nationale du logement digne", "agence", "127.0.0.22",
        "/spip.php?article{number}",
        {"feed": "/spip.php?page=backend"},
        section="/spip.php?rubrique2", feed="/spip.php?page=backend", feed_type="application/rss+xml",
        comment="Une agence sous SPIP : flux RSS sans dates, pages en ISO-8859-1, « Publié le… » en prose.",
    ),
    Site(
        "assemblee-territoires", "Assemblée des territoires", "parlement", "127.0.0.23",
        "/questions/{number}-{slug}",
        {"api": {
            "url": "/api/questions?page={page}", "items": "results", "link": "url", "title": "titre",
            "text": "texte", "date": "date", "pages": 10,
        }},
        section="/questions",
        comment="Un parlement : ses questions écrites par une API JSON paginée.",
    ),
    Site(
        "institut-horizons-sociaux", "Institut Horizons sociaux", "think-tank", "127.0.0.24",
        "/publications/{slug}.pdf",
        {"listing": {"url": "/publications", "link": "article.publication h2 a", "date": ".parution", "pages": 1}},
        section="/publications", crawl_delay=1,
        comment="Un cercle de réflexion : des rapports en PDF, un robots.txt qui demande une seconde d'attente.",
    ),
    Site(
        "courrier-des-vallees", "Le Courrier des Vallées", "presse", "127.0.0.25",
        "/territoires/{slug}-{number}.html",
        {"sitemap": "/sitemap.xml"},
        section="/territoires", feed="/rss.xml", feed_type="application/rss+xml",
        comment="Un quotidien régional : index de plans du site compressés, articles en JSON-LD, un article réservé.",
    ),
    Site(
        "collectif-des-lisieres", "Collectif des Lisières", "critique-allie", "127.0.0.26",
        "/billets/{slug}",
        {"feed": "/flux/atom.xml"},
        section="/billets", feed="/flux/atom.xml", feed_type="application/atom+xml",
        comment="Le carnet d'un collectif : flux Atom aux liens relatifs.",
    ),
    Site(
        "fonds-passerelles", "Fonds Passerelles", "promoteur", "127.0.0.27",
        "/news/{slug}/",
        {"feed": "/feed.json"},
        section="/news/", feed="/feed.json", feed_type="application/feed+json",
        comment="Un fonds d'investissement : JSON Feed.",
    ),
    Site(
        "gazette-du-littoral", "La Gazette du Littoral", "presse", "127.0.0.28",
        "/{date:%Y}/{date:%m}/{slug}/",
        {"feed": "/feed/"},
        section="/", feed="/feed/", feed_type="application/rss+xml",
        comment="Un hebdomadaire sous WordPress, qui reprend des communiqués : flux RSS.",
    ),
    Site(
        "lettre-du-secteur-associatif", "La Lettre du secteur associatif", "presse", "127.0.0.29",
        "/{slug}", {"feed": "/feed/"}, feed="/feed/", feed_type="application/rss+xml",
        comment="Une source en panne, exprès : son flux répond 200 avec une page de connexion.",
    ),
    Site(
        "revue-bilans", "Revue Bilans", "presse", "127.0.0.30",
        "/{slug}", {"feed": "/feed/"}, feed="/feed/", feed_type="application/rss+xml",
        comment="Une source qui refuse les robots : rien d'autre que son robots.txt ne doit être demandé.",
    ),
)  # fmt: skip


def open_sites(now: datetime, port: int) -> tuple[Site, ...]:
    """Every site with its articles, dated from `now`, on one port."""
    return tuple(replace(site, port=port, articles=load_site(site.slug, now)) for site in SITES)
