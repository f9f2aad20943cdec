"""What `veille source try` does: one source, or one address, read by the real pipeline and stored nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.discovery import Candidate, Discovery
from core.errors import ConfigError
from veille import config as configuration
from veille import console, trial_report
from veille.trial import Finding, find, try_sources

FAILED = 1


def try_one(path: Path, what: str, as_json: bool) -> int:
    """Try a source by its slug, or what is found at an address; returns the exit code."""
    if what.startswith(("http://", "https://")):
        return _try_address(path, what, as_json)
    sources = {source.slug: source for source in configuration.load(path).sources}
    if what not in sources:
        raise ConfigError(
            f"Aucune source ne s'appelle « {what} » (voir : veille source list). "
            "Pour une adresse, donnez-la en entier, avec https://."
        )
    trial = try_sources(path, [sources[what]])[0]
    if as_json:
        console.say_json(trial_report.as_json(trial))
    else:
        console.say(f"Essai de « {trial.source.name} ». Rien n'est enregistré.")
        console.say()
        trial_report.say_trial(trial)
        if not trial.source.enabled and trial.readable:
            console.say(f"Elle est désactivée. Pour la suivre : veille source enable {what}")
    return 0 if trial.readable else FAILED


def _try_address(path: Path, address: str, as_json: bool) -> int:
    finding = find(path, [address])[0]
    if as_json:
        console.say_json(found_json(finding))
        return 0 if finding.trial else FAILED
    console.say(f"Essai de {address}. Rien n'est enregistré.")
    console.say()
    say_finding(finding)
    if finding.trial:
        console.say(f"Pour la suivre : veille source add {address}")
    return 0 if finding.trial else FAILED


def say_finding(finding: Finding) -> None:
    """What was found and tried, or why nothing was."""
    if finding.trial is None:
        say_nothing_found(finding.discovery)
        return
    trial_report.say_trial(finding.trial)
    others = [each for each in finding.discovery.candidates if each is not finding.chosen]
    if others:
        console.say()
        console.say("Trouvé aussi :")
        for each in others[:5]:
            trial_report.wrapped(_described(each), indent="  ", first="- ")


def _described(candidate: Candidate) -> str:
    items = console.count(candidate.announced, "article")
    until = f", le dernier du {console.day(candidate.newest)}" if candidate.newest else ""
    return f"{trial_report.KINDS[candidate.kind]} {candidate.url} ({items}{until})"


def say_nothing_found(discovery: Discovery) -> None:
    """Why an address gives nothing, and what a person may do next."""
    first = discovery.refusals[0] if discovery.refusals else None
    if first and first.url == discovery.asked:
        trial_report.wrapped(f"{discovery.asked} n'a pas pu être lue : {first.reason}.", indent="")
    elif discovery.candidates:
        console.say("Une entrée a été trouvée, mais aucun de ses articles n'a pu être lu :")
        for each in discovery.candidates[:5]:
            trial_report.wrapped(_described(each), indent="  ", first="- ")
    else:
        console.say("Ni flux, ni plan de site, ni liste d'articles n'ont été trouvés à cette adresse.")
    for refusal in discovery.refusals:
        if refusal is not first or refusal.url != discovery.asked:
            trial_report.wrapped(f"{refusal.url} : {refusal.reason}", indent="  ", first="- ")
    console.say()
    if first and first.kind == "robots":
        trial_report.wrapped(
            "Ce site demande aux programmes de ne pas le lire, et la veille obéit. Écrivez-lui : un accord, ou un flux "
            "qu'il autorise, change tout.",
            indent="",
        )
    else:
        trial_report.wrapped(
            "Essayez l'adresse de la page qui liste les articles (« Actualités », « Publications »), ou celle d'un "
            "flux. Pour écrire le bloc à la main : docs/guides/mainteneur-sources.md.",
            indent="",
        )


def found_json(finding: Finding) -> dict[str, Any]:
    """The object of `veille source try URL --json`."""
    discovery = finding.discovery
    return {
        "url": discovery.asked,
        "found": finding.trial is not None,
        "trial": trial_report.as_json(finding.trial) if finding.trial else None,
        "candidates": [candidate_json(each) for each in discovery.candidates],
        "refusals": discovery.refusals,
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "kind": candidate.kind,
        "url": candidate.url,
        "link": candidate.listing.link if candidate.listing else "",
        "announced": candidate.announced,
        "dated": candidate.dated,
        "newest": candidate.newest,
    }
