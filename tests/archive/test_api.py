"""The API: its document is true, its answers are those of the pages, and nothing that is asked of it is a fault."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import lxml.etree
import lxml.html
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from archive.ports import ArchivePorts


def get(archive: Any, path: str) -> Any:
    answer = archive.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_search_gives_what_its_page_gives_in_the_same_order(archive: Any) -> None:
    query = "?q=contrat+tag:cis&tri=date"
    found = get(archive, f"/api/search{query}")
    page = lxml.html.document_fromstring(archive.client.get(f"/recherche{query}").text)
    links = page.xpath("//ol[@class='results']//h3/a/@href")
    assert [f"/article/{one['id']}" for one in found["results"]] == links
    assert found["total"] == len(links)
    assert found["coverage"][0].startswith("9\u00a0sources lues depuis le")
    assert found["results"][0].keys() == {
        "id", "title", "source", "source_name", "category", "author", "language", "published", "first_seen", "tags",
        "central", "excerpt", "copies", "deleted", "pdf", "url", "permanent",
    }, "programs read these names: they are not renamed"  # fmt: skip


def test_every_page_of_an_answer_leads_to_the_next(archive: Any) -> None:
    whole = [one["id"] for one in get(archive, "/api/search?q=contrat&tous=1")["results"]]
    found: list[int] = []
    address = "/api/search?q=contrat&tous=1&par_page=2"
    while address:
        part = get(archive, address)
        found += [one["id"] for one in part["results"]]
        address = (part["next"] or "").removeprefix("https://veille.asso.example")
    assert found == whole and len(found) > 4
    beyond = get(archive, "/api/search?q=contrat&page=9999")
    assert (beyond["results"], beyond["next"]) == ([], None)


def test_an_article_comes_with_its_proofs_and_its_text_when_it_may(archive: Any) -> None:
    official = get(archive, f"/api/article/{archive.id('/appel-logement')}")
    assert "Le premier appel, lancé en 2024" in official["text"]
    assert official["versions"] == 2
    assert official["passages"][0]["rule"] == "cis-contrat_impact_social"
    press = get(archive, f"/api/article/{archive.id('412.html')}")
    assert press["text"] is None
    assert [copy["source_name"] for copy in press["also_in"]] == ["L’Écho des rivières"]


def test_sources_and_editions_are_those_of_the_pages(archive: Any) -> None:
    sources = {one["source"]: one for one in get(archive, "/api/sources")["results"]}
    assert sources.keys() == {one.slug for one in archive.ports.sources}
    assert sources["fonds-tremplin"]["health"] == "broken"
    assert (sources["fonds-tremplin"]["full_text"], sources["fonds-tremplin"]["excerpt_chars"]) == (False, 0)
    editions = get(archive, "/api/editions")["results"]
    assert [one["key"] for one in editions] == ["2026-W47", "2026-W46"], "a person's alerts are not listed"
    for one in editions:
        assert archive.client.get(one["permanent"].removeprefix("https://veille.asso.example")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/api/search?page=abc", 400, "page"),
        ("/api/search?page=0", 400, "page"),
        ("/api/search?page=99999999999999999999", 400, "page"),
        ("/api/search?par_page=101", 400, "par_page"),
        ("/api/search?tri=hasard", 400, "tri"),
        ("/api/search?tous=oui", 400, "tous"),
        ("/api/article/x", 400, "number"),
        ("/api/article/0", 400, "number"),
        ("/api/article/99999999999999999999999", 400, "number"),
        ("/api/article/999", 404, None),
        ("/api/rien", 404, None),
        ("/api/", 404, None),
        ("/api/docs", 404, None),
    ],
)
def test_what_is_refused_says_why_in_french_and_in_json(archive: Any, path: str, status: int, parameter: Any) -> None:
    answer = archive.client.get(path)
    assert answer.status_code == status
    told = answer.json()
    assert (told["status"], told["parameter"]) == (status, parameter)
    assert told["message"].startswith(f"« {parameter} » n'est pas compris" if parameter else "Rien à cette adresse")
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_only_reading_is_possible(archive: Any) -> None:
    for path in ("/api/search", "/api/article/1", "/api/sources", "/api/editions", "/api/openapi.json"):
        assert archive.client.head(path).status_code == 200
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = archive.client.request(method, path)
            assert (answer.status_code, answer.json()["message"]) == (405, "Cette adresse ne répond qu'à GET.")


def test_what_a_program_has_already_is_not_sent_again(archive: Any) -> None:
    for path in ("/api/search?q=contrat", "/api/article/1", "/api/sources", "/api/editions", "/api/openapi.json"):
        tag = archive.client.get(path).headers["etag"]
        again = archive.client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_a_fault_is_json_without_detail(archive: Any, open_over: Callable[[ArchivePorts], Any]) -> None:
    class Broken:
        def search(self, *_: Any) -> Any:
            raise RuntimeError("secret : /chemin/privé")

    answer = open_over(replace(archive.ports, index=Broken())).get("/api/search")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "secret" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_the_page_of_the_api_names_every_parameter_and_field_without_script(archive: Any) -> None:
    document = get(archive, "/api/openapi.json")
    assert document["openapi"].startswith("3.1")
    page = lxml.html.document_fromstring(archive.client.get("/api").text)
    named = set(page.xpath("//code/text()"))
    for path, methods in document["paths"].items():
        assert f"GET /api{path}" in named
        assert {one["name"] for one in methods["get"].get("parameters", ())} <= named
    for name, schema in document["components"]["schemas"].items():
        assert all(field["description"] for field in schema["properties"].values()), name
        assert name == "Problem" or schema["properties"].keys() <= named, name
    assert not page.xpath("//script")


def test_behind_a_path_the_document_tells_where_the_api_is(archive: Any) -> None:
    client = archive.with_settings(public_url="https://asso.example/veille")
    assert client.get("/veille/api/openapi.json").json()["servers"] == [{"url": "/veille/api"}]
    address = client.get("/veille/api/search?q=contrat&par_page=1").json()["next"]
    assert address == "https://asso.example/veille/api/search?q=contrat&page=2&par_page=1"
    assert client.get(address.removeprefix("https://asso.example")).json()["first"] == 2


PIECES = (
    '"', "'", "«", "»", "(", ")", "-", "--", "OR", "OU", "AND", "NOT", "NEAR(", "*", "^", ":", "tag:", "source:",
    "lang:", "apres:", "after:9999-99-99", "month:2026-13", "central:peut-être", "contrat", "été", "%", "_",
    "\x00", "\x01", "\t", "\r\n", "\u202e", "\u2066", "\u200b", "\u0301", "😀", "👩‍👩‍👧", "ﬁ", "ß", "İ", "＝", "\\",
    "{{7*7}}", "<script>", "../..", "'; DROP TABLE x; --", "\ufffe", "\U0001fffe",
    "x" * 400, "é" * 400, "-" * 300, '"' * 300,
)  # fmt: skip
EXTRA = ("", "&tous=1", "&tri=date", "&page=2", "&q=b", "&q[]=1", "&page=%C2%B2", "&tous=%00", "&&=&")
RAW = ("%ED%A0%80", "%FF", "%C0%AF", "%00", "%", "%zz", "%F4%90%80%80", "%E2%80%AE")
DOORS = (
    "/api/search", "/recherche.csv", "/recherche.ods", "/recherche.json", "/recherche.bib", "/recherche.ris",
    "/recherche.csl.json", "/flux.atom", "/flux.rss", "/recherche",
)  # fmt: skip


def hostile(chance: random.Random) -> str:
    """A query string, as bytes that a browser would not send."""
    pieces = "".join(chance.choice((*PIECES, " ", " ")) for _ in range(chance.randrange(12)))
    query = quote(pieces) + "".join(chance.choice(RAW) for _ in range(chance.randrange(3)))
    if chance.random() < 0.02:
        query += quote(chance.choice(PIECES) * 10_000)[:30_000]
    return f"q={query}{chance.choice(EXTRA)}"


@pytest.mark.parametrize("times", [600, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_hostile_query_is_a_fault_of_any_door_a41(archive: Any, times: int) -> None:
    chance = random.Random(times)
    for number in range(times):
        door, query = DOORS[number % len(DOORS)], hostile(chance)
        answer = archive.client.get(f"{door}?{query}")
        refused = door.startswith("/api") and ("page=%" in query or "tous=%" in query)
        assert answer.status_code == (400 if refused else 200), (door, query[:200])
        if door.endswith("json") or door.startswith("/api"):
            json.loads(answer.content)
        elif door.startswith("/flux"):
            lxml.etree.fromstring(answer.content)


def test_answers_are_those_that_the_document_promises(archive: Any) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", archive.client.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {operation.path for operation in operations} == {"/search", "/article/{number}", "/sources", "/editions"}
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        def holds(case: schemathesis.Case) -> None:
            case.call_and_validate()

        holds()
