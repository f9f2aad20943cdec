"""Protego on examples of RFC 9309 written here (A24): what it reads otherwise is listed, and in docs/threats.md."""

from __future__ import annotations

import pytest

from crawlers.fetcher import Answer
from crawlers.robots import rules_of

ALL = "User-agent: *\n"
OURS = "User-agent: veille\n"

# (section of the RFC, robots.txt, path, may it be asked)
EXAMPLES: list[tuple[str, str, str, bool]] = [
    # The user-agent line: case aside, the whole token; the group named replaces that of all, and is one.
    ("2.2.1", OURS + "Disallow: /a", "/a", False),
    ("2.2.1", "USER-AGENT: VEILLE\nDISALLOW: /a", "/a", False),
    ("2.2.1", OURS + "Disallow: /a\n\n" + ALL + "Disallow: /b", "/b", True),
    ("2.2.1", ALL + "Disallow: /b\n\n" + OURS + "Disallow: /a", "/b", True),
    ("2.2.1", OURS + "Disallow: /a\n\n" + OURS + "Disallow: /b", "/a", False),
    ("2.2.1", OURS + "Disallow: /a\n\n" + OURS + "Disallow: /b", "/b", False),
    ("2.2.1", "User-agent: autre\nUser-agent: veille\nDisallow: /a", "/a", False),
    ("2.2.1", "User-agent: autre\n\n\nUser-agent: veille\nDisallow: /a", "/a", False),
    ("2.2.1", "User-agent: veillebot\nDisallow: /a", "/a", True),
    ("2.2.1", "User-agent: veil\nDisallow: /a", "/a", True),
    ("2.2.1", "User-agent: veille/2.0\nDisallow: /a", "/a", False),
    ("2.2.1", "User-agent: autre\nDisallow: /", "/a", True),
    ("2.2.1", "Disallow: /a", "/a", True),
    ("2.2.1", "Disallow: /a\n" + ALL + "Disallow: /b", "/a", True),
    ("2.2.1", OURS + "\n" + ALL + "Disallow: /a", "/a", False),
    ("2.2.1", ALL + "Crawl-delay: 5\n" + OURS + "Disallow: /a", "/a", False),
    ("2.2.1", ALL + "Sitemap: https://exemple.fr/s.xml\nDisallow: /a", "/a", False),
    ("2.2.1", "User-agent: *\nUser-agent: autre\nDisallow: /a", "/a", False),
    # Allow and disallow: the longest match, allow when equal, nothing is everything allowed.
    ("2.2.2", ALL + "Disallow: /", "/", False),
    ("2.2.2", ALL + "Disallow:", "/a", True),
    ("2.2.2", ALL + "Allow: /", "/a", True),
    ("2.2.2", ALL + "Disallow: /a", "/ab", False),
    ("2.2.2", ALL + "Disallow: /a/", "/a", True),
    ("2.2.2", ALL + "Disallow: /a", "/A", True),
    ("2.2.2", ALL + "Disallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("2.2.2", ALL + "Allow: /a/b\nDisallow: /a", "/a/b/c", True),
    ("2.2.2", ALL + "Allow: /a\nDisallow: /a/b", "/a/b/c", False),
    ("2.2.2", ALL + "Disallow: /a\nAllow: /a", "/a", True),
    ("2.2.2", ALL + "Allow: /a\nDisallow: /a", "/a", True),
    ("2.2.2", ALL + "Disallow: /\nAllow: /$", "/", True),
    ("2.2.2", ALL + "Disallow: /\nAllow: /$", "/a", False),
    ("2.2.2", ALL + "Disallow: /a?b=", "/a?b=1", False),
    ("2.2.2", ALL + "Disallow: /a?b=", "/a", True),
    ("2.2.2", ALL + "Disallow: a", "/a", True),
    ("2.2.2", ALL + "Disallow: /a\n\nDisallow: /b", "/b", False),
    # Octets above 127 and percent-encoding are compared encoded; reserved ones keep their encoding.
    ("2.2.2", ALL + "Disallow: /été", "/%C3%A9t%C3%A9", False),
    ("2.2.2", ALL + "Disallow: /%C3%A9t%C3%A9", "/%C3%A9t%C3%A9", False),
    ("2.2.2", ALL + "Disallow: /%c3%a9t%c3%a9", "/%C3%A9t%C3%A9", False),
    ("2.2.2", ALL + "Disallow: /a%2Fb", "/a%2Fb", False),
    ("2.2.2", ALL + "Disallow: /a%2Fb", "/a/b", True),
    ("2.2.2", ALL + "Disallow: /a/b", "/a%2Fb", True),
    ("2.2.2", ALL + "Disallow: /%61", "/a", False),
    ("2.2.2", ALL + "Disallow: /a", "/%61", False),
    ("2.2.2", ALL + "Disallow: /a b", "/a%20b", False),
    ("2.2.2", ALL + "Disallow: /~u", "/%7Eu", False),
    # Special characters.
    ("2.2.3", ALL + "Disallow: /*.gif$", "/x/y.gif", False),
    ("2.2.3", ALL + "Disallow: /*.gif$", "/x.gif?y", True),
    ("2.2.3", ALL + "Disallow: /a*c", "/abbc/d", False),
    ("2.2.3", ALL + "Disallow: /a*", "/a", False),
    ("2.2.3", ALL + "Disallow: *", "/a", False),
    ("2.2.3", ALL + "Disallow: *.pdf", "/x.pdf", False),
    ("2.2.3", ALL + "Disallow: /a$b", "/a$b", False),
    ("2.2.3", ALL + "Disallow: /a$", "/a$", True),
    ("2.2.3", ALL + "Disallow: /a%24", "/a$", False),
    ("2.2.3", ALL + "Disallow: /a%2A", "/a*b", False),
    ("2.2.3", ALL + "Disallow: /a%2A", "/axb", True),
    ("2.2.3", ALL + "Disallow: /a.b", "/axb", True),
    ("2.2.3", ALL + "Disallow: /a+(b)", "/a+(b)", False),
    ("2.2.3", ALL + "Disallow: /a # commentaire", "/a", False),
    ("2.2.3", ALL + "Disallow: /a#b", "/a", False),
    ("2.2.3", "# rien\n" + ALL + "# rien\nDisallow: /a", "/a", False),
    # The grammar: other records, spaces, ends of line, byte-order mark.
    ("2.2.4", ALL + "Inconnu: x\nDisallow: /a", "/a", False),
    ("2.2.4", "Sitemap: https://exemple.fr/s.xml\n" + ALL + "Disallow: /a", "/a", False),
    ("2.2.4", "\ufeff" + ALL + "Disallow: /a", "/a", False),
    ("2.2.4", "User-agent : *\nDisallow : /a", "/a", False),
    ("2.2.4", "  User-agent:*\n\tDisallow:/a", "/a", False),
    ("2.2.4", "User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("2.2.4", "User-agent: *\rDisallow: /a\r", "/a", False),
    ("2.2.4", ALL + "Disallow /a", "/a", False),
    ("2.2.4", ALL + "Dissallow: /a", "/a", False),
    ("2.2.4", ALL + "Disallow: /a  \t", "/a", False),
    # The file itself may always be asked.
    ("2.2.2", ALL + "Disallow: /", "/robots.txt", True),
]  # fmt: skip

STRICTER = {
    ("User-agent: veil\nDisallow: /a", "/a"): "a name that begins ours is taken for ours",
    (ALL + "Disallow: /a$", "/a$"): "the end of a path may be a dollar too",
}
"""Where more is refused than the RFC asks: Protego's ways, kept because they offend no site."""


@pytest.mark.parametrize(("section", "text", "path", "expected"), EXAMPLES)
def test_rules_are_read_as_the_rfc_says_or_more_strictly(section: str, text: str, path: str, expected: bool) -> None:
    """A24."""
    rules = rules_of(Answer("https://exemple.fr/robots.txt", 200, (), text.encode()))
    assert rules.parsed is not None
    if (text, path) in STRICTER:
        assert expected
        expected = False
    assert rules.parsed.can_fetch(f"https://exemple.fr{path}", "veille") is expected, section
