"""config.toml changed by the program: every byte that is not asked to change stays."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from core.errors import ConfigError
from veille import config_writer

HEAD = """\
# Notre veille. Ne pas toucher sans prévenir Camille.
[veille]
contact = "essai@example.org"   # à changer
[mail]
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"

# --- Presse
[[source]]
slug = "gazette"    # jamais changé
name = "La Gazette"
category = "presse"
url = "https://gazette.example/"
feed = [
  "https://gazette.example/rss.xml",  # le bon
]

# --- Ministères : celui-ci est capricieux
[[source]]
slug = 'ministere'
name = "Un ministère"
category = "ministere"
url = "https://ministere.example/"
enabled = false   # depuis mars
disabled_reason = "certificat expiré"
# Sa liste :
[source.listing]
url = "https://ministere.example/actualites"
link = "h3 a"

[digest]
hour = 9

[[source]]
slug = "agence"
name = "Une agence"
category = "agence"
url = "https://agence.example/"
feed = "https://agence.example/feed/"
"""
TABLE = {
    "slug": "revue",
    "name": "La « Revue »",
    "category": "presse",
    "listing": {"url": "https://revue.example/", "link": 'a[href$=".pdf"]'},
    "url": "https://revue.example/",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_bytes(HEAD.encode())
    return path


def test_a_block_is_added_at_the_end_and_nothing_else_moves() -> None:
    written = config_writer.block(TABLE, "Trouvée hier.")
    assert written == (
        "# Trouvée hier.\n[[source]]\n"
        'slug = "revue"\nname = "La « Revue »"\ncategory = "presse"\nurl = "https://revue.example/"\n'
        '[source.listing]\nurl = "https://revue.example/"\nlink = \'a[href$=".pdf"]\'\n'
    )
    changed = config_writer.with_blocks(HEAD, [written])
    assert changed == HEAD + "\n" + written
    assert tomllib.loads(changed)["source"][-1] == TABLE


def test_line_ends_of_the_file_are_kept() -> None:
    windows = HEAD.replace("\n", "\r\n").rstrip()
    changed = config_writer.with_blocks(windows, [config_writer.block(TABLE)])
    assert changed.startswith(windows) and "\n" not in changed.replace("\r\n", "")
    off = config_writer.with_changes(windows, "gazette", {"enabled": False})
    assert off == windows.replace('rss.xml",  # le bon\r\n]\r\n', 'rss.xml",  # le bon\r\n]\r\nenabled = false\r\n')


@pytest.mark.parametrize(
    ("slug", "changes", "before", "after"),
    [
        (
            "gazette",
            {"enabled": False, "disabled_reason": 'dit "non"'},
            ",  # le bon\n]\n",
            ',  # le bon\n]\nenabled = false\ndisabled_reason = "dit \\"non\\""\n',
        ),
        (
            "ministere",
            {"enabled": True, "disabled_reason": None},
            'enabled = false   # depuis mars\ndisabled_reason = "certificat expiré"\n',
            "enabled = true   # depuis mars\n",
        ),
        (
            "agence",
            {"checked_on": "2026-11-24"},
            'feed = "https://agence.example/feed/"\n',
            'feed = "https://agence.example/feed/"\nchecked_on = "2026-11-24"\n',
        ),
    ],
)  # fmt: skip
def test_keys_change_in_their_own_block_only(
    slug: str, changes: config_writer.Changes, before: str, after: str
) -> None:
    assert HEAD.count(before) == 1
    assert config_writer.with_changes(HEAD, slug, changes) == HEAD.replace(before, after)


def test_a_source_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigError, match="Aucune source ne s'appelle « absente »"):
        config_writer.with_changes(HEAD, "absente", {"enabled": False})


def test_a_form_that_cannot_be_changed_safely_is_left_to_a_person() -> None:
    text = 'source = [{ slug = "a", url = "https://a.example/" }]\n'
    with pytest.raises(ConfigError, match="faites-le à la main"):
        config_writer.with_changes(text, "a", {"enabled": False})


def test_the_file_is_replaced_whole_with_its_mode_and_through_a_link(config: Path, tmp_path: Path) -> None:
    config.chmod(0o640)
    link = tmp_path / "lien.toml"
    link.symlink_to(config)
    old = config_writer.read(link)
    new = config_writer.with_blocks(old, [config_writer.block(TABLE)])
    config_writer.replace(link, old, new)
    assert config.read_text(encoding="utf-8") == new
    assert link.is_symlink() and stat.S_IMODE(config.stat().st_mode) == 0o640
    assert sorted(file.name for file in tmp_path.iterdir()) == ["config.toml", "lien.toml"]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({**TABLE, "slug": "gazette"}, "déjà pris"),
        ({**TABLE, "slug": "Pas Valable"}, "minuscules"),
        ({key: value for key, value in TABLE.items() if key != "listing"}, "aucune entrée"),
    ],
)
def test_what_the_loader_would_refuse_is_never_written(config: Path, added: config_writer.Table, said: str) -> None:
    old = config_writer.read(config)
    with pytest.raises(ConfigError, match=said):
        config_writer.replace(config, old, config_writer.with_blocks(old, [config_writer.block(added)]))
    assert config.read_bytes() == HEAD.encode()


def test_a_file_changed_meanwhile_is_left_as_it_is(config: Path) -> None:
    old = config_writer.read(config)
    config.write_text(HEAD + "# une note de Camille\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="a changé pendant ce temps"):
        config_writer.replace(config, old, config_writer.with_blocks(old, [config_writer.block(TABLE)]))
    assert config.read_text(encoding="utf-8").endswith("# une note de Camille\n")
