"""JSON, zipped JSON and CSV answers."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from core.sources import ApiRules
from crawlers import apis
from crawlers.found import EntryPage, Found, Unreadable

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://exemple.fr/api?page={page}"


def read(body: Any, **rules: Any) -> tuple[Found, ...]:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return apis.read(
        EntryPage("https://exemple.fr/api?page=1", raw), ApiRules(URL, **({"link": "url"} | rules)), NOW
    ).found


def zipped(**members: Any) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in members.items():
            archive.writestr(name.replace("_json", ".json"), value if isinstance(value, bytes) else json.dumps(value))
    return stream.getvalue()


ROW = {"url": "/q/1", "titre": "Été &amp; hiver", "texte": "<p>Un.</p><p>Deux.</p>", "date": "2026-03-16"}
FIELDS = {"title": "titre", "text": "texte", "date": "date"}


def test_a_row_with_text_is_an_article_of_its_own() -> None:
    (found,) = read({"results": [ROW]}, items="results", **FIELDS)
    assert found.url == "https://exemple.fr/q/1"
    assert (found.hint.title, found.hint.text) == ("Été & hiver", "Un.\n\nDeux.")
    assert found.row is not None
    assert json.loads(found.row) == {
        "url": "https://exemple.fr/q/1",
        "title": "Été & hiver",
        "text": "Un.\n\nDeux.",
        "date": "2026-03-15T23:00:00+00:00",
    }


def test_a_row_without_text_is_a_link() -> None:
    for row, rules in ((ROW | {"texte": None}, FIELDS), (ROW, {"title": "titre"})):
        (found,) = read([row], **rules)
        assert found.row is None


@pytest.mark.parametrize(
    ("item", "expression", "expected"),
    [
        ({"a": {"b": "x"}}, "a.b", "https://exemple.fr/x"),
        ({"a": ["x", "y"]}, "a[0]", "https://exemple.fr/x"),
        ({"id": 42}, "join('/', ['https://q.fr', to_string(id)])", "https://q.fr/42"),
    ],
)
def test_fields_are_found_by_jmespath(item: dict[str, Any], expression: str, expected: str) -> None:
    (found,) = read([item], link=expression)
    assert found.url == expected


@pytest.mark.parametrize("text", ["un", ["un"], [["un"], None], 1.5])
def test_fields_that_flip_between_forms_are_read(text: Any) -> None:
    (found,) = read([{"url": "x", "texte": text}], text="texte")
    assert found.hint.text in ("un", "1.5")


def test_items_that_flip_to_a_single_object_are_read() -> None:
    assert len(read({"results": ROW}, items="results")) == 1
    assert read({"results": []}, items="results") == ()
    assert read([{"autre": 1}, {"url": None}, {"url": {}}, {"url": True}]) == ()


def test_zipped_json_is_read_member_by_member() -> None:
    body = zipped(a_json={"q": {"url": "/1"}}, b_json={"q": {"url": "/2"}}, lisezmoi=b"rien")
    assert [found.url[-2:] for found in read(body, format="json.zip", items="q")] == ["/1", "/2"]


SENAT = "% commentaire\n% autre\nNuméro;Titre;URL Question;Date\n1;L’été;https://senat.example/1;16/03/2026\n2;;;\n"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_csv_with_comments_is_read_in_either_charset(encoding: str) -> None:
    """A15: declared iso-8859-1, whatever it is."""
    rules = {"format": "csv", "encoding": "iso-8859-1", "link": "url question", "title": "Titre", "date": "date"}
    (found,) = read(SENAT.encode(encoding), **rules)
    assert (found.url, found.hint.title) == ("https://senat.example/1", "L’été")
    assert found.hint.published == datetime(2026, 3, 15, 23, tzinfo=UTC)


def test_csv_takes_another_delimiter_and_quotes() -> None:
    body = b'url,titre\n/1,"Un, deux\nlignes"\n'
    (found,) = read(body, format="csv", delimiter=",", title="titre")
    assert found.hint.title == "Un, deux lignes"


def test_pages_count_from_one_within_what_is_declared() -> None:
    assert apis.urls(ApiRules(URL, "url", pages=3), 200)[1:] == (
        "https://exemple.fr/api?page=2",
        "https://exemple.fr/api?page=3",
    )
    assert len(apis.urls(ApiRules(URL, "url", pages=10_000), 200)) == 200
    assert apis.urls(ApiRules("https://exemple.fr/tout", "url", pages=9), 200) == ("https://exemple.fr/tout",)


@pytest.mark.parametrize(
    ("body", "rules", "kind", "words"),
    [
        (b"<html>Connexion</html>", {}, "format", "JSON"),
        (b"[" * 100_000, {}, "format", "JSON"),
        ({"autre": []}, {"items": "results"}, "format", "items"),
        ([], {"items": "results["}, "config", "JMESPath"),
        ([1, "x"], {"items": "length(@)[0].x.sort(@)"}, "config", "JMESPath"),
        (b"PK rien", {"format": "json.zip"}, "encoding", "zip"),
        (zipped(a_json=b" " * 70_000_000), {"format": "json.zip"}, "size", "64 Mio"),
        (b"a;b\n1;2\n", {"format": "csv"}, "format", "colonnes : a, b"),
        (b"", {"format": "csv"}, "format", "aucune"),
        (b"url\n" + b"x" * 200_000, {"format": "csv"}, "format", "CSV"),
    ],
)
def test_what_cannot_be_read_is_a_named_failure(body: Any, rules: dict[str, Any], kind: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        read(body, **rules)
    assert caught.value.kind == kind
