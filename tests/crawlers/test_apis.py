"""JSON, zipped JSON and CSV answers."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
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
    assert len(read([{"autre": 1}, {"url": None}, {"url": {}}, {"url": True}, {"url": "x"}])) == 1


def test_zipped_json_is_read_member_by_member() -> None:
    body = zipped(a_json={"q": {"url": "/1"}}, b_json={"q": {"url": "/2"}}, lisezmoi=b"rien")
    assert [found.url[-2:] for found in read(body, format="json.zip", items="q")] == ["/1", "/2"]


def assembly(number: int, answer: object = None, words: str = "Le texte.") -> dict[str, Any]:
    """A written question as the Assemblée nationale gives it: what can be several is an object when it is alone."""
    text = {"infoJO": {"dateJO": "2026-03-03"}, "texte": words}
    return {
        "question": {
            "uid": f"QANR5L17QE{number}",
            "indexationAN": {"rubrique": "associations"},
            "textesQuestion": {"texteQuestion": text if number % 2 else [text, text]},
            "textesReponse": {"texteReponse": answer},
        }
    }


QUESTIONS = {
    "format": "json.zip",
    "items": "question",
    "link": "https://questions.example/q17/{uid}.htm",
    "title": "indexationAN.rubrique",
    "text": "[[textesQuestion.texteQuestion][].texte, [textesReponse.texteReponse][].texte][]",
    "date": "[[textesReponse.texteReponse, textesQuestion.texteQuestion][]][].infoJO.dateJO | [0]",
}


def test_fields_that_flip_between_object_and_list_are_read_alike() -> None:
    answer = {"infoJO": {"dateJO": "2026-04-07"}, "texte": "La réponse."}
    body = zipped(a_json=assembly(1), b_json=assembly(2, answer), c_json=assembly(3, [answer]), index_json={"x": 1})
    found = read(body, **QUESTIONS)
    assert [row.url for row in found] == [f"https://questions.example/q17/QANR5L17QE{n}.htm" for n in (1, 2, 3)]
    assert [row.hint.text for row in found] == [
        "Le texte.", "Le texte.\nLe texte.\nLa réponse.", "Le texte.\nLa réponse.",
    ]  # fmt: skip
    assert [str(row.hint.published)[:10] for row in found] == ["2026-03-02", "2026-04-06", "2026-04-06"]


def test_a_dump_is_read_within_a_memory_that_does_not_grow_with_it() -> None:
    """A7: 36 MB of files for one that is wanted; memory holds the archive and one of them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(1_000, 1_500):
            archive.writestr(f"json/{number}.json", json.dumps(assembly(number, words="Une phrase. " * 4_000)))
    page, rules = EntryPage(URL, stream.getvalue()), ApiRules(URL, **QUESTIONS | {"text": ""})
    del archive, stream
    tracemalloc.start()
    found = apis.read(page, rules, NOW, lambda row: row.url.endswith("1123.htm")).found
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 1
    assert peak < 3 * 1024 * 1024


def test_of_more_rows_than_are_kept_the_newest_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apis, "MOST_ROWS", 20)
    rows = [{"url": f"/{year}", "date": f"{year}-01-02"} for year in (*range(2000, 2026), *range(1995, 2000))] + [ROW]
    found = read(rows, date="date")
    assert [row.url[-4:] for row in found] == ["/q/1", *(str(year) for year in range(2025, 2006, -1))]


def test_a_file_of_an_archive_that_is_damaged_costs_itself_only() -> None:
    body = zipped(a_json=b"{", b_json={"url": "/b"})
    reading = apis.read(EntryPage(URL, body), ApiRules(URL, "url", format="json.zip"), NOW)
    assert [row.url for row in reading.found] == ["https://exemple.fr/b"]
    assert reading.lost == "1 fichier de l'archive illisible"


def test_an_archive_of_too_many_names_is_refused_before_it_is_opened() -> None:
    """A7: its list alone would fill the memory."""
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 300_000_000, 0, 0)
    with pytest.raises(Unreadable, match="trop de fichiers"):
        read(b"PK" + end, format="json.zip")


@pytest.mark.parametrize(
    ("row", "template", "expected"),
    [
        ({"idweb": "26-123"}, "https://boamp.example/avis/{idweb}", "https://boamp.example/avis/26-123"),
        ({"a": {"b": 7}, "c": "é/?#&"}, "https://x.example/{a.b}?q={ c }", "https://x.example/7?q=%C3%A9%2F%3F%23%26"),
        ({"id": "//hote.example/"}, "/avis/{id}", "https://exemple.fr/avis/%2F%2Fhote.example%2F"),
        ({"url": "https://x.example/{y}"}, "url", "https://x.example/{y}"),
        ({"a": "x"}, "{a: a}.a", "https://exemple.fr/x"),
    ],
)
def test_an_address_may_be_a_template_of_fields(row: dict[str, Any], template: str, expected: str) -> None:
    (found,) = read([row], link=template)
    assert found.url == expected


def test_a_template_may_name_the_columns_of_a_csv() -> None:
    body = b"% note\nNum\xe9ro;Titre\n17-1;T\n;Sans\n"
    (found,) = read(body, format="csv", link="https://q.example/{numero}", title="titre", encoding="iso-8859-1")
    assert found.url == "https://q.example/17-1"


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


def test_pages_count_from_the_first_or_by_steps() -> None:
    zero = ApiRules(URL, "url", first=0, pages=2)
    assert [url[-1] for url in apis.urls(zero, 200)] == ["0", "1"]
    steps = ApiRules("https://exemple.fr/records?limit=50&offset={offset}", "url", step=50, pages=3)
    assert [url.rpartition("=")[2] for url in apis.urls(steps, 200)] == ["0", "50", "100"]


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
        (zipped(a_json=b"{", b_json=b"x"), {"format": "json.zip"}, "format", "items"),
        (zipped(a_json={"autre": 1}), {"format": "json.zip", "items": "question"}, "format", "items"),
        (b"[" + b"{}," * 3_100_000 + b"{}]", {}, "size", "trop d'éléments"),
        ([{"autre": 1}, {"url": None}], {}, "format", "2 lignes, dont aucune n'a d'adresse"),
        ([{"id": ".."}], {"link": "https://exemple.fr/avis/{id}"}, "format", "aucune n'a d'adresse"),
        (b"a;b\n1;2\n", {"format": "csv"}, "format", "colonnes : a, b"),
        (b"", {"format": "csv"}, "format", "aucune"),
        (b"url\n" + b"x" * 200_000, {"format": "csv"}, "format", "CSV"),
    ],
)
def test_what_cannot_be_read_is_a_named_failure(body: Any, rules: dict[str, Any], kind: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        read(body, **rules)
    assert caught.value.kind == kind
