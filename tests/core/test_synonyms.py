"""Other names of what is asked are searched too, and said."""

from __future__ import annotations

import pytest

from core.query import parse
from core.synonyms import Synonyms, widened
from core.tree import And, Dated, Expression, Filter, Not, Or, Word

GROUPS = (
    Synonyms(("contrat à impact social", "contrat à impact", "social impact bond"), ("CIS", "SIB"), "cis"),
    Synonyms(("économie sociale et solidaire",), ("ESS",)),
)


def told(asked: Expression) -> str:
    match asked:
        case Word(text, _, exact):
            return f'"{text}"' if exact else text.replace(" ", "_")
        case Filter(name, values):
            return f"{name}:{','.join(values)}"
        case Dated():
            return "dated"
        case Not(part):
            return f"-{told(part)}"
        case And(parts):
            return f"({' '.join(map(told, parts))})"
        case Or(parts):
            return f"[{'|'.join(map(told, parts))}]"


ESS = "économie sociale et solidaire"


@pytest.mark.parametrize(
    ("query", "tree", "added"),
    [
        ("ESS", "[ESS|économie_sociale_et_solidaire]", "économie sociale et solidaire"),
        ("ess", "[ess|économie_sociale_et_solidaire]", "économie sociale et solidaire"),
        ("l'économie sociale et solidaire", "[(l'économie sociale solidaire)|ESS]", "ESS"),
        (
            "CIS logement",
            "([CIS|contrat_à_impact_social|contrat_à_impact|social_impact_bond|(SIB tag:cis)] logement)",
            "contrat à impact social, contrat à impact, social impact bond, SIB",
        ),
        (
            "contrats a impacts sociaux",
            "[(contrats impacts sociaux)|contrat_à_impact|social_impact_bond|(CIS tag:cis)|(SIB tag:cis)]",
            "contrat à impact, social impact bond, CIS, SIB",
        ),
        ("(ESS logement) OU emploi", "[([ESS|économie_sociale_et_solidaire] logement)|emploi]", ESS),
        ('"CIS"', '"CIS"', ""),
        ('"économie sociale" ESS*', '("économie sociale" [ESS*|économie_sociale_et_solidaire])', ESS),
        ("-CIS logement", "(-CIS logement)", ""),
        ("tag:cis", "tag:cis", ""),
        ("CIS synonymes:non", "CIS", ""),
        ("solidaire sociale économie", "(solidaire sociale économie)", ""),
        ("", "()", ""),
    ],
)  # fmt: skip
def test_a_name_brings_the_others(query: str, tree: str, added: str) -> None:
    found = widened(parse(query), GROUPS)
    assert told(found.expression) == tree
    assert ", ".join(found.added) == added


def test_an_acronym_with_several_senses_counts_where_the_label_is() -> None:
    found = widened(parse("contrat à impact"), GROUPS).expression
    assert And((Word("CIS", ("cis",)), Filter("tag", ("cis",)))) in found.parts  # type: ignore[union-attr]
