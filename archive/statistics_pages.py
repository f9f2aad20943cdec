"""Any search over time: its page and its file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from archive.coverage import covered, searched
from archive.export_csv import csv_table
from archive.export_table import Cell
from archive.query import Address, read
from archive.site import Site
from archive.timeline import Timeline, timeline
from archive.wording import day, isoday, spaced
from core.text import one_line

PATH = "/statistiques"


def statistics_page(site: Site, request: Request) -> Response:
    address = replace(read(request.query_params), sort=None, page=1)
    found, notes, lines = _counted(site, address)
    return site.page(
        "statistics.html",
        section="statistics",
        address=address,
        page=found,
        notes=notes,
        watched=lines,
        older=address.with_filter("before", found.first).href(f"{site.prefix}{PATH}") if found.older else "",
        search=address.href(f"{site.prefix}/recherche"),
        months=[address.with_filter("month", row.month).href(f"{site.prefix}/recherche") for row in found.rows],
        file=address.href(f"{site.prefix}{PATH}.csv"),
    )


def statistics_file(site: Site, request: Request) -> Response:
    """The table as CSV, in the form of `archive.export_csv`."""
    address = replace(read(request.query_params), sort=None, page=1)
    found, notes, lines = _counted(site, address)
    now = site.ports.clock.now()
    said = f"{one_line(site.ports.settings.name)} : {address.subject}, mois par mois, le {day(now)}."
    remarks = [said, f"{site.base(request)}{address.href(PATH)}", *notes, *lines]
    if found.older:
        remarks.append(f"Articles d’avant {found.first}, absents de ce tableau\u00a0: {found.older}.")
    headers = {"Content-Disposition": f'attachment; filename="veille-statistiques-{isoday(now)}.csv"'}
    return Response(table(found, remarks), media_type="text/csv; charset=utf-8; header=present", headers=headers)


def table(found: Timeline, remarks: list[str]) -> bytes:
    named = [one_line(column.name) for column in (*found.tags, *found.families)]
    head = ["Mois", "Articles", "Entrés après coup", *named, "Sources lues", "Remarque"]
    rows: Iterable[Sequence[Cell]] = (
        [row.month, row.total, row.late, *row.tags, *row.families, row.reading, row.remark] for row in found.rows
    )
    return csv_table(head, rows, remarks)


def _counted(site: Site, address: Address) -> tuple[Timeline, tuple[str, ...], tuple[str, ...]]:
    """What a search finds month by month, what was not understood of it, and what its sources cover."""
    ports = site.ports
    query = address.search_query(synonyms=ports.settings.synonyms)
    states, sources = ports.runs.states(), searched(address, site.names)
    found = timeline(ports.index.monthly(query), query, site.names, sources, states, ports.clock.now())
    return found, tuple(spaced(note) for note in query.notes), covered(address, query, site.names, states)
