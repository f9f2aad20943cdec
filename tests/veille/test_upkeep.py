"""The maintainers' letters through the real program, store and SMTP, at chosen times."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.catcher import DROP, Answers, Catcher
from core.runs import RunReport
from core.sources import Source
from core.visits import Visit
from veille import telling
from veille.wiring import House

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOWN = ("dns", "le nom muette.example n'existe pas ou n'a pas pu être résolu")


class Watched:
    """A watch whose one source we make answer or fail, on days that we choose."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, monkeypatch
        self.config = folder / "config.toml"

    def mail(self, port: int, *maintainers: str) -> None:
        named = ", ".join(f'"{each}"' for each in maintainers)
        smtp = f'backend = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nmaintainers = [{named}]\n'
        text = self.config.read_text(encoding="utf-8")
        self.config.write_text(text.replace("[mail]\n", f"[mail]\n{smtp}"), encoding="utf-8")

    def at(self, now: datetime) -> House:
        self._patch.setenv("VEILLE_NOW", now.isoformat())
        return House(self.config)

    def visit(self, now: datetime, read: bool, slug: str = "muette") -> None:
        with self.at(now) as house:
            source = house.sources.get(slug) or Source(slug, slug, "presse", "http://127.0.0.1:9/")
            visit = Visit(now, read, "feed" if read else "", "x" if read else "", 10 if read else 0)
            if not read:
                visit = Visit(now, False, failure_kind=DOWN[0], failure_reason=DOWN[1])
            house.store.runs.start(now.isoformat(), now)
            house.store.runs.close_source(source, visit, run_id=now.isoformat())
            house.store.runs.finish(now.isoformat(), RunReport(), now)

    def break_down(self) -> None:
        self.visit(MONDAY - 5 * DAY, True)
        for days in (4, 3, 2, 1):
            self.visit(MONDAY - days * DAY, False)


@pytest.fixture
def watched(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(tmp_path, monkeypatch)


def ask(veille: Callable, now: datetime, *options: str):
    return veille("source", "health", "--mail", *options, VEILLE_NOW=now.isoformat())


def subjects(catcher: Catcher) -> list[tuple[str, str]]:
    found = [(mail.recipients[0], email.message_from_bytes(mail.content, policy=email.policy.default))
             for mail in catcher.caught]  # fmt: skip
    return [(who, str(mail["Subject"])) for who, mail in found]


def test_a_source_that_breaks_is_written_once_to_each_maintainer_and_its_return_the_next_week(
    watched: Watched, veille, tmp_path: Path
) -> None:
    with Catcher(tmp_path / "mails") as catcher:
        watched.mail(catcher.port, "a@example.org", "b@example.org")
        watched.break_down()
        for late in (0 * DAY, 2 * DAY):
            watched.visit(MONDAY + late, False)
            assert ask(veille, MONDAY + late, "--due").returncode == 0
        broke = "Veille d'essai : 1 source ne va plus"
        assert subjects(catcher) == [("a@example.org", broke), ("b@example.org", broke)]
        for late in (6 * DAY, 7 * DAY, 14 * DAY):
            watched.visit(MONDAY + late, True)
            assert ask(veille, MONDAY + late, "--due").returncode == 0
    back = "Veille d'essai : 1 de retour"
    assert subjects(catcher)[2:] == [("a@example.org", back), ("b@example.org", back)]


def test_a_relay_that_is_down_blocks_nothing_and_the_letter_leaves_later(
    watched: Watched, veille, tmp_path: Path
) -> None:
    watched.mail(9, "a@example.org")
    watched.break_down()
    ran = ask(veille, MONDAY, "--due")
    assert ran.returncode == 4
    assert "n'est pas parti" in ran.stderr
    (written,) = (tmp_path / "var" / "maintenance").glob("*.eml")
    with Catcher(tmp_path / "mails") as catcher:
        text = watched.config.read_text(encoding="utf-8")
        watched.config.write_text(text.replace("port = 9\n", f"port = {catcher.port}\n"), encoding="utf-8")
        assert ask(veille, MONDAY + HOUR, "--due").returncode == 0
        assert ask(veille, MONDAY + 2 * HOUR, "--due").returncode == 0
    assert [mail.recipients for mail in catcher.caught] == [("a@example.org",)]
    assert written.exists()


def test_a_letter_that_perhaps_left_is_not_sent_again(watched: Watched, veille, tmp_path: Path) -> None:
    answers: Answers = lambda step, address: DROP if step == "DOT" else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=answers) as catcher:
        watched.mail(catcher.port, "a@example.org")
        watched.break_down()
        for late in range(3):
            assert ask(veille, MONDAY + late * HOUR, "--due").returncode == 0
    assert len(catcher.caught) == 1


def test_without_maintainers_the_letter_is_a_file_that_the_screen_names(
    watched: Watched, veille, tmp_path: Path
) -> None:
    watched.break_down()
    for late in (0, 1):
        assert ask(veille, MONDAY + late * HOUR, "--due").returncode == 0
    (written,) = (tmp_path / "var" / "maintenance").glob("*.eml")
    assert written.name.startswith("2026-W48")
    shown = veille("source", "health", VEILLE_NOW=(MONDAY + HOUR).isoformat())
    assert str(written) in shown.stdout
    told = json.loads(veille("source", "health", "--json", VEILLE_NOW=MONDAY.isoformat()).stdout)
    assert told["letter"] == str(written)
    assert [(row["slug"], row["state"], row["alarm"]) for row in told["sources"]] == [("muette", "failing", True)]


def test_the_screen_and_the_dry_run_say_since_when_why_and_what_to_do(watched: Watched, veille, tmp_path: Path) -> None:
    watched.break_down()
    shown = veille("source", "health", VEILLE_NOW=MONDAY.isoformat()).stdout
    assert shown.startswith("1 source sur 1 demande un regard :")
    assert "Source muette (muette) : en panne, depuis le 19/11 (4 jours)\n  le nom muette.example n'existe pas" in shown
    assert "à faire : vérifiez" in shown
    foreseen = ask(veille, MONDAY, "--dry-run").stdout
    assert "Objet : Veille d'essai : 1 source ne va plus" in foreseen
    assert "* Nom de site introuvable" in foreseen
    assert not (tmp_path / "var" / "maintenance").exists()
    listed = veille("source", "list", VEILLE_NOW=MONDAY.isoformat()).stdout
    assert "en panne : le nom muette.example n'existe pas" in listed


def test_by_hand_it_says_when_there_is_nothing_to_tell(watched: Watched, veille) -> None:
    watched.visit(MONDAY, True)
    assert ask(veille, MONDAY).stdout == "Rien à dire aux mainteneurs.\n"
    watched.break_down()
    assert ask(veille, MONDAY).returncode == 0
    assert ask(veille, MONDAY).stdout == "Le mail de cette semaine est déjà parti.\n"


def test_an_edition_that_has_not_left_six_hours_late_is_told_once_a_day(
    watched: Watched, veille, tmp_path: Path
) -> None:
    """C16, C17."""
    with Catcher(tmp_path / "mails") as catcher:
        watched.mail(catcher.port, "a@example.org")
        veille("subscriber", "add", "liste@asso.example", "--list", "--unsubscribe", "quitter@asso.example")
        watched.visit(MONDAY - HOUR, True)
        for late in (5, 6, 7, 26):
            assert ask(veille, MONDAY + late * HOUR, "--due").returncode == 0
    assert subjects(catcher) == [("a@example.org", "Veille d'essai : à regarder aujourd'hui")] * 2
    first = email.message_from_bytes(catcher.caught[0].content, policy=email.policy.default)
    plain = first.get_body(("plain",))
    assert plain is not None
    assert "L'édition 2026-W48, due le 23/11/2026 08:00, n'est pas partie" in plain.get_content()


def test_readers_are_told_of_what_they_missed_for_most_of_the_week_in_their_own_words(watched: Watched) -> None:
    watched.visit(MONDAY - 8 * DAY, True)
    watched.visit(MONDAY - 2 * DAY, True)
    watched.visit(MONDAY - DAY, False)
    with watched.at(MONDAY) as house:
        assert telling.watch_state(house, MONDAY - 7 * DAY).notices == ()
    for hours in (12, 6):
        watched.visit(MONDAY + 4 * DAY - hours * HOUR, False)
    with watched.at(MONDAY + 4 * DAY) as house:
        (notice,) = telling.watch_state(house, MONDAY - 3 * DAY).notices
    assert (notice.name, notice.reason) == ("Source muette", "le site ne répond pas")


def test_a_fresh_watch_sends_no_edition_before_its_first_pass_is_over(watched: Watched) -> None:
    now = MONDAY + DAY
    with watched.at(now) as house:
        house.store.runs.start("premier", now)
        assert telling.due_edition(house) is None
        assert house.store.editions.editions() == []


def test_a_source_that_is_gone_is_no_longer_asked(watched: Watched, veille) -> None:
    """A20."""
    from core.visits import Sight

    with watched.at(MONDAY) as house:
        gone = Visit(MONDAY, False, failure_kind="http", failure_reason="la page a été supprimée (code 410)")
        house.store.runs.close_source(house.sources["muette"], gone, Sight("muette", gone=True))
    later = {"VEILLE_NOW": (MONDAY + 9 * DAY).isoformat()}
    assert veille("run", "--dry-run", **later).stdout == ""
    assert "muette" in veille("run", "--dry-run", "--source", "muette", **later).stdout
    text = watched.config.read_text(encoding="utf-8")
    watched.config.write_text(text.replace(':9/feed"', ':9/nouveau"'), encoding="utf-8")
    assert "muette" in veille("run", "--dry-run", **later).stdout


@pytest.mark.parametrize(
    ("title", "several"),
    [("pas encore lue", "pas encore lues"), ("lue normalement", "lues normalement"), ("désactivée", "désactivées")],
)
def test_states_agree_with_their_number(title: str, several: str) -> None:
    from veille.source_health import plural

    assert plural(title) == several
