"""The demonstration's sites answer as real ones do, and say what the watch must find in them."""

import gzip
import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pypdfium2
import pytest
from lxml import etree, html

from demo import DemoWeb
from demo.sites import Site

NOW = datetime(2026, 2, 4, 9, 30, tzinfo=UTC)
LABELS = {"cis", "iis", "marchandisation"}
SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(NOW) as served:
        yield served


def site(web: DemoWeb, slug: str) -> Site:
    return next(one for one in web.sites if one.slug == slug)


def get(url: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_every_site_has_its_address_and_answers(web: DemoWeb) -> None:
    assert len(set(web.addresses)) == len(web.sites) == 10
    for one in web.sites:
        for path in ("/", "/robots.txt", "/mentions-legales", "/dossier"):
            answer, body = get(one.base + path)
            assert answer.status == 200 and body


def test_every_html_page_says_it_is_a_demonstration(web: DemoWeb) -> None:
    for one in web.sites:
        answer, body = get(f"{one.base}/")
        charset = answer.headers.get_content_charset()
        assert charset == ("iso-8859-1" if one.slug == "agence-logement-digne" else "utf-8")
        assert "démonstration" in html.fromstring(body.decode(charset)).text_content()


def test_every_internal_link_leads_somewhere(web: DemoWeb) -> None:
    for one in web.sites:
        seen, todo = set(), [f"{one.base}/"]
        while todo:
            url = todo.pop()
            if url in seen:
                continue
            seen.add(url)
            answer, body = get(url)
            assert answer.status == 200, url
            if answer.headers.get_content_type() == "text/html":
                page = html.fromstring(body, base_url=url)
                page.make_links_absolute()
                todo += [link for _, name, link, _ in page.iterlinks() if name == "href" and link.startswith(one.base)]
        assert {one.url_of(article) for article in one.articles} <= seen


def test_article_pages_hold_their_text_dates_expanded(web: DemoWeb) -> None:
    for one in web.sites:
        for article in one.articles:
            answer, body = get(one.url_of(article))
            assert answer.status == 200
            assert "{" not in article.title + article.text
            if answer.headers.get_content_type() == "text/html":
                text = html.fromstring(body.decode(answer.headers.get_content_charset() or "")).text_content()
                assert article.title in text
                assert article.blocks[0].text in text
                assert (article.blocks[-1].items[-1] in text) is not article.members_only


def test_counts(web: DemoWeb) -> None:
    articles = [article for one in web.sites for article in one.articles]
    on_topic = [article for article in articles if article.labels]
    look_alikes = [article for article in articles if article.note and not article.labels and not article.copy_of]
    assert len(articles) >= 46
    assert 1 / 3 <= len(on_topic) / len(articles) <= 0.4
    assert len(look_alikes) >= 10
    assert {label for article in articles for label in article.labels} == LABELS
    assert 2 <= sum(not article.central for article in on_topic) <= 3
    assert 4 <= sum(article.old for article in articles) <= 6
    assert not [article.id for article in articles if article.central and not article.labels]


def test_lengths_are_those_of_real_articles(web: DemoWeb) -> None:
    for article in (article for one in web.sites for article in one.articles):
        assert 150 <= len(article.text.split()) <= 800, article.id


def test_copies_follow_their_original_within_hours(web: DemoWeb) -> None:
    by_id = {article.id: article for one in web.sites for article in one.articles}
    copies = [article for article in by_id.values() if article.copy_of]
    assert len(copies) >= 2
    for copy in copies:
        original = by_id[copy.copy_of or ""]
        assert timedelta(0) < copy.published - original.published < timedelta(hours=12)
        assert copy.labels == original.labels
        assert len(copy.text) < len(original.text)


def test_truth_names_addresses(web: DemoWeb) -> None:
    truth = web.truth()
    urls = {row.url for row in truth}
    assert len(urls) == len(truth)
    assert all(row.copy_of in urls for row in truth if row.copy_of)
    assert all(set(row.labels) <= LABELS for row in truth)


@pytest.mark.parametrize("slug", ["agence-logement-digne", "courrier-des-vallees", "gazette-du-littoral"])
def test_rss(web: DemoWeb, slug: str) -> None:
    one = site(web, slug)
    feed = feedparser.parse(get(one.base + one.feed)[1])
    assert not feed.bozo and feed.version == "rss20"
    assert [entry.link for entry in feed.entries] == [one.url_of(article) for article in one.articles]
    assert all(("published_parsed" in entry) is (slug != "agence-logement-digne") for entry in feed.entries)


def test_atom_with_relative_links(web: DemoWeb) -> None:
    one = site(web, "collectif-des-lisieres")
    answer, body = get(one.base + one.feed)
    headers = {"content-location": one.base + one.feed, "content-type": answer.headers["Content-Type"]}
    feed = feedparser.parse(body, response_headers=headers)
    assert not feed.bozo and feed.version == "atom10"
    assert [entry.link for entry in feed.entries] == [one.url_of(article) for article in one.articles]
    assert b'href="../billets/' in body


def test_json_feed(web: DemoWeb) -> None:
    one = site(web, "fonds-passerelles")
    answer, body = get(one.base + one.feed)
    assert answer.headers.get_content_type() == "application/feed+json"
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"] for item in feed["items"]] == [one.url_of(article) for article in one.articles]


def test_sitemaps(web: DemoWeb) -> None:
    one = site(web, "courrier-des-vallees")
    index = etree.fromstring(get(f"{one.base}/sitemap.xml")[1])
    news, archive = [
        etree.fromstring(gzip.decompress(get(str(loc.text))[1])) for loc in index.iterfind("s:sitemap/s:loc", SITEMAP)
    ]
    assert [loc.text for loc in archive.iterfind("s:url/s:loc", SITEMAP)] == [one.url_of(a) for a in one.articles]
    titles = [title.text for title in news.iterfind("s:url/n:news/n:title", SITEMAP)]
    assert 3 <= len(titles) < len(one.articles)


def test_listing_pages_reach_every_article(web: DemoWeb) -> None:
    one = site(web, "ministere-action-solidaire")
    found: list[str] = []
    url = f"{one.base}/actualites"
    pages = 0
    while url:
        page = html.fromstring(get(url)[1].decode(), base_url=url)
        page.make_links_absolute()
        found += page.xpath("//div[@class='views-row']/h3/a/@href")
        url = next(iter(page.xpath("//a[@class='pager-next']/@href")), "")
        pages += 1
    assert pages == 2 and found == [one.url_of(article) for article in one.articles]


def test_api(web: DemoWeb) -> None:
    one = site(web, "assemblee-territoires")
    rows: list[dict[str, str]] = []
    for number in range(1, 10):
        page = json.loads(get(f"{one.base}/api/questions?page={number}")[1])
        if not page["results"]:
            break
        rows += page["results"]
    assert page["total"] == len(rows) == len(one.articles)
    assert [row["url"] for row in rows] == [one.url_of(article) for article in one.articles]


def test_reports_are_pdf_files_with_their_accents(web: DemoWeb) -> None:
    one = site(web, "institut-horizons-sociaux")
    for article in one.articles:
        document = pypdfium2.PdfDocument(get(one.url_of(article))[1])
        pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        assert len(pages) >= 3
        assert document.get_metadata_dict()["Title"] == article.title
        text = " ".join(" ".join(pages[1:]).split())
        first = " ".join(article.blocks[0].text.split())
        assert first in text
        assert "À propos de l’Institut" in text and f"Page 2 sur {len(pages)}" in text
        assert "contrat" not in pages[0].lower() and "impact" not in pages[0].lower()


def test_what_did_not_change_is_304(web: DemoWeb) -> None:
    for one in web.sites:
        url = one.base + (one.feed or one.section)
        answer, body = get(url)
        for headers in (
            {"If_None_Match": answer.headers["ETag"]},
            {"If_None_Match": f'"other", W/{answer.headers["ETag"]}'},
            {"If_Modified_Since": answer.headers["Last-Modified"]},
        ):
            again, nothing = get(url, **headers)
            assert (again.status, nothing) == (304, b"")
            assert web.requests[-1].conditional and web.requests[-1].status == 304
        assert get(url, If_None_Match='"other"')[0].status == 200
        assert get(url, If_Modified_Since="not a date")[0].status == 200
        assert body


def test_head_has_headers_only(web: DemoWeb) -> None:
    connection = HTTPConnection(web.addresses[0], timeout=5)
    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert answer.status == 200 and int(answer.headers["Content-Length"]) > 1000 and answer.read() == b""
    connection.close()


def test_requests_are_remembered(web: DemoWeb) -> None:
    one = web.sites[0]
    get(f"{one.base}/nulle-part")
    last = web.requests[-1]
    assert (last.host, last.path, last.status, last.conditional) == (one.host, "/nulle-part", 404, False)
    assert datetime.now(UTC) - last.at < timedelta(minutes=1)


def test_the_broken_the_closed_and_the_slow(web: DemoWeb) -> None:
    broken, closed = site(web, "lettre-du-secteur-associatif"), site(web, "revue-bilans")
    answer, body = get(broken.base + broken.feed)
    assert answer.status == 200 and answer.headers.get_content_type() == "text/html"
    assert 'type="password"' in body.decode()
    assert get(f"{closed.base}/robots.txt")[1] == b"User-agent: *\nDisallow: /\n"
    assert b"Crawl-delay: 1" in get(f"{site(web, 'institut-horizons-sociaux').base}/robots.txt")[1]


def test_feeds_are_announced(web: DemoWeb) -> None:
    for one in web.sites:
        page = html.fromstring(get(f"{one.base}/")[1])
        links = page.xpath("//link[@rel='alternate']/@href")
        assert not one.feed or one.feed in links


def test_config(web: DemoWeb, tmp_path: Path) -> None:
    config = tomllib.loads(web.config(tmp_path, 2525, public_url="http://127.0.0.1:9000"))
    assert config["veille"]["database"] == f"sqlite:///{tmp_path}/veille.db"
    assert config["crawl"]["allowed_private_hosts"] == list(web.addresses)
    assert config["mail"]["port"] == 2525
    assert config["web"]["public_url"] == "http://127.0.0.1:9000"
    assert config["topic"][0]["slug"] == "impact-social"
    for source, one in zip(config["source"], web.sites, strict=True):
        assert source["slug"] == one.slug and source["url"] == f"{one.base}/"
        entries = {"feed", "sitemap", "listing", "api"} & source.keys()
        assert len(entries) == 1
        entry = source[entries.pop()]
        address = entry if isinstance(entry, str) else entry["url"]
        assert get(address.replace("{page}", "1"))[0].status == 200


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DemoWeb(datetime(2026, 2, 4))


def test_two_webs_may_live_side_by_side(web: DemoWeb) -> None:
    with DemoWeb(NOW) as other:
        assert not set(other.addresses) & set(web.addresses)
        assert get(f"{other.sites[0].base}/")[0].status == 200
