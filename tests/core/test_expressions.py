"""Which regular expressions of maintainers are refused (threat A40)."""

import pytest

from core.expressions import complaint


@pytest.mark.parametrize(
    "pattern",
    [
        r"/jorf/id/JORFTEXT\d+", r"/rapport/\d+-[a-z0-9-]+$", r"https://site\.fr/[^/]{12,}$", r"_[A-Za-z0-9]{6}$",
        r"(?:/[a-z0-9-]+)+$", r"^https?://[^/]+/(?!page/|feed/)[\w-]+/?$", r"(actualites|presse)/.+",
        r"((?:/\w+)+)\.html", r"(?:[a-z]+-){2,}",
    ],
)  # fmt: skip
def test_ordinary_expressions_are_taken(pattern: str) -> None:
    assert complaint(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(.*x)*$",
        r"(\w+\s?)*$",
        r"([a-z/]+/)*x",
        r"((a|b)*)*",
        r"(?:(?:a+)b?)+",
        r"([^x]*/)+$",
        r"(\w+|\d+)+$",
    ],
)
def test_a_repetition_within_a_repetition_is_refused(pattern: str) -> None:
    assert "ne jamais finir" in complaint(pattern)


@pytest.mark.parametrize(("pattern", "words"), [("(", "mal formée"), ("[a", "mal formée"), ("a" * 501, "trop longue")])
def test_what_is_no_expression_is_refused(pattern: str, words: str) -> None:
    assert words in complaint(pattern)


def test_a_pattern_that_is_very_deep_is_refused_or_taken_without_a_fault() -> None:
    assert isinstance(complaint("(" * 200 + "a" + ")" * 200), str)
