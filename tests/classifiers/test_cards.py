from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from typography import texts

from classifiers import TOPICS
from classifiers.lexicon import load
from classifiers.plain import article_from_text
from core.articles import Article, Verdict
from core.ports import Classifier

Read = Callable[..., Verdict]
LEXICON = load(TOPICS / "impact-social" / "lexicon.toml")


def check_cards(article: Article, verdict: Verdict) -> None:
    """What every card promises of its offsets and its sentence."""
    for match in verdict.matches:
        field = article.title if match.field == "title" else article.text
        assert field[match.start : match.end] == match.form
        assert field[match.sentence_start : match.sentence_start + len(match.sentence)] == match.sentence
        assert match.sentence_start <= match.start < match.end <= match.sentence_start + len(match.sentence)
        assert match.accepted is (match.score >= match.threshold)
        assert not (match.accepted and match.refuted_by)
        assert 0 <= match.score <= 1


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(texts(LEXICON), texts(LEXICON))
def test_every_card_points_at_exactly_what_is_written(classifier: Classifier, title: str, text: str) -> None:
    article = article_from_text(title, text, "fr")
    verdict = classifier.classify(article)
    check_cards(article, verdict)
    assert verdict == classifier.classify(article)
    assert {tag.label for tag in verdict.tags} == {m.label for m in verdict.matches if m.accepted and m.label}


def test_a_card_holds_its_whole_proof(read: Read, classifier: Classifier) -> None:
    text = "M. Itier parle. Le CIS de l'Adie, à 1,5 M€, lie l'art. 15 et un tiers payeur.\n\nFin."
    match = read(text).matches[0]
    assert (match.topic, match.rule) == ("impact-social", "cis-sigle")
    assert f"{match.rule}@{match.rule_version}" in classifier.versions
    assert match.concept.endswith("CIS ou TIS")
    assert (match.form, match.start, match.label, match.field) == ("CIS", 19, "cis", "text")
    assert match.sentence == "Le CIS de l'Adie, à 1,5 M€, lie l'art. 15 et un tiers payeur."
    assert (match.accepted, match.threshold, match.refuted_by) == (True, 0.5, ())
    assert set(match.confirmed_by) >= {"tiers payeur", "Itier"}


def test_a_pdf_card_names_its_page(classifier: Classifier) -> None:
    pages = ["Page de garde.\n", "Un contrat à impact social.\n", "Des fonds à impact.\n"]
    text = "".join(pages)
    offsets = (0, len(pages[0]), len(pages[0]) + len(pages[1]))
    article = replace(article_from_text("", text), page_offsets=offsets, media_type="pdf")
    found = {match.form: match.page for match in classifier.classify(article).matches if match.label}
    assert found == {"contrat à impact social": 2, "fonds à impact": 3}


def test_cards_are_capped_best_first_and_no_tag_is_without_its_card(read: Read) -> None:
    text = "Le contrat à impact social, le structureur, l'évaluateur, un SIB, un CIS. " * 60
    text += "La marchandisation des associations. Le fonds à impact."
    verdict = read(text)
    assert len(verdict.matches) <= 40
    assert {match.label for match in verdict.matches if match.accepted} == {"cis", "iis", "marchandisation", ""}
    order = [(not match.accepted, not match.label, -match.score) for match in verdict.matches]
    assert order == sorted(order)


def test_a_sentence_without_end_is_clipped_around_the_form(read: Read) -> None:
    text = "mot " * 400 + "contrat à impact social " + "mot " * 400
    match = read(text).matches[0]
    assert len(match.sentence) <= 600
    assert "mot contrat à impact social mot" in match.sentence
    assert match.sentence.startswith("mot ")
    assert match.sentence.endswith(" mot")
