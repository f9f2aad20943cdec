"""PDF documents: text across lines and pages, title, author and date; a named failure for the unreadable ones."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from core.articles import Article
from core.pages import Failure, FetchedPage, Hint
from pipeline.pdf import extract_pdf, join_pages

NOW = datetime(2026, 11, 25, tzinfo=UTC)
LINES = (
    "Rapport annuel de la recyclerie",
    "Saint-Aubin, le 3 février 2026",
    "La commune a soutenu par un contrat à im-",
    "pact social l'association Emmaüs-",
    "Solidarité, dont la vice-",
    "présidente a visité la nouvelle halle du quartier sud.",
)


def document(pages: Sequence[Sequence[str]], info: str = "", trailer: str = "") -> bytes:
    """A text PDF of one font, a line every 14 points."""
    objects = ["", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for lines in pages:
        text = "BT /F1 10 Tf 14 TL 50 790 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
        page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"{page} /Contents {len(objects)} 0 R >>")
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if info:
        objects.append(f"<< {info} >>")
        trailer += f" /Info {len(objects)} 0 R"
    out, offsets = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + f"xref\n0 {size}\n0000000000 65535 f \n{table}" + end).encode("cp1252")


def extract(body: bytes, title: str = "") -> Article | Failure:
    url = "https://example.org/r.pdf"
    return extract_pdf(FetchedPage(1, "s", "article", url, url, 200, (), body, "h", NOW, Hint(title=title)))


def read(body: bytes, title: str = "") -> Article:
    found = extract(body, title)
    assert isinstance(found, Article)
    return found


def test_words_cut_at_the_end_of_a_line_are_whole_again_and_hyphens_that_belong_stay() -> None:
    text = read(document([LINES])).text
    assert "contrat à impact social" in text
    assert "Emmaüs-Solidarité" in text
    assert "vice-présidente" in text


@pytest.mark.parametrize(
    ("info", "hint", "title"),
    [
        ("/Title (Bilan de la recyclerie)", "", "Bilan de la recyclerie"),
        ("/Title (Microsoft Word - v3.docx)", "", "Rapport annuel de la recyclerie"),
        ("/Title (Bilan de la recyclerie)", "Le titre de la liste", "Le titre de la liste"),
        ("", "", "Rapport annuel de la recyclerie"),
    ],
)
def test_the_title_is_the_lists_then_the_metadatas_then_the_first_line(info: str, hint: str, title: str) -> None:
    assert read(document([LINES], info), hint).title == title


@pytest.mark.parametrize(("account", "author"), [("Claire Vasseur", "Claire Vasseur"), ("cvasseur", "")])
def test_the_author_is_a_name_and_not_an_account(account: str, author: str) -> None:
    assert read(document([LINES], f"/Author ({account})")).author == author


def test_the_date_is_the_documents_own_line_then_that_of_the_file_never_one_told_in_the_text() -> None:
    told = ("Compte rendu du conseil", "La loi du 31 juillet 2014 fixe le cadre", "des recycleries de la commune.")
    made = "/CreationDate (D:20260210101010Z)"
    dates = [read(document([lines], info)).published for lines, info in ((LINES, made), (told, made), (told, ""))]
    assert [each and each.isoformat() for each in dates] == [
        "2026-02-02T23:00:00+00:00",
        "2026-02-09T23:00:00+00:00",
        None,
    ]


def test_running_heads_and_page_numbers_leave_and_pages_keep_their_offsets() -> None:
    bodies = ("Le budget est équilibré.", "La halle est ouverte.", "Les dons augmentent.")
    pages = [
        ("Rapport 2025", "de la recyclerie", body, "Bilan social", f"Page {n} / 3") for n, body in enumerate(bodies, 1)
    ]
    found = read(document(pages))
    assert found.text.split("\n") == list(bodies)
    assert [found.text[start:].startswith(body) for start, body in zip(found.page_offsets, bodies, strict=True)] == [
        True
    ] * 3


def test_a_heading_is_not_the_beginning_of_the_sentence_below_it() -> None:
    long = "La commune a inauguré samedi une recyclerie dans l'ancienne halle aux grains."
    assert join_pages([f"Le bilan\n{long}\n{long}"])[0].startswith("Le bilan\n")


PASSWORD = "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{0}> /U <{0}> >>".format("ab" * 32)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (document([LINES], trailer=PASSWORD), "encrypted"),
        (document([LINES])[:300], "format"),
        (b"%PDF-1.4 <html>", "format"),
        (document([[]]), "empty"),
    ],
)
def test_an_unreadable_document_is_a_failure_with_a_name(body: bytes, kind: str) -> None:
    """A42."""
    found = extract(body)
    assert isinstance(found, Failure)
    assert found.kind == kind
