"""The gate opens for every page whose article may match, however its markup cuts the words."""

from core.gate import ALWAYS, NEVER, Gate

GATE = Gate(frozenset((frozenset((b"contrat", b"impact")), frozenset((b"outcomescontract",)))), frozenset(("CIS",)))


def test_stems_are_found_wherever_they_stand_and_however_they_are_cut() -> None:
    for title, parts in (
        ("Un contrat", ("à ", "im", "pact")),
        ("", ("CONTRATS à l'IMPACT",)),
        ("Outcomes", (" contracts",)),
        ("", ("Con\u00adtrat d'im-\npact",)),
        ("", ("Le C", "IS", " signé")),
    ):
        assert GATE.opens(title, parts), (title, parts)


def test_a_page_that_lacks_a_stem_of_every_set_is_closed() -> None:
    assert not GATE.opens("Un contrat", ("de travail",))
    assert not GATE.opens("", ("cis",))
    assert not NEVER.opens("Un contrat à impact", ("CIS",))
    assert ALWAYS.opens("", ())


def test_two_gates_are_one_that_opens_for_either() -> None:
    both = GATE | Gate(frozenset((frozenset((b"mecenat",)),)))
    assert both.opens("", ("le mécénat",)) and both.opens("Le CIS", ()) and not both.opens("", ("rien",))


def test_a_wrong_spelling_counts_as_its_stem() -> None:
    gate = Gate(GATE.needed, frozenset(), frozenset({(b"impact", frozenset({b"imapct"}))}))
    assert gate.opens("", ["un contrat à imapct"]) and (Gate() | gate).opens("", ["un contrat à imapct"])
    assert not GATE.opens("", ["un contrat à imapct"]) and not gate.opens("", ["à imapct"])


def test_accents_that_a_page_did_not_decode_count_as_their_stem() -> None:
    gate = Gate(frozenset((frozenset((b"mecenat",)),)), undecoded=frozenset({(b"mecenat", frozenset({b"macanat"}))}))
    assert gate.opens("", ["le mÃ©cÃ©nat"]) and (Gate() | gate).opens("", ["le mÃ©cÃ©nat"])
    assert not gate.opens("", ["le macanat"])
