"""Lying charsets (threat A15)."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.charsets import text_of

TEXT = "<?xml version='1.0' encoding='%s'?><t>L’été à Œuvres : 3 € — « évaluation »</t>"


@pytest.mark.parametrize(
    ("real", "declared", "header"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "iso-8859-15", ""),  # the Sénat's textes.rss
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("utf-8", "n-importe-quoi", "text/xml; charset=us-ascii"),
        ("cp1252", "windows-1252", ""),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "utf-8", "text/xml; charset=utf-8"),
        ("cp1252", "hex", "text/xml; charset=rot13"),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", ""),
        ("utf-16-be", "utf-8", "text/xml; charset=utf-8"),
        ("utf-32", "utf-32", ""),
    ],
)
def test_the_bytes_decide(real: str, declared: str, header: str) -> None:
    expected = TEXT % declared
    assert text_of(expected.encode(real), header) == expected


def test_a_declared_charset_is_used_where_the_bytes_allow_several() -> None:
    assert text_of("<?xml encoding='iso-8859-15'?>3 €".encode("iso-8859-15")).endswith("3 €")
    assert text_of("<meta charset=koi8-r>привет".encode("koi8-r")).endswith("привет")
    assert text_of("été".encode("cp850"), declared="cp850") == "été"


def test_a_character_cut_in_two_does_not_garble_the_others() -> None:
    """A15: summaries are often cut at so many bytes."""
    assert text_of("<t>L’été — évalué</t><t>coupé".encode()[:-1]) == "<t>L’été — évalué</t><t>coup\ufffd"
    assert text_of("déjà été".encode("cp1252") + "é".encode()) == "déjà étéÃ©"


def test_byte_order_marks_disappear() -> None:
    assert text_of(codecs.BOM_UTF8 + b"{}") == "{}"


@given(st.binary(max_size=200), st.text(max_size=30))
def test_no_bytes_raise(body: bytes, header: str) -> None:
    assert isinstance(text_of(body, header, header), str)
