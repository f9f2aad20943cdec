"""Articles that an entry point carried whole: an API row, the content of a feed."""

import json
from datetime import UTC, datetime

import pytest

from core.articles import Article
from core.pages import FetchedPage
from pipeline.rows import extract_row, row_text

LINK = "<p>Lire aussi : <a href=/x>Le premier contrat à impact social signé dans la Nièvre</a></p>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Un texte\nsur deux lignes", "Un texte\nsur deux lignes"),
        ("L&#039;État &amp; les communes", "L'État & les communes"),
        ("&lt;p&gt;Un&lt;/p&gt;&lt;p&gt;Deux&lt;/p&gt;", "Un\nDeux"),
        ("Avant<p>un</p>après", "Avant\nun\naprès"),
        ("<div>un</div><div>deux</div>", "un\ndeux"),
        ("<table><tr><td>un</td><td>deux</td></tr></table>", "un\ndeux"),
        ("5 < 10 et 12 > 3", "5 < 10 et 12 > 3"),
        ("<style>.x{}</style><script>alert(1)</script><p>un</p>", "un"),
        (f"<p>La recyclerie ouvre ses portes samedi.</p>{LINK}", "La recyclerie ouvre ses portes samedi."),
    ],
)
def test_a_rows_text_is_plain_paragraphs(value: str, text: str) -> None:
    assert row_text(value) == text


@pytest.mark.parametrize(("more", "reserved"), [({}, False), ({"reserved": True}, True), ({"reserved": "oui"}, False)])
def test_a_row_says_that_its_publisher_reserves_mining(more: dict[str, object], reserved: bool) -> None:
    """A26."""
    row = {"url": "https://exemple.fr/a", "title": "Un titre", "text": "Le début.", "date": None} | more
    now = datetime(2026, 11, 25, tzinfo=UTC)
    page = FetchedPage(
        1, "s", "row", "https://exemple.fr/a", "https://exemple.fr/a", 200, (), json.dumps(row).encode(), "", now
    )
    article = extract_row(page)
    assert isinstance(article, Article)
    assert article.reserved is reserved
