"""What is tagged in the text read from a page has opened the gate on that page: form × spelling × markup × template."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typography import texts

from classifiers import TOPICS
from classifiers.checks import anything
from classifiers.filter import Filter
from classifiers.keywords import Matcher
from classifiers.lexicon import Rule, load
from core.articles import Article
from core.gate import ALWAYS, NEVER
from core.pages import FetchedPage
from pipeline.html import Promising, extract_html

LEXICON = load(TOPICS / "impact-social" / "lexicon.toml")
MATCHER = Matcher(LEXICON)
GATE = Filter(LEXICON).gate
BODY = (
    "La salle des fêtes du bourg était pleine mardi soir pour la réunion publique, et l'on a parlé tard. "
    "Les habitants demandent depuis trois ans que le dossier avance, avec des chiffres et un calendrier. "
)
TEMPLATES = (
    "<html><head><title>{title}</title></head><body><nav>Accueil Sports</nav><article><h1>{title}</h1><p>{body}</p>"
    "<p>{text}</p><p>{body}</p></article><footer>Mentions</footer></body></html>",
    '<html><head><meta property="og:title" content="{title}"></head><body><div class="main"><h2>{title}</h2>{body}<br>'
    "<br>{text}<br><br>{body}</div></body></html>",
    "<html><body><table><tr><td>Menu</td><td><p>{body}</p><ul><li>{text}</li><li>{body}</li></ul>"
    "</td></tr></table></body></html>",
    '<html><head><title>{title}</title></head><body><main><p class="chapo">{text}</p><section><p>{body}</p>'
    "<blockquote>{text}</blockquote><p>{body}</p></section></main></body></html>",
    "<p>{body}<p>{text}<p>{body}",
)
INSERTED = (
    "<wbr>",
    "&shy;",
    "<b></b>",
    "<!-- pub -->",
    "<span>",
    "</span>",
    "&#8203;",
    "&nbsp;",
    "<br>",
    "<em>",
    "</em>",
)


def marked_up(text: str, draw: random.Random) -> str:
    """A text as a page writes it: some letters as entities, tags anywhere."""
    written = []
    for char in text:
        if char in '<>&"' or (not char.isascii() and draw.random() < 0.3):
            char = f"&#{ord(char)};"
        elif char in "éèàç" and draw.random() < 0.5:
            char = {"é": "&eacute;", "è": "&egrave;", "à": "&agrave;", "ç": "&ccedil;"}[char]
        written.append(char + (draw.choice(INSERTED) if draw.random() < 0.04 else ""))
    return "".join(written)


def page(source: str) -> FetchedPage:
    url = "https://x.example/a"
    headers = (("content-type", "text/html; charset=utf-8"),)
    return FetchedPage(
        1,
        "s",
        "article",
        url,
        url,
        200,
        headers,
        source.encode("utf-8", "replace"),
        "h",
        datetime(2026, 1, 5, tzinfo=UTC),
    )


def tagged(article: Article) -> bool:
    found = MATCHER.find(MATCHER.words(article.title, article.text), anything)
    return any(one.accepted and one.rule.role == "core" for one in found)


def check(source: str) -> bool:
    """Whether something was tagged, in the text read fast or in the text read with care; the gate opened if so."""
    read = [extract_html(page(source), gate) for gate in (NEVER, ALWAYS)]
    if not any(isinstance(one, Article) and tagged(one) for one in read):
        return False
    with pytest.raises(Promising):
        extract_html(page(source), GATE, None)
    return True


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(texts(LEXICON), texts(LEXICON), st.sampled_from(TEMPLATES), st.integers(0, 2**32))
def test_the_gate_opens_for_every_page_whose_text_is_tagged(title: str, text: str, template: str, seed: int) -> None:
    draw = random.Random(seed)
    check(template.format(title=marked_up(title, draw), text=marked_up(text, draw), body=BODY))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("rule", [rule for rule in LEXICON.rules if rule.role == "core"], ids=lambda rule: rule.id)
def test_every_core_rule_is_reached_through_every_template(rule: Rule, template: str) -> None:
    """The property above is not empty: an example of each rule is tagged in each template, whatever is inserted."""
    draw = random.Random(rule.id + template)
    plain = template.format(title="Le bourg", text=rule.examples[0], body=BODY)
    assert check(plain)
    check(template.format(title="Le bourg", text=marked_up(rule.examples[0], draw), body=BODY))
