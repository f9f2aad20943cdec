"""Lists of feeds come in, off and in their category, and go out as any reader takes them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from core.errors import ConfigError
from core.sources import Source
from veille import opml

LIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Nos flux</title></head><body>
<outline text="Ministères et État"><outline type="rss" text="Un &lt;b&gt;ministère&lt;/b&gt;" xmlUrl="https://www.ministere.example/feed/"
 htmlUrl="https://www.ministere.example/"/></outline>
<outline title="Presse"><outline title="Locale"><outline text="Gazette &quot;des rives&quot;" xmlUrl="https://gazette.example/rss.xml"/></outline>
<outline text="Encore elle" xmlUrl="http://www.gazette.example/rss.xml"/></outline>
<outline text="Un lien" type="link" url="https://ailleurs.example/"/>
<outline text="Un fichier" xmlUrl="file:///etc/passwd"/>
<outline text="Connue" xmlUrl="http://127.0.0.1:9/feed"/>
</body></opml>
"""


def test_feeds_are_found_in_nested_groups() -> None:
    assert [(each.title, each.group) for each in opml.parse(LIST.encode())] == [
        ("Un <b>ministère</b>", "Ministères et État"), ('Gazette "des rives"', "Locale"), ("Encore elle", "Presse"),
        ("Un fichier", ""), ("Connue", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("group", "category"),
    [("Presse", "presse"), ("ministères", "ministere"), ("Think-tanks", "think-tank"), ("Divers", ""), ("", "")],
)
def test_a_group_names_its_category_in_any_spelling(group: str, category: str) -> None:
    assert opml.category_of(group) == category


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'<!DOCTYPE o [<!ENTITY a "aaaa">]><opml><body><outline xmlUrl="&a;"/></body></opml>', "entités"),
        (b"<rss/>", "pas une liste OPML"),
        (b"pas du xml", "XML lisible"),
        (b"<opml>" + b" " * opml.MOST_BYTES, "dépasse"),
        (b"<opml><body>" + b'<outline xmlUrl="https://a.example/"/>' * 5_001 + b"</body></opml>", "plus de 5000"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(body: bytes, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        opml.parse(body)


def test_groups_without_end_cost_nothing() -> None:
    assert opml.parse(b"<opml><body>" + b'<outline text="a">' * 900 + b"</outline>" * 900 + b"</body></opml>") == []


def test_what_is_written_is_read_back() -> None:
    sources = [
        Source(
            "b", "B & Cie", "presse", "https://b.example/", feeds=("https://b.example/1?x=1&y=2", "https://b.example/2")
        ),
        Source("a", "A", "ministere", "https://a.example/", feeds=("https://a.example/feed/",)),
        Source("c", "C", "agence", "https://c.example/", sitemaps=("https://c.example/sitemap.xml",)),
    ]
    assert [(each.title, each.feed, opml.category_of(each.group)) for each in opml.parse(opml.write(sources, "V"))] == [
        ("A", "https://a.example/feed/", "ministere"),
        ("B & Cie", "https://b.example/1?x=1&y=2", "presse"),
        ("B & Cie (2)", "https://b.example/2", "presse"),
    ]


def test_an_imported_list_is_off_and_its_twins_are_said(veille, tmp_path: Path) -> None:
    config, file = tmp_path / "config.toml", tmp_path / "liste.opml"
    before = config.read_bytes()
    file.write_text(LIST, encoding="utf-8")
    refused = veille("source", "import", str(file))
    assert refused.returncode == 3 and "« Locale »" in refused.stderr and "--category" in refused.stderr
    dry = veille("source", "import", str(file), "--category", "presse", "--dry-run")
    assert "2 sources seraient ajoutées" in dry.stdout and config.read_bytes() == before
    ran = veille(
        "source", "import", str(file), "--category", "presse", "--json", VEILLE_NOW="2026-11-24T09:00:00+01:00"
    )
    report = json.loads(ran.stdout)
    assert [row["slug"] for row in report["added"]] == ["ministere", "gazette"]
    assert report["known"] == ["http://www.gazette.example/rss.xml", "http://127.0.0.1:9/feed"]
    assert report["refused"] == ["file:///etc/passwd"]
    assert config.read_bytes().startswith(before)
    added = tomllib.loads(config.read_text(encoding="utf-8"))["source"][1]
    assert added == {
        "slug": "ministere", "name": "Un <b>ministère</b>", "category": "ministere",
        "url": "https://www.ministere.example/", "feed": "https://www.ministere.example/feed/", "enabled": False,
        "disabled_reason": "importée le 24/11/2026, à essayer",
    }  # fmt: skip
    again = veille("source", "import", str(file), "--category", "presse")
    assert again.returncode == 0 and "Déjà suivis" in again.stdout


def test_an_export_is_an_import_of_what_is_watched(veille, tmp_path: Path) -> None:
    assert veille("source", "export", "flux.opml").returncode == 0
    assert "Déjà suivis" in veille("source", "import", "flux.opml").stdout
    assert opml.parse(veille("source", "export").stdout.encode())[0].feed == "http://127.0.0.1:9/feed"
