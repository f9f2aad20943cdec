"""The e-mail conformance checklist (threats, section 4), one check a line, on every kind of .eml that we write.

Lines 4 (the unsubscribing itself), 6 (DNS, relay) and 12 (confirmation mail) are not properties of a digest's file.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

import lxml.etree
import lxml.html
import pytest

from alerts.folder import FolderChannel
from alerts.pages import TEMPLATES
from alerts.render import MailRenderer
from core.editions import Edition, Entry, Subscriber

Node = lxml.html.HtmlElement


@dataclass(frozen=True, slots=True)
class Mail:
    """One .eml read back from its file, with what it was made of."""

    raw: bytes
    parsed: EmailMessage
    text: str
    html: str
    page: Node
    who: Subscriber
    edition: Edition
    renderer: MailRenderer


@pytest.fixture(scope="module", params=["tricky", "ordinary", "empty"])
def edition(
    request: pytest.FixtureRequest,
    tricky: Edition,
    make_edition: Callable[..., Edition],
    make_entry: Callable[..., Entry],
) -> Edition:
    ordinary = make_edition(*[make_entry(n) for n in range(6)])
    return {"tricky": tricky, "ordinary": ordinary, "empty": make_edition(notices=())}[request.param]


@pytest.fixture(scope="module", params=["person", "list"])
def mail(
    request: pytest.FixtureRequest,
    edition: Edition,
    renderer: MailRenderer,
    person: Subscriber,
    mailing_list: Subscriber,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mail:
    who = person if request.param == "person" else mailing_list
    message = renderer.message(edition, renderer.body(edition), who)
    raw = Path(FolderChannel(tmp_path_factory.mktemp("eml")).send(message).reply).read_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    text, html = (part.get_content() for part in parsed.iter_parts())
    return Mail(raw, parsed, text, html, lxml.html.document_fromstring(html), who, edition, renderer)


def test_line_1_each_header_stands_once(mail: Mail) -> None:
    names = [name.lower() for name in mail.parsed]
    assert len(names) == len(set(names))
    assert {"from", "to", "subject", "date", "message-id"} <= set(names)
    assert not mail.parsed.defects
    assert not [defect for name in mail.parsed for defect in mail.parsed[name].defects]


def test_line_1_the_date_has_its_zone_and_is_the_editions(mail: Mail) -> None:
    date = parsedate_to_datetime(mail.parsed["Date"])
    assert date.tzinfo is not None
    assert date == mail.edition.composed_at


def test_line_1_the_message_id_is_ours(mail: Mail) -> None:
    assert re.fullmatch(r"<weekly-2026-W12\.[0-9a-f]{20}@asso\.example>", mail.parsed["Message-ID"])


def test_line_1_lines_are_short_crlf_and_seven_bit(mail: Mail) -> None:
    assert mail.raw.isascii()
    assert b"\x00" not in mail.raw
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", mail.raw)
    head, _, body = mail.raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    # A header's name and its first address cannot be parted without a leading fold, which some readers trip on.
    assert [line for line in head.split(b"\r\n") if len(line) > 78 and line.count(b" ") > 1] == []
    assert max(map(len, head.split(b"\r\n"))) <= 998


def test_line_2_text_comes_first_then_html_in_quoted_printable_utf_8(mail: Mail) -> None:
    assert mail.parsed["MIME-Version"] == "1.0"
    assert mail.parsed.get_content_type() == "multipart/alternative"
    parts = list(mail.parsed.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}


def test_line_2_the_text_part_has_every_title_and_every_link(mail: Mail) -> None:
    text = " ".join(mail.text.split())
    for title in mail.page.iter("h1", "h2", "h3"):
        assert " ".join(title.text_content().split()).upper() in text.upper()
    for link in mail.page.iter("a"):
        href = link.get("href")
        shown = href.removeprefix("mailto:").partition("?")[0]
        # A title and its page number lead to one document: the text gives the more precise address.
        assert shown in mail.text or f"{shown}#page=" in mail.text


def test_line_3_list_headers_go_to_persons_only(mail: Mail) -> None:
    ours = {name: mail.parsed[name] for name in mail.parsed if name.lower().startswith("list-")}
    if mail.who.kind == "list":
        assert ours == {}
        return
    leave = f"https://veille.asso.example/desabonnement/{mail.who.token}"
    assert ours["List-Id"].replace("  ", " ") == "Veille impact social <veille.asso.example>"
    assert re.sub(r"\s+", " ", ours["List-Unsubscribe"]) == (
        f"<{leave}>, <mailto:contact@asso.example?subject=desabonnement%20{mail.who.token}>"
    )
    assert ours["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert ours["List-Help"].startswith("<mailto:contact@asso.example")
    assert ours["List-Owner"] == "<mailto:contact@asso.example>"
    assert ours["List-Archive"] == "<https://veille.asso.example/editions>"


def test_line_5_a_person_s_mail_says_that_it_is_bulk_and_automatic(mail: Mail) -> None:
    """A list's must not: Sympa refuses `Auto-Submitted` by default and ezmlm drops `Precedence: bulk`."""
    said = (mail.parsed["Precedence"], mail.parsed["Auto-Submitted"])
    assert said == (("bulk", "auto-generated") if mail.who.kind == "person" else (None, None))


def test_line_7_from_is_our_own_domain(mail: Mail) -> None:
    assert [one.domain for one in mail.parsed["From"].addresses] == ["asso.example"]


def test_line_8_the_subject_is_short_and_holds_no_source_text(mail: Mail) -> None:
    assert re.fullmatch(r"\[Veille\] 16–22 mars : (\d+ articles?|aucun article)", mail.parsed["Subject"])
    assert len(mail.parsed["Subject"]) <= 60


def test_line_8_and_b19_encoded_words_are_75_characters_at_most(mail: Mail) -> None:
    words = re.findall(rb"=\?[^?\s]+\?[^?\s]+\?[^?\s]*\?=", mail.raw.partition(b"\r\n\r\n")[0])
    assert words
    assert max(map(len, words)) <= 75


def test_line_9_the_page_says_its_language_and_title(mail: Mail) -> None:
    assert mail.page.get("lang") == "fr"
    assert mail.page.findtext("head/title").strip()
    assert [meta.get("content") for meta in mail.page.iter("meta") if meta.get("name") == "color-scheme"] == [
        "light dark"
    ]


def test_line_9_headings_are_real_and_in_order(mail: Mail) -> None:
    levels = [int(node.tag[1]) for node in mail.page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_line_9_tables_are_for_layout_and_say_so(mail: Mail) -> None:
    assert {table.get("role") for table in mail.page.iter("table")} == {"presentation"}
    assert not list(mail.page.iter("th", "caption"))


def test_line_9_links_have_words(mail: Mail) -> None:
    words = [link.text_content().strip() for link in mail.page.iter("a")]
    assert [said for said in words if len(said) < 2 or re.search(r"(?i)cliquez|^ici$", said)] == []


def test_line_9_nothing_active_and_nothing_remote(mail: Mail) -> None:
    active = ("script", "form", "iframe", "object", "embed", "img", "svg", "link", "base", "input", "video", "audio")
    assert not list(mail.page.iter(*active))
    attributes = {name for node in mail.page.iter(lxml.etree.Element) for name in node.attrib}
    assert attributes <= {"style", "class", "href", "role", "lang", "dir", "width", "align", "border"} | {
        *("cellpadding", "cellspacing", "charset", "name", "content")
    }
    assert not re.search(r"url\(|@import|@font-face|expression\(", mail.html)
    assert {link.get("href").partition(":")[0] for link in mail.page.iter("a")} <= {"https", "http", "mailto"}


def test_line_9_every_style_stands_on_its_element(mail: Mail) -> None:
    """Readable where head and style are thrown away: colour and 16 px or more on each element with words."""
    for node in worded(mail.page):
        said = inherited(node)
        assert float(said["font-size"].removesuffix("px")) >= 16, lxml.html.tostring(node)
        assert "color" in said


def test_line_9_the_page_is_600_pixels_wide_at_most(mail: Mail) -> None:
    widths = [int(width) for width in re.findall(r"(?<!-)width[=:]\s*\"?(\d+)(?:px|\")", mail.html)]
    assert max(widths) <= 600


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_line_9_contrast_is_at_least_4_5(mail: Mail, dark: bool) -> None:
    rules = dark_rules() if dark else {}
    for node in worded(mail.page):
        said = inherited(node, rules)
        assert contrast(said["color"], said["background-color"]) >= 4.5, (lxml.html.tostring(node), said)


def test_line_9_and_b17_the_html_is_80_kb_at_most(mail: Mail) -> None:
    encoded = mail.raw.split(b"Content-Type: text/html")[1]
    assert len(mail.html.encode()) <= 80_000
    assert len(encoded) <= 80_000 + 4_000, "with the personal footer"


def test_line_10_the_footer_says_who_why_and_how_to_leave(mail: Mail) -> None:
    foot = " ".join(mail.text.rpartition("-" * 60)[2].replace("\u00a0", " ").split())
    assert "contact@asso.example" in foot
    assert "Qui publie, vos droits : https://veille.asso.example/mentions" in foot
    if mail.who.kind == "person":
        assert "Vous recevez ce message parce que votre adresse a été inscrite le 3 mars 2026" in foot
        assert f"Me désabonner : https://veille.asso.example/desabonnement/{mail.who.token}" in foot
        assert "CNIL" in foot
    else:
        assert "envoyé à la liste groupe@listes.asso.example par Collectif des associations" in foot
        assert "Pour quitter la liste : https://listes.asso.example/sympa/sigrequest/groupe" in foot


def test_line_11_no_pixel_and_no_rewritten_link(mail: Mail) -> None:
    known = {entry.url for entry in mail.edition.entries} | {
        copy.url for e in mail.edition.entries for copy in e.copies
    }
    outside = {
        link.get("href").partition("#")[0]
        for link in mail.page.iter("a")
        if "asso.example" not in link.get("href").partition("?")[0]
    }
    assert outside <= {url.replace("<script>", "%3Cscript%3E") for url in known}
    assert not list(mail.page.iter("img"))


def test_line_13_the_same_edition_renders_twice_alike(mail: Mail) -> None:
    again = mail.renderer.message(mail.edition, mail.renderer.body(mail.edition), mail.who)
    assert again.content == mail.raw


def test_no_token_is_in_a_lists_mail(mail: Mail, person: Subscriber) -> None:
    assert (person.token.encode() in mail.raw.replace(b"=\r\n", b"")) is (mail.who.kind == "person")


def worded(page: Node) -> Iterator[Node]:
    """Elements that hold words of their own and are shown."""
    for node in page.find("body").iter(lxml.etree.Element):
        own = [node.text, *(child.tail for child in node)]
        if any(text and text.strip() for text in own) and "hidden" not in node.get("class", ""):
            yield node


def declarations(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def inherited(node: Node, rules: dict[str, dict[str, str]] | None = None) -> dict[str, str]:
    """Colour, background and size of an element, from inline styles (and the dark rules) of its ancestors."""
    said: dict[str, str] = {}
    for one in [*reversed(list(node.iterancestors())), node]:
        own = declarations(one.get("style", ""))
        for selector in (one.tag, *(f".{name}" for name in one.get("class", "").split())):
            own |= (rules or {}).get(selector, {})
        said |= {name: own[name] for name in ("color", "background-color", "font-size") if name in own}
    return said


def dark_rules() -> dict[str, dict[str, str]]:
    """Selector → declarations of the dark media query, in the order of the sheet."""
    css = (TEMPLATES / "dark.css").read_text(encoding="utf-8")
    block = css.partition("prefers-color-scheme: dark) {")[2].partition("\n}")[0]
    rules: dict[str, dict[str, str]] = {}
    for selectors, style in re.findall(r"([^{}]+)\{([^{}]*)\}", block):
        for selector in selectors.split(","):
            rules[selector.strip()] = rules.get(selector.strip(), {}) | declarations(style)
    return rules


def contrast(one: str, two: str) -> float:
    """WCAG 2 contrast ratio of two `#rrggbb` colours."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
