"""Reads the articles of the demonstration: TOML front matter, then paragraphs, dated from a given moment."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.french import DAYS, day_month, short_date

FOLDER = Path(__file__).parent / "articles"
PARIS = ZoneInfo("Europe/Paris")
NEWS_AGE = timedelta(days=8)  # on a source's first run, what is older is filed in the archive and never mailed
KEYS = {
    "title", "age_hours", "age_days", "author", "section", "lead",
    "labels", "central", "copy_of", "members_only", "note",
}  # fmt: skip
DATE = re.compile(r"\{(date|jour|annee):([+-]?\d+)\}")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an article: a paragraph (`p`), a heading (`h2`), a quotation (`quote`) or a list (`list`)."""

    kind: str
    text: str

    @property
    def items(self) -> list[str]:
        """The lines of a list."""
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Article:
    """One text, with the tags a reader would give it."""

    id: str  # "<site>/<nn-slug>"
    title: str
    published: datetime
    blocks: tuple[Block, ...]
    lead: str = ""
    section: str = ""
    author: str = ""
    labels: tuple[str, ...] = ()
    central: bool = False
    copy_of: str | None = None
    members_only: bool = False
    note: str = ""
    old: bool = False

    @property
    def number(self) -> int:
        """The `nn` of the file name."""
        return int(self.id.split("/")[1].split("-", 1)[0])

    @property
    def slug(self) -> str:
        """The file name without its number."""
        return self.id.split("/")[1].split("-", 1)[1]

    @property
    def summary(self) -> str:
        """What a feed says of it: the lead, else the beginning of the first paragraph."""
        text = self.lead or self.blocks[0].text
        return text if len(text) <= 240 else text[:240].rsplit(" ", 1)[0] + "…"

    @property
    def text(self) -> str:
        """The whole text, paragraphs separated by a line feed."""
        return "\n".join([*([self.lead] if self.lead else []), *(block.text for block in self.blocks)])


def load_site(slug: str, now: datetime) -> tuple[Article, ...]:
    """The articles of one site, newest first."""
    articles = [load(path, now) for path in sorted((FOLDER / slug).glob("*.md"))]
    return tuple(sorted(articles, key=lambda article: article.published, reverse=True))


def load(path: Path, now: datetime) -> Article:
    """One article file, dated `age_hours` or `age_days` before `now`."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    meta = tomllib.loads(front)
    if unknown := meta.keys() - KEYS:
        raise ValueError(f"{path}: unknown front matter keys: {', '.join(sorted(unknown))}")
    age = timedelta(hours=meta["age_hours"]) if "age_hours" in meta else timedelta(days=meta["age_days"])
    published = (now.astimezone(PARIS) - age).replace(second=0, microsecond=0)
    return Article(
        id=f"{path.parent.name}/{path.stem}",
        title=expand(meta["title"], published),
        published=published,
        blocks=tuple(to_block(piece, published) for piece in re.split(r"\n\s*\n", body.strip())),
        lead=expand(text_of(meta, "lead"), published),
        section=text_of(meta, "section"),
        author=text_of(meta, "author"),
        labels=tuple(meta.get("labels", ())),
        central=bool(meta.get("central", False)),
        copy_of=meta.get("copy_of"),
        members_only=bool(meta.get("members_only", False)),
        note=text_of(meta, "note"),
        old=age > NEWS_AGE,
    )


def text_of(meta: Mapping[str, object], key: str) -> str:
    """A front matter value that may be absent."""
    return str(meta.get(key, ""))


def to_block(piece: str, published: datetime) -> Block:
    """One paragraph of the file; its first characters say what it is."""
    text = expand(piece.strip(), published)
    if text.startswith("## "):
        return Block("h2", text[3:])
    if text.startswith("> "):
        return Block("quote", " ".join(line.removeprefix(">").strip() for line in text.split("\n")))
    if text.startswith("- "):
        return Block("list", "\n".join(line.removeprefix("- ") for line in text.split("\n")))
    return Block("p", " ".join(text.split("\n")))


def expand(text: str, published: datetime) -> str:
    """Replace `{date:-1}`, `{jour:-1}` and `{annee:0}` by a date counted in days from publication."""

    def write(found: re.Match[str]) -> str:
        when = published + timedelta(days=int(found[2]))
        if found[1] == "annee":
            return str(when.year)
        return short_date(when) if found[1] == "date" else f"{DAYS[when.weekday()]} {day_month(when)}"

    return DATE.sub(write, text)
