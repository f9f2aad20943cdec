"""The query language."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.query import MAX_LENGTH, MAX_TERMS, parse
from core.query_pieces import pieces
from core.tree import And, Dated, Expression, Filter, Not, Or, Word, wanted


def told(asked: Expression) -> str:
    """A tree in one line: `and` by spaces, `or` by bars, `not` by a dash."""
    match asked:
        case Word(text, _, exact):
            return f'"{text}"' if exact else text
        case Filter(name, values):
            return f"{name}:{','.join(values)}"
        case Dated(after, before):
            return f"{after:%Y-%m-%d}..{before:%Y-%m-%d}" if after and before else f"{after or ''}..{before or ''}"
        case Not(part):
            return f"-{told(part)}"
        case And(parts):
            return f"({' '.join(map(told, parts))})"
        case Or(parts):
            return f"[{'|'.join(map(told, parts))}]"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('contrats "impact social" OR SIB -pompiers', '(contrats ["impact social"|SIB] -pompiers)'),
        ("a1 OU b1 OU c1 d1", "([a1|b1|c1] d1)"),
        ("(a1 b1) OU c1", "[(a1 b1)|c1]"),
        ("((a1) OU (b1 c1))", "[a1|(b1 c1)]"),
        ("-(a1 OU b1) c1", "(-[a1|b1] c1)"),
        ('-"a1 b1" c1', '(-"a1 b1" c1)'),
        ("-tag:cis -source:x", "(-tag:cis -source:x)"),
        ("tag:cis tag:iis", "tag:cis,iis"),
        ("tag:cis OU tag:iis", "tag:cis,iis"),
        ("tag:(cis OU iis) a1", "(tag:cis,iis a1)"),
        ("source:(anah senat)", "source:anah,senat"),
        ("a1 OU tag:cis", "[a1|tag:cis]"),
        ("(tag:cis a1) OU (tag:iis b1)", "[(tag:cis a1)|(tag:iis b1)]"),
        ("étiquette:cis langue:fr", "(tag:cis lang:fr)"),
        ("statut:retiré status:modifié", "status:deleted,changed"),
        ("statut:réservé statut:abonnés statut:ancien", "status:reserved,truncated,backfilled"),
        ("central:oui", "central:yes"),
        ("année:2025", "2024-12-31..2025-12-31"),
        ("contrat(s) f(x)", "(contrat(s) f(x))"),
        ("(contrat(s))", "contrat(s)"),
        ("saint-étienne l'aide", "(saint-étienne l'aide)"),
        ("", "()"),
        ("tag:", "tag:"),
        ("- a1", "a1"),
        ("--a1", "--a1"),
        ("AND a1 NEAR(b1)", "(a1 NEAR(b1))"),
    ],
)
def test_a_query_is_a_tree(text: str, tree: str) -> None:
    assert told(parse(text).expression) == tree


def test_fields_are_read_in_french_and_in_english() -> None:
    found = set(wanted(parse("tag:cis tag:iis source:anah après:2026-01 avant:2026-02-15 central:oui").expression))
    assert found == {
        Filter("tag", ("cis", "iis")),
        Filter("source", ("anah",)),
        Dated(after=datetime(2025, 12, 31, 23, tzinfo=UTC)),
        Dated(before=datetime(2026, 2, 14, 23, tzinfo=UTC)),
        Filter("central", ("yes",)),
    }


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("after:demain impact", "after:demain"),
        ("statut:inconnu impact", "statut:inconnu"),
        ("mois:2026-13", "mois:2026-13"),
        ("auteur:dupont", "auteur:"),
        ("(impact social", "refermée"),
        ("impact social)", "de trop"),
        ("impact ()", "ne contiennent rien"),
        ('"impact social', "guillemet"),
        ("OU impact", "« OU »"),
        ("impact OU", "« OU »"),
        ("impact OU OU social", "« OU »"),
        ("(impact OU) social", "« OU »"),
        ("(" * 30 + "impact" + ")" * 30, "s'emboîtent"),
        ("-impact", "exclusions seules"),
        (" ".join(f"m{n}" for n in range(100)), "trop de termes"),
        ("central:peut-être", "central"),
        ("x" * 9000, "longue"),
    ],
)
def test_what_is_not_understood_is_said(text: str, part: str) -> None:
    assert any(part in note for note in parse(text).notes)


@pytest.mark.parametrize(
    "text",
    ["", "contrat(s)", "https://exemple.fr/a", "(a1 OU b1)", "-a1 b1", "tag:(cis)", "C++", "« a1 b1 »", "10:30"],
)
def test_what_is_understood_has_no_remark(text: str) -> None:
    assert parse(text).notes == ()


def test_stop_words_do_not_narrow_a_search() -> None:
    assert told(parse("le contrat de ville").expression) == "(contrat ville)"
    assert told(parse("(le contrat) OU (de la ville)").expression) == "[contrat|ville]"
    assert told(parse("le").expression) == "le"
    assert told(parse('"le" contrat').expression) == '("le" contrat)'


def test_synonyms_can_be_refused() -> None:
    assert parse("CIS").synonyms
    assert not parse("CIS synonymes:non").synonyms
    assert told(parse("CIS synonymes:non").expression) == "CIS"


def test_tag_none_asks_for_unmatched_stories() -> None:
    assert parse("tag:none").everything
    assert not parse("tag:cis").everything

    assert not parse("-tag:none").everything
    assert parse("impact OU tag:none").everything


_BITS = st.sampled_from(["(", ")", "-", "OR", '"', "tag:", "a1", "le", " ", "tag:(", "-(", "source:x", "\0", "😀"])


@given(st.text(max_size=200) | st.lists(_BITS, max_size=60).map("".join) | st.lists(_BITS, max_size=40).map(" ".join))
def test_no_string_is_an_error(text: str) -> None:
    """A41."""
    query = parse(text)
    assert all(word.stems for word in query.words)
    assert len(list(wanted(query.expression))) <= MAX_TERMS


@given(st.lists(_BITS, max_size=60).map("".join))
def test_pieces_stand_in_order_in_the_query(text: str) -> None:
    """The address bar takes filters out by their places."""
    found = pieces(text)
    ends = [0, *(each.end for each in found)]
    assert all(end <= each.start < each.end for end, each in zip(ends, found, strict=False))


def test_a_very_long_query_is_cut() -> None:
    query = parse(" ".join(f"m{number}" for number in range(MAX_LENGTH)))
    assert len(query.words) == MAX_TERMS
    assert any("trop longue" in note for note in query.notes)
