"""Stories per month, per tag and per family of sources: the numbers of a page, its charts and its file; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.chart import HEIGHT, Chart, chart
from archive.coverage import first_read
from archive.names import Names
from archive.wording import count, month, month_number
from core.clock import PARIS
from core.search import SearchQuery
from core.sources import Source, SourceState
from core.statistics import MonthCount
from core.tree import Dated, Expression, Filter, wanted

FEWEST, MOST = 12, 120
"""Months of a chart and of its table: one year at least, ten at most."""
SMALL = 120
"""Pixels: height of a chart among others."""
GONE = "Sources retirées de la veille"
"""The family of sources that have left the configuration."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    values: tuple[tuple[int, int], ...]
    """For each month shown: stories read in their time, and those that entered the archive after the fact."""


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


@dataclass(frozen=True, slots=True)
class _Window:
    months: tuple[str, ...]
    current: str
    """The month that is not over."""
    starts: tuple[str, ...]
    """Months in which a source was first read, in their order."""


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
    starts = tuple(sorted(_month(at) for one in sources if (at := first_read(one, states))))
    window = _Window(_months(counts, query, current), current, starts)
    whole = _column("Articles par mois", counts, window)
    tags = _columns(counts, lambda one: one.labels or ("none",), names.label, window)
    families = _columns(counts, lambda one: (one.category,), lambda slug: names.category(slug) or GONE, window)
    return Timeline(
        total=_stories(counts),
        late=_stories(one for one in counts if one.backfilled),
        older=_stories(one for one in counts if one.month < window.months[0]),
        first=window.months[0],
        rows=tuple(_row(index, whole, tags, families, window) for index in range(len(window.months))),
        tags=tags,
        families=families,
        whole=_chart(whole, window),
        by_tag=_charts(tags, window),
        by_family=_charts(families, window),
    )


def _stories(counts: Iterable[MonthCount]) -> int:
    return sum(one.stories for one in counts)


def _columns(
    counts: Sequence[MonthCount],
    slugs: Callable[[MonthCount], tuple[str, ...]],
    name: Callable[[str], str],
    window: _Window,
) -> tuple[Column, ...]:
    """One for each slug, the one with the most stories first."""
    groups: dict[str, list[MonthCount]] = {}
    for one in counts:
        for slug in slugs(one):
            groups.setdefault(slug, []).append(one)
    ordered = sorted(groups, key=lambda slug: (-_stories(groups[slug]), slug))
    return tuple(_column(name(slug), groups[slug], window) for slug in ordered)


def _column(name: str, counts: Iterable[MonthCount], window: _Window) -> Column:
    found = Counter[tuple[str, bool]]()
    for one in counts:
        found[one.month, one.backfilled] += one.stories
    return Column(name, tuple((found[each, False], found[each, True]) for each in window.months))


def _row(index: int, whole: Column, tags: Sequence[Column], families: Sequence[Column], window: _Window) -> Row:
    each = window.months[index]
    live, late = whole.values[index]
    return Row(
        month=each,
        name=month(each),
        total=live + late,
        late=late,
        tags=tuple(sum(one.values[index]) for one in tags),
        families=tuple(sum(one.values[index]) for one in families),
        reading=sum(start <= each for start in window.starts),
        remark=_remark(each, window),
    )


def _months(counts: Sequence[MonthCount], query: SearchQuery, current: str) -> tuple[str, ...]:
    """Every month from the first found to the present one, or to the end that the search asks for."""
    found = [one.month for one in counts]
    last = max([*found, current])
    if any(_bounds(part) for part in wanted(query.expression)):
        last = max(found, default=current)
    first = min(found, default=last)
    span = min(max(month_number(last) - month_number(first) + 1, FEWEST), MOST)
    begin = max(month_number(last) - span + 1, 12)  # the year 1 at least
    return tuple(f"{each // 12:04}-{each % 12 + 1:02}" for each in range(begin, month_number(last) + 1))


def _bounds(part: Expression) -> bool:
    """Whether a part of a search says when it ends."""
    return (isinstance(part, Dated) and part.before is not None) or (isinstance(part, Filter) and part.name == "month")


def _month(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%Y-%m")


def _remark(each: str, window: _Window) -> str:
    if each == window.current:
        return "mois en cours, incomplet"
    if not window.starts or each < window.starts[0]:
        return "avant la veille"
    return "la veille commence ce mois-ci" if each == window.starts[0] else ""


def _charts(columns: Sequence[Column], window: _Window) -> tuple[Chart, ...]:
    """On one scale, so that they compare at a glance; none for a single column, which is the whole."""
    if len(columns) < 2:
        return ()
    highest = max(sum(pair) for one in columns for pair in one.values)
    return tuple(_chart(one, window, highest, SMALL) for one in columns)


def _chart(column: Column, window: _Window, highest: int = 0, height: int = HEIGHT) -> Chart:
    told, begun = _told(window.months, column.values), window.starts[0] if window.starts else ""
    return chart(
        column.name, told, window.months, column.values,
        now=window.current, begun=begun, highest=highest, height=height,
    )  # fmt: skip


def _told(months: Sequence[str], values: Sequence[tuple[int, int]]) -> str:
    sums = [live + late for live, late in values]
    told = f"De {month(months[0])} à {month(months[-1])}\u00a0: {count(sum(sums), 'article', 'articles')}"
    if after := sum(late for _, late in values):
        told += f", dont {count(after, 'entré', 'entrés')} après coup"
    if any(sums):
        most = max(range(len(sums)), key=lambda index: (sums[index], index))
        told += f"\u00a0; le plus en {month(months[most])} ({sums[most]})"
    return f"{told}. Les nombres sont dans le tableau qui suit."
