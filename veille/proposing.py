"""What `veille proposals` does: the addresses of members, read as `veille add` reads one."""

from __future__ import annotations

from dataclasses import replace

from core.members import Proposal
from veille import by_hand, console
from veille.wiring import House

TAKEN_DOWN = "Cet article a été retiré à la demande : il ne peut pas revenir."


def show(house: House, as_json: bool) -> None:
    waiting = house.store.proposals.waiting()
    if as_json:
        console.say_json({"proposals": waiting})
        return
    names = {member.id: member.name for member in house.store.members.members()}
    rows = [(console.day(each.at, with_hour=True), names.get(each.member_id, "—"), each.url) for each in waiting]
    console.table(("Quand", "Qui", "Adresse"), rows)


def take(house: House, *, quiet: bool, as_json: bool) -> None:
    """Read the proposals that wait; each is closed as soon as it is read. Raises AlreadyRunning during a pass."""
    done = []
    for proposal in house.store.proposals.waiting():
        closed = look(house, proposal)
        house.store.proposals.close(closed, house.clock.now())
        done.append(closed)
        if not (quiet or as_json):
            console.say(f"{closed.url}\n  {closed.outcome}")
    if as_json:
        console.say_json({"proposals": done})
    elif not (done or quiet):
        console.say("Aucune proposition n'attend.")


def look(house: House, proposal: Proposal) -> Proposal:
    """The proposal and what became of it: the guard, the rights and the reading are those of any article."""
    if house.store.removals.of_url(proposal.url):
        return replace(proposal, state="refused", outcome=TAKEN_DOWN)
    known = house.store.articles.by_url(proposal.url)
    if known is not None:
        return replace(proposal, state="known", outcome="Cet article y était déjà.", article_id=known.id)
    failures = by_hand.bring(house, by_hand.source_of(house, proposal.url), proposal.url)
    found = house.store.articles.by_url(proposal.url)
    if found is None:
        return replace(proposal, state="refused", outcome=by_hand.reason_of(failures))
    told = by_hand.fate(found, by_hand.in_next_edition(house, found))
    return replace(proposal, state="added", outcome=told, article_id=found.id)
