"""What is found, in which spelling; what looks like it and is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.articles import Verdict

Labels = Callable[..., set[str]]

SPELLINGS = [
    "contrat à impact social",
    "contrats à impact social",
    "Contrats à Impact Social",
    "CONTRATS À IMPACT SOCIAL",
    "CONTRAT A IMPACT SOCIAL",
    "contrat a impact social",
    "contrats à impacts sociaux",
    "contrat\u00a0à\u00a0impact\u00a0social",
    "contrat  à   impact\tsocial",
    "contrat à\nimpact social",
    "contrat à im-\npact social",
    "contrat à im-\r\n  pact so-\ncial",
    "con\u00adtrat à im\u00adpact so\u00adcial",
    "contrat à im\u00ad\npact social",
    "contrat-à-impact-social",
    "contrat à impact‑social",
    "contrat « à impact social »",
    "contrat “à impact social”",
    'contrats dits "à impact social"',
    "contrat (à impact social)",
    "contrats d'impact social",
    "contrats d’impact social",
    "contrat dʼimpact social",
    "contrat dâ€™impact social",
    "contrat d\\u2019impact social",
    "contrat \\u00e0 impact social",
    "contrat &agrave; impact social",
    "contrat Ã\u00a0 impact social",
    "contrat Ă  impact social",
    "contrat \ufffd impact social",
    "contrat ? impact social",
    "contrat a\u0300 impact social",
    "contratà impact social",
    "contrat à impactsocial",
    "#contratsàimpactsocial",
    "#ContratAImpactSocial",
    "contrat im pact social",
    "con trat à impact social",
    "𝗰𝗼𝗻𝘁𝗿𝗮𝘁 𝗮̀ 𝗶𝗺𝗽𝗮𝗰𝘁 𝘀𝗼𝗰𝗶𝗮𝗹",
    "contrats français et européens à impact social",
    "contrats que l'on appelle « à impact social »",
    "contrat de type « à impact social »",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_term_is_found_in_every_typography_and_its_form_is_what_is_written(
    read: Callable[..., Verdict], spelling: str
) -> None:
    text = f"Le département a signé un {spelling} hier. La suite au prochain numéro."
    verdict = read(text)
    assert [tag.label for tag in verdict.tags] == ["cis"]
    match = verdict.matches[0]
    assert text[match.start : match.end] == match.form
    assert match.form.strip() == match.form
    assert len(match.form) > 15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Contrats et investissements à impact : la ministre consulte.", {"cis", "iis"}),
        ("Des fonds publics à impact social et environnemental.", {"iis"}),
        ("L'impact-investing et les impact investeurs.", {"iis"}),
        ("Les Social Impacts Bonds (SIBs).", {"cis"}),
        ("#marchandisationdesassociations", {"marchandisation"}),
        ("Financiarisation de l’action associative", {"marchandisation"}),
        ("MARCHANDISATION DES ASSO-\nCIATIONS", {"marchandisation"}),
        ("La ﬁnanciarisation de l'action sociale.", {"marchandisation"}),
        ("La marchandisation croissante du secteur associatif.", {"marchandisation"}),
    ],
)
def test_other_terms_are_found_too(labels: Labels, text: str, expected: set[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Le contrat de travail à impact social fort.",
        "Un contrat avec la ville, à impact social.",
        "Le contrat d'assurance-vie à impact.",
        "Le contrat. À impact social égal, mieux vaut réparer.",
        "Ce contrat a un impact social.",
        "Les fonds de la mairie à impact social.",
        "On touche le fond, à impact égal.",
        "L'impact du contrat sur le lien social.",
        "Désinvestissement : quel impact ?",
    ],
)
def test_words_that_only_stand_near_each_other_are_not_a_term(labels: Labels, text: str) -> None:
    assert labels(text) == set()


def test_inserted_words_are_judged_by_their_nature_not_by_a_list(read: Callable[..., Verdict]) -> None:
    """Adjectives and participles never written in the lexicon pass; a complement does not."""
    for inserted in ("expérimentaux", "resserrés", "dénoncés", "très médiatisés", "qu'on baptise"):
        assert read(f"Les contrats {inserted} à impact social se multiplient.").tags, inserted
    for inserted in ("de concession", "avec la région", "sur le logement", "pour la jeunesse"):
        assert not read(f"Les contrats {inserted} à impact social se multiplient.").tags, inserted


def test_title_alone_is_enough_and_its_card_says_title(read: Callable[..., Verdict]) -> None:
    verdict = read("Dix ans après, le bilan est maigre.", "Que deviennent les contrats à impact ?")
    match = verdict.matches[0]
    assert (match.field, match.form, match.sentence_start) == ("title", "contrats à impact", 0)
    assert match.sentence == "Que deviennent les contrats à impact ?"
    assert match.page is None


def test_supporting_and_neighbour_concepts_never_tag_and_are_not_shown_alone(read: Callable[..., Verdict]) -> None:
    verdict = read("Le paiement aux résultats, l'utilité sociale, le mécénat et la mesure d'impact social.")
    assert verdict == Verdict()
    shown = read("Le contrat à impact social, c'est le paiement aux résultats ; le mécénat est autre chose.").matches
    assert {match.concept: match.label for match in shown} == {
        "Contrat à impact social": "cis",
        "Paiement aux résultats": "",
        "Philanthropie et alliances": "",
    }


def test_the_longest_form_wins_inside_a_label(read: Callable[..., Verdict]) -> None:
    matches = [match for match in read("Un contrat à impact social est signé.").matches if match.label]
    assert [(match.rule, match.form) for match in matches] == [("cis-contrat", "contrat à impact social")]


@pytest.mark.parametrize(
    "text",
    [
        "Le « contrat de performance partenarial » lie l'État et des investisseurs, remboursés si la récidive baisse.",
        "Le « pacte de résultat » : des financeurs privés paient, que le département rembourse au vu de l'évaluation.",
        "Under this results partnership, the county pays them back, those investors, when families stay together.",
        "Outside investors carry the risk and the outcome payer settles up after an independent evaluation.",
    ],
)
def test_a_name_that_nobody_listed_is_known_by_what_it_does(text: str, labels: Callable[..., set[str]]) -> None:
    assert labels(text) == {"cis"}


@pytest.mark.parametrize(
    "text",
    [
        "Les prêteurs récupèrent leur mise avec intérêts, selon les résultats de l'entreprise.",
        "Les investisseurs ne seront remboursés que si le promoteur achève l'immeuble, dit l'association de défense.",
        "L'association a remboursé ses prêteurs avec une prime.",
        "The lenders will be repaid when the charity sells its offices.",
    ],
)
def test_lenders_who_are_repaid_in_business_are_not(text: str, labels: Callable[..., set[str]]) -> None:
    assert labels(text) == set()
