"""A15: the right text whatever the server claims."""

import pytest

from pipeline.charset import decode, undouble

TEXT = "<meta charset='{}'>Événement à l’œuvre, 3 € — été"


@pytest.mark.parametrize(
    ("written_in", "header", "meta"),
    [
        ("utf-8", "text/html; charset=utf-8", "utf-8"),
        ("utf-8", "text/html; charset=iso-8859-1", "iso-8859-15"),
        ("cp1252", "text/html; charset=utf-8", "utf-8"),
        ("cp1252", "text/html", "iso-8859-1"),
        ("iso8859-15", "text/html", "iso-8859-15"),
        ("utf-8-sig", "text/html", "iso-8859-1"),
        ("utf-16", "text/html", "utf-16"),
        ("utf-16-le", "text/html; charset=utf-16le", "utf-16"),
        ("utf-8", "text/html; charset=nimporte", "quoi"),
    ],
)
def test_lying_charsets_are_read_right(written_in: str, header: str, meta: str) -> None:
    text = TEXT.format(meta)
    if written_in == "iso8859-15":
        text = text.replace("’", "'").replace("—", "-")
    assert decode(text.encode(written_in), header) == text


def test_undecodable_bytes_do_not_raise() -> None:
    assert "caf" in decode(b"\x81caf\xe9 \x8d\x9d", "text/html; charset=utf-8")


FRENCH = "L’été dernier, l’évêque a visité une forêt où l’œuvre était exposée : « déjà vu », a-t-il noté près de Noël."


def test_one_pasted_byte_of_another_charset_does_not_spoil_a_page_in_utf_8() -> None:
    body = FRENCH.encode().replace("«".encode(), b"\xab")
    assert decode(body, "text/html; charset=utf-8") == FRENCH


def test_a_body_cut_in_the_middle_of_a_letter_is_still_read_as_utf_8() -> None:
    assert decode((FRENCH + "é").encode()[:-1], "text/html; charset=utf-8") == FRENCH


@pytest.mark.parametrize("read_as", ["cp1252", "latin-1"])
def test_a_text_encoded_twice_is_mended(read_as: str) -> None:
    text = FRENCH.replace("«", "").replace("»", "").replace("à", "a")
    assert decode(text.encode().decode(read_as).encode()) == text


@pytest.mark.parametrize(
    "text", [FRENCH, "« Ã© » est ce que devient « é » : voilà l’été déréglé, répété, éprouvé.", "SÃO PAULO", "Â© 2026"]
)
def test_a_text_encoded_once_is_left_as_it_is(text: str) -> None:
    assert undouble(text) == text
