"""The contrasts that docs/accessibilite.md claims, computed from the style sheets (WCAG 2.1, 1.4.3: at least 4.5)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "archive" / "static" / "style.css"
MAIL = ROOT / "alerts" / "templates" / "style.css"
DARK_MAIL = ROOT / "alerts" / "templates" / "dark.css"
ENOUGH = 4.5

ON_BACKGROUNDS = [
    (ink, ground)
    for ground in ("paper", "surface", "soft")
    for ink in ("ink", "muted", "accent", "good", "bad", "warn")
]
OTHER_PAIRS = [
    ("on-accent", "accent"), ("on-mark", "mark"), ("accent", "tint"), ("ink", "added"), ("ink", "removed"),
]  # fmt: skip
MAIL_PAIRS = [
    (".part", ".card"), (".tools", ".card"), (".tool", ".card"), (".title", ".card"), (".meta", ".card"),
    (".why", ".card"), (".also-link", ".card"), (".link", ".card"), (".button", ".card"), (".foot", ".card"),
    (".mark", ".mark"), (".warm", ".warm"),
]  # fmt: skip


def channel(value: int) -> float:
    """WCAG 2.1's relative luminance of one sRGB channel."""
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (channel(int(digits[at : at + 2], 16)) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def schemes() -> list[dict[str, str]]:
    """The archive's colours in its light, then its dark scheme."""
    roots = re.findall(r":root\s*\{(.*?)\}", ARCHIVE.read_text(encoding="utf-8"), re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", root)) for root in roots]


def mail_colours(path: Path) -> dict[str, dict[str, str]]:
    """Selector → property → colour; a later rule wins, as in a browser."""
    found: dict[str, dict[str, str]] = {}
    text = re.sub(r"@media \(max-width.*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        for selector in (part.strip() for part in selectors.split(",")):
            found.setdefault(selector, {}).update(
                re.findall(r"(?<![\w-])(background-color|color):\s*(#[0-9a-f]{6})", rules)
            )
    return found


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("pair", ON_BACKGROUNDS + OTHER_PAIRS, ids="-on-".join)
def test_every_text_of_the_archive_stands_out_in_both_schemes(pair: tuple[str, str]) -> None:
    light, dark = schemes()
    for colours in (light, dark):
        assert contrast(colours[pair[0]], colours[pair[1]]) >= ENOUGH


@pytest.mark.parametrize("pair", MAIL_PAIRS, ids="-on-".join)
def test_every_text_of_the_mail_stands_out_in_both_schemes(pair: tuple[str, str]) -> None:
    light, dark = mail_colours(MAIL), mail_colours(DARK_MAIL)
    for colours in (light, dark):
        assert contrast(colours[pair[0]]["color"], colours[pair[1]]["background-color"]) >= ENOUGH
