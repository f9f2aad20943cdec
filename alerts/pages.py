"""Templates → text and HTML whose style is written on every element."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import css_inline
import jinja2
from markupsafe import Markup

from alerts.shown import Part

TEMPLATES = Path(__file__).parent / "templates"
COLUMNS = 76


class Pages:
    """The room's templates, read once; outside text is data to them, never a template (threat A38)."""

    def __init__(self) -> None:
        loader = jinja2.FileSystemLoader(TEMPLATES)
        self._pages = jinja2.Environment(
            loader=loader,
            autoescape=jinja2.select_autoescape(("html",), default=False),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters |= {"fill": fill, "starred": starred}
        self._css = (TEMPLATES / "style.css").read_text(encoding="utf-8")
        self._enhanced = (TEMPLATES / "dark.css").read_text(encoding="utf-8")
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False)

    def text(self, name: str, /, **values: object) -> str:
        """`<name>.txt`, filled."""
        return self._pages.get_template(f"{name}.txt").render(values)

    def html(self, name: str, /, **values: object) -> str:
        """`<name>.html`, a whole page; only what inline style cannot say (dark, narrow) stays in a style element."""
        page = self._pages.get_template(f"{name}.html").render(values, css=Markup(self._css))
        return self._inliner.inline(page).replace("</head>", f"<style>\n{self._enhanced}</style>\n</head>", 1)

    def fragment(self, name: str, /, **values: object) -> str:
        """`<name>.html`, a part of a page."""
        part = self._pages.get_template(f"{name}.html").render(values)
        return self._inliner.inline_fragment(part, self._css)


def fill(text: str, first: str = "", rest: str | None = None) -> str:
    """Lines of 76 characters at most, save words (addresses) that are longer."""
    return textwrap.fill(
        text,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def starred(parts: Sequence[Part]) -> str:
    """The passage as text, its matched words between stars."""
    return "".join(f"*{part.text}*" if part.bold else part.text for part in parts)
