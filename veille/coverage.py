"""What config.toml watches of the facts already known: `python -m veille.coverage > docs/couverture.md`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.sources import Source
from veille import config

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
KINDS = {"events": "Événements", "contracts": "Contrats et lauréats", "key-documents": "Textes à connaître"}

_READING = """\
- *Suivi* : une source active suit l'éditeur d'une des pages où le fait a été lu.
- *Sur le site même* : sans compter les copies, les anciens sites et les autres sites de la même maison.
- *Par une adresse écrite* : sans compter les sources qui doivent d'abord trouver leur flux (« discover = true »).
- *Dans le fichier* : en comptant aussi les sources inactives.

Suivi ne veut pas dire reçu. Les sites n'ont pas été visités, et la première lecture dira ceux qui répondent
([la règle](adr/0012-enabled-without-a-visit.md)) ; et c'est l'éditeur qui est suivi, pas l'article d'alors."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known, and the addresses of the pages that tell it."""

    label: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publisher:
    """A site that is no source's own: the source that watches the same publisher, else what to do of it."""

    address: str
    """A host without `www.`, or the beginning of an address below it."""
    source: str
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Watch:
    """How an address is watched: by a source of its own site, or of its publisher, which is then given."""

    source: Source | None
    publisher: Publisher | None = None


def _place(url: str) -> str:
    """`https://www.Site.fr.:443/a?b` → `site.fr/a?b`."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    return host + parts.path + ("?" + parts.query if parts.query else "")


def site(url: str) -> str:
    return _place(url).split("/")[0].split("?")[0]


def facts(folder: Path, kind: str) -> list[Fact]:
    """The lines of one file of docs/reference."""
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [Fact(_label(row), tuple(row["urls"].split())) for row in rows]


def _label(row: dict[str, str]) -> str:
    return f"{row['date']} : {row['event']}" if "event" in row else row.get("name") or row["title"]


def _sites(source: Source) -> Iterator[str]:
    addresses = [source.url, *source.feeds, *source.sitemaps, *(source.pages.urls if source.pages else ())]
    addresses += [rules.url for rules in (source.listing, source.api) if rules is not None]
    yield from dict.fromkeys([*map(site, addresses), *source.article_domains])


class Atlas:
    """Which source watches an address. An enabled source is preferred to one that is off."""

    def __init__(self, sources: Sequence[Source], publishers: Sequence[Publisher]) -> None:
        self._slugs = {source.slug: source for source in sources}
        self._sites: dict[str, Source] = {}
        for source in sorted(sources, key=lambda source: not source.enabled):
            for name in _sites(source):
                self._sites.setdefault(name, source)
        self._publishers = sorted(publishers, key=lambda publisher: -len(publisher.address))

    def watch(self, url: str) -> Watch:
        """Raises ValueError for a site that neither config.toml nor publishers.csv knows."""
        publisher = next((p for p in self._publishers if _place(url).startswith(p.address)), None)
        own = self._sites.get(site(url))
        if own is not None:
            return Watch(own, publisher if not own.enabled else None)
        if publisher is None:
            raise ValueError(f"{site(url)} : à mettre dans config.toml ou dans docs/reference/publishers.csv ({url})")
        return Watch(self._slugs[publisher.source] if publisher.source else None, publisher)

    def watching(self, fact: Fact) -> list[Watch]:
        """The enabled sources that watch the publishers of a fact's pages."""
        found = map(self.watch, fact.urls)
        return [watch for watch in found if watch.source is not None and watch.source.enabled]

    def is_in_the_file(self, fact: Fact) -> bool:
        """True when a source of config.toml, enabled or not, is of the site or of the publisher of one of its pages."""
        return any(site(url) in self._sites or self.watch(url).source is not None for url in fact.urls)


def publishers(folder: Path) -> list[Publisher]:
    with (folder / "publishers.csv").open(encoding="utf-8", newline="") as stream:
        return [Publisher(**row) for row in csv.DictReader(stream)]


def _share(watched: Sequence[bool]) -> str:
    return f"{sum(watched)} sur {len(watched)} ({100 * sum(watched) / len(watched):.0f} %)"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _has_written_entry(source: Source | None) -> bool:
    return source is not None and bool(source.feeds or source.sitemaps or source.listing or source.api or source.pages)


def _figures(atlas: Atlas, known: dict[str, list[Fact]]) -> str:
    head = ("", "suivis", "dont sur le site même", "dont par une adresse écrite", "dans le fichier, actif ou non")
    rows = []
    for kind, name in KINDS.items():
        watches = [atlas.watching(fact) for fact in known[kind]]
        own = [any(watch.publisher is None for watch in found) for found in watches]
        written = [any(_has_written_entry(watch.source) for watch in found) for found in watches]
        there = [atlas.is_in_the_file(fact) for fact in known[kind]]
        rows.append([name, *map(_share, ([bool(found) for found in watches], own, written, there))])
    return _table(head, rows)


def _missed(atlas: Atlas, known: dict[str, list[Fact]]) -> Iterator[str]:
    for kind, name in KINDS.items():
        missed = [fact for fact in known[kind] if not atlas.watching(fact)]
        if missed:
            sites = [", ".join(f"`{name}`" for name in dict.fromkeys(map(site, fact.urls))) for fact in missed]
            rows = [(fact.label, seen) for fact, seen in zip(missed, sites, strict=True)]
            yield f"**{name}**\n\n{_table(('ce qui serait manqué', 'lu sur'), rows)}"


def _uses(known: dict[str, list[Fact]]) -> dict[str, tuple[str, list[int]]]:
    """Site → one of its addresses, and how many facts of each kind were read on it; most used first."""
    uses: dict[str, tuple[str, list[int]]] = {}
    for at, kind in enumerate(KINDS):
        for fact in known[kind]:
            for name, url in {site(url): url for url in fact.urls}.items():
                uses.setdefault(name, (url, [0] * len(KINDS)))[1][at] += 1
    return dict(sorted(uses.items(), key=lambda use: (-sum(use[1][1]), use[0])))


def _sites_tables(atlas: Atlas, known: dict[str, list[Fact]]) -> tuple[str, str]:
    """The sites that are watched, then those that are not, with what to do."""
    watched, missed = [], []
    for name, (url, counts) in _uses(known).items():
        watch, shown = atlas.watch(url), [str(count or "") for count in counts]
        if watch.source is not None and watch.source.enabled:
            how = f"{watch.publisher.verdict} : {watch.publisher.note}" if watch.publisher else ""
            watched.append([f"`{name}`", *shown, f"`{watch.source.slug}`", how])
        elif watch.publisher is not None:
            missed.append([f"`{name}`", *shown, watch.publisher.verdict, watch.publisher.note])
        else:
            raise ValueError(f"{name} : sa source est inactive, publishers.csv doit dire quoi faire")
    counted = ("év.", "contrats", "textes")
    return (
        _table(("site", *counted, "source", "lien avec l'éditeur"), watched),
        _table(("site", *counted, "verdict", "proposition"), missed),
    )


def page(settings: config.Config, folder: Path) -> str:
    """The whole page, in French. Raises ValueError for a site about which nothing was decided."""
    atlas = Atlas(settings.sources, publishers(folder))
    known = {kind: facts(folder, kind) for kind in KINDS}
    watched, missed = _sites_tables(atlas, known)
    parts = [
        "# Ce que la veille couvre",
        "Page faite par `make coverage` : ne pas la modifier à la main. Elle compare les sources de\n"
        "[config.toml](../config.toml) aux faits que le groupe connaissait déjà\n"
        "([d'où ils viennent](reference/README.md)).",
        _figures(atlas, known),
        f"{len(settings.enabled)} sources sont actives, sur {len(settings.sources)}.",
        _READING,
        "## Ce qui serait manqué",
        *_missed(atlas, known),
        "## Les sites manqués, et que faire",
        missed,
        "## Les sites suivis",
        watched,
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    try:
        sys.stdout.write(page(config.load(ROOT / "config.toml"), REFERENCE))
    except ValueError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
