"""Source right × door: no byte that leaves holds more of a text than its source allows; every cell asserted.

The text is a row of numbered words, so that what an answer reveals of it can be counted, in any format.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import pytest

from core.sources import Rights, Source

WORDS = [f"mot{number:04}" for number in range(300)]
TEXT = (
    f"{' '.join(WORDS[:40])} contrat à impact social {' '.join(WORDS[40:120])}. {' '.join(WORDS[120:160])} "
    f"contrat à impact {' '.join(WORDS[160:300])}."
)
WORD = 8
"""Characters of a numbered word and of the space after it."""

RIGHTS: dict[str, tuple[Rights | None, bool]] = {
    "nobody-200": (Rights(200, "nobody"), False),
    "nobody-120": (Rights(120, "nobody"), False),
    "nobody-0": (Rights(0, "nobody"), False),
    "nobody-5000": (Rights(5_000, "nobody"), False),
    "members-200": (Rights(200, "members"), False),
    "gone": (None, False),
    "reserved": (Rights(200, "members"), True),
    "reserved-public": (Rights(200, "public"), True),
    "public": (Rights(200, "public"), False),
}
"""Rights of the source (None: it has left the configuration), and whether the publisher reserves mining."""
LISTS = [
    f"{path}?q={{q}}"
    for path in (
        "/recherche", "/flux.atom", "/flux.rss", "/recherche.csv", "/recherche.ods", "/recherche.json",
        "/recherche.bib", "/recherche.ris", "/recherche.csl.json", "/api/search",
    )
]  # fmt: skip
ONES = [f"/article/{{id}}{more}" for more in ("", "/citation.bib", "/citation.ris", "/citation.csl.json")]
ONES.append("/api/article/{id}")
WHOLE = {"/article/{id}", "/api/article/{id}"}


@dataclass(frozen=True)
class Guarded:
    client: Any
    ids: dict[str, int]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, trapped_archive: Any, keep_article: Any, open_over: Any) -> Any:
    for opened in trapped_archive(tmp_path_factory.mktemp("droits"), ()):
        ids = {}
        for number, (name, (_, reserved)) in enumerate(RIGHTS.items()):
            cards = [
                {"form": "contrat à impact social", "label": "cis", "concept": "c", "score": 0.9},
                {"form": "contrat à impact ", "label": "cis", "concept": "d", "score": 0.8, "accepted": False},
            ]
            row = {"source": f"source-{name}", "path": f"/{name}", "title": f"Témoin {number}", "text": TEXT,
                   "seen": opened.ports.clock.now(), "tags": {"cis": True}, "cards": cards, "reserved": reserved,
                   "previous": f"{TEXT} {' '.join(WORDS)}", "previous_title": "Avant"}  # fmt: skip
            ids[name], _ = keep_article(opened.store, row)
        sources = tuple(
            Source(f"source-{name}", name, "presse", "https://s.example/", rights=rights)
            for name, (rights, _) in RIGHTS.items()
            if rights
        )
        yield Guarded(open_over(replace(opened.ports, sources=sources)), ids)


def opened_text(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return content.decode("utf-8-sig")


CASES = [(door, searched) for door in LISTS for searched in ("", "contrat ", '"mot0200" ')] + [
    (one, "") for one in ONES
]


@pytest.mark.parametrize(("door", "searched"), CASES)
@pytest.mark.parametrize("name", RIGHTS)
def test_no_door_gives_more_than_the_source_allows(guarded: Guarded, name: str, door: str, searched: str) -> None:
    address = door.format(id=guarded.ids[name], q=f"{searched}source:source-{name}".replace('"', "%22"))
    answer = guarded.client.get(address)
    assert answer.status_code == 200
    text = opened_text(answer.content)
    assert "Témoin" in text, "the door opens"
    revealed = sorted(set(re.findall(r"mot\d{4}", text)) - set(re.findall(r"mot\d{4}", searched)))
    rights, reserved = RIGHTS[name]
    allowed = 0 if reserved else min(rights.excerpt_chars, 200) if rights else 200
    if rights and rights.full_text == "public" and not reserved and door in WHOLE:
        assert len(revealed) == len(WORDS), "what is public is shown whole"
        return
    assert len(revealed) * WORD <= allowed + WORD
    if allowed:
        assert revealed, "an extract is there, within its allowance"
