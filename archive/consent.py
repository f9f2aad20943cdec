"""What is told to whoever subscribes and what they agree to; its version is the proof that is kept."""

from __future__ import annotations

from collections.abc import Sequence

VERSION = "2026-11"
"""To change with any word below: a test holds the two together."""

AGREED = "J’accepte de recevoir «\u00a0{name}\u00a0» par courriel à cette adresse, jusqu’à ce que je dise le contraire."
TOLD: Sequence[tuple[str, str]] = (
    ("Qui écrit", "Le groupe qui fait «\u00a0{name}\u00a0». Pour le joindre\u00a0: {contact}."),
    ("Pourquoi", "Vous envoyer la veille, et rien d’autre. Votre adresse n’est donnée ni vendue à personne."),
    (
        "Ce qui est gardé",
        "Votre adresse, vos choix, le jour de votre accord et la version de ce texte, et pour chaque envoi s’il est"
        " parti. Ni nom, ni ouvertures, ni clics.",
    ),
    (
        "Combien de temps",
        "Jusqu’à votre départ. Votre adresse est alors effacée\u00a0; il en reste trois ans une empreinte, qui sert"
        " seulement à ne pas vous réinscrire par erreur. Sans confirmation de votre part, tout est effacé au bout de"
        " sept jours.",
    ),
    (
        "Vos droits",
        "Partir à tout moment, d’un clic, dans chaque courriel. Voir, corriger ou faire effacer ce qui vous concerne"
        " en écrivant au groupe, qui a un mois pour répondre. Si la réponse ne vous convient pas, vous pouvez saisir"
        " la CNIL.",
    ),
)
