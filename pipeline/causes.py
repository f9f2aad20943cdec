"""Why a source could not be read: what sources in the same trouble share, what to do, and what readers are told."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    name: str
    """What a mail puts above the sources that have it."""
    advice: str
    told: str
    """For readers."""


_SITE_DOWN = "le site ne répond pas"
_REFUSED = "le site refuse d'être lu par un programme"
_CHANGED = "le site a changé, la lecture est à revoir"
_FAULTY = "le site répond par une erreur"

_BY_MARK = (
    ("la protection ", Cause(
        "Une protection anti-robots nous bloque",
        "cherchez un flux ou un plan de site officiel, ou écrivez au site ; on ne contourne pas", _REFUSED)),
    ("vérification contre les robots", Cause(
        "Une protection anti-robots nous bloque",
        "cherchez un autre flux officiel, ou écrivez au site ; on ne contourne pas", _REFUSED)),
    ("page de connexion", Cause(
        "Une page de connexion à la place du flux",
        "l'entrée est devenue privée : cherchez une autre entrée publique, ou écrivez au site", _CHANGED)),
    ("page HTML est reçue", Cause(
        "Une page HTML à la place du flux",
        "ouvrez le site, cherchez la nouvelle adresse du flux et corrigez l'entrée", _CHANGED)),
    ("aucun lien ne correspond", Cause(
        "Le site a été refait", "la page de liste a changé : revoyez le sélecteur « link »", _CHANGED)),
    ("(code 401)", Cause(
        "Accès refusé", "l'entrée demande une identification : cherchez-en une publique", _REFUSED)),
    ("(code 403)", Cause("Accès refusé", "écrivez au site, ou cherchez une autre entrée", _REFUSED)),
    ("(code 404)", Cause(
        "Page introuvable", "cherchez la nouvelle adresse de l'entrée", "la page que nous lisions n'existe plus")),
    ("(code 410)", Cause(
        "Page supprimée", "cherchez une autre entrée, ou désactivez", "la page que nous lisions n'existe plus")),
    ("(code 429)", Cause("Serveur occupé", "rien : le programme ralentit de lui-même", _FAULTY)),
    ("(code 503)", Cause("Serveur occupé", "rien : le programme attend", _FAULTY)),
    ("demande d'attendre", Cause("Serveur occupé", "rien : le programme attend", _FAULTY)),
)  # fmt: skip
_BY_KIND = {
    "dns": Cause(
        "Nom de site introuvable",
        "vérifiez l'orthographe et que le site existe encore ; si tout échoue, c'est votre réseau", _SITE_DOWN),
    "tls": Cause("Certificat non valable", "écrivez au site : on ne lit pas derrière un mauvais certificat", _FAULTY),
    "timeout": Cause("Pas de réponse à temps", "attendez ; ouvrez le site pour voir s'il répond", _SITE_DOWN),
    "connection": Cause(
        "Connexion refusée ou coupée", "attendez ; si le site s'ouvre chez vous, il bloque peut-être la machine",
        _SITE_DOWN),
    "http": Cause("Erreur du serveur", "attendez ; si cela dure, écrivez au site", _FAULTY),
    "robots": Cause(
        "robots.txt nous arrête", "respectez-le : désactivez avec la raison, ou demandez l'accord du site", _REFUSED),
    "format": Cause("Entrée illisible", "l'entrée a changé : ouvrez-la et corrigez l'adresse ou les clés", _CHANGED),
    "empty": Cause("Page vide", "ouvrez l'entrée : le site a sans doute été refait", _CHANGED),
    "redirect": Cause("Redirections sans fin", "ouvrez l'entrée et donnez l'adresse où l'on arrive", _CHANGED),
    "guard": Cause("Adresse interdite", "l'adresse n'est pas publique : le site est peut-être piraté", _FAULTY),
    "size": Cause("Page trop grande", "cherchez une entrée plus petite, un flux par rubrique", _FAULTY),
    "encoding": Cause("Réponse abîmée", "attendez ; écrivez au site si cela dure", _FAULTY),
    "config": Cause("Configuration à corriger", "corrigez l'entrée dans config.toml", "la lecture est à revoir"),
}  # fmt: skip
_OURS = Cause("Erreur du programme", "signalez-la, avec l'adresse", "une erreur de notre côté")


def cause(kind: str, reason: str) -> Cause:
    """Named from the kind of a failure and, where it says more, from its French reason."""
    first = reason.split(" ; puis : ")[0]
    for mark, found in _BY_MARK:
        if mark in first:
            return found
    return _BY_KIND.get(kind, _OURS)


def short(reason: str) -> str:
    """A reason as the end of a sentence: no capital, no final stop."""
    text = re.sub(r"\s+", " ", reason).strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
