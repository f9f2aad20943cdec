#!/usr/bin/env python3
# ruff: noqa: C901, E501, E741, RET503, SIM105
"""A small web of French-looking sites on loopback, to run the whole pipeline against.

Every site is a real HTTP server on an address of its own (127.0.0.2, 127.0.0.3, ...), so that
per-host politeness, robots.txt, redirects, conditional requests and failures can be observed.
The articles come from a JSON-lines corpus (id, title, text, labels, published, lang, ...).

    python3 tests/web/miniweb.py --corpus tests/web/gold.jsonl --port 8800 --out FOLDER

writes into --out
    config.toml    a whole configuration for the pipeline; sources.toml has its [[source]] tables alone
    truth.jsonl    for each article served: url, site, labels, round, copy_of, edited, deleted
and serves until interrupted. Only the standard library is used.

A control server on 127.0.0.1:PORT answers
    GET  /log      every request seen so far: site, path, time, user agent, conditional or not, status
    GET  /truth    the same rows as truth.jsonl
    POST /round/2  the sites publish the articles they held back, edit one, delete one
    GET  /secret   must never be requested: the hostile site redirects to it
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import random
import threading
import time
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
# Boilerplate that names the topic although the article does not: only main text may count.
BOMB = gzip.compress(b"A" * 200_000_000, 6)
# Neutral sentences that give every article the length of a real one; places, figures and months vary,
# so that two articles share a turn of phrase but never a paragraph.
PLACES = [
    "Guéret",
    "Foix",
    "Tulle",
    "Mende",
    "Privas",
    "Digne",
    "Aurillac",
    "Vesoul",
    "Laon",
    "Épinal",
    "Cahors",
    "Auch",
    "Rodez",
    "Gap",
    "Moulins",
    "Nevers",
    "Bourges",
    "Chaumont",
    "Évreux",
    "Alençon",
    "Quimper",
    "Saint-Lô",
    "Niort",
    "Tarbes",
    "Agen",
]
THINGS = [
    "la médiathèque",
    "la piscine",
    "le marché couvert",
    "la salle des fêtes",
    "l'école primaire",
    "le gymnase",
    "la gare routière",
    "le cinéma",
    "la crèche",
    "le conservatoire",
    "la maison des jeunes",
    "le parc fluvial",
    "la déchèterie",
    "le musée d'art",
    "la passerelle",
    "le foyer rural",
]
WHO = [
    "les riverains",
    "les commerçants",
    "les parents d'élèves",
    "les bénévoles",
    "les agents du service",
    "les abonnés",
    "les agriculteurs",
    "les étudiants",
    "les retraités du quartier",
    "les élus de l'opposition",
    "les musiciens",
    "les cyclistes",
]
SENTENCES = [
    "À {place}, {n} personnes ont suivi la réunion consacrée à {thing}.",
    "{Who} demandent depuis {n} mois que {thing} ouvre plus tard le soir.",
    "Les travaux autour de {thing} doivent commencer en {month} et durer {m} semaines.",
    "Un habitant de {place} raconte avoir attendu {n} minutes avant d'obtenir une réponse.",
    "Le budget de fonctionnement progresse de {m} % et reste sous la moyenne du département.",
    "{Who} ont remis une pétition de {n} signatures à la mairie de {place}.",
    "La fréquentation de {thing} a gagné {m} points en un an, surtout le samedi.",
    "En {month}, {thing} accueillera une exposition de {n} photographies anciennes.",
    "La circulation sera alternée près de {thing} jusqu'à la fin du mois de {month}.",
    "Selon la préfecture, {n} foyers de {place} ont été privés de courant pendant {m} heures.",
    "{Who} saluent un compromis, mais regrettent que {thing} reste fermé le lundi.",
    "La prochaine séance aura lieu à {place} le {m} {month}, à dix-huit heures trente.",
    "Une enquête auprès de {n} usagers montre que {who} se disent plutôt satisfaits.",
    "Le conseil a reporté sa décision sur {thing}, faute d'un avis écrit des services.",
    "Il faudra compter {m} semaines de plus que prévu, reconnaît la responsable du chantier.",
    "La compagnie jouera {m} soirs à {place}, dans {thing}, avant de partir en tournée.",
    "{Who} proposent de planter {n} arbres entre {thing} et la place du marché.",
    "L'association sportive de {place} fêtera ses {n} ans en {month}.",
]
TRAP = "Contrats à impact social : tout comprendre de l'investissement à impact"


def sentence(draw: random.Random) -> str:
    who = draw.choice(WHO)
    return draw.choice(SENTENCES).format(
        place=draw.choice(PLACES),
        thing=draw.choice(THINGS),
        who=who,
        Who=who[0].upper() + who[1:],
        month=draw.choice(MONTHS),
        n=draw.randint(21, 980),
        m=draw.randint(2, 19),
    )


@dataclass
class Item:
    id: str
    title: str
    text: str
    labels: list[str]
    when: datetime
    lang: str
    copy_of: str | None = None
    round: int = 1
    url: str = ""
    edited: bool = False
    deleted: bool = False

    @property
    def paragraphs(self) -> list[str]:
        """The corpus text among neutral paragraphs, always in the same place for the same item."""
        draw = random.Random(self.id.removesuffix("-copie"))
        own = [p.strip() for p in self.text.split("\n") if p.strip()]
        if self.lang != "fr":
            return own
        filler = [" ".join(sentence(draw) for _ in range(draw.randint(2, 4))) for _ in range(4)]
        before = draw.randrange(3)
        if self.copy_of:  # who takes over a dispatch cuts its end
            return filler[:before] + own + filler[before:-1]
        return filler[:before] + own + filler[before:]

    @property
    def slug(self) -> str:
        return hashlib.sha1(self.id.encode()).hexdigest()[:10]


@dataclass
class Page:
    body: bytes
    ctype: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    fail_first: int = 0  # answer 503 + Retry-After this many times first


@dataclass
class Site:
    name: str
    style: str
    host: str
    port: int
    category: str
    items: list[Item] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    toml: str = ""
    dead: set[str] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://{self.host}:{self.port}"


# --------------------------------------------------------------------------- pages


def french_date(when: datetime) -> str:
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def article_html(site: Site, item: Item, *, meta: bool = True, jsonld: bool = False, charset: str = "utf-8") -> bytes:
    t, base = html.escape(item.title), site.base
    head = f'<meta charset="{charset}"><title>{t} | {site.name}</title>'
    if meta:
        head += (
            f'<meta property="og:title" content="{t}"><meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{item.when.isoformat()}">'
            f'<link rel="canonical" href="{html.escape(item.url)}">'
        )
    if jsonld:
        head += (
            '<script type="application/ld+json">'
            + json.dumps(
                {
                    "@context": "https://schema.org",
                    "@type": "NewsArticle",
                    "headline": item.title,
                    "datePublished": item.when.isoformat(),
                    "author": {"@type": "Person", "name": "La rédaction"},
                },
                ensure_ascii=False,
            ).replace("</", "<\\/")
            + "</script>"
        )
    shown = "" if meta else f'<p class="date">Publié le {french_date(item.when)}</p>'
    paras = "".join(f"<p>{html.escape(p)}</p>" for p in item.paragraphs)
    doc = f"""<!doctype html><html lang="{item.lang}"><head>{head}</head><body>
<div id="cookie-banner"><p>Nous utilisons des cookies pour mesurer l'audience.</p><button>Accepter</button></div>
<header><nav><ul><li><a href="{base}/">Accueil</a></li><li><a href="{base}/dossiers/">Dossiers</a></li>
<li><a href="{base}/dossier-impact">{TRAP}</a></li></ul></nav></header>
<main><article class="post"><h1>{t}</h1>{shown}{paras}</article></main>
<aside class="related"><h2>À lire aussi</h2><ul><li><a href="{base}/dossier-impact">{TRAP}</a></li>
<li><a href="{base}/dossier-2">La finance à impact en dix questions</a></li></ul></aside>
<footer><p>© {site.name} — Mentions légales — Lettre d'information</p></footer></body></html>"""
    return doc.encode(charset, "xmlcharrefreplace")


def rss(site: Site, items: list[Item], *, broken: bool = False) -> bytes:
    amp = "&" if broken else "&amp;"
    rows = "".join(
        f"<item><title>{html.escape(i.title)}</title><link>{html.escape(i.url)}</link>"
        f'<guid isPermaLink="false">{i.slug}</guid><pubDate>{format_datetime(i.when)}</pubDate>'
        f"<description>{html.escape(i.paragraphs[0][:180] if i.paragraphs else '')}</description></item>"
        for i in items
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{site.name} actualités {amp} dossiers</title>'
        f"<link>{site.base}/</link><description>Flux</description>{rows}</channel></rss>"
    ).encode()


def atom(site: Site, items: list[Item]) -> bytes:
    rows = "".join(
        f'<entry><title type="html">{html.escape(html.escape(i.title))}</title>'
        f'<link rel="alternate" href="{html.escape(urlsplit(i.url).path)}"/><id>tag:{site.host},2026:{i.slug}</id>'
        f"<updated>{i.when.isoformat()}</updated><summary>{html.escape(i.paragraphs[0][:120] if i.paragraphs else '')}</summary></entry>"
        for i in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site.base}/">'
        f"<title>{site.name}</title><id>tag:{site.host},2026:/</id>{rows}</feed>"
    ).encode()


def pdf(title: str, paragraphs: list[str]) -> bytes:
    """A plain multi-page text PDF, WinAnsi encoded."""
    lines: list[str] = [title, ""]
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) > 88:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    chunks = [lines[i : i + 52] for i in range(0, len(lines), 52)]
    objects: list[bytes] = [b"", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for chunk in chunks:
        text = (
            "BT /F1 10 Tf 50 790 Td 14 TL "
            + " ".join("(" + l.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ") Tj T*" for l in chunk)
            + " ET"
        )
        stream = zlib.compress(text.encode("cp1252", "replace"))
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream")
        content = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % content
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [" + b" ".join(b"%d 0 R" % k for k in kids) + b"] /Count %d >>" % len(kids)
    out, offsets = b"%PDF-1.4\n", []
    for number, obj in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + obj + b"\nendobj\n"
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)


# --------------------------------------------------------------------------- styles


def source_toml(site: Site, **entry: object) -> str:
    lines = [
        "[[source]]",
        f'slug = "{site.name}"',
        f'name = "{site.name}"',
        f'category = "{site.category}"',
        f'url = "{site.base}/"',
    ]
    tables = []
    for key, value in entry.items():
        if isinstance(value, dict):
            tables.append(
                f"[source.{key}]\n" + "\n".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
            )
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines + tables) + "\n"


def build(site: Site, live: list[Item]) -> None:
    """(Re)build every page of a site from the items published so far."""
    p, base = {}, site.base
    p["/robots.txt"] = Page(b"User-agent: *\nDisallow: /prive/\nDisallow: /admin\n", "text/plain")
    section, feed = {
        "wordpress": ("/dossiers/", "/feed/"),
        "spip": ("/spip.php?rubrique=1", "/spip.php?page=backend"),
        "drupal": ("/actualites", ""),
        "reports": ("/publications", ""),
        "atom": ("/billets", "/atom.xml"),
        "flaky": ("/une", "/rss"),
        "hostile": ("/une", "/feed"),
    }.get(site.style, ("/une", ""))
    alternate = f'<link rel="alternate" type="application/rss+xml" title="Flux" href="{feed}">' if feed else ""
    home = f'<html lang="fr"><head><title>{site.name}</title>{alternate}</head><body><nav><a href="{section}">Actualités</a> <a href="/contact">Contact</a></nav><h1>{site.name}</h1></body></html>'
    p["/"] = Page(home.encode())
    p["/dossier-impact"] = Page(f"<html><body><h1>{TRAP}</h1><p>Page de dossier.</p></body></html>".encode())
    newest = sorted(live, key=lambda i: i.when, reverse=True)

    def articles(pattern: str, **kw) -> None:
        charset = kw.get("charset", "utf-8")
        for i in live:
            i.url = base + pattern.format(slug=i.slug)
        for i in live:
            parts = urlsplit(i.url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            p[path] = Page(article_html(site, i, **kw), f"text/html; charset={charset}")

    match site.style:
        case "wordpress":
            articles("/{slug}/")
            p["/feed/"] = Page(rss(site, newest), "application/rss+xml; charset=UTF-8")
            site.toml = source_toml(site, feed=f"{base}/feed/")
        case "spip":  # ISO-8859-1 pages, dates only in French prose, feed with a bare ampersand
            articles("/spip.php?article={slug}", meta=False, charset="iso-8859-1")
            p["/spip.php?page=backend"] = Page(rss(site, newest, broken=True), "text/xml")
            site.toml = source_toml(site, feed=f"{base}/spip.php?page=backend")
        case "drupal":  # no feed: a paginated listing
            articles("/actualites/{slug}")
            per = 8
            for n in range(0, max(1, -(-len(newest) // per))):
                rows = "".join(
                    f'<div class="views-row"><h3><a href="{urlsplit(i.url).path}">{html.escape(i.title)}</a></h3>'
                    f'<span class="date">{french_date(i.when)}</span></div>'
                    for i in newest[n * per : (n + 1) * per]
                )
                more = (
                    f'<a class="pager-next" href="/actualites?page={n + 1}">Suivant</a>'
                    if (n + 1) * per < len(newest)
                    else ""
                )
                page = Page(
                    f'<html><body><nav><a href="/">Accueil</a> <a href="/contact">Contact</a></nav><main>{rows}{more}</main></body></html>'.encode()
                )
                p[f"/actualites?page={n}"] = page
                if n == 0:
                    p["/actualites"] = page
            site.toml = source_toml(
                site,
                listing={"url": f"{base}/actualites", "link": ".views-row h3 a", "next": "a.pager-next", "pages": 20},
            )
        case "news":  # gzip news sitemap, JSON-LD articles
            articles("/article/{slug}.html", meta=False, jsonld=True)
            urls = "".join(
                f"<url><loc>{html.escape(i.url)}</loc><news:news><news:publication_date>{i.when.isoformat()}</news:publication_date>"
                f"<news:title>{html.escape(i.title)}</news:title></news:news></url>"
                for i in newest
            )
            body = (
                '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
                f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
            ).encode()
            p["/sitemap-news.xml.gz"] = Page(gzip.compress(body), "application/x-gzip")
            p["/sitemap.xml"] = Page(
                f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{base}/sitemap-news.xml.gz</loc></sitemap></sitemapindex>'.encode(),
                "application/xml",
            )
            p["/robots.txt"] = Page(
                f"User-agent: *\nCrawl-delay: 1\nSitemap: {base}/sitemap.xml\n".encode(), "text/plain"
            )
            site.toml = source_toml(site, sitemap=f"{base}/sitemap.xml")
        case "api":  # JSON, three rows a page, text inside
            for i in live:
                i.url = f"{base}/questions/{i.slug}"
                p[urlsplit(i.url).path] = Page(article_html(site, i))
            pages = max(1, -(-len(newest) // 3))
            for n in range(1, pages + 1):
                rows = [
                    {
                        "url": i.url,
                        "titre": i.title,
                        "texte": "\n".join(i.paragraphs),
                        "date": i.when.date().isoformat(),
                    }
                    for i in newest[(n - 1) * 3 : n * 3]
                ]
                p[f"/api/questions?page={n}"] = Page(
                    json.dumps({"total": len(newest), "results": rows}, ensure_ascii=False).encode(), "application/json"
                )
            p[f"/api/questions?page={pages + 1}"] = Page(
                b'{"total": %d, "results": []}' % len(newest), "application/json"
            )
            site.toml = source_toml(
                site,
                api={
                    "url": f"{base}/api/questions?page={{page}}",
                    "items": "results",
                    "link": "url",
                    "title": "titre",
                    "text": "texte",
                    "date": "date",
                    "pages": 50,
                },
            )
        case "reports":  # a listing whose links are PDF files
            rows = ""
            for i in newest:
                i.url = f"{base}/rapports/{i.slug}.pdf"
                p[f"/rapports/{i.slug}.pdf"] = Page(pdf(i.title, i.paragraphs), "application/pdf")
                rows += f'<li class="doc"><a href="/rapports/{i.slug}.pdf">{html.escape(i.title)}</a> ({french_date(i.when)})</li>'
            p["/publications"] = Page(f"<html><body><ul>{rows}</ul></body></html>".encode())
            site.toml = source_toml(site, listing={"url": f"{base}/publications", "link": "li.doc a", "pages": 1})
        case "atom":  # moved feed, relative links, double-escaped titles
            articles("/billets/{slug}")
            p["/atom.xml"] = Page(b"", status=301, headers={"Location": "/feeds/atom.xml"})
            p["/feeds/atom.xml"] = Page(atom(site, newest), "application/atom+xml")
            site.toml = source_toml(site, feed=f"{base}/atom.xml")
        case "flaky":  # 503 + Retry-After first, then well; one page never answers in time
            articles("/{slug}.html")
            for page in list(p.values())[3:]:
                page.fail_first = 1
            slow = Item(
                "lent",
                "Une page qui ne vient pas",
                "Rien.",
                [],
                datetime.now(UTC) - timedelta(hours=3),
                "fr",
                url=f"{base}/lente.html",
            )
            p["/lente.html"] = Page(b"trop tard", delay=90)
            p["/rss"] = Page(rss(site, [slow, *newest]), "text/xml", fail_first=1)
            site.toml = source_toml(site, feed=f"{base}/rss")
        case "closed":  # robots.txt forbids everything: nothing but robots.txt may be asked
            articles("/{slug}/")
            p["/robots.txt"] = Page(b"User-agent: *\nDisallow: /\n", "text/plain")
            p["/feed/"] = Page(rss(site, newest), "application/rss+xml")
            site.toml = source_toml(site, feed=f"{base}/feed/")
        case "hostile":  # redirects inward, bombs, traps, markup and header injection in titles
            evil = "<script>alert(1)</script>Contrat à impact social\r\nBcc: victime@example.org"
            when = datetime.now(UTC) - timedelta(hours=5)
            control = f"http://127.0.0.1:{site.port}"
            links = [
                f"{base}/redirect-in",
                f"{base}/redirect-meta",
                f"{base}/bomb",
                f"{base}/huge",
                f"{base}/loop",
                f"{base}/xss",
                "file:///etc/passwd",
                f"{control}/secret",
            ]
            rows = "".join(
                f"<item><title>{html.escape(evil)}</title><link>{html.escape(u)}</link><pubDate>{format_datetime(when)}</pubDate></item>"
                for u in links
            )
            p["/feed"] = Page(
                f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>h &c; &x;</title>{rows}</channel></rss>'.encode(),
                "text/xml",
            )
            p["/redirect-in"] = Page(b"", status=302, headers={"Location": f"{control}/secret"})
            p["/redirect-meta"] = Page(
                b"", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}
            )
            p["/bomb"] = Page(BOMB, headers={"Content-Encoding": "gzip"})
            p["/huge"] = Page(b"<p>x</p>" * 8_000_000)
            p["/loop"] = Page(b"", status=302, headers={"Location": "/loop"})
            p["/xss"] = Page(
                f"<html><head><title>{html.escape(evil)}</title></head><body><article><h1>{html.escape(evil)}</h1><p>{html.escape('<img src=x onerror=alert(2)>')} Un contrat à impact social a été signé hier par l’État, selon cette page volontairement piégée. {'Le reste du texte est ordinaire et sert à donner de la longueur à cet article. ' * 6}</p></article></body></html>".encode()
            )
            site.toml = source_toml(site, feed=f"{base}/feed")
    for path in site.dead:
        p[path] = Page(b"gone", "text/plain", status=410)
    # keep how often a page already failed
    for path, page in p.items():
        old = site.pages.get(path)
        if old is not None and page.fail_first:
            page.fail_first = old.fail_first
    site.pages = p


STYLES = [
    ("wordpress", "presse"),
    ("spip", "critique-allie"),
    ("drupal", "agence"),
    ("news", "presse"),
    ("api", "parlement"),
    ("reports", "ministere"),
    ("atom", "think-tank"),
    ("flaky", "presse"),
    ("closed", "presse"),
    ("hostile", "presse"),
]


# --------------------------------------------------------------------------- the web


class Web:
    def __init__(self, corpus: list[dict], port: int, hold_back: float) -> None:
        self.port, self.round, self.log, self.lock = port, 1, [], threading.Lock()
        self.sites = [
            Site(f"site-{style}", style, f"127.0.0.{n}", port, cat) for n, (style, cat) in enumerate(STYLES, 2)
        ]
        self.by_host = {s.host: s for s in self.sites}
        self.deliver(corpus, hold_back)
        self.rebuild()

    def deliver(self, corpus: list[dict], hold_back: float) -> None:
        carriers = [s for s in self.sites if s.style not in ("closed", "hostile")]
        now = datetime.now(UTC).replace(microsecond=0)
        for n, row in enumerate(sorted(corpus, key=lambda r: hashlib.sha1(str(r["id"]).encode()).digest())):
            item = Item(
                str(row["id"]),
                row.get("title") or "Sans titre",
                row["text"],
                row["labels"],
                now - timedelta(hours=2 + (n * 7) % 140),
                row.get("lang") or "fr",
            )
            item.round = 2 if (n * 0.6180339) % 1 < hold_back else 1
            site = carriers[n % len(carriers)]
            site.items.append(item)
            if n % 12 == 0 and item.lang == "fr":  # a syndicated copy, slightly cut, on another site
                other = carriers[(n + 3) % len(carriers)]
                copy = Item(
                    item.id + "-copie",
                    item.title,
                    item.text + "\n(Avec agences.)",
                    item.labels,
                    item.when + timedelta(hours=1),
                    item.lang,
                    copy_of=item.id,
                    round=item.round,
                )
                other.items.append(copy)
        hostile = next(s for s in self.sites if s.style == "hostile")
        hostile.items = [
            Item(
                "piege-xss",
                "piège",
                "Un contrat à impact social a été signé.",
                ["cis"],
                now,
                "fr",
                url=f"{hostile.base}/xss",
            )
        ]
        closed = next(s for s in self.sites if s.style == "closed")
        closed.items = [
            Item(
                "ferme-1",
                "Contrats à impact social : bilan",
                "Un contrat à impact social a été signé.",
                ["cis"],
                now,
                "fr",
            )
        ]

    def rebuild(self) -> None:
        for site in self.sites:
            live = [i for i in site.items if i.round <= self.round]
            if self.round >= 2 and site.style in ("wordpress", "drupal"):
                edited, deleted = [i for i in site.items if i.round == 1 and not i.copy_of][:2]
                if not edited.edited:
                    edited.edited = True
                    edited.text += (
                        "\nRectificatif : le montant annoncé dans une première version de cet article était inexact."
                    )
                deleted.deleted = True
                site.dead.add(urlsplit(deleted.url).path)
                live = [i for i in live if i is not deleted]
            build(site, live)

    def truth(self) -> list[dict]:
        return [
            {
                "id": i.id,
                "url": i.url,
                "site": s.name,
                "labels": i.labels,
                "round": i.round,
                "copy_of": i.copy_of,
                "edited": i.edited,
                "deleted": i.deleted,
                "fetchable": s.style != "closed",
            }
            for s in self.sites
            for i in s.items
            if i.url and i.round <= self.round
        ]

    def write(self, out: Path) -> None:
        """sources.toml, config.toml and truth.jsonl for what is published now."""
        out.mkdir(parents=True, exist_ok=True)
        sources = "\n".join(s.toml for s in self.sites)
        hosts = ", ".join(f'"{s.host}:{s.port}"' for s in self.sites)
        (out / "sources.toml").write_text(sources, encoding="utf-8")
        (out / "config.toml").write_text(
            f"""[veille]
name = "Veille d'essai"
timezone = "Europe/Paris"
database = "sqlite:///{out}/veille.db"
data = "{out}/data"
contact = "essai@example.org"
[crawl]
allowed_private_hosts = [{hosts}]
delay = 0.05
timeout = 10
[web]
public_url = "https://veille.example.org"
[digest]
day = "monday"
hour = 8
[mail]
backend = "folder"
folder = "{out}/mail"
from = "Veille d'essai <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Contrats et investissements à impact social"

{sources}""",
            encoding="utf-8",
        )
        (out / "truth.jsonl").write_text(
            "\n".join(json.dumps(r, ensure_ascii=False) for r in self.truth()) + "\n", encoding="utf-8"
        )

    def note(self, **row) -> None:
        with self.lock:
            self.log.append(row)


def make_handler(web: Web, out: Path):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args) -> None:
            pass

        def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for k, v in headers.items():
                self.send_header(k, v)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                try:
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass

        def record(self, status: int) -> None:
            web.note(
                site=self.server.server_address[0],
                method=self.command,
                path=self.path,
                at=time.time(),
                status=status,
                agent=self.headers.get("User-Agent", ""),
                conditional=bool(self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since")),
            )

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.server.server_address[0] == "127.0.0.1" and self.path.startswith("/round/"):
                web.round = int(self.path.rsplit("/", 1)[1])
                web.rebuild()
                web.write(out)
                return self.reply(200, b"ok", {})
            self.record(405)
            self.reply(405, b"", {})

        def do_GET(self) -> None:
            host = self.server.server_address[0]
            if host == "127.0.0.1":
                return self.control()
            site = web.by_host[host]
            page = site.pages.get(self.path)
            if page is None:
                self.record(404)
                return self.reply(404, b"<html><body>Page introuvable</body></html>", {"Content-Type": "text/html"})
            if page.fail_first > 0:
                page.fail_first -= 1
                self.record(503)
                return self.reply(503, b"", {"Retry-After": "1"})
            time.sleep(page.delay)
            etag = '"' + hashlib.sha1(page.body).hexdigest()[:16] + '"'
            if page.status == 200 and self.headers.get("If-None-Match") == etag:
                self.record(304)
                return self.reply(304, b"", {"ETag": etag})
            self.record(page.status)
            self.reply(page.status, page.body, {"Content-Type": page.ctype, "ETag": etag, **page.headers})

        do_HEAD = do_GET

        def control(self) -> None:
            if self.path == "/log":
                return self.reply(200, json.dumps(web.log).encode(), {"Content-Type": "application/json"})
            if self.path == "/truth":
                return self.reply(200, json.dumps(web.truth()).encode(), {"Content-Type": "application/json"})
            self.record(200)
            self.reply(200, b"secret", {})

    return Handler


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--corpus", type=Path, required=True)
    args.add_argument("--port", type=int, default=8800)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--hold-back", type=float, default=0.2, help="share of articles published in round 2 only")
    opt = args.parse_args()
    rows = [json.loads(line) for line in opt.corpus.read_text(encoding="utf-8").splitlines() if line.strip()]
    web = Web(rows, opt.port, opt.hold_back)
    out = opt.out.resolve()
    web.write(out)
    handler = make_handler(web, out)
    servers = [ThreadingHTTPServer((host, opt.port), handler) for host in ["127.0.0.1", *web.by_host]]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{len(web.sites)} sites, {len(web.truth())} articles; control on http://127.0.0.1:{opt.port}/", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
