"""The gold pages: enough of them, varied, the same at each call, and each holding its own truth."""

import re
from html import unescape

from demo.gold.pages import gold_pages

PAGES = list(gold_pages())
TAG = re.compile(r"<[^>]+>")
ENGLISH = 10


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", unescape(TAG.sub("", text))))


def test_there_are_sixty_pages_at_least_in_twelve_templates_at_least() -> None:
    names = [page.name for page in PAGES]
    assert len(set(names)) == len(names) >= 60
    assert len({name.split("-")[0] for name in names}) >= 12
    assert sum('<html lang="en">' in page.html or 'amp lang="en"' in page.html for page in PAGES) >= ENGLISH


def test_the_pages_are_the_same_at_each_call() -> None:
    assert list(gold_pages()) == PAGES


def test_every_line_of_an_article_and_of_its_furniture_is_in_its_page() -> None:
    for page in PAGES:
        shown = words(page.html)
        for line in (*page.text.split("\n"), *page.furniture):
            assert all(words(part) in shown for part in line.split(" | ")), (page.name, line)


def test_class_names_mean_nothing_on_about_half_of_the_pages() -> None:
    meaningless = sum('class="css-' in page.html for page in PAGES)
    assert 0.35 < meaningless / len(PAGES) < 0.65
