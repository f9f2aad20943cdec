"""Lays out a report as a multi-page PDF, with the standard library and the fonts every reader has."""

import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from demo.articles import Article
from demo.french import month_year, short_date

WIDTH, HEIGHT, MARGIN = 595, 842, 78
TOP, BOTTOM = HEIGHT - 104, 84
ENCODING = "cp1252"  # WinAnsi
FONTS = {"body": "Times-Roman", "italic": "Times-Italic", "sans": "Helvetica", "bold": "Helvetica-Bold"}
# Widths of the characters 32 to 126 in thousandths of the size; an accented letter has its base letter's.
TIMES = (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
)  # fmt: skip
HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
OTHERS = {
    "«": 500, "»": 500, "’": 333, "“": 444, "”": 444, "–": 500, "—": 1000, "…": 1000, "€": 500, "\xa0": 250, "œ": 722,
    "°": 400,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of block is set."""

    font: str
    size: float
    leading: float
    after: float
    color: str = "0.13 0.13 0.16"
    indent: float = 0
    justified: bool = False


STYLES = {
    "p": Style("body", 11.5, 17, 9, justified=True),
    "h2": Style("bold", 14, 19, 8, color="0.72 0.22 0.14"),
    "quote": Style("italic", 12, 17.5, 10, color="0.25 0.25 0.35", indent=26),
    "list": Style("body", 11.5, 17, 9, indent=16),
}
ACCENT = "0.72 0.22 0.14"
INK = "0.13 0.13 0.16"


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is set, in points (bold is counted 6 % wider)."""
    table = TIMES if font in ("body", "italic") else HELVETICA
    total = 0
    for char in text:
        base = unicodedata.normalize("NFD", char)[0]
        total += OTHERS.get(char) or (table[ord(base) - 32] if " " <= base <= "~" else 500)
    return total * size * (1.06 if font == "bold" else 1) / 1000


def wrap(text: str, font: str, size: float, room: float) -> list[str]:
    """The lines of a paragraph; a non-breaking space does not break."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, font, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def show(text: str, x: float, y: float, font: str, size: float, color: str = INK, spacing: float = 0) -> str:
    """The operators that set one line."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {color} rg {spacing:.3f} Tw {x:.1f} {y:.1f} Td ({escaped}) Tj ET"


@dataclass(slots=True)
class Layout:
    """Fills pages with lines from top to bottom."""

    pages: list[list[str]] = field(default_factory=list)
    y: float = 0

    def need(self, height: float) -> None:
        """Open a page when this height is not left on the current one."""
        if not self.pages or self.y - height < BOTTOM:
            self.pages.append([])
            self.y = TOP

    def block(self, kind: str, text: str) -> None:
        """Set one block of the article."""
        style = STYLES[kind]
        room = WIDTH - 2 * MARGIN - style.indent
        if kind == "h2":
            self.need(90)  # a heading stays with the lines that follow it
            self.y -= 10
        for item in text.split("\n"):
            lines = wrap(item, style.font, style.size, room)
            for number, line in enumerate(lines):
                self.need(style.leading)
                bullet = "–" if kind == "list" and number == 0 else ""
                self.line(line, style, bullet, last=number == len(lines) - 1)
        self.y -= style.after

    def line(self, text: str, style: Style, bullet: str, *, last: bool) -> None:
        """Set one line, justified unless it ends its paragraph."""
        left, page = MARGIN + style.indent, self.pages[-1]
        slack = WIDTH - 2 * MARGIN - style.indent - width_of(text, style.font, style.size)
        spacing = slack / text.count(" ") if style.justified and not last and text.count(" ") else 0
        self.y -= style.leading
        if bullet:
            page.append(show(bullet, left - 14, self.y, style.font, style.size, style.color))
        page.append(show(text, left, self.y, style.font, style.size, style.color, spacing))


def report(article: Article, institute: str, about: list[str]) -> bytes:
    """The report as a PDF: a cover, the text, and a last page about the institute."""
    layout = Layout()
    for block in article.blocks:
        layout.block(block.kind, block.text)
    layout.y = 0  # the last page is a new one
    layout.block("h2", f"À propos de l’{institute}")
    for paragraph in about:
        layout.block("p", paragraph)
    total = len(layout.pages) + 1
    for number, page in enumerate(layout.pages, 2):
        page[:0] = running(article.title, institute, number, total)
    return write([cover(article, institute), *layout.pages], article, institute)


def running(title: str, institute: str, number: int, total: int) -> list[str]:
    """The header and the footer of a page."""
    short = title if len(title) < 64 else title[:62].rsplit(" ", 1)[0] + "…"
    return [
        show(institute, MARGIN, HEIGHT - 58, "bold", 8, ACCENT),
        show(short, WIDTH - MARGIN - width_of(short, "sans", 8), HEIGHT - 58, "sans", 8, "0.45 0.45 0.5"),
        f"0.8 0.8 0.82 RG 0.6 w {MARGIN} {HEIGHT - 66} m {WIDTH - MARGIN} {HEIGHT - 66} l S",
        show(f"Page {number} sur {total}", WIDTH / 2 - 24, 48, "sans", 8, "0.45 0.45 0.5"),
    ]


def cover(article: Article, institute: str) -> list[str]:
    """The first page."""
    page = [
        "0.96 0.94 0.9 rg 0 0 595 842 re f",
        f"{ACCENT} rg 0 0 26 842 re f {ACCENT} rg {MARGIN} 690 64 5 re f",
        show(institute, MARGIN, 742, "bold", 13),
        show(article.section, MARGIN, 712, "sans", 11, ACCENT),
    ]
    y = 640.0
    for line in wrap(article.title, "bold", 27, WIDTH - 2 * MARGIN):
        page.append(show(line, MARGIN, y, "bold", 27))
        y -= 35
    y -= 20
    for line in wrap(article.lead, "italic", 14, WIDTH - 2 * MARGIN - 30):
        page.append(show(line, MARGIN, y, "italic", 14, "0.3 0.3 0.35"))
        y -= 21
    date = month_year(article.published)
    return [*page, show(date[0].upper() + date[1:], MARGIN, 118, "bold", 11),
            show(f"Document mis en ligne le {short_date(article.published)}", MARGIN, 100, "sans", 9)]  # fmt: skip


def write(pages: list[list[str]], article: Article, institute: str) -> bytes:
    """The file itself: objects, cross-reference table, trailer."""
    objects = list(bodies(pages, article, institute))
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def bodies(pages: list[list[str]], article: Article, institute: str) -> Iterator[bytes]:
    """The numbered objects: catalogue, page tree, information, fonts, then each page with its content."""
    first = 4 + len(FONTS)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(FONTS, 4))
    yield b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>"
    yield f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    title, author = string(article.title), string(institute)
    yield f"<< /Title {title} /Author {author} /CreationDate {date(article.published)} >>".encode()
    for base in FONTS.values():
        yield f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>".encode()
    for number, page in enumerate(pages):
        stream = zlib.compress("\n".join(page).encode(ENCODING, "replace"))
        yield (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << {fonts} >> >>"
            f" /Contents {first + 2 * number + 1} 0 R >>"
        ).encode()
        yield b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream"


def string(text: str) -> str:
    """A text string of the information dictionary, in UTF-16."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def date(when: datetime) -> str:
    """A PDF date with its offset from UTC."""
    offset = when.strftime("%z")
    return f"(D:{when:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}')"
