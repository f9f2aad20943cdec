"""Results as an OpenDocument spreadsheet (ODF 1.3): texts are texts and never formulas, dates are dates; pure.

Three files in a zip, written here rather than by a library: every cell is of one of four kinds.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from archive.export_table import COLUMNS, Cell, cells
from archive.references import Listing
from archive.remarks import remarks

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{prefix}="{_URN}:{urn}:1.0"'
    for prefix, urn in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("number", "datastyle"),
    )
)  # fmt: skip
_MANIFEST = f"""{_HEAD}<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_WIDTHS = {"Titre": 9, "Extrait": 11, "Étiquettes": 6, "Source": 5, "Famille": 5, "Adresse": 7, "Fiche": 7}
"""Centimetres; 3 for the others, 24 for the sheet of remarks."""
_STYLES = """<office:automatic-styles>
<number:date-style style:name="iso"><number:year number:style="long"/><number:text>-</number:text>\
<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="iso"/>
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="wrapped" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/>\
</style:style>
{columns}</office:automatic-styles>
"""


def ods_file(listing: Listing) -> bytes:
    """Two sheets: the articles, and what the search covers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and not compressed, so that the file is recognised by its beginning (ODF 1.3, part 2, section 3.3).
        _add(archive, "mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        _add(archive, "META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED)
        _add(archive, "content.xml", _content(listing), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str, method: int) -> None:
    # Always the same time, so that the same results are the same bytes.
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = method
    archive.writestr(entry, text.encode("utf-8"))


def _content(listing: Listing) -> str:
    widths = sorted({3, 24, *_WIDTHS.values()})
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}cm"/></style:style>\n'
        for width in widths
    )
    heading = [name for name, _ in COLUMNS]
    sheets = [
        _sheet("Articles", [_WIDTHS.get(name, 3) for name in heading],
               [_row(heading, "head"), *(_row(cells(reference)) for reference in listing.references)]),
        _sheet("Couverture", [24], [_row([remark], "wrapped") for remark in remarks(listing)]),
    ]  # fmt: skip
    return (
        f'{_HEAD}<office:document-content {_NAMES} office:version="1.3">\n{_STYLES.format(columns=columns)}'
        f"<office:body><office:spreadsheet>\n{''.join(sheets)}</office:spreadsheet></office:body>"
        "</office:document-content>\n"
    )


def _sheet(name: str, widths: Iterable[int], rows: Iterable[str]) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths)
    return f"<table:table table:name={quoteattr(name)}>{columns}\n{''.join(rows)}</table:table>\n"


def _row(values: Iterable[Cell], style: str = "") -> str:
    return f"<table:table-row>{''.join(_cell(value, style) for value in values)}</table:table-row>\n"


def _cell(value: Cell, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'table:style-name="day" office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    styled = f' table:style-name="{style}"' if style else ""
    return f"<table:table-cell{styled} {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"
