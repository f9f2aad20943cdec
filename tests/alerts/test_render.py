"""What an edition says of its entries, its sections and its sources."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import lxml.html
import pytest

from alerts.render import MailRenderer
from alerts.settings import MailSettings
from core.editions import Copy, Edition, Entry, Message, Subscriber
from core.search import Excerpt, Span
from core.topics import Acronym, Section

MakeEntry = Callable[..., Entry]
MakeEdition = Callable[..., Edition]
Read = Callable[[Message], Any]
SPACES = str.maketrans("\u00a0\u202f", "  ")


def quote_of(text: str) -> Excerpt:
    return Excerpt(text, (Span(0, 3),))


@pytest.fixture
def show(
    renderer: MailRenderer, make_edition: MakeEdition, person: Subscriber, read: Read
) -> Callable[..., tuple[str, str]]:
    """(text, HTML's words) of an edition made of these entries."""

    def shown(*entries: Entry) -> tuple[str, str]:
        edition = make_edition(*entries)
        return read(renderer.message(edition, renderer.body(edition), person)).words

    return shown


def test_the_same_edition_gives_the_same_bytes(
    settings: MailSettings, tricky: Edition, person: Subscriber, mailing_list: Subscriber
) -> None:
    """Checklist line 13."""
    one, two = MailRenderer(settings), MailRenderer(settings)
    assert one.body(tricky) == two.body(tricky)
    for who in (person, mailing_list):
        assert one.message(tricky, one.body(tricky), who) == two.message(tricky, two.body(tricky), who)


def test_an_ordinary_entry_says_title_source_date_passage_and_reason(
    show: Callable[..., tuple[str, str]], make_entry: MakeEntry
) -> None:
    text, html = show(make_entry(1, title="Envie signe"))
    passage = (
        "Le ministère a signé mardi un {0}contrat à impact social{0} de 1,5 million d’euros, structuré par BNP Paribas."
    )
    for shown, mark in ((text, "*"), (html, "")):
        assert "Envie signe" in shown
        assert "Carenews, 17 mars 2026" in shown
        assert f"« {passage.format(mark)} »" in shown
        assert "Pourquoi : « contrat à impact social » dans le titre et deux fois dans le texte" in shown
        assert "presse" in shown
        assert "Contrats à impact social" in shown or "CONTRATS À IMPACT SOCIAL" in shown
        assert "Semaine du lundi 16 au dimanche 22 mars 2026" in shown
        assert "1 article : 1 sur les contrats à impact social." in shown
        assert "1 250 sources lues, 3 illisibles." in shown
    assert "https://www.exemple.fr/articles/1" in text


def test_matched_words_are_bold_in_html(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    excerpt = Excerpt("un SIB, des SIB & un <CIS>", (Span(3, 6), Span(12, 15)))
    page = lxml.html.document_fromstring(renderer.body(make_edition(make_entry(1, excerpt=excerpt))).html)
    (quote,) = page.iter("blockquote")
    assert [strong.text for strong in quote.iter("strong")] == ["SIB", "SIB"]
    assert " ".join(quote.text_content().replace("\u00a0", " ").split()) == "« un SIB, des SIB & un <CIS> »"


def test_a_quotation_inside_the_passage_takes_the_second_marks(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    body = renderer.body(make_edition(make_entry(1, excerpt=Excerpt("« Un don », dit-elle : 300 000 euros"))))
    assert "«\u00a0“Un don”, dit-elle\u00a0: 300\u202f000\u00a0euros\u00a0»" in body.html.replace("&nbsp;", "\u00a0")


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([(0, 3)], "*abc*def"),
        ([(3, 6), (0, 1)], "*a*bc*def*"),
        ([(1, 3), (2, 4)], "a*bc*def"),
        ([(-2, 2)], "abcdef"),
        ([(4, 99)], "abcdef"),
        ([(3, 3), (5, 2)], "abcdef"),
    ],
)
def test_spans_out_of_bounds_or_overlapping_are_ignored(
    renderer: MailRenderer,
    make_entry: MakeEntry,
    make_edition: MakeEdition,
    spans: list[tuple[int, int]],
    shown: str,
) -> None:
    excerpt = Excerpt("abcdef", tuple(Span(start, end) for start, end in spans))
    assert f"«\u00a0{shown}\u00a0»" in renderer.body(make_edition(make_entry(1, excerpt=excerpt))).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"published": None}, "vu le 18 mars 2026"),
        ({"truncated": True}, "réservé aux abonnés"),
        ({"category": "parlement"}, "document officiel"),
        ({"category": "think-tank"}, "laboratoire d’idées"),
        ({"page": 3}, "(p. 3)"),
        ({"copies": (Copy("Localtis", "https://localtis.fr/1"),)}, "Aussi dans : "),
        ({"copies": tuple(Copy(f"T{n}", f"https://t{n}.fr/") for n in range(7))}, "et 2 autres"),
        ({"copies": tuple(Copy(f"T{n}", f"https://t{n}.fr/") for n in range(6))}, "et 1 autre"),
        ({"title": "\u200b\r\n"}, "(sans titre)"),
    ],
)
def test_what_is_particular_to_an_entry_is_said(
    show: Callable[..., tuple[str, str]], make_entry: MakeEntry, change: dict[str, object], told: str
) -> None:
    for shown in show(make_entry(1, **change)):
        assert told in shown


@pytest.mark.parametrize("category", ["promoteur", "critique-allie", "autre"])
def test_no_mark_takes_a_position(show: Callable[..., tuple[str, str]], make_entry: MakeEntry, category: str) -> None:
    for shown in show(make_entry(1, category=category)):
        assert category not in shown
        assert "17 mars 2026 «" in shown


def test_a_pdf_page_is_a_link_to_that_page(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    body = renderer.body(make_edition(make_entry(1, page=3, url="https://a.fr/r.pdf?x=1#titre")))
    page = lxml.html.document_fromstring(body.html)
    assert "https://a.fr/r.pdf?x=1#page=3" in [link.get("href") for link in page.iter("a")]
    assert "https://a.fr/r.pdf?x=1#page=3" in body.text


@pytest.mark.parametrize(
    ("labels", "central", "section"),
    [
        (("cis",), True, "Contrats à impact social"),
        (("iis", "cis"), True, "Contrats à impact social"),
        (("iis",), True, "Investissements à impact"),
        (("marchandisation",), True, "Marchandisation des associations"),
        (("cis",), False, "Mentions en passant"),
        (("autre",), True, "Autres articles"),
        ((), True, "Autres articles"),
    ],
)
def test_an_entry_goes_to_its_section_and_empty_sections_are_left_out(
    renderer: MailRenderer,
    make_entry: MakeEntry,
    make_edition: MakeEdition,
    labels: tuple[str, ...],
    central: bool,
    section: str,
) -> None:
    edition = make_edition(make_entry(1, labels=labels, central=central), notices=())
    page = lxml.html.document_fromstring(renderer.body(edition).html)
    assert [title.text for title in page.iter("h2")] == [section]


def test_sections_are_the_settings_own(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    other = replace(settings, sections=(Section("eau", ("eau",), "L’eau", "sur l’eau"),))
    body = MailRenderer(other).body(make_edition(make_entry(1, labels=("eau",)), make_entry(2)))
    assert "L’EAU" in body.text
    assert "AUTRES ARTICLES" in body.text
    assert "2 articles : 1 sur l’eau, 1 autre." in body.text.translate(SPACES)


def test_the_preheader_is_the_first_two_titles_shown(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    edition = make_edition(
        make_entry(1, title="Passant", central=False), make_entry(2, title="Premier"), make_entry(3, title="Second")
    )
    page = lxml.html.document_fromstring(renderer.body(edition).html)
    assert page.find("body")[0].text == "Premier · Second"


def test_twenty_entries_at_most_central_first_then_a_link_to_the_others(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    entries = [make_entry(n, title=f"Passant {n}", central=False) for n in range(15)]
    entries += [make_entry(n, title=f"Central {n}") for n in range(15, 30)]
    body = renderer.body(make_edition(*entries))
    page = lxml.html.document_fromstring(body.html)
    titles = [title.text_content() for title in page.iter("h3")]
    assert titles == [f"Central {n}" for n in range(15, 30)] + [f"Passant {n}" for n in range(5)]
    assert body.subject == "[Veille] 16–22 mars : 30 articles"
    (more,) = [link for link in page.iter("a") if "autres articles" in link.text]
    assert more.get("href") == "https://veille.asso.example/editions/weekly/2026-W12"
    assert "Voir les 10 autres articles : https://veille.asso.example/editions/weekly/2026-W12" in body.text.translate(
        SPACES
    )


def test_long_entries_are_left_to_the_archive_before_the_mail_grows_too_heavy(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    """Threat B17."""
    renderer = MailRenderer(settings)
    heavy = [
        make_entry(
            n,
            title="é" * 500,
            url=f"https://a.fr/{'x' * 1400}{n}",
            copies=(Copy("a", f"https://b.fr/{'y' * 1400}"),) * 9,
        )
        for n in range(20)
    ]
    body = renderer.body(make_edition(*heavy))
    shown = body.html.count("<h3")
    assert 3 < shown < 20
    assert f"Voir les {20 - shown} autres articles" in body.html.replace("&nbsp;", " ")
    assert len(body.html.encode()) <= 80_000


def test_without_a_public_address_no_link_leads_to_the_archive(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition, person: Subscriber, read: Read
) -> None:
    renderer = MailRenderer(replace(settings, public_url=""))
    edition = make_edition(*[make_entry(n) for n in range(22)])
    message = renderer.message(edition, renderer.body(edition), person)
    reading = read(message)
    text, page = reading.text, reading.page
    assert {str(link.get("href")).partition(":")[0] for link in page.iter("a")} == {"https", "mailto"}
    assert not [link for link in page.iter("a") if "asso.example/" in link.get("href")]
    assert "Et 2 autres articles, dans l’archive de la veille." in text.translate(SPACES)
    assert "Pour vous désabonner, écrivez à contact@asso.example." in text
    assert b"One-Click" not in message.content


def test_plain_http_keeps_the_link_but_promises_no_one_click(
    settings: MailSettings, tricky: Edition, person: Subscriber
) -> None:
    """RFC 8058, section 3.1 wants https."""
    renderer = MailRenderer(replace(settings, public_url="http://127.0.0.1:8765"))
    message = renderer.message(tricky, renderer.body(tricky), person)
    parsed = email.message_from_bytes(message.content, policy=email.policy.default)
    assert parsed["List-Unsubscribe"].startswith(f"<http://127.0.0.1:8765/desabonnement/{person.token}>")
    assert parsed["List-Unsubscribe-Post"] is None


def test_notices_are_grouped_by_reason(show: Callable[..., tuple[str, str]], make_entry: MakeEntry) -> None:
    text, html = show(make_entry(1))
    assert "CE QUE NOUS N’AVONS PAS PU LIRE CETTE SEMAINE" in text
    assert "Ce que nous n’avons pas pu lire cette semaine" in html
    for shown in (text, html):
        assert "Le Monde, La Croix : la page demande une connexion." in shown
        assert "<i>Banque</i> : délai dépassé." in shown


def test_no_notice_no_section(renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition) -> None:
    body = renderer.body(make_edition(make_entry(1), notices=(), sources_read=12))
    assert "pas pu lire" not in body.html
    assert "12 sources lues." in body.text.translate(SPACES)


def test_an_empty_edition_still_makes_an_honest_mail(renderer: MailRenderer, make_edition: MakeEdition) -> None:
    """Threat B16: whether it leaves is decided elsewhere."""
    body = renderer.body(make_edition())
    assert body.subject == "[Veille] 16–22 mars : aucun article"
    assert "Rien de neuf : les sources lues n’ont rien publié sur le sujet." in body.text.translate(SPACES)
    unread = renderer.body(make_edition(sources_read=0))
    assert "Aucun article : aucune source n’a pu être lue." in unread.text.translate(SPACES)
    assert "Ordre" not in body.text + unread.text


def test_the_order_is_explained_and_said_to_be_the_editors_when_it_is(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    edition = make_edition(make_entry(1), make_entry(2))
    line = "Ordre : par sujet, les repérages les plus nets d’abord, puis les plus récents"
    body = renderer.body(edition)
    for part in (body.text, lxml.html.document_fromstring(body.html).text_content()):
        assert line in " ".join(part.translate(SPACES).split()) and "rédaction" not in part
    assert "La rédaction a revu cet ordre." in renderer.body(replace(edition, arranged=True)).html


def test_what_is_pinned_comes_first_is_never_cut_and_counts_under_its_subject(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    entries = [make_entry(number) for number in range(1, 30)]
    entries[28] = replace(entries[28], pinned=True, central=False, title="L’article épinglé")
    body = MailRenderer(settings).body(make_edition(*entries))
    assert body.text.index("À LA UNE") < body.text.index("1. L’article épinglé") < body.text.index("CONTRATS À IMPACT")
    assert "29 articles : 28 sur les contrats à impact social, 1 mention en passant." in " ".join(
        body.text.translate(SPACES).split()
    )


def test_an_introduction_is_told_in_paragraphs_cleaned(renderer: MailRenderer, make_edition: MakeEdition) -> None:
    body = renderer.body(make_edition(introduction="Bonjour : <b>lisez</b>\u202e ceci.\r\nMerci.\n\n\nÀ lundi !"))
    page = lxml.html.document_fromstring(body.html)
    told = [each.text_content().translate(SPACES) for each in page.iter("p")]
    assert "Bonjour : <b>lisez</b> ceci. Merci." in told and "À lundi !" in told
    assert "Bonjour : <b>lisez</b> ceci. Merci.\n\nÀ lundi !" in body.text.translate(SPACES)


def test_an_acronym_is_told_in_full_where_it_is_first_met_only(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    known = (Acronym("CIS", "contrat à impact social"), Acronym("ESS", "économie sociale et solidaire"))
    renderer = MailRenderer(replace(settings, acronyms=known, definition=""))
    quoted = quote_of("Les CIS, dit-on, sont des contrats.")
    entries = (make_entry(1, excerpt=quoted, why="« CIS »"), make_entry(2, excerpt=quoted, why="« CIS »"))
    text = renderer.body(make_edition(*entries)).text.translate(SPACES)
    assert text.count("CIS : contrat à impact social.") == 1 and "ESS" not in text
    assert text.index("CIS : contrat") < text.index("2. Article ordinaire")
    spelt = make_entry(1, excerpt=quote_of("Le contrat à impact social (CIS) est signé."))
    assert "CIS : " not in renderer.body(make_edition(spelt, entries[1])).text.translate(SPACES), "the source did it"


def test_the_link_to_say_off_topic_is_the_same_for_everybody(
    renderer: MailRenderer,
    make_entry: MakeEntry,
    make_edition: MakeEdition,
    person: Subscriber,
    mailing_list: Subscriber,
) -> None:
    edition = make_edition(make_entry(41))
    for who in (person, mailing_list):
        mail = email.message_from_bytes(
            renderer.message(edition, renderer.body(edition), who).content, policy=email.policy.default
        )
        for part in mail.iter_parts():
            assert part.get_content().count("https://veille.asso.example/hors-sujet/41") == 1


def test_when_not_all_can_be_shown_topics_take_the_places_in_turn(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition
) -> None:
    """The main topic's sections come first; the other has its own, and is neither crowded out nor crowds out."""
    water = Section("eau", ("eau", "riviere"), "L’eau", "sur l’eau")
    two = replace(settings, sections=(*settings.sections, water), max_entries=6, topics=("Impact", "L’eau"))
    main = [make_entry(n, labels=("cis",), topic="impact-social") for n in range(1, 9)]
    other = [make_entry(n, labels=("riviere",), topic="eau") for n in range(11, 19)]
    for entries, shares in ((other + main, (3, 3)), (main + other[:1], (5, 1)), (main[:2] + other, (2, 4))):
        page = lxml.html.document_fromstring(MailRenderer(two).body(make_edition(*entries)).html)
        told = [[title.getparent().xpath("count(.//h3)"), title.text] for title in page.iter("h2")]
        assert told[:2] == [[shares[0], "Contrats à impact social"], [shares[1], "L’eau"]]


def test_a_reader_is_told_of_every_topic_followed(
    settings: MailSettings, make_entry: MakeEntry, make_edition: MakeEdition, person: Subscriber
) -> None:
    renderer = MailRenderer(replace(settings, topics=("Impact", "L’eau")))
    edition = make_edition(make_entry(1))
    foot = email.message_from_bytes(
        renderer.message(edition, renderer.body(edition), person).content, policy=email.policy.default
    ).get_body(("plain",))
    assert foot is not None
    assert "(sujets suivis : Impact, L’eau)" in " ".join(foot.get_content().split())
