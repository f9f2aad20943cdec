"""A15: the right text whatever the server claims."""

import pytest

from pipeline.charset import decode

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
