from __future__ import annotations

import re
from pathlib import Path

import pytest

from classifiers.checks import accepts
from classifiers.gaps import one_expression
from classifiers.keywords import Matcher
from classifiers.lexicon import Lexicon, Rule, load
from core.errors import TopicError

RULE = """
format = 1
topic = "essai"
[[rule]]
id = "essai"
version = 1
concept = "Essai"
label = "cis"
role = "core"
languages = ["fr"]
score = 0.9
forms = ["contrat à impact"]
examples = ["Un contrat à impact."]
counterexamples = ["Un contrat."]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "lexicon.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_smallest_lexicon_loads(tmp_path: Path) -> None:
    lexicon = load(written(tmp_path, RULE))
    assert [rule.tag for rule in lexicon.rules] == ["essai@1"]
    assert lexicon.labels == ("cis",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[rule]]", "[[rule"), "mal écrit"),
        (("format = 1", "format = 2"), "« format = 1 » attendu"),
        (('topic = "essai"', "topics = 1"), "clé inconnue « topics »"),
        (('id = "essai"', 'id = "Essai !"'), "minuscules"),
        (("version = 1\n", "version = 0\n"), "« version » commence à 1"),
        (("version = 1\n", 'version = "1"\n'), "« version » manque ou n'est pas du bon type"),
        (("version = 1\n", ""), "« version » manque"),
        (('role = "core"', 'role = "principal"'), "« role » est l'un de core, support, neighbour"),
        (('role = "core"', 'role = "support"'), "une règle « core » porte un « label »"),
        (("score = 0.9", "score = 2"), "de 0 à 1"),
        (("score = 0.9", "score = 0.2"), "sans rien qui la confirme"),
        (('languages = ["fr"]', "languages = []"), "« languages » manque"),
        (('forms = ["contrat à impact"]', "forms = []"), "aucune forme"),
        (('forms = ["contrat à impact"]', 'forms = [""]'), "liste de textes non vides"),
        (('forms = ["contrat à impact"]', 'forms = ["ci"]'), "un seul mot court"),
        (('forms = ["contrat à impact"]', 'forms = ["contrat (à impact"]'), "ne se lit pas"),
        (('forms = ["contrat à impact"]', 'forms = ["fonds vert"]'), "ne trouve pas son propre exemple"),
        (('examples = ["Un contrat à impact."]', ""), "« examples » manque"),
        (('counterexamples = ["Un contrat."]', ""), "« counterexamples » manque"),
        (('["Un contrat."]', '["Des contrats à impact."]'), "accepte son contre-exemple"),
        (("score = 0.9", 'score = 0.9\nconfirmer = ["x"]'), "clé inconnue « confirmer »"),
        (("score = 0.9", 'score = 0.9\nexpanded_by = ["autre"]'), "« autre », qui n'existe pas"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_in_french(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = RULE.replace(*change)
    assert text != RULE
    with pytest.raises(TopicError) as error:
        load(written(tmp_path, text))
    assert said in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_two_rules_of_one_name_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TopicError, match="deux règles"):
        load(written(tmp_path, RULE + RULE[RULE.index("[[rule]]") :]))
    with pytest.raises(TopicError, match="illisible"):
        load(tmp_path / "absent.toml")


def test_every_rule_of_the_shipped_lexicon_passes_its_own_sentences_with_spacy(
    lexicon: Lexicon, matcher: Matcher
) -> None:
    def right(rule: Rule, sentence: str) -> bool:
        return accepts(matcher, rule, sentence, one_expression)

    missed = [(rule.id, text) for rule in lexicon.rules for text in rule.examples if not right(rule, text)]
    wrong = [(rule.id, text) for rule in lexicon.rules for text in rule.counterexamples if right(rule, text)]
    assert (missed, wrong) == ([], [])


def test_the_shipped_lexicon_has_examples_enough_and_the_three_labels(lexicon: Lexicon) -> None:
    assert sum(len(rule.examples) + len(rule.counterexamples) for rule in lexicon.rules) >= 100
    assert set(lexicon.labels) == {"cis", "iis", "marchandisation"}
    assert {rule.role for rule in lexicon.rules} == {"core", "support", "neighbour"}


def test_every_form_of_the_shipped_lexicon_is_found_by_its_rule(lexicon: Lexicon, matcher: Matcher) -> None:
    """No form hides behind a spelling that words are never cut into."""
    lost = []
    for rule in lexicon.rules:
        for form in rule.forms:
            inserted = ["dits"] if form.gap else []
            sentence = " ".join([form.words[0], *inserted, *form.words[1:]]) + ("xyz" if form.open_end else "")
            found = {candidate.rule.id for candidate in matcher.candidates(matcher.words("", sentence))}
            if rule.id not in found:
                lost.append((rule.id, sentence))
    assert lost == []


def test_the_topic_says_what_it_is_and_under_which_licence(lexicon_path: Path) -> None:
    definition = (lexicon_path.parent / "definition.md").read_text("utf-8")
    readme = (lexicon_path.parent / "README.md").read_text("utf-8")
    assert 200 < len(re.findall(r"\w+", definition)) < 500
    assert "CC BY-SA 4.0" in readme
