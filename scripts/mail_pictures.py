"""Takes pictures of the example edition as mail readers show it, for docs/images: narrow, wide, light, dark, text.

python scripts/mail_pictures.py [FOLDER]

Needs Chromium (Debian package chromium) and the packages of `make setup`; `make example` first.
"""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MOST = 150_000
"""Bytes of one picture: they are in the repository for good."""
WINDOWS = {"etroit": (360, 900), "large": (700, 900)}
SCHEMES = {"clair": "light", "sombre": "dark"}


def take(folder: Path) -> list[Path]:
    """The HTML part in each window and scheme, the same without its head, and the text part."""
    from playwright.sync_api import sync_playwright

    (page,) = (ROOT / "docs" / "exemple").glob("*.html")
    html = page.read_text("utf-8")
    bare = re.sub(r"(?s)<head>.*?</head>", "<head></head>", html)
    text = f"<pre style='font-size:13px'>{escape(page.with_suffix('.txt').read_text('utf-8'))}</pre>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-lcd-text"]
        )
        taken = [
            _picture(browser, html, size, scheme, folder / f"mail-{window}-{told}.png")
            for window, size in WINDOWS.items()
            for told, scheme in SCHEMES.items()
        ]
        taken.append(_picture(browser, bare, WINDOWS["etroit"], "light", folder / "mail-etroit-sans-style.png"))
        taken.append(_picture(browser, text, WINDOWS["large"], "light", folder / "mail-texte.png"))
        browser.close()
    return taken


def _picture(browser: Any, content: str, size: tuple[int, int], scheme: str, file: Path) -> Path:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="fr-FR")
    page.set_content(content)
    page.screenshot(path=file)
    page.close()
    if file.stat().st_size > MOST:
        raise SystemExit(f"{file.name}: {file.stat().st_size} bytes, more than {MOST}")
    return file


if __name__ == "__main__":
    for path in take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"):
        print(f"{path.name} {path.stat().st_size}")  # noqa: T201
