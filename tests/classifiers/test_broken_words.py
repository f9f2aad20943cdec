"""Words that scanners, bad PDF text and careless typing break, glue or space out; and forms whose parts stand apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Labels = Callable[..., set[str]]


@pytest.mark.parametrize(
    "text",
    [
        "Un contrat à irnpact social est signé.",
        "Un c0ntrat à impact socia1 est signé.",
        "C O N T R A T  À  I M P A C T  S O C I A L\n\nObjet : présentation.",
        "C O N T R A T À I M P A C T S O C I A L",
        "Lescontrats àimpactont un payeur et un investisseur.",
        "Un contrat dimpact social est signé.",
        "Un contrat Ó impact social est signé.",
        "Un contrat ˆ impact social est signé.",
    ],
)
def test_what_a_machine_broke_is_read(text: str, labels: Labels) -> None:
    assert labels(text) == {"cis"}


@pytest.mark.parametrize(
    "text",
    [
        "Ces contrats, au nombre de six, à impact social, sont suivis de près.",
        "Un contrat d'un genre nouveau, « à impact social », est signé.",
        "Les deux contrats diffèrent : l'autre, à impact social, fait avancer l'argent par une banque.",
        "On les dit à impact. Ces contrats sont préfinancés par des banquiers.",
        "Impact social : trois contrats de plus, que préfinance une banque.",
    ],
)
def test_the_name_is_read_where_its_words_stand_apart(text: str, labels: Labels) -> None:
    assert labels(text) == {"cis"}


@pytest.mark.parametrize(
    "text",
    [
        "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
        "Le contrat est asocial, et l'impact lent.",
        "L'entreprise à impact signe un contrat avec un investisseur.",
        "L'autre, à impact social, est une école. L'investisseur et le payeur attendent.",
        "Impact social : trois contrats de travail rompus.",
    ],
)
def test_letters_and_words_that_happen_to_stand_together_are_not(text: str, labels: Labels) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize("repeated", ["a ", "c o n t r a t ", "lescontratslescontrats ", "contrat , à impact « "])
def test_five_megabytes_of_them_are_read(repeated: str, labels: Labels) -> None:
    assert labels(repeated * (5_000_000 // len(repeated)) + ".\n\nUn contrat à impact social.") <= {"cis"}
