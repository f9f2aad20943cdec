"""Files of any search: each is read back by what its readers use, whatever the articles hold."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import feedparser
import lxml.etree
import lxml.html
import pytest

from archive.export_bibtex import escaped
from archive.export_csv import harmless

FILES = ("ods", "csv", "json", "bib", "ris", "csl.json")
TRAPS = (
    '=HYPERLINK("https://evil.example";"lisière")',
    "@SUM(1+1)*cmd|' /C calc'!A0 lisière",
    "＝1+1 lisière",
    '"; =1+1; "lisière',
    r"\input{/etc/passwd} } { 50 % de $a_b^c & #1 ~ lisière",
    "ER  - \r\nTY  - BOOK\r\nlisière",
    "<b>lisière</b> ]]> &amp; <!-- \ufffe\x0b\ud83d",
)
ODF = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";", strict=True))


def articles_of(content: bytes) -> list[dict[str, str]]:
    return [row for row in table(content) if not row["Titre"].startswith("# ")]


def sheets(content: bytes) -> dict[str, list[Any]]:
    """Rows of cells by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        lxml.etree.fromstring(archive.read("META-INF/manifest.xml"))
        root = lxml.etree.fromstring(archive.read("content.xml"))
    name = f"{{{ODF['table']}}}name"
    return {
        sheet.get(name): [row.findall("table:table-cell", ODF) for row in sheet.findall("table:table-row", ODF)]
        for sheet in root.iterfind(".//table:table", ODF)
    }


def written(cells: list[Any]) -> list[str]:
    return ["".join(cell.itertext()) for cell in cells]


def bibtex_entries(text: str) -> list[dict[str, str]]:
    """A strict reader of what BibTeX allows: balanced braces, one value a field, nothing before an entry but text."""
    entries, at = [], 0
    while (start := text.find("@", at)) >= 0:
        head = re.compile(r"@(\w+)\{([a-z0-9-]+),\n").match(text, start)
        assert head, text[start : start + 40]
        at = head.end()
        entry = {"type": head[1], "key": head[2]}
        while text[at] != "}":
            name = re.compile(r" +(\w+) = \{").match(text, at)
            assert name, text[at : at + 60]
            at, depth, value = name.end(), 1, ""
            while depth:
                step = 2 if text[at] == "\\" and text[at + 1] in "{}\\$&%#_" else 1
                depth += (text[at] == "{") - (text[at] == "}") if step == 1 else 0
                value += text[at : at + step]
                at += step
            entry[name[1]] = value[:-1]
            assert text[at : at + 2] == ",\n"
            at += 2
        entries.append(entry)
    return entries


def records(text: str) -> list[list[tuple[str, str]]]:
    """RIS: from TY to ER, a tag on every line."""
    found: list[list[tuple[str, str]]] = []
    for line in text.split("\r\n")[:-1]:
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert match, line
        if match[1] == "TY":
            found.append([])
        found[-1].append((match[1], match[2]))
    assert all(record[-1] == ("ER", "") and record[0][0] == "TY" for record in found)
    return found


@pytest.fixture(scope="module")
def titles(archive: Any) -> list[str]:
    page = lxml.html.document_fromstring(archive.client.get("/recherche?q=contrat").text)
    return [each.text_content().replace("\u00a0", " ") for each in page.xpath("//ol[@class='results']//h3")]


def test_the_page_leads_to_every_format_of_the_same_search(archive: Any) -> None:
    page = lxml.html.document_fromstring(archive.client.get("/recherche?q=contrat+tag:cis&tri=date&tous=1").text)
    links = page.xpath("//details[@class='exports']//li/a/@href")
    assert [link.split("?")[0] for link in links] == [
        *(f"/recherche.{one}" for one in FILES),
        "/flux.atom",
        "/flux.rss",
    ]
    for link in links:
        answer = archive.client.get(link)
        assert answer.status_code == 200, link
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert archive.client.get(link, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304, link


def test_a_table_has_the_articles_of_the_page_in_its_order(archive: Any, titles: list[str]) -> None:
    rows = articles_of(archive.client.get("/recherche.csv?q=contrat").content)
    assert [row["Titre"].replace("\u00a0", " ") for row in rows] == titles
    press = next(row for row in rows if row["Source"] == "Le Courrier du bocage")
    assert press | {"Extrait": ""} == {
        "Titre": "Quand les investisseurs misent sur les associations du bocage", "Source": "Le Courrier du bocage",
        "Famille": "Presse", "Publié le": "2026-11-19", "Vu le": "2026-11-19", "Auteur": "La rédaction",
        "Étiquettes": "Contrats à impact social", "Sujet principal": "oui", "Extrait": "", "Langue": "fr",
        "Autres sources": "1", "Retiré du site": "non",
        "Adresse": "https://courrier-du-bocage.example/economie/associations-investisseurs-412.html",
        "Fiche": f"https://veille.asso.example/article/{archive.id('412.html')}",
    }  # fmt: skip


def test_a_csv_opens_at_a_click_in_a_french_spreadsheet(archive: Any) -> None:
    answer = archive.client.get("/recherche.csv?q=évaluation+tag:cis")
    assert answer.content.startswith(b'\xef\xbb\xbf"Titre";"Source";')
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == ('attachment; filename="veille-evaluation-tag-cis-2026-11-23.csv"')


def test_an_ods_has_dates_that_are_dates_numbers_that_are_numbers_and_no_formula(
    archive: Any, titles: list[str]
) -> None:
    answer = archive.client.get("/recherche.ods?q=contrat")
    assert answer.content[30:84] == b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
    found = sheets(answer.content)
    heading, *rows = found["Articles"]
    assert [written(row)[0].replace("\u00a0", " ") for row in rows] == titles
    names = written(heading)
    kinds = {
        (name, cell.get(f"{{{ODF['office']}}}value-type"))
        for row in rows
        for name, cell in zip(names, row, strict=True)
    }
    assert ("Publié le", "date") in kinds and ("Publié le", "string") not in kinds
    assert {kind for name, kind in kinds if name == "Autres sources"} == {"float"}
    assert b"formula" not in zipfile.ZipFile(io.BytesIO(answer.content)).read("content.xml")


def test_csl_json_has_literal_names_dates_without_hour_and_permanent_addresses(archive: Any) -> None:
    items = json.loads(archive.client.get("/recherche.csl.json?q=contrat").content)
    by_id = {item["id"]: item for item in items}
    assert len(by_id) == len(items) == 7
    press = by_id[f"courrier-du-bocage-{archive.id('412.html')}"]
    assert press["type"] == "article-newspaper"
    assert press["author"] == [{"literal": "La rédaction"}]
    assert press["container-title"] == "Le Courrier du bocage"
    assert press["issued"] == {"date-parts": [[2026, 11, 19]]}
    assert press["accessed"] == {"date-parts": [[2026, 11, 23]]}
    assert press["archive_location"] == f"https://veille.asso.example/article/{archive.id('412.html')}"
    official = by_id[f"ministere-du-lien-{archive.id('/appel-logement')}"]
    assert (official["type"], official["author"]) == ("webpage", [{"literal": "Ministère du Lien social"}])
    assert official["language"] == "fr"
    assert by_id[f"cercle-horizon-commun-{archive.id('.pdf')}"]["type"] == "report"


def test_bibtex_and_ris_tell_the_same_as_csl_json(archive: Any) -> None:
    items = json.loads(archive.client.get("/recherche.csl.json?q=contrat").content)
    entries = bibtex_entries(archive.client.get("/recherche.bib?q=contrat").text)
    notices = [dict(record) for record in records(archive.client.get("/recherche.ris?q=contrat").content.decode())]
    assert [entry["key"] for entry in entries] == [item["id"] for item in items]
    for item, entry, notice in zip(items, entries, notices, strict=True):
        assert entry["title"] == f"{{{escaped(item['title'])}}}"
        assert entry["author"] == f"{{{escaped(item['author'][0]['literal'])}}}"
        assert notice["TI"] == item["title"] and notice["AU"] == item["author"][0]["literal"]
        assert entry["url"] == notice["UR"] == item["URL"]
        assert entry["urldate"] == "2026-11-23" and notice["Y2"] == "2026/11/23/"
        day = "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0]) if "issued" in item else None
        assert entry.get("date") == day
        assert notice.get("DA") == (f"{day.replace('-', '/')}/" if day else None)


def test_one_article_is_a_reference_in_three_formats_next_to_its_citation(archive: Any) -> None:
    number = archive.id("412.html")
    page = lxml.html.document_fromstring(archive.client.get(f"/article/{number}").text)
    links = page.xpath("//p[contains(., 'logiciel de références')]/a/@href")
    assert links == [f"/article/{number}/citation.{form}" for form in ("bib", "ris", "csl.json")]
    bib, ris, csl = (archive.client.get(link) for link in links)
    assert bib.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert ris.headers["content-type"] == "application/x-research-info-systems; charset=utf-8"
    assert [entry["key"] for entry in bibtex_entries(bib.text)] == [f"courrier-du-bocage-{number}"]
    assert ("TY", "NEWS") in records(ris.content.decode())[0]
    assert json.loads(csl.content)[0]["title"].startswith("Quand les investisseurs")
    for missing in ("999", "0", "x", "%00", "9" * 30):
        assert archive.client.get(f"/article/{missing}/citation.ris").status_code == 404


def test_zotero_is_told_what_kind_of_document_a_page_describes(archive: Any) -> None:
    def tags(path: str) -> dict[str, str]:
        page = lxml.html.document_fromstring(archive.client.get(f"/article/{archive.id(path)}").text)
        return dict(page.xpath("//meta[starts-with(@name, 'citation_')]") and zip(
            page.xpath("//meta[starts-with(@name, 'citation_')]/@name"),
            page.xpath("//meta[starts-with(@name, 'citation_')]/@content"), strict=True))  # fmt: skip

    assert tags("412.html")["citation_journal_title"] == "Le Courrier du bocage"
    report = tags(".pdf")
    assert report["citation_technical_report_institution"] == "Cercle Horizon commun"
    assert report["citation_pdf_url"] == report["citation_public_url"]
    official = tags("/appel-logement")
    assert official["citation_website_title"] == official["citation_author"] == "Ministère du Lien social"
    assert official["citation_publication_date"] == "2026/11/18"


@pytest.mark.parametrize("q", ["contrat", "rien-de-tel"])
def test_every_format_says_since_when_its_sources_are_read_and_their_gaps(archive: Any, q: str) -> None:
    since, broken = "9 sources lues depuis le 14 octobre 2026", "Fonds Tremplin, La Lettre fermée"
    texts = {form: archive.client.get(f"/recherche.{form}?q={q}").content for form in FILES}
    feeds = {kind: feedparser.parse(archive.client.get(f"/flux.{kind}?q={q}").content) for kind in ("atom", "rss")}
    said = {form: content.decode("utf-8") for form, content in texts.items() if form != "ods"}
    said |= {"ods": " ".join(written(row)[0] for row in sheets(texts["ods"])["Couverture"])}
    said |= {kind: feed.feed.subtitle for kind, feed in feeds.items()}
    for form, text in said.items():
        if q != "contrat" and form in ("ris", "csl.json"):
            continue  # lists of references and nothing else: an empty one has no place for a word
        plain = text.replace("\u00a0", " ")
        assert since in plain, form
        assert broken in plain, form
    assert table(texts["csv"])[-1]["Titre"].startswith("# En ce moment"), "in rows that a reader can leave aside"


def test_what_was_not_understood_is_said_in_the_file(archive: Any) -> None:
    said = archive.client.get("/recherche.csv?q=contrat+apres:demain").text.replace("\u00a0", " ")
    assert "« apres:demain » n'est pas compris" in said
    assert json.loads(archive.client.get("/recherche.json?q=contrat+apres:demain").content)["notes"]


def test_a_long_answer_is_cut_says_so_and_has_a_next_part(archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.exports.EXPORT_LENGTH", 3)
    whole = json.loads(archive.client.get("/api/search?q=contrat").content)["results"]
    found: list[dict[str, Any]] = []
    address = "/recherche.json?q=contrat"
    while address:
        part = json.loads(archive.client.get(address).content)
        assert part["first"] == len(found) + 1
        found += part["results"]
        address = (part["next"] or "").removeprefix("https://veille.asso.example")
    assert found == whole
    cut = [row["Titre"] for row in table(archive.client.get("/recherche.csv?q=contrat&page=2").content)]
    assert "# Partie de 4 à 6 sur 7. La suite\u00a0: https://veille.asso.example/recherche.csv?q=contrat&page=3" in cut
    beyond = archive.client.get("/recherche.bib?q=contrat&page=9").text
    assert "% Cette partie est vide" in beyond and "@" not in beyond


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory, trapped_archive: Any) -> Iterator[Any]:
    yield from trapped_archive(tmp_path_factory.mktemp("pieges"), TRAPS)


def test_no_cell_of_a_csv_is_a_formula_a39(trapped: Any) -> None:
    content = trapped.client.get("/recherche.csv?q=lisiere&tous=1").content
    rows = articles_of(content)
    assert len(rows) == len(TRAPS)
    for row in table(content):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell
    assert '\'=HYPERLINK("https://evil.example";"lisière")' in {row["Titre"] for row in rows}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1", False), ("+1", False), ("-1", False), ("@a", False), ("\t=1", False), ("\r=1", False), ("\n=1", False),
        ("  =1", False), ("\u00a0=1", False), ("\ttexte", False), ("＝1", False), ("＋1", False), ("－1", False),
        ("＠a", False), ("", True), ("a=1", True), ("1-2", True), ("« = »", True), ("# note", True),
    ],
)  # fmt: skip
def test_what_begins_as_a_formula_is_made_a_text_a39(text: str, kept: bool) -> None:
    assert harmless(text) == (text if kept else f"'{text}")


def test_every_format_stays_well_formed_whatever_titles_hold(trapped: Any) -> None:
    get = trapped.client.get
    items = json.loads(get("/recherche.csl.json?q=lisiere&tous=1").content)
    assert len(items) == len(TRAPS)
    names = {item["title"] for item in items}
    assert r"\input{/etc/passwd} } { 50 % de $a_b^c & #1 ~ lisière" in names
    assert "ER - TY - BOOK lisière" in names, "on one line"
    entries = bibtex_entries(get("/recherche.bib?q=lisiere&tous=1").text)
    assert {entry["title"] for entry in entries} == {f"{{{escaped(name)}}}" for name in names}
    assert {dict(one)["TI"] for one in records(get("/recherche.ris?q=lisiere&tous=1").content.decode())} == names
    rows = sheets(get("/recherche.ods?q=lisiere&tous=1").content)["Articles"]
    assert {written(row)[0] for row in rows[1:]} == names
    for kind in ("atom", "rss"):
        content = get(f"/flux.{kind}?q=lisiere&tous=1").content
        titles = lxml.etree.fromstring(content).xpath("//*[local-name()='entry' or local-name()='item']/*[1]/text()")
        assert set(titles) == names
        assert not feedparser.parse(content).bozo


def test_latex_prints_what_was_written() -> None:
    assert escaped(r"50 % & #1 {a} $b_c^d ~ \e") == (
        r"50 \% \& \#1 \{a\} \$b\_c\textasciicircum{}d \textasciitilde{} \textbackslash{}e"
    )
