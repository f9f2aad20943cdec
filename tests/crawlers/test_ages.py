"""What an address or a date surely says of an article's age."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.pages import Hint
from crawlers.ages import older, sitemap_older
from crawlers.found import LONG_AGO, Found

SINCE = datetime(2019, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "is_older"),
    [
        ("/2019/05/30/titre", True),
        ("/2019-05-30-titre", True),
        ("/2019/05/titre", True),
        ("/2018/rapport", True),
        ("/2019/06/titre", False),
        ("/2019/rapport", False),
        ("/2019/06/01/titre", False),
        ("/plan-2015-12-mesures", False),
        ("/decret-2015-1234", False),
        ("/2015", False),
        ("/2019/02/31/titre", False),
        ("/titre", False),
    ],
)
def test_an_address_tells_an_age_only_where_it_is_a_date(path: str, is_older: bool) -> None:
    assert older(Found(f"https://exemple.fr{path}"), SINCE) is is_older


def test_the_date_of_publication_goes_before_the_address() -> None:
    dated = Hint(published=datetime(2020, 1, 1, tzinfo=UTC))
    assert not older(Found("https://exemple.fr/2001/01/titre", dated), SINCE)


def test_a_page_that_last_moved_before_a_day_is_older_and_one_that_moved_since_may_be_young() -> None:
    assert older(Found("https://exemple.fr/a", moved=datetime(2019, 5, 1, tzinfo=UTC)), SINCE)
    assert not older(Found("https://exemple.fr/a", moved=datetime(2024, 5, 1, tzinfo=UTC)), SINCE)
    assert not older(Found("https://exemple.fr/a", moved=LONG_AGO), SINCE)


@pytest.mark.parametrize(
    ("name", "is_older"),
    [
        ("sitemap-2019-05.xml", True),
        ("sitemap-2019-06.xml", False),
        ("sitemap-posttype-post.201811.xml", True),
        ("sitemap_2018.xml.gz", True),
        ("sitemap.xml?yyyy=2018&mm=12", True),
        ("sitemap-12.xml", False),
        ("post-sitemap20180.xml", False),
    ],
)
def test_the_name_of_a_sitemap_may_tell_the_age_of_its_pages(name: str, is_older: bool) -> None:
    assert sitemap_older(f"https://2001.exemple.fr/{name}", SINCE) is is_older
