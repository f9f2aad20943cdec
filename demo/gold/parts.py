"""The furniture of a page as HTML, with class names that change from page to page and mean nothing on half of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from demo.articles import Block
from demo.gold.furniture import Words

PLACES = "abcdefghijkmnpqrstuvwxyz0123456789"


class Sheet:
    """One page being made: its choices, and the words that are not its article."""

    def __init__(self, seed: str, words: Words) -> None:
        self.rng = random.Random(seed)
        self.words = words
        self.meaningless = self.rng.random() < 0.5
        self.furniture: list[str] = []

    def c(self, name: str) -> str:
        """A class name: what it says, or nothing that can be understood."""
        if not self.meaningless:
            return name
        return "css-" + "".join(self.rng.choice(PLACES) for _ in range(6))

    def flip(self) -> bool:
        return self.rng.random() < 0.5

    def some(self, pool: Sequence[str], count: int) -> list[str]:
        return self.rng.sample(list(pool), min(count, len(pool)))

    def said(self, text: str) -> Markup:
        """A line of furniture, noted and escaped."""
        self.furniture.append(text)
        return Markup(escape(text, quote=False))

    def link(self, text: str) -> Markup:
        return Markup(f'<a href="/{self.rng.randrange(10**6)}">{self.said(text)}</a>')

    def links(self, texts: Sequence[str], tag: str = "li") -> Markup:
        return Markup("".join(f"<{tag}>{self.link(text)}</{tag}>" for text in texts))

    def menu(self, count: int = 12, name: str = "main-menu") -> Markup:
        return Markup(f'<ul class="{self.c(name)}">{self.links(self.some(self.words.menu, count))}</ul>')

    def cookies(self) -> Markup:
        said = self.said(self.rng.choice(self.words.cookies))
        return Markup(f'<div class="{self.c("cookie-banner")}"><p>{said}</p><button>OK</button></div>')

    def also(self, tag: str = "p") -> Markup:
        """« À lire aussi : … » between two paragraphs."""
        announced = self.said(self.rng.choice(self.words.also))
        other = self.link(self.rng.choice(self.words.teasers))
        return Markup(f'<{tag} class="{self.c("read-also")}">{announced} : {other}</{tag}>')

    def boxed(self) -> Markup:
        """A box of links to other articles."""
        rows = self.links(self.some(self.words.teasers, 3))
        head = self.said(self.rng.choice(self.words.headings))
        return Markup(
            f'<div class="{self.c("related-box")}"><div class="{self.c("head")}">{head}</div><ul>{rows}</ul></div>'
        )

    def cards(self, count: int = 4) -> Markup:
        """Teasers with a summary each, as articles of their own."""
        made = [
            f'<div class="{self.c("card")}"><h3>{self.link(title)}</h3>'
            f"<p>{self.said(self.rng.choice(self.words.summaries))}</p></div>"
            for title in self.some(self.words.teasers, count)
        ]
        head = self.said(self.rng.choice(self.words.headings))
        return Markup(f'<section class="{self.c("more-news")}"><h2>{head}</h2>{"".join(made)}</section>')

    def comments(self, count: int = 3) -> Markup:
        made = [
            f'<li class="{self.c("comment")}"><b>{self.said(self.rng.choice(self.words.names))}</b>'
            f'<p>{self.said(text)}</p><a href="#r">{self.said(self.words.answer)}</a></li>'
            for text in self.some(self.words.comments, count)
        ]
        head = self.said(self.words.comment_title)
        return Markup(f'<div id="{self.c("comments")}"><h2>{head}</h2><ol>{"".join(made)}</ol></div>')

    def tags(self) -> Markup:
        return Markup(f'<div class="{self.c("tags")}">{self.links(self.some(self.words.tags, 5), "span")}</div>')

    def share(self) -> Markup:
        return Markup(f'<ul class="{self.c("share-links")}">{self.links(self.some(self.words.share, 4))}</ul>')

    def letter(self) -> Markup:
        said = self.said(self.rng.choice(self.words.letter))
        return Markup(
            f'<div class="{self.c("newsletter-box")}"><p>{said}</p><input type="email"><button>OK</button></div>'
        )

    def footer(self) -> Markup:
        rows = "".join(
            f'<div class="{self.c("f")}">{self.link(text)}</div>' for text in self.some(self.words.footer, 6)
        )
        return Markup(f'<div class="{self.c("site-footer")}">{rows}</div>')

    def figure(self) -> Markup:
        caption = self.said(self.rng.choice(self.words.captions))
        return Markup(f'<figure><img src="/i.jpg" alt=""><figcaption>{caption}</figcaption></figure>')

    def about(self) -> Markup:
        return Markup(
            f'<div class="{self.c("about-author")}"><p>{self.said(self.rng.choice(self.words.about))}</p></div>'
        )

    def paywall(self) -> Markup:
        rows = "".join(f"<p>{self.said(text)}</p>" for text in self.words.paywall)
        return Markup(f'<div class="{self.c("paywall-promo")}">{rows}</div>')

    def advert(self) -> Markup:
        return Markup(f'<div class="{self.c("ad-slot")}">{self.said(self.rng.choice(self.words.advert))}</div>')

    def body(self, blocks: Sequence[Block], inserts: Sequence[str] = (), tag: str = "p") -> Markup:
        """The article's blocks, with furniture between them (names of methods), each after one paragraph or more."""
        places = list(range(1, len(blocks)))
        chosen = dict(zip(sorted(self.rng.sample(places, min(len(places), len(inserts)))), inserts, strict=False))
        made = []
        for index, block in enumerate(blocks):
            if index in chosen:
                made.append(str(getattr(self, chosen[index])()))
            made.append(self.block(block, tag))
        return Markup("\n".join(made))

    def block(self, block: Block, tag: str) -> str:
        text = escape(block.text, quote=False)
        if block.kind == "list":
            return "<ul>" + "".join(f"<li>{escape(item, quote=False)}</li>" for item in block.items) + "</ul>"
        if block.kind == "quote":
            return f"<blockquote><p>{text}</p></blockquote>"
        if block.kind == "table":
            rows = (line.split(" | ") for line in block.items)
            return "<table>" + "".join(
                "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>" for row in rows
            ) + "</table>"  # fmt: skip
        if block.kind == "notes":
            notes = (escape(item, quote=False) for item in block.items)
            return (
                '<hr><ol class="notes">'
                + "".join(f'<li id="fn{n}">{note} <a href="#r{n}">↩</a></li>' for n, note in enumerate(notes))
                + "</ol>"
            )
        if block.kind in ("h2", "h3"):
            return f"<{block.kind}>{text}</{block.kind}>"
        return f"<{tag}>{self.woven(text)}</{tag}>"

    def woven(self, text: str) -> str:
        """A paragraph with a link or an emphasis in it, as real ones have."""
        words = text.split(" ")
        if len(words) < 20 or self.flip():
            return text
        start = self.rng.randrange(5, len(words) - 8)
        inner = " ".join(words[start : start + 3])
        made = f"<strong>{inner}</strong>" if self.flip() else f'<a href="/{start}">{inner}</a>'
        return " ".join([*words[:start], made, *words[start + 3 :]])
