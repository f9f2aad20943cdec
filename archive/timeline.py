"""Stories per month, per tag and per family of sources: the numbers of a page, its charts and its file; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.chart import Chart, chart
from archive.names import Names
from archive.wording import count, month
from core.clock import PARIS
from core.names import CATEGORIES
from core.search import SearchQuery
from core.sources import Source, SourceState
from core.statistics import MonthCount
from core.tree import Dated, Expression, Filter, wanted

FEWEST, MOST = 12, 120
"""Months of a chart and of its table: one year at least, ten at most."""
SMALL = 120
"""Pixels: height of a chart among others."""


@dataclass(frozen=True, slots=True)
class Column:
    slug: str
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    month: str
    name: str
    total: int
    late: int
    """Of them, those that entered the archive after the fact."""
    tags: tuple[int, ...]
    families: tuple[int, ...]
    reading: int
    """Sources that had begun to be read before the month was over."""
    remark: str
    """French; empty for an ordinary month."""


@dataclass(frozen=True, slots=True)
class Timeline:
    total: int
    late: int
    older: int
    """Stories before the first row."""
    first: str
    """The first month shown, as `2026-11`."""
    rows: tuple[Row, ...]
    """Oldest first."""
    tags: tuple[Column, ...]
    families: tuple[Column, ...]
    whole: Chart
    by_tag: tuple[Chart, ...]
    by_family: tuple[Chart, ...]


def timeline(
    counts: Sequence[MonthCount],
    query: SearchQuery,
    names: Names,
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    now: datetime,
) -> Timeline:
    """`sources`: those that the search is about; their first reading tells which months were watched."""
    current = _month(now)
    starts = sorted(_month(at) for one in sources if (at := _begun(one, states)))
    shown, older = _window(counts, query, current)
    tags = _columns((label, one.stories) for one in counts for label in one.labels or ("none",))
    families = _columns((one.category, one.stories) for one in counts)
    totals, late = Counter[str](), Counter[str]()
    cells: Counter[tuple[str, str, str, bool]] = Counter()
    for one in counts:
        totals[one.month] += one.stories
        late[one.month] += one.stories * one.backfilled
        for label in one.labels or ("none",):
            cells[one.month, "tag", label, one.backfilled] += one.stories
        cells[one.month, "family", one.category, one.backfilled] += one.stories

    def series(kind: str, slug: str) -> list[tuple[int, int]]:
        return [(cells[each, kind, slug, False], cells[each, kind, slug, True]) for each in shown]

    def charts(kind: str, columns: Sequence[Column]) -> tuple[Chart, ...]:
        """On one scale, so that they compare at a glance."""
        values = {column.slug: series(kind, column.slug) for column in columns}
        highest = max((sum(pair) for each in values.values() for pair in each), default=0)
        return tuple(_chart(one.name, shown, values[one.slug], current, starts, highest, SMALL) for one in columns)

    named = tuple(Column(slug, names.label(slug), total) for slug, total in tags)
    grouped = tuple(Column(slug, family(slug), total) for slug, total in families)
    whole = [(totals[each] - late[each], late[each]) for each in shown]
    return Timeline(
        total=totals.total(),
        late=late.total(),
        older=older,
        first=shown[0],
        rows=tuple(
            Row(
                each,
                month(each),
                totals[each],
                late[each],
                tuple(sum(cells[each, "tag", one.slug, mark] for mark in (False, True)) for one in named),
                tuple(sum(cells[each, "family", one.slug, mark] for mark in (False, True)) for one in grouped),
                sum(start <= each for start in starts),
                _remark(each, current, starts),
            )
            for each in shown
        ),
        tags=named,
        families=grouped,
        whole=_chart("Articles par mois", shown, whole, current, starts),
        by_tag=charts("tag", named) if len(named) > 1 else (),
        by_family=charts("family", grouped) if len(grouped) > 1 else (),
    )


def family(slug: str) -> str:
    return next((name for key, name in CATEGORIES.items() if key == slug), slug or "Sources retirées de la veille")


def _columns(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Values with their totals, the greatest first."""
    totals = Counter[str]()
    for value, stories in pairs:
        totals[value] += stories
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))


def _window(counts: Sequence[MonthCount], query: SearchQuery, current: str) -> tuple[list[str], int]:
    """Every month from the first found to the present one, or to the end that the search asks for; what is older."""
    found = [one.month for one in counts]
    last = max([*found, current])
    if any(_bounds(part) for part in wanted(query.expression)):
        last = max(found, default=current)
    first = min(found, default=last)
    span = min(max(_number(last) - _number(first) + 1, FEWEST), MOST)
    begin = max(_number(last) - span + 1, 12)  # the year 1 at least
    shown = [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(begin, _number(last) + 1)]
    return shown, sum(one.stories for one in counts if one.month < shown[0])


def _bounds(part: Expression) -> bool:
    """Whether a part of a search says when it ends."""
    return (isinstance(part, Dated) and part.before is not None) or (isinstance(part, Filter) and part.name == "month")


def _number(value: str) -> int:
    return int(value[:4]) * 12 + int(value[5:7]) - 1


def _month(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%Y-%m")


def _begun(source: Source, states: Mapping[str, SourceState]) -> datetime | None:
    return states[source.slug].first_run_at if source.slug in states else None


def _remark(each: str, current: str, starts: Sequence[str]) -> str:
    if each == current:
        return "mois en cours, incomplet"
    if not starts or each < starts[0]:
        return "avant la veille"
    return "la veille commence ce mois-ci" if each == starts[0] else ""


def _chart(
    title: str,
    months: Sequence[str],
    values: Sequence[tuple[int, int]],
    current: str,
    starts: Sequence[str],
    highest: int = 0,
    height: int = 180,
) -> Chart:
    told, best = _told(months, values), starts[0] if starts else ""
    return chart(title, told, months, values, now=current, begun=best, highest=highest, height=height)


def _told(months: Sequence[str], values: Sequence[tuple[int, int]]) -> str:
    sums = [live + late for live, late in values]
    told = f"De {month(months[0])} à {month(months[-1])}\u00a0: {count(sum(sums), 'article', 'articles')}"
    if after := sum(late for _, late in values):
        told += f", dont {count(after, 'entré', 'entrés')} après coup"
    if any(sums):
        most = max(range(len(sums)), key=lambda index: (sums[index], index))
        told += f"\u00a0; le plus en {month(months[most])} ({sums[most]})"
    return f"{told}. Les nombres sont dans le tableau qui suit."
