"""What a source repeats is learnt from its last pages, by the children that read them, before its articles are read."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.articles import Article
from core.gate import Gate
from core.pages import FetchedPage
from pipeline.extract import ProcessExtractor
from pipeline.learning import PAGES

NOW = datetime(2026, 2, 12, 10, tzinfo=UTC)
GATE = Gate(frozenset((frozenset((b"halle",)),)))
PROMISE = "Notre rédaction vit de ses lecteurs, et de rien d'autre, depuis bientôt trente ans dans cette vallée."
TOWNS = ("Aubin", "Bosc", "Cernay", "Dorat", "Épinac")


def page(number: int, source: str, town: str, what: str, after: str) -> FetchedPage:
    said = (
        f"La {what} de {town}, fermée depuis {number + 9} ans, a rouvert samedi devant {number}00 personnes ravies.",
        f"Les travaux ont coûté {number}10 000 euros, un tiers payé par {town}, le reste par des dons.",
        f"Le maire de {town} promet un bilan dans {number + 3} mois, et n'exclut pas d'ouvrir aussi le dimanche matin.",
    )
    body = "".join(f"<p>{line}</p>" for line in (*said, after))
    html = (
        f'<html lang="fr"><head><meta charset="utf-8"><title>{town}</title></head><body><article><h1>{town}</h1>{body}'
    )
    address = f"https://{source}.example.org/{number}"
    return FetchedPage(number, source, "article", address, address, 200, (), html.encode(), "h", NOW)


class Shelf:
    """Keeps `core.ports.PageSamples` over a list, and notes what was asked."""

    def __init__(self, pages: Sequence[FetchedPage]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, int]] = []

    def of(self, source: str, count: int) -> list[FetchedPage]:
        self.asked.append((source, count))
        return [each for each in self.pages if each.source == source][:count]


def test_each_source_is_learnt_once_and_only_for_pages_that_may_match() -> None:
    halls = [page(n, "gazette", town, "halle", PROMISE) for n, town in enumerate(TOWNS, 1)]
    pools = [page(n, "courrier", town, "piscine", PROMISE) for n, town in enumerate(TOWNS, 11)]
    alone = page(21, "bulletin", "Fleix", "halle", PROMISE)
    shelf = Shelf([*halls, *pools, alone])
    with ProcessExtractor(1, GATE, shelf) as extractor:
        results = dict(filter(None, extractor.extract([*halls, None, *pools, alone])))
    assert len(results) == 11
    texts = {each.id: found.text for each, found in results.items() if isinstance(found, Article)}
    assert all(PROMISE not in texts[each.id] and "ravies" in texts[each.id] for each in halls)
    assert all(PROMISE in texts[each.id] for each in pools)
    assert PROMISE in texts[alone.id]
    assert sorted(shelf.asked) == [("bulletin", PAGES), ("gazette", PAGES)]
