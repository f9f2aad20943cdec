"""Articles that an entry point carried whole: an API row, the content of a feed."""

import pytest

from pipeline.rows import row_text

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
