"""An edition as text to paste: Markdown, or the lines of a wiki (a dash, a few words, the address); pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from archive.edition_pages import EditionPage, Story
from archive.wording import count, day, spaced
from core.text import inner_quotes, one_line

TextKind = Literal["markdown", "wiki"]
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~])")
# Not every reader of Markdown lets a backslash guard these.
_TAGS = str.maketrans({"<": "&lt;", ">": "&gt;"})
# What YesWiki reads as markup: doubled signs, and two straight quotes, between which it takes HTML as it is.
_WIKI = re.compile(r"(\*|/|_|#|@|=|\[|\]|\{|\}|-|')\1+|^-+\s*")


def text_of(kind: TextKind, page: EditionPage, name: str) -> str:
    """The whole edition; `name` is the watch's. Every word of outside is made unable to be markup."""
    return "\n".join(_WRITERS[kind](page, name)) + "\n"


def _markdown(page: EditionPage, name: str) -> Iterator[str]:
    yield f"# {_md(name)} – {_md(page.title)}"
    for paragraph in page.introduction:
        yield f"\n{_md(paragraph)}"
    for part in page.parts:
        yield f"\n## {_md(part.title)}\n"
        for story in part.stories:
            yield from _markdown_story(story)
    yield from _sources(page, _md, "\n## ", "- ")


def _markdown_story(story: Story) -> Iterator[str]:
    title = _md(spaced(story.title) or "(sans titre)")
    yield f"- {f'[{title}](<{story.url}>)' if story.url else title} – {_md(_from(story))}"
    quoted = "".join(f"**{_escaped(piece.text)}**" if piece.marked else _escaped(piece.text) for piece in story.excerpt)
    if quoted.strip():
        yield f"  > « {inner_quotes(quoted)} »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
        yield ""
    if story.why:
        yield f"  Pourquoi\u00a0: {_md(story.why)}"
        yield ""
    if story.copies:
        copies = (f"[{_md(each.source)}](<{each.url}>)" if each.url else _md(each.source) for each in story.copies)
        yield f"  Aussi dans\u00a0: {', '.join(copies)}"
        yield ""


def _wiki(page: EditionPage, name: str) -> Iterator[str]:
    yield f"=={_plain(name)} – {_plain(page.title)}=="
    for paragraph in page.introduction:
        yield f"\n{_plain(paragraph)}"
    for part in page.parts:
        yield f"\n**{_plain(part.title)}**"
        for story in part.stories:
            copies = "".join(f" ; {each.url}" for each in story.copies if each.url)
            yield f" - {_plain(spaced(story.title) or '(sans titre)')} ({_plain(_from(story))}) : {story.url}{copies}"
    yield from _sources(page, _plain, "\n**", " - ", "**")


def _sources(page: EditionPage, clean: Callable[[str], str], head: str, dash: str, foot: str = "") -> Iterator[str]:
    """What could not be read, and how many sources were."""
    if page.notices:
        yield f"{head}Ce qui n’a pas pu être lu{foot}\n"
        for source, reason in page.notices:
            yield f"{dash}{clean(source)}\u00a0: {clean(reason)}."
    if page.sources_read:
        yield f"\n{count(page.sources_read, 'source lue', 'sources lues')}."


def _from(story: Story) -> str:
    when = day(story.at) if story.dated else f"vu le {day(story.at)}"
    return f"{story.source}, {when}{', réservé aux abonnés' if story.truncated else ''}"


def _md(text: str) -> str:
    return _escaped(one_line(text, 500))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", re.sub(r"\s+", " ", text)).translate(_TAGS)


def _plain(text: str) -> str:
    return _WIKI.sub(lambda found: found[1] or "", one_line(text, 500).replace('"', "”"))


_WRITERS: Mapping[TextKind, Callable[[EditionPage, str], Iterator[str]]] = {"markdown": _markdown, "wiki": _wiki}
