"""When a page was published: what it says of itself, never a date that its text tells."""

from datetime import UTC, datetime

import pytest

from core.pages import FetchedPage, Hint
from pipeline.dating import date_of
from pipeline.html import read_marks
from pipeline.titles import headline

NO_HINT = Hint()
NOW = datetime(2026, 2, 12, 10, tzinfo=UTC)
BODY = "<p>La halle avait été fermée le 12 juin 2009 après un incendie, et le toit refait en 2015 par la commune.</p>"


def date(
    body: str, head: str = "", url: str = "https://example.org/a", hint: Hint = NO_HINT, lang: str = "fr"
) -> object:
    """The date found, as « day hour » in UTC, or the day alone when no hour was given; None when undated."""
    from trafilatura import load_html

    tree = load_html(f"<html lang={lang}><head><title>La halle</title>{head}</head><body>{body}</body></html>")
    marks = read_marks(tree)
    page = FetchedPage(1, "s", "article", url, url, 200, (), b"", "h", NOW, hint)
    found = date_of(tree, marks, headline(tree, marks), "La halle", page)
    return f"{found.when:%Y-%m-%d %H:%M}" + ("" if found.has_time else " day") if found else None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("<div class=infos>Publié le 3 février 2026 à 14h05</div>", "2026-02-03 13:05"),
        ("<p class=date>Mis à jour le 10 février 2026 à 8h00. Publié le 1er février 2026</p>", "2026-01-31 23:00 day"),
        ("<p>Mis à jour le 10 février 2026</p><p>Publié le 3 février 2026</p>", "2026-02-02 23:00 day"),
        ("<p>Le 1er février 2026</p>", "2026-01-31 23:00 day"),
        ("<p>Par Claire Vasseur, le 3 février 2026</p>", "2026-02-02 23:00 day"),
        ("<span class=date>03/02/2026 à 14:05</span>", "2026-02-03 13:05"),
        ("<p class=date>il y a 2 jours</p>", "2026-02-09 23:00 day"),
        ("<p class=date>Publié hier à 18h30</p>", "2026-02-11 17:30"),
        ('<time datetime="2026-02-03T14:05:00+01:00">mardi</time>', "2026-02-03 13:05"),
        ('<p>Mis à jour le <time datetime="2026-02-10T08:00:00Z">10</time>, publié le '
         '<time datetime="2026-02-03T13:05:00Z">3</time></p>', "2026-02-03 13:05"),
        ('<abbr class="published" title="2026-02-03T13:05:00Z">mardi 3 février 2026</abbr>', "2026-02-03 13:05"),
    ],
)  # fmt: skip
def test_the_date_line_of_a_page_is_its_date(shown: str, expected: str) -> None:
    assert date(f"<main><h1>La halle</h1>{shown}{BODY}</main>") == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<main><h1>La halle</h1>{BODY}</main>",
        f"<h1>La halle</h1>{BODY}",
        f"<main><h1>La halle</h1>{BODY}</main><footer>© 2026. Dernière mise à jour du site : 11 février 2026</footer>",
        f"<p class=date>jeudi 12 février 2026</p><p>Un</p><p>Deux</p><p>Trois</p><h1>La halle</h1>{BODY}",
        f'<h1>La halle</h1>{BODY}<aside><time datetime="2026-02-11T09:00:00Z">11 février 2026</time></aside>',
        "<h1>La halle</h1><p>Le 12 juin 2009, la halle fermait.</p>",
    ],
)
def test_no_date_is_better_than_one_that_is_not_the_articles(body: str) -> None:
    assert date(body) is None


def test_a_date_in_a_side_column_is_not_the_articles() -> None:
    side = '<aside><a href=/z>Autre</a> <time datetime="2026-02-11T09:00:00Z">11 février</time></aside>'
    own = '<main><article><h1>La halle</h1><time datetime="2026-02-03T13:05:00Z">3 février</time></article></main>'
    assert date(side + own + BODY) == "2026-02-03 13:05"


@pytest.mark.parametrize("year", ["2099", "1970"])
def test_an_impossible_mark_leaves_the_word_to_the_page(year: str) -> None:
    """A30."""
    head = f'<meta property="article:published_time" content="{year}-01-01T00:00:00Z">'
    assert date("<h1>La halle</h1><p class=date>3 février 2026</p>" + BODY, head) == "2026-02-02 23:00 day"


def test_the_hour_written_on_the_page_completes_a_mark_of_that_day() -> None:
    head = '<meta property="article:published_time" content="2026-02-03">'
    assert date("<h1>La halle</h1><p class=date>3 février 2026 à 14h05</p>" + BODY, head) == "2026-02-03 13:05"
    assert date("<h1>La halle</h1><p class=date>4 février 2026 à 14h05</p>" + BODY, head) == "2026-02-02 23:00 day"


@pytest.mark.parametrize("stated", ["3 février 2026", "03/02/2026", "2026-02-03"])
def test_a_mark_may_be_written_in_french(stated: str) -> None:
    assert date("<h1>La halle</h1>" + BODY, f'<meta name="date" content="{stated}">') == "2026-02-02 23:00 day"


def test_the_date_of_a_change_is_used_only_without_any_other() -> None:
    head = '<meta property="article:modified_time" content="2026-02-10T08:00:00Z">'
    assert date("<h1>La halle</h1><p>Publié le 3 février 2026</p>" + BODY, head) == "2026-02-02 23:00 day"
    assert date("<h1>La halle</h1><p>Mis à jour le 4 février 2026</p>" + BODY) == "2026-02-03 23:00 day"


def test_the_address_gives_the_day_when_nothing_else_does() -> None:
    assert date("<h1>La halle</h1>" + BODY, url="https://example.org/2026/02/03/halle") == "2026-02-02 23:00 day"


def test_the_entry_points_word_comes_before_the_pages_prose() -> None:
    hint = Hint(published=datetime(2026, 2, 4, 8, tzinfo=UTC))
    assert date("<h1>La halle</h1><p class=date>3 février 2026</p>" + BODY, hint=hint) == "2026-02-04 08:00"


def test_an_english_page_is_dated_in_english() -> None:
    assert date("<h1>Hall</h1><p class=date>February 3, 2026</p>", lang="en") == "2026-02-02 23:00 day"
