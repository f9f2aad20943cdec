"""More than six hundred strings that a title, a name or a mailbox should never be believed with; all made here."""

from __future__ import annotations

import base64
import itertools
import random
from collections.abc import Iterator

MOST = 640
ENDS = (
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\r\n ",
    "\n\t",
    "\r\r\n",
)
HEADERS = (
    "Bcc: victime@exemple.fr",
    "From: intrus@exemple.fr",
    "List-Unsubscribe: <https://intrus.exemple.fr/>",
    "Content-Type: text/html",
    "Subject: autre",
    "\r\n<script>alert(1)</script>",
)
MARKUP = (
    "<script>alert({})</script>",
    "<img src=x onerror=alert({})>",
    "<svg/onload=alert({})>",
    "<iframe src=//x{}.fr>",
    "<b style='position:fixed'>{}</b>",
    "</title><script>{}</script>",
    "<!-- {} --><base href=//x.fr>",
    "<form action=//x{}.fr><input name=q>",
    "<a href=javascript:alert({})>clic</a>",
    "<style>*{{background:url(//x{}.fr)}}</style>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "<meta http-equiv=refresh content={}>",
    "<link rel=stylesheet href=//x{}.fr>",
    "{{{{ {} * 7 }}}}{{% raise %}}${{x}}",
    '" onmouseover="alert({})',
)
INVISIBLE = "\u200b\u200e\u202e\u2066\ufeff\u00ad\u2063\U000e0041\ud800\x00\x07\x1b\x7f\x9b"


def _encoded(text: str, kind: str) -> str:
    if kind == "q":
        return "=?utf-8?q?" + "".join(f"={byte:02x}" for byte in text.encode("utf-8", "replace")) + "?="
    return "=?utf-8?b?" + base64.b64encode(text.encode("utf-8", "replace")).decode() + "?="


def _injections() -> Iterator[str]:
    for end, header in itertools.product(ENDS, HEADERS):
        yield f"Un titre{end}{header}"
        yield _encoded(f"Un titre{end}{header}", "q")
        yield _encoded(f"Un titre{end}{header}", "b")


def _others() -> Iterator[str]:
    for number, pattern in itertools.product(range(8), MARKUP):
        yield pattern.format(number)
    for char in INVISIBLE:
        yield from (char, f"Titre{char}coupé", char * 200, f"=?utf-8?q?a{char}b?=")
    for count in (75, 150, 998, 5_000):
        yield from ("x" * count, "é" * count, "🎯" * count, "a " * count, "=?" * count, "\u0301" * count)
    yield from ('"', '"; <x@y.fr>', "a@b.fr, c@d.fr", "<a@b.fr>", "\\", '\\"', "(", ")", ",", ":", ";", "", " ", ".")
    yield from (".\r\n.\r\nQUIT", "=?utf-8?q?", "?=", "=?x?z?y?=", "=?utf-8?b?####?=", "=?utf-8?q?=?=")


def _drawn() -> Iterator[str]:
    """Pieces of all these, put end to end as chance has it."""
    draw = random.Random(20_261_123)
    pieces = [*ENDS, *HEADERS, *MARKUP, *INVISIBLE, "=?utf-8?q?", "?=", '"', "<", ">", "é", "a@b.fr", "x" * 80]
    while True:
        yield "".join(draw.choices(pieces, k=draw.randint(2, 8)))


def hostile_strings() -> list[str]:
    return list(itertools.islice(itertools.chain(_injections(), _others(), _drawn()), MOST))
