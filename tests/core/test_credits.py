"""Credits of agencies and press offices are read at the ends of a text, and nowhere else."""

import pytest

from core.credits import Credit, credited, without_credit

BODY = "Le département signe un contrat à impact social avec trois investisseurs.\nIl doit durer cinq ans."


@pytest.mark.parametrize(
    ("text", "kind", "agency"),
    [
        (f"PARIS, 23 nov. 2026 (AFP) – {BODY}", "dispatch", "AFP"),
        (f"Paris (AFP) - {BODY}", "dispatch", "AFP"),
        (f"LONDRES, 3 février (Reuters) - {BODY}", "dispatch", "Reuters"),
        (f"(AP) {BODY}", "dispatch", "AP"),
        (f"AFP - {BODY}", "dispatch", "AFP"),
        (f"{BODY} (AFP)", "dispatch", "AFP"),
        (f"{BODY}\n(AFP)", "dispatch", "AFP"),
        (f"{BODY}\nSource AFP", "dispatch", "AFP"),
        (f"{BODY}\nSource : AFP.", "dispatch", "AFP"),
        (f"{BODY} © 2026 AFP", "dispatch", "AFP"),
        (f"{BODY}\n© Agence France-Presse", "dispatch", "AFP"),
        (f"Dépêche AFP\n{BODY}", "dispatch", "AFP"),
        (f"Par AFP\n{BODY}", "dispatch", "AFP"),
        (f"{BODY}\nSource : dépêche AFP", "dispatch", "AFP"),
        (f"{BODY}\nThe Associated Press", "dispatch", "AP"),
        (f"{BODY} Avec AFP.", "adapted", "AFP"),
        (f"{BODY}\navec Reuters", "adapted", "Reuters"),
        (f"{BODY} (avec l'AFP)", "adapted", "AFP"),
        (f"{BODY}\nLa Gazette des landes avec AFP et Reuters", "adapted", "AFP"),
        (f"{BODY}\nD’après AFP et agences", "adapted", "AFP"),
        (f"Communiqué de presse\n{BODY}", "release", ""),
        (f"COMMUNIQUÉ DE PRESSE – Paris, le 23 novembre 2026\n{BODY}", "release", ""),
        (f"Communiqué de presse : {BODY}", "release", ""),
        (f"{BODY}\nSource : communiqué de presse", "release", ""),
    ],
)
def test_a_credit_is_read_and_taken_out(text: str, kind: str, agency: str) -> None:
    found = credited("Un contrat", text)
    assert found == Credit(kind, agency)  # type: ignore[arg-type]
    assert without_credit(text).rstrip(" .") == BODY.rstrip(" .")


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"{BODY}\nL'AFP a interrogé trois associations, qui demandent la publication des contrats et des évaluations.",
        f"Selon l'AFP, le contrat est signé.\n{BODY}",
        f"{BODY}\nLe conseil a voté les autorisations de programme (AP).",
        f"{BODY}\nLa direction a publié un communiqué de presse.",
        f"Le communiqué de presse du ministère annonce douze contrats.\n{BODY}",
        f"{BODY}\nLes élèves de CP : une rentrée sous contrat",
        "",
        "\n \n",
        f"Trois investisseurs ont signé.\n{BODY}\nPhoto : AFP",
    ],
)
def test_an_agency_or_a_release_that_is_spoken_of_is_no_credit(text: str) -> None:
    assert credited("La presse face à l'AFP", text) is None
    assert without_credit(text) == "\n".join(line for line in text.split("\n") if line.strip())


def test_the_author_or_the_title_may_say_it() -> None:
    assert credited("Titre", BODY, "Le Courrier avec AFP") == Credit("adapted", "AFP")
    assert credited("Titre", BODY, "AFP") == Credit("dispatch", "AFP")
    assert credited("Titre", BODY, "Afp Martin") is None
    assert credited("[CP] Douze contrats signés", BODY) == Credit("release")
    assert credited("Communiqué de presse : douze contrats", BODY) == Credit("release")
    assert credited("CP2025 : la rentrée", BODY) is None


def test_the_credit_of_a_photograph_under_the_title_is_not_that_of_the_text() -> None:
    assert credited("Titre", f"© AFP\n{BODY}") is None


def test_an_agency_goes_before_a_release() -> None:
    assert credited("Communiqué : douze contrats", f"{BODY}\nSource AFP") == Credit("dispatch", "AFP")


@pytest.mark.parametrize("piece", ["(AFP ", "AFP, ", "avec AFP ", " / ", "Communiqué ", "A ", "«»", "\n", "AFP\n"])
def test_hostile_ends_cost_no_more_than_their_length(piece: str) -> None:
    """A quadratic pattern would take hours."""
    text = piece * 100_000
    assert credited(text, text, text) == credited(text, text, text)
    assert len(without_credit(text)) <= len(text)
