"""What stands before and after an article in its own part of the page: title, byline, dates, links, rights."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.text import fold
from pipeline.blocks import HEADINGS, Block
from pipeline.furniture import leads_elsewhere
from pipeline.lines import is_passing

PROSE = 80
"""Characters from which a block that is not made of links is prose."""
SHORT = 70
"""Characters of the longest byline, label of a button or date."""
TEASER = 400
"""Characters of the longest paragraph under the linked heading of another article."""
FEWEST = 400
"""Characters that must be left when teasers are cut: a page that is a list of them stays whole."""
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_ENGLISH_DATE = re.compile(
    r"^\W*(?:(?:published|posted|updated|last updated|on|at|date|by)\b[\s:]*)*"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    rf"(?:(?:{_MONTHS})[a-z]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})[a-z]*\.?)"
    r",?\s+\d{4}\b"
    r"(?:[\s,|·–-]*(?:at\s+)?\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?(?:\s*[A-Z]{2,4})?)?\W*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?i:par|by|propos recueillis par|écrit par|rédigé par|publié par|written by|posted by|texte(?: et photos?)?\s*:)"
    r"\s+(?:[A-ZÀ-Þ]|la rédaction|notre |nos )",
)
_LABEL = re.compile(
    r"^\W*(?:publicités?|la suite après cette publicité|annonce|advertise?ment|sponsored"
    r"|(?:story|article) continues below|share(?: this)?(?: article| story| post)?"
    r"|partager(?: cet article| la page)?|tweet(?:er)?|e-?mail|facebook|twitter|linkedin|whatsapp|copier le lien"
    r"|copy link|imprimer|print|skip to (?:main )?content|aller au contenu|haut de page|back to top"
    r"|retour(?: (?:à la liste|aux actualités|en haut))?|s.abonner|subscribe|chargement|loading|lire plus tard"
    r"|écouter(?: l.article)?|agrandir(?: l.image)?|read more|lire la suite|comments?|commentaires?"
    r"|suivez-nous|follow us)\W*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+$")
_SENTENCE = re.compile(r"[.!?…][»”\"')\]]*$")
_RIGHTS = re.compile(r"^\W*(?:©|\(c\)|™|copyright|tous droits réservés|all rights reserved|licen[cs]e)", re.IGNORECASE)


def trimmed(found: Sequence[Block], title: str) -> list[Block]:
    """The blocks of an article without its edges; all of them when nothing else would be left."""
    kept = [block for block in found if not _is_label(block.text)]
    kept = _without_teasers(kept)
    prose = [index for index, block in enumerate(kept) if _is_prose(block)]
    if not prose:
        return kept or list(found)
    head = [block for block in kept[: prose[0]] if not _is_of_head(block, title)]
    return head + kept[prose[0] : prose[-1] + 1] + _tail(kept[prose[-1] + 1 :])


def _is_label(text: str) -> bool:
    return (len(text) <= SHORT and bool(_LABEL.match(text))) or bool(_ADDRESS.match(text))


def _is_prose(block: Block) -> bool:
    linked = block.linked > 0.4 * len(block.text) and not _is_sentence(block)
    return len(block.text) >= PROSE and not linked and block.node.tag not in HEADINGS and not _RIGHTS.match(block.text)


def _is_of_head(block: Block, title: str) -> bool:
    if fold(block.text).strip(" .") == fold(title).strip(" ."):
        return True
    return len(block.text) <= SHORT and (block.linked >= 0.8 * len(block.text) or _is_signature(block))


def _is_signature(block: Block) -> bool:
    text = block.text
    return len(text) <= SHORT and bool(_BYLINE.match(text) or _ENGLISH_DATE.match(text) or is_passing(text))


def _tail(blocks: Sequence[Block]) -> list[Block]:
    """What follows the last paragraph, without links to other pages, what announces them, signatures and rights."""
    kept: list[Block] = []
    for block in blocks:
        if leads_elsewhere(block.text):
            break
        introduced = bool(kept) and kept[-1].text.endswith(":")
        if block.linked > 0.4 * len(block.text) and not introduced and not _is_sentence(block):
            continue
        if not _is_signature(block) and not _RIGHTS.match(block.text):
            kept.append(block)
    while kept and kept[-1].node.tag in HEADINGS:
        kept.pop()
    return kept


def _is_sentence(block: Block) -> bool:
    """A sentence of the article although most of it is links."""
    text = block.text
    return len(text) >= PROSE and block.linked < 0.9 * len(text) and bool(_SENTENCE.search(text))


def _without_teasers(found: list[Block]) -> list[Block]:
    """Without the last headings when two of them or more are links, each over a few lines at most."""
    first, teasers, since = len(found), 0, 0
    for index in range(len(found) - 1, -1, -1):
        block = found[index]
        if block.node.tag in HEADINGS and block.linked >= 0.8 * len(block.text):
            first, teasers, since = index, teasers + 1, 0
        elif block.node.tag in HEADINGS or since >= 2 or len(block.text) > TEASER:
            break
        else:
            since += block.linked < 0.8 * len(block.text)
    left = found[:first]
    if teasers < 2 or sum(len(block.text) for block in left) < FEWEST:
        return found
    while left[-1].node.tag in HEADINGS or left[-1].linked >= 0.8 * len(left[-1].text):
        left.pop()
    return left
