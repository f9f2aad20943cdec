"""The mail in a browser: nothing overflows, targets are large, axe finds nothing, with and without its head."""

from __future__ import annotations

import email
import email.policy
import re
from typing import Any

import pytest

from alerts.render import MailRenderer
from core.editions import Edition, Subscriber

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def html(renderer: MailRenderer, tricky: Edition, person: Subscriber) -> str:
    message = renderer.message(tricky, renderer.body(tricky), person)
    parsed = email.message_from_bytes(message.content, policy=email.policy.default)
    return str(list(parsed.iter_parts())[1].get_content())


@pytest.mark.parametrize("bare", [False, True], ids=["whole", "without-head"])
@pytest.mark.parametrize("width", [360, 700])
def test_the_mail_fits_its_window_with_large_text_and_targets(browser: Any, html: str, width: int, bare: bool) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(re.sub(r"(?s)<head>.*?</head>", "<head></head>", html) if bare else html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").bounding_box()["width"] <= 600
    sizes = page.evaluate("[...document.querySelectorAll('td *')].map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert min(sizes) >= 16
    targets = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getBoundingClientRect().height)")
    assert min(targets) >= 44
    assert asked == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(browser: Any, html: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": 700, "height": 800}, color_scheme=scheme)
    page.set_content(html)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []
    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        == {
            "light": "rgb(244, 242, 237)",
            "dark": "rgb(18, 20, 23)",
        }[scheme]
    )
    page.close()
