"""A list of articles is found in a page by its repetition, its titles and its dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.blocks import blocks
from crawlers.found import EntryPage

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
URL = "https://agence.example/actualites"
TITLES = ["La passerelle rouvre au printemps", "Un guide pour les bénévoles", "Budget : ce qui change en mars"]


def read(body: str) -> list[tuple[str, int, int, str]]:
    """(selector, articles, dated ones, next) of each list of a page."""
    page = EntryPage(URL, body.encode(), "text/html; charset=utf-8")
    return [(each.rules.link, len(each.found), each.dated, each.rules.next) for each in blocks(page, body, NOW)]


def rows(pattern: str, link: str = "/actualites/{n}") -> str:
    return "".join(
        pattern.format(n=n, url=link.format(n=n), title=title, day=f"1{n} novembre 2026")
        for n, title in enumerate(TITLES)
    )


@pytest.mark.parametrize(
    ("pattern", "selector"),
    [
        ('<div class="views-row"><h3><a href="{url}">{title}</a></h3><span>{day}</span></div>', "div.views-row h3 a"),
        ('<article class="post-12{n} post"><h2><a href="{url}">{title}</a></h2>{day}</article>', "article.post h2 a"),
        ('<li><a class="titre" href="{url}">{title}</a> {day}</li>', "a.titre"),
        ("<table><tr><td><a href='{url}'>{title}</a></td><td>{day}</td></tr></table>", "td a"),
        ('<a class="carte" href="{url}"><h3>{title}</h3><time datetime="2026-11-1{n}">x</time></a>', "a.carte"),
    ],
)  # fmt: skip
def test_a_repeated_block_gives_its_selector_and_its_dates(pattern: str, selector: str) -> None:
    assert read(f"<html><body><main>{rows(pattern)}</main></body></html>") == [(selector, 3, 3, "")]


def test_menus_margins_and_other_sites_are_no_list() -> None:
    menu = rows('<li><a href="{url}">{title}</a></li>')
    page = f"""<html><body><nav><ul>{menu}</ul></nav><div class="menu-bas">{menu}</div><aside>{menu}</aside>
    <main>{rows('<p><a href="{url}">{title}</a></p>', "https://ailleurs.example/{n}")}</main></body></html>"""
    assert read(page) == []


def test_the_list_with_dates_comes_before_the_one_without() -> None:
    bare = rows('<p class="dossier"><a href="{url}">{title}</a></p>', "/dossiers/{n}")
    dated = rows('<div class="ligne"><a href="{url}">{title}</a> {day}</div>')
    assert [each[0] for each in read(f"<html><body>{bare}{dated}</body></html>")] == ["div.ligne a", "p.dossier a"]


def test_a_shelf_of_documents_is_read_by_its_pdf_links() -> None:
    page = rows('<li class="doc"><a href="{url}">{title}</a> ({day})</li>', "/rapports/{n}.pdf")
    assert read(f"<html><body><ul>{page}</ul></body></html>") == [('a[href$=".pdf"]', 3, 3, "")]


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a rel="next" href="?page=2">2</a>', 'a[rel~="next"]'),
        ('<a class="pager-next" href="?page=2">Suivant</a><a class="pager-last" href="?page=9">9</a>', "a.pager-next"),
        ('<ul><li class="suite"><a href="?page=2">Plus anciennes ›</a></li></ul>', "li.suite a"),
        ('<a class="page" href="?page=1">1</a><a class="page" href="?page=2">Suivant</a>', ""),
        ('<nav class="onglets"><a href="/a">Un</a><a href="/b">Le dossier « impact »</a></nav>', ""),
    ],
)  # fmt: skip
def test_the_way_to_the_next_page_is_named_when_it_is_the_only_one_of_its_class(pager: str, following: str) -> None:
    rules = rows('<div class="ligne"><a href="{url}">{title}</a> {day}</div>')
    assert read(f"<html><body>{rules}{pager}</body></html>")[0][3] == following


@pytest.mark.parametrize(
    "body", ["", "{}", "<html>", "<a href='http://[::1'>x y z et encore des mots</a>" * 5, "\x00<<<"]
)
def test_anything_else_holds_no_list(body: str) -> None:
    assert read(body) == []
