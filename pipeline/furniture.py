"""What of a page is not its article: menus, banners, related links, comments, letters to subscribe to.

Furniture often names the topic when the article does not: it goes before the text is read, never after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

LARGEST_SHARE = 0.4
"""Share of a page's words above which an element is its content, whatever its class says."""
TEASER = 600
"""Characters of the longest teaser of another article."""
HEAD = 600
"""Characters of prose under which an article may be only the head of one, whose text stands outside it."""
ONE_LINK = 140
"""Characters of the longest block that is one link to another page; a linked sentence is a sentence."""
FEWEST = 20
"""Characters that must be left of an article when links to other pages are taken out; a page of links is left whole."""

_TAGS = frozenset(("nav", "aside", "footer", "dialog", "menu", "form"))
_UNSHOWN = frozenset(("head", "script", "style", "noscript", "template"))
_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "search", "dialog", "alertdialog"))
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|rgpd|gdpr|tarteaucitron|axeptio|didomi|newsletters?|infolettre|related\w*|similaires?"
    r"|lire-aussi|a-lire|read-?also|read-?more|comments?|commentaires?|disqus|respond|sidebar|widget-area|shar(?:e|ing)"
    r"|sharedaddy|partag(?:e|er)|social-(?:share|links?|icons?|media)|breadcrumbs?|ariane|arbo|post-navigation|nav-links"
    r"|pagination|subscribe|recomm[ae]nd\w*|most-?read|plus-lus|latest-posts|recent-posts|tags|mots-cles"
    r"|author-bio|outbrain|taboola|jp-relatedposts|modal|popup|embedded-content|skip-?links?)(?=$|[\s_-])"
    r"|amp-(?:sidebar|consent)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"^\W*(?:(?:à |a )?(?:lire|relire|voir|écouter|découvrir|retrouver)(?: ou \w+)?"
    r" (?:aussi|également|encore|ensuite|sur le même)"
    r"|sur le même (?:sujet|thème)|dans (?:la même rubrique|le même dossier)"
    r"|articles? (?:similaires|liés|associés|récents|connexes)"
    r"|les (?:articles )?(?:plus|\+) (?:lus|vus|consultés|populaires)"
    r"|(?:nos )?derni(?:ers|ères) (?:articles|actualités|publications)|nos autres articles|vous aimerez aussi"
    r"|à découvrir|pour aller plus loin|en savoir plus|read (?:also|more|next)|related|see also|more on this|more from"
    r"|(?:more )?(?:recent|latest|popular|trending) (?:articles|posts|stories|news|headlines)"
    r"|more (?:must-reads|stories)|most (?:read|popular|viewed)|you (?:may|might) also (?:like|be interested)"
    r"|up next|recommended (?:for you|reading))\b",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"^\W*(?:(?:abonnez|inscrivez)-vous\b.{0,40}\b(?:lettre|infolettre|newsletter)"
    r"|recevez\b.{0,60}\b(?:lettre|infolettre|newsletter)"
    r"|(?:sign up|subscribe)\b.{0,60}\b(?:newsletters?|e-?mails?|briefing|inbox)|get\b.{0,60}\bin your inbox)",
    re.IGNORECASE,
)
_BLOCKS = ("p", "div", "li", "td", "blockquote", "section", "span", "h2", "h3", "h4", "h5", "h6")
_LINKED = frozenset(("p", "div", "td", "blockquote", "h3", "h4", "h5", "h6"))
_INNER = frozenset((*_BLOCKS, "ul", "ol", "table", "h1")) - {"span"}


def words(node: Any) -> str:
    return " ".join(" ".join(node.itertext()).split())


def is_furniture(node: Any) -> bool:
    """What an element says of itself by its tag, role, class or style; a footer within an article is the article's."""
    if not isinstance(node.tag, str):
        return False
    if node.tag in _TAGS:
        return not (node.tag == "footer" and next(node.iterancestors("article", "blockquote"), None) is not None)
    if node.get("role") in _ROLES or node.get("hidden") is not None or _HIDDEN.search(node.get("style") or ""):
        return True
    named = f"{node.get('class') or ''} {node.get('id') or ''} {node.tag}"
    return bool(_NAMES.search(named))


def within_furniture(node: Any, top: Any) -> bool:
    """True when an element, or one around it below `top`, is furniture."""
    for each in (node, *node.iterancestors()):
        if each is top or each.tag in ("body", "html", "main"):
            return False
        if is_furniture(each):
            return True
    return False


def content(tree: Any, headline: Any) -> Any:
    """The article or main part around the headline; the whole page when there is none, or when it is only a head."""
    around = None
    if headline is not None:
        around = next(headline.iterancestors("article"), None)
        if around is None:
            around = next(headline.iterancestors("main"), None)
    if around is None:
        return tree
    inside = sum(map(len, _prose(around)))
    if inside > HEAD:
        return around
    outside = sum(len(text) for node, text in _prose_of(tree) if not _is_apart(node, around))
    return around if inside and outside <= 2 * inside else tree


def _is_apart(node: Any, around: Any) -> bool:
    """Whether a paragraph is in a part of the page, or in furniture, or in another article."""
    return any(each is around or each.tag == "article" or is_furniture(each) for each in (node, *node.iterancestors()))


def _prose(part: Any) -> list[str]:
    return [text for _, text in _prose_of(part)]


def _prose_of(part: Any) -> Iterator[tuple[Any, str]]:
    """Paragraphs that are more than links, with their text."""
    for node in part.iter("p", "li", "div"):
        if node.tag == "div" and any(child.tag in _INNER for child in node):
            continue
        text = words(node)
        if len(text) > 25 and len(text) > 2 * _linked(node):
            yield node, text


def clear(top: Any, headline: Any) -> None:
    """Take the furniture out of a part of a page, in place."""
    kept = set(headline.iterancestors()) | {headline} if headline is not None else set()
    sizes = _sizes(top)
    for node in [each for each in top.iter() if each is not top and _is_outside(each)]:
        if node not in kept and (node.tag in ("nav", "aside") or sizes[node] <= LARGEST_SHARE * sizes[top]):
            _drop(node)
    sizes = _sizes(top)
    elsewhere = [node for node in _elsewhere(top, sizes) if node not in kept]
    outer = set(elsewhere)
    outer = {node for node in outer if outer.isdisjoint(node.iterancestors())}
    title = sizes.get(headline, 0)
    if sizes[top] - title - sum(sizes[node] for node in outer) > FEWEST:
        for node in outer:
            _drop(node)


def _sizes(top: Any) -> dict[Any, int]:
    """Characters of every element, in one pass: asking each for its text would read a deep page hundreds of times."""
    sizes: dict[Any, int] = {}
    for node in reversed(list(top.iter())):
        own = len((node.text or "").strip()) if isinstance(node.tag, str) else 0
        sizes[node] = (
            0 if node.tag in _UNSHOWN else own + sum(sizes[child] + len((child.tail or "").strip()) for child in node)
        )
    return sizes


def _is_outside(node: Any) -> bool:
    return is_furniture(node) or (node.tag == "article" and _is_teaser(node))


def _is_teaser(node: Any) -> bool:
    """An article within the page whose heading leads to another page."""
    heading = next(node.iter("h2", "h3", "h4"), None)
    if heading is None or len(words(node)) > TEASER:
        return False
    return next(heading.iter("a"), None) is not None or next(heading.iterancestors("a"), None) is not None


def _linked(node: Any) -> int:
    return sum(len(words(link)) for link in node.iter("a"))


def _elsewhere(top: Any, sizes: dict[Any, int]) -> Iterator[Any]:
    """Blocks that lead to other pages: « À lire aussi : … », a list under such a heading, a paragraph of one link."""
    for node in top.iter(*_BLOCKS):
        if node is top or not 0 < sizes[node] <= TEASER:
            continue
        text = words(node)
        if _LETTER.match(text) and len(text) < 200:
            yield node
        elif _ELSEWHERE.match(text):
            yield from _announced(node, text)
        elif node.tag in _LINKED and 15 < len(text) <= ONE_LINK and _is_one_link(node, text):
            yield node


def leads_elsewhere(text: str) -> bool:
    """Whether a line announces other pages: « À lire aussi », « Sur le même sujet », « Read next »."""
    return bool(_ELSEWHERE.match(text))


def _announced(node: Any, text: str) -> Iterator[Any]:
    linked = _linked(node)
    if linked > 0.4 * len(text):
        yield node
    elif len(text) < 60 and not linked:
        following = node.getnext()
        if following is None or not _is_led_to(following):
            return
        yield node
        while following is not None and _is_led_to(following):
            yield following
            following = following.getnext()


def _is_led_to(node: Any) -> bool:
    """A block of links, and not a sentence that holds some."""
    text = words(node)
    linked = _linked(node)
    return bool(text) and linked > 0.5 * len(text) and not (text.endswith(".") and linked < 0.9 * len(text))


def _is_one_link(node: Any, text: str) -> bool:
    if any(child.tag in _INNER for child in node.iter() if child is not node):
        return False
    return not text.endswith(".") and _linked(node) >= 0.95 * len(text)


def _drop(node: Any) -> None:
    """Take an element out and leave what follows it."""
    if node.getparent() is not None:
        node.drop_tree()
