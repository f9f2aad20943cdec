"""Queries that nobody in their right mind would type: operators, quotes, controls, signs, lengths; alike for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

PIECES = (
    "AND OR OU NOT NEAR NEAR(a,3) * ^ + - -- ( ) (( )) -( {title} title: text: article_fts MATCH rank rowid bm25"
    ' \' \'\' " "" """ « » “ ” \\ % _ ? : :: ; , . / // | & = < > <b> ${x} {{7*7}} -- /* */ 1e999 0x7f ../.. NULL'
    " tag: tag:cis tag:none -tag:cis tag:( tag:(cis source: source:\"x -source:' category:* lang:% mois:2026-99"
    " mois:2026-11 after:9999-12-31 before:0000 year:99999 annee:2026 apres:-1 central:oui central:? statut:retire"
    " statut:* synonymes:non impact contrat social association CIS SIB l'été aujourd'hui saint-étienne C++"
    " contrat(s) le la de et in"
).split()
SIGNS = (
    "\0", "\x01", "\x1b[31m", "\r\n", "\t", "\x85", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u202e", "\u2066",
    "\u2069", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udfff", "\ud83d", "😀", "👩\u200d👩\u200d👧", "🇫🇷",
    "e\u0301" * 9, "𝕚𝕞𝕡𝕒𝕔𝕥", "ﬁ", "İ", "ı", "ß", "℡", "١٢٣", "中文", "عقد", "\U0010ffff", "a\u0300\u0301\u0302",
    "ǅ", "ʼ", "`", "´",
)  # fmt: skip
LONG = 10_000
"""Characters of the longest ones."""


def queries(count: int, seed: int, words: Sequence[str] = ()) -> Iterator[str]:
    """`words`: of the archive that is asked, put among the rest."""
    draw = random.Random(seed)
    pieces = (*PIECES, *words)
    for _ in range(count):
        yield draw.choice((_pieces, _pieces, _signs, _characters, _nested, _long))(draw, pieces)


def _pieces(draw: random.Random, pieces: Sequence[str]) -> str:
    return draw.choice(("", " ", " ")).join(draw.choices(pieces, k=draw.randint(0, 25)))


def _signs(draw: random.Random, pieces: Sequence[str]) -> str:
    return draw.choice(("", " ")).join(draw.choices((*pieces, *SIGNS, *SIGNS), k=draw.randint(1, 30)))


def _characters(draw: random.Random, pieces: Sequence[str]) -> str:
    most = draw.choice((0x7F, 0xFF, 0x2FFF, 0x10FFFF))
    return "".join(chr(draw.randint(0, most)) for _ in range(draw.randint(0, 200)))


def _nested(draw: random.Random, pieces: Sequence[str]) -> str:
    depth = draw.randint(1, 300)
    opening = draw.choice(("(", "-(", "tag:(", "((", "(a OU "))
    return opening * depth + draw.choice(pieces) + ")" * draw.randint(0, 2 * depth)


def _long(draw: random.Random, pieces: Sequence[str]) -> str:
    unit = draw.choice((*pieces, *SIGNS, "impact ", "-x ", "a OU ", '"a b" ', "(a) ", "-(impact social) ", "le "))
    return (unit * (LONG // len(unit) + 1))[: draw.choice((500, 2_000, LONG))]
