"""Lines of a text that change by themselves: the page's own date, counters of readers, comments and shares.

They say nothing of the article, and would make a new version of it at every visit.
"""

from __future__ import annotations

import re

LONGEST = 140

_NUMBER = r"\d[\d\s.,]*\s?k?"
_COUNTER = re.compile(
    rf"^\W*(?:(?:cette page|cet article) a été )?(?:(?:lue?|vue?|consultée?)s?\s*:?\s*)?{_NUMBER}\s*"
    r"(?:fois|vues?|lectures?|visites?|commentaires?|réactions?|partages?|likes?|j.aime"
    r"|(?:visiteurs?|personnes?|connectés?|abonnés) (?:en ligne|ont lu (?:cet article|cette page))"
    r"|min(?:utes?)?(?: de lecture)?)\W*$"
    r"|^\W*(?:temps de lecture|lecture|vues?|visites?|commentaires?|partages?)\s*:?\s*(?:environ )?"
    r"\d[\d\s.,]*(?:\s?min\w*|\s?mn)?\W*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}(?:er)?\s+(?:janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)[a-zéû]*\.?(?:\s+\d{4})?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|il y a (?:une?|\d+) \w+|\bavant-hier\b|\bhier\b|aujourd.hui",
    re.IGNORECASE,
)
_ABOUT_DATES = re.compile(
    r"\b(?:publiée?|mise?|postée?|parue?|modifiée?|actualisée?|créée?|dernière|modification|mise|jour|en|ligne|à|a|le|la|de|du|et"
    r"|date|publication|parution|article|nous|sommes|on|est|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lun|mar|mer|jeu|ven|sam|dim|heures?|h|min)\b|\d{1,2}\s?[h:]\s?\d{0,2}(?::\d{2})?|[\W_]",
    re.IGNORECASE,
)


def without_counters(text: str) -> str:
    """The text without these lines; a text made of nothing else is left as it is."""
    kept = [line for line in text.split("\n") if not (line and len(line) <= LONGEST and is_passing(line))]
    return "\n".join(kept).strip() or text


def is_passing(line: str) -> bool:
    """True for a counter, or a line that gives only dates."""
    if _COUNTER.match(line):
        return True
    left, dates = _DATE.subn(" ", line)
    return dates > 0 and not _ABOUT_DATES.sub("", left)
