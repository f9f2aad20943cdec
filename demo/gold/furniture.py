"""Words that stand around articles: menus, banners, teasers, comments; the topic's own words among them, as traps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The furniture of sites in one language."""

    menu: tuple[str, ...]
    cookies: tuple[str, ...]
    teasers: tuple[str, ...]
    """Titles of other articles."""
    summaries: tuple[str, ...]
    comments: tuple[str, ...]
    names: tuple[str, ...]
    """Pseudonyms of those who comment."""
    tags: tuple[str, ...]
    also: tuple[str, ...]
    """What announces another article within a text."""
    headings: tuple[str, ...]
    """What announces a list of other articles."""
    share: tuple[str, ...]
    letter: tuple[str, ...]
    footer: tuple[str, ...]
    captions: tuple[str, ...]
    about: tuple[str, ...]
    """What a site says of itself or of an author under an article."""
    paywall: tuple[str, ...]
    advert: tuple[str, ...]
    comment_title: str
    answer: str


FRENCH = Words(
    menu=(
        "Accueil",
        "Actualités",
        "Territoires",
        "Économie",
        "Société",
        "Culture",
        "Sports",
        "Nos dossiers",
        "Agenda",
        "Contrats à impact social",
        "Investissement à impact",
        "Emploi",
        "Logement",
        "Jeunesse",
        "Qui sommes-nous ?",
        "Espace presse",
        "Marchés publics",
        "Contact",
        "Se connecter",
        "Mon compte",
        "Rechercher",
    ),
    cookies=(
        "Ce site utilise des cookies pour mesurer son audience et vous proposer des vidéos. Vous pouvez les accepter, "
        "les refuser ou choisir finalité par finalité, et changer d’avis à tout moment.",
        "Avec nos 214 partenaires, nous stockons des informations sur votre appareil afin d’afficher de la publicité "
        "adaptée à vos centres d’intérêt. Votre choix est conservé pendant six mois.",
        "Le respect de votre vie privée est notre priorité. Continuer sans accepter, personnaliser ou tout accepter.",
    ),
    teasers=(
        "Un cinquième contrat à impact social signé dans la vallée",
        "Pourquoi les obligations à impact social divisent",
        "La médiathèque ferme un mois pour travaux",
        "Investissement à impact : ce que rapportent vraiment les fonds solidaires",
        "Trois questions sur la réforme des subventions",
        "Le marché couvert rouvre samedi",
        "Les contrats à impact, une fausse bonne idée ?",
        "Aide à domicile : la grève se poursuit",
        "Le prix de l’eau augmente de 4 % au printemps",
        "Transports scolaires : les nouveaux horaires",
        "Social impact bonds : la leçon britannique",
        "Une crèche associative cherche des locaux",
        "Budget : le conseil vote une rallonge pour les clubs",
        "Portrait d’une boulangère qui apprend à lire",
        "Ce que change la nouvelle carte des quartiers",
        "Le tribunal donne raison aux riverains",
    ),
    summaries=(
        "Les élus ont débattu jusqu’à minuit sans trouver d’accord sur la répartition des crédits.",
        "Notre enquête dans quatre communes qui ont confié leur action sociale à des investisseurs privés.",
        "Le directeur promet un retour à la normale avant les vacances, les usagers en doutent.",
        "Financés par des épargnants, ces programmes remboursent selon les résultats obtenus.",
        "Rendez-vous place de la Halle dès neuf heures, entrée libre et buvette sur place.",
    ),
    comments=(
        "Encore un bel exemple d’argent public distribué sans contrôle, on nous prend vraiment pour des pigeons !",
        "Merci pour cet article clair. Est-ce que quelqu’un sait si le même dispositif existe dans la Drôme ?",
        "Je travaille dans ce secteur depuis douze ans et je peux vous dire que la réalité du terrain est tout autre.",
        "Les contrats à impact social, on en parlait déjà il y a dix ans dans notre commune, et on n’a rien vu venir.",
        "Tout à fait d’accord avec vous, d’autant que personne n’a demandé leur avis aux familles concernées.",
        "Bonjour, pourriez-vous donner le montant exact ? Le chiffre donné ne correspond pas à celui du bulletin.",
    ),
    names=("Marmotte38", "un lecteur du Vercors", "citoyen_lambda", "Pivoine", "Vieux Sage", "jojo-la-frite"),
    tags=(
        "contrat à impact social",
        "subventions",
        "quartiers",
        "épargne solidaire",
        "insertion",
        "petite enfance",
        "budget",
    ),
    also=("À lire aussi", "Lire aussi", "Sur le même sujet", "Lire également", "À voir aussi"),
    headings=(
        "Dans la même rubrique",
        "Sur le même thème",
        "Les plus lus",
        "Nos derniers articles",
        "Articles similaires",
    ),
    share=("Partager", "Facebook", "LinkedIn", "Copier le lien", "Imprimer", "Envoyer par courriel"),
    letter=(
        "Recevez chaque vendredi l’essentiel de l’actualité sociale dans notre lettre d’information.",
        "Abonnez-vous à notre newsletter gratuite et ne manquez plus aucune de nos enquêtes.",
        "Inscrivez-vous à l’infolettre : une fois par mois, les nouvelles de l’investissement à impact.",
    ),
    footer=(
        "Mentions légales",
        "Plan du site",
        "Accessibilité : partiellement conforme",
        "Données personnelles",
        "Gestion des cookies",
        "© Tous droits réservés",
        "Retrouvez-nous sur les réseaux sociaux",
        "Sauf mention contraire, les contenus de ce site sont proposés sous licence ouverte.",
    ),
    captions=(
        "La place de la mairie, un jour de marché. Photo d’archives",
        "Le chantier doit durer dix-huit mois. © Service communication",
        "Une réunion publique a rassemblé deux cents personnes. Crédit photo : association Les Lucioles",
    ),
    about=(
        "Fondé il y a trente ans, notre journal est la propriété de ses salariés et de ses lecteurs.",
        "Journaliste à la rédaction, elle suit les questions sociales et la finance à impact depuis 2015.",
        "Cet article vous a-t-il été utile ? Votre avis nous aide à améliorer le site.",
    ),
    paywall=(
        "Pour soutenir une information indépendante, abonnez-vous à partir d’un euro le premier mois, sans engagement.",
        "Déjà abonné ? Identifiez-vous pour profiter de tous vos avantages sur tous vos appareils.",
    ),
    advert=("Publicité", "La suite après cette publicité", "Annonce"),
    comment_title="Vos réactions",
    answer="Répondre",
)

ENGLISH = Words(
    menu=(
        "Home",
        "News",
        "Opinion",
        "Social impact bonds",
        "Impact investing",
        "Health",
        "Education",
        "Housing",
        "About us",
        "Events",
        "Podcasts",
        "Careers",
        "Sign in",
        "Search",
        "Donate",
        "Contact",
    ),
    cookies=(
        "We and our partners store information on your device to measure audiences and show relevant advertising. You "
        "may accept, refuse or manage your choices at any time.",
        "This website uses cookies to ensure you get the best experience. By continuing you agree to our policy.",
    ),
    teasers=(
        "Ten years of social impact bonds: what have we learned?",
        "Charities warn of a hard winter ahead",
        "The village that bought its own pub",
        "Impact investing assets grow again",
        "How to read an outcomes contract",
        "Council delays decision on library hours",
        "Why volunteers leave and what brings them back",
        "A new bridge for the harbour at last",
        "Ministers defend payment by results",
    ),
    summaries=(
        "Members of the committee were divided after three hours of evidence.",
        "A long read on the investors behind four local programmes.",
        "Doors open at nine and entry is free for residents.",
    ),
    comments=(
        "Great read, thanks. I would love to see the same figures for the north of the country though.",
        "Another scheme nobody asked for. My council tried a social impact bond and quietly dropped it.",
        "Does anybody know where the full report can be downloaded? The link in the text seems broken.",
        "I have worked in the sector for years and this matches what we see every single day.",
    ),
    names=("harbourcat", "Old Tom", "a reader from Leith", "pluto_77"),
    tags=("impact investing", "charities", "local government", "outcomes", "housing"),
    also=("Read more", "Related", "See also", "Read also"),
    headings=("Most read", "More stories", "Related articles", "Recent posts", "You may also like"),
    share=("Share", "Tweet", "LinkedIn", "Email", "Print", "Copy link"),
    letter=(
        "Sign up for our weekly newsletter and get the best of our reporting in your inbox.",
        "Subscribe to our free email briefing on impact investing.",
    ),
    footer=(
        "Terms of use",
        "Privacy policy",
        "Accessibility",
        "Cookie settings",
        "© All rights reserved",
        "Follow us",
        "Registered charity. Registered office: 4 Harbour Street.",
    ),
    captions=(
        "The old mill before the works. Photograph: the trust",
        "Residents at the public meeting in March. Image: archive",
    ),
    about=(
        "She writes about charities, public money and the people in between.",
        "Our journalism is free to read because readers pay for it. Consider supporting us.",
    ),
    paywall=(
        "Subscribe from one pound a month to keep reading our independent reporting.",
        "Already a subscriber? Log in.",
    ),
    advert=("Advertisement", "Story continues below", "Sponsored"),
    comment_title="Join the conversation",
    answer="Reply",
)
