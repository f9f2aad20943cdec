"""Known actors and places: every way to write them leads to one id, and common words to none."""

from __future__ import annotations

import pytest

from classifiers.gazetteer import VOCABULARY, gazetteer
from classifiers.words import read

BEST_KNOWN = {
    "etat-francais": "l'État français|de l’État|L'Etat|the French State",
    "ministere-economie": "le ministère de l'Économie et des Finances|MINEFI|le ministère de l'économie",
    "dg-tresor": "la Direction générale du Trésor|la DG Trésor|la direction générale du Trésor (DGT)",
    "ministere-travail": "le ministère du Travail|le ministère du Travail, de l'Emploi et de l'Insertion",
    "ministere-transition-ecologique": "le ministère de la Transition écologique|MTES",
    "ministere-justice": "le ministère de la Justice|ministère de la justice",
    "ademe": "l'ADEME|l’Ademe|l'Agence de la transition écologique",
    "anah": "l'Anah|l'ANAH|l'agence nationale de l'habitat",
    "igf": "l'Inspection générale des finances|l'IGF",
    "departement-gironde": "le Département de la Gironde|le conseil départemental de la Gironde|CD33",
    "rtes": "le RTES|le Réseau des collectivités Territoriales pour une Économie Solidaire",
    "bnp-paribas": "BNP Paribas|BNPP|BNP-Paribas",
    "bnp-sib-fund": "BNP Paribas European Social Impact Bond Fund|European Social Impact Bond Fund",
    "bnp-cardif": "BNP Paribas Cardif|Cardif",
    "fei": "le Fonds européen d'investissement|European Investment Fund|Fonds européen d'investissement (FEI)",
    "caisse-des-depots": "la Caisse des Dépôts|la caisse des dépôts et consignations|le Groupe Caisse des Dépôts",
    "banque-des-territoires": "la Banque des Territoires|la Banque des territoires",
    "inco": "Inco Investissement|le Comptoir de l'innovation|le Comptoir de l’Innovation",
    "maif": "la MAIF|la Maif",
    "aviva": "Aviva France|Aviva|Abeille Assurances",
    "cnp-assurances": "CNP Assurances|CNP ASSURANCES",
    "cdc-habitat": "CDC Habitat|la Société nationale immobilière|le groupe SNI",
    "ag2r": "AG2R La Mondiale|AG2R",
    "citizen-capital": "Citizen Capital|CITIZEN CAPITAL",
    "sb-factory": "sb factory|SB Factory",
    "societe-generale": "la Société Générale|la Société générale|Societe Generale",
    "kois": "KOIS|KOIS Invest",
    "impact-partenaires": "Impact Partenaires|Impact Académie|Impact Partners",
    "phitrust": "Phitrust|PhiTrust",
    "france-active": "France Active|France Active Investissement",
    "credit-cooperatif": "le Crédit Coopératif|le Crédit coopératif",
    "goldman-sachs": "Goldman Sachs|Goldman-Sachs",
    "kpmg": "KPMG|KPMG France",
    "kimso": "Kimso|KIMSO",
    "iilab": "l'Impact Invest Lab|l'iiLab|IILAB",
    "fair": "Finansol|FAIR, ex-Finansol|Financer Accompagner Impacter Rassembler",
    "mouvement-impact-france": "le Mouvement Impact France|le Mouves|Impact France",
    "giin": "le GIIN|le Global Impact Investing Network",
    "social-finance-uk": "Social Finance UK|Social Finance Ltd",
    "adie": "l'Adie|l'ADIE|l'Association pour le droit à l’initiative économique",
    "article-1": "Passeport Avenir|Frateli|Article 1 (ex-Passeport Avenir)",
    "cravate-solidaire": "La Cravate Solidaire|la Cravate solidaire",
    "wimoov": "Wimoov|Voiture & co|Voiture and co",
    "apprentis-auteuil": "Apprentis d'Auteuil|les Apprentis d’Auteuil|la Fondation d'Auteuil",
    "medecins-du-monde": "Médecins du Monde|Medecins du monde",
    "groupe-sos": "le Groupe SOS|le groupe SOS",
    "wake-up-cafe": "Wake up Café|Wake Up Cafe|Wakeup Café",
    "cac": "le Collectif des associations citoyennes|le collectif des associations citoyennes (CAC)",
    "uniopss": "l'Uniopss|l'UNIOPSS",
    "institut-montaigne": "l'Institut Montaigne|l’institut Montaigne",
    "christophe-itier": "Christophe Itier|M. Itier, Christophe Itier",
}
NOBODY = [
    "Comme les autres, il attend.", "Il dort comme les autres.", "L'alerte est levée.", "Alerte aux crues.",
    "Le CAC 40 monte.", "La CDC d'une base de données.", "Les directions du groupe.", "Basta, dit-elle.",
    "L'adie n'est rien.", "Un fair play.", "Fair enough.", "La chambre de la Nef.", "Le sapin de Noël.",
    "Cette affaire-celle-ci.", "Le mes du cap.", "L'article 1 de la loi.", "Le citoyen capital.",
]  # fmt: skip
PLACES = [
    ("Rendez-vous à Tours.", ["tours"]),
    ("Un tour de table. Tours de table.", []),
    ("Dans le Nord et le département du Lot.", ["nord", "lot"]),
    ("Le Nord magnétique, un lot, une somme.", []),
    ("En Seine-Saint-Denis et en Île-de-France.", ["seine-saint-denis", "ile-de-france"]),
    ("Ile de France, Hauts de France", ["ile-de-france", "hauts-de-france"]),
    ("À Saint-Étienne, à Nice.", ["saint-etienne", "nice"]),
    ("Le Département de la Gironde.", ["gironde"]),
    ("L'Institut de Nantes", ["nantes"]),
]


def found(text: str, kind: str) -> list[str]:
    return [mention.name.id for mention in gazetteer().find(read("", text, VOCABULARY)) if mention.name.kind == kind]


def test_fifty_actors_are_tried() -> None:
    assert len(BEST_KNOWN) >= 50


@pytest.mark.parametrize(("actor", "forms"), BEST_KNOWN.items())
def test_every_name_of_an_actor_leads_to_one_id(actor: str, forms: str) -> None:
    for form in forms.split("|"):
        assert set(found(f"Hier, {form}.", "actor")) == {actor}, form


@pytest.mark.parametrize("text", NOBODY)
def test_common_words_and_foreign_acronyms_are_nobody(text: str) -> None:
    assert found(text, "actor") == []


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_places_are_found_unless_they_are_words(text: str, expected: list[str]) -> None:
    assert found(text, "place") == expected


def test_a_group_in_brackets_is_an_actor_of_its_own() -> None:
    text = "la Banque des Territoires (Groupe Caisse des Dépôts)"
    assert found(text, "actor") == ["banque-des-territoires", "caisse-des-depots"]


def test_an_acronym_counts_once_its_long_form_is_there() -> None:
    assert found("La CDC prête.", "actor") == []
    assert found("La CDC prête. La Caisse des Dépôts aussi.", "actor") == ["caisse-des-depots"] * 2


def test_the_longest_name_wins() -> None:
    assert found("BNP Paribas Asset Management", "actor") == ["bnp-paribas-am"]
    assert found("CDC Habitat", "actor") == ["cdc-habitat"]
