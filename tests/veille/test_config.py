"""config.toml: what is accepted, and the one French sentence that says what is not."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import ConfigError
from veille.config import load, secret

GOOD = """\
[veille]
name = "Veille d'essai"
contact = "essai@example.org"

[crawl]
delay = 2.5
revisit = ["0d", "12h"]

[digest]
day = "monday"
hour = 8

[mail]
from = "Veille <veille@example.org>"

[[topic]]
slug = "impact-social"
name = "Impact social"

[[source]]
slug = "anah"
name = "Anah"
category = "agence"
url = "https://www.anah.gouv.fr/"
feed = "https://www.anah.gouv.fr/rss"
every = "6h"

[[source]]
slug = "presse"
name = "Presse"
category = "presse"
url = "https://presse.example/"
[source.listing]
url = "https://presse.example/une"
link = "h2 a"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_becomes_settings(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD))
    anah, press = config.sources
    assert anah.feeds == ("https://www.anah.gouv.fr/rss",)
    assert anah.every == timedelta(hours=6)
    assert config.crawl.revisit == (timedelta(0), timedelta(hours=12))
    assert config.database == f"sqlite:///{tmp_path}/var/veille.db"
    assert "essai@example.org" in config.crawl.user_agent
    assert (anah.rights.full_text, anah.rights.keep_days) == ("public", None)
    assert (press.rights.full_text, press.rights.keep_days, press.rights.excerpt_chars) == ("nobody", 90, 200)
    assert config.mail.backend == "folder"


MISTAKES = [
    ("unknown key", "delay = 2.5", "delai = 2.5", 6, "delai"),
    ("wrong type", "delay = 2.5", 'delay = "vite"', 6, "delay"),
    ("out of bounds", "delay = 2.5", "delay = -1", 6, "delay"),
    ("bad duration", '"12h"', '"12 heures"', 7, "revisit"),
    ("bad choice", 'category = "agence"', 'category = "agance"', 23, "category"),
    ("missing key", 'link = "h2 a"\n', "", 33, "link"),
    ("duplicate slug", 'slug = "presse"', 'slug = "anah"', 29, "anah"),
    ("bad slug", 'slug = "presse"', 'slug = "La Presse"', 29, "slug"),
    ("no entry point", 'feed = "https://www.anah.gouv.fr/rss"\n', "", 20, "anah"),
    ("bad scheme", '"https://www.anah.gouv.fr/rss"', '"file:///etc/passwd"', 25, "feed"),
    ("syntax", 'name = "Anah"', 'name = "Anah', 22, "guillemet"),
    ("key twice", "hour = 8", "hour = 8\nhour = 9", 12, "deux fois"),
    ("hour when clocks change", "hour = 8", "hour = 2", 11, "hour"),
    ("address that is no mailbox", "essai@example.org", "essai", 3, "contact"),
]


@pytest.mark.parametrize(("what", "old", "new", "line", "key"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_one_french_sentence_with_line_and_key(
    tmp_path: Path, what: str, old: str, new: str, line: int, key: str
) -> None:
    """C14."""
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"config.toml, ligne {line} : ")
    assert key in sentence
    assert "\n" not in sentence
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("host", ["localhost:8800", "127.0.0.0/8", "10.0.0.1", "*:80"])
def test_private_hosts_are_literal_addresses(tmp_path: Path, host: str) -> None:
    path = write(tmp_path, GOOD.replace("delay = 2.5", f'delay = 2.5\nallowed_private_hosts = ["{host}"]'))
    with pytest.raises(ConfigError, match="littéral"):
        load(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="n'existe pas"):
        load(tmp_path / "absent.toml")


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C15: nothing secret is read from config.toml."""
    (tmp_path / "secret").write_text("motdepasse\n", encoding="utf-8")
    monkeypatch.setenv("VEILLE_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    assert secret("VEILLE_SMTP_PASSWORD") == "motdepasse"
    monkeypatch.setenv("VEILLE_SMTP_PASSWORD", "autre")
    assert secret("VEILLE_SMTP_PASSWORD") == "autre"


def test_the_shipped_configuration_is_valid() -> None:
    config = load(Path(__file__).parents[2] / "config.toml")
    assert config.enabled


TEMPLATE = """
[[source]]
slug = "prefectures"
name = "Préfectures"
category = "ministere"
url = "https://www.example.org/"
feed = "https://www.{departement}.example/{rubrique}/rss"
"""


def test_a_parameter_makes_one_feed_of_each_of_its_values(tmp_path: Path) -> None:
    parameters = '[source.parameters]\ndepartement = ["ain", "val d\'oise"]\nrubrique = ["actu"]\n'
    source = load(write(tmp_path, GOOD + TEMPLATE + parameters)).sources[-1]
    assert source.feeds == ("https://www.ain.example/actu/rss", "https://www.val%20d%27oise.example/actu/rss")


def test_a_parameter_without_value_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ligne \d+ : « \{departement\} » n'a pas de valeur"):
        load(write(tmp_path, GOOD + TEMPLATE + '[source.parameters]\nrubrique = ["actu"]\n'))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('link_regex = "(["', "expression régulière mal formée"),
        ('title = "h2"', "il faut « link »"),
        ("first = -1", "au moins 0"),
    ],
)
def test_a_listing_that_cannot_work_is_refused(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(write(tmp_path, GOOD.replace('link = "h2 a"', line)))


def test_a_source_may_be_a_page_that_is_watched(tmp_path: Path) -> None:
    page = TEMPLATE.replace('feed = "https://www.{departement}.example/{rubrique}/rss"', "")
    page += '[source.page]\nurl = "https://wiki.example/?Page11"\ncontent = "#page"\n[source.expect]\nsilence = "60d"\n'
    source = load(write(tmp_path, GOOD + page)).sources[-1]
    assert source.pages is not None
    assert source.pages.urls == ("https://wiki.example/?Page11",)
    assert source.expect.silence == timedelta(days=60)


def test_a_topic_may_be_off_and_keeps_its_data_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "topics" / "eau").mkdir(parents=True)
    config = load(write(tmp_path, GOOD + '[[topic]]\nslug = "eau"\nname = "L\'eau"\nenabled = false\n'))
    assert [topic.slug for topic in config.topics] == ["impact-social"]
    assert [(topic.slug, topic.folder) for topic in config.topics_off] == [("eau", tmp_path / "topics" / "eau")]


def test_one_topic_at_least_is_followed(tmp_path: Path) -> None:
    off = GOOD.replace('name = "Impact social"', 'name = "Impact social"\nenabled = false')
    with pytest.raises(ConfigError, match=r"ligne 19 : aucun sujet n'est actif"):
        load(write(tmp_path, off))


def test_a_password_of_the_database_comes_from_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, GOOD.replace("[veille]", '[veille]\ndatabase = "postgresql://ana:secret@h/b"', 1))
    with pytest.raises(ConfigError, match="VEILLE_DATABASE_PASSWORD") as caught:
        load(path)
    assert "secret" not in str(caught.value)
    path = write(tmp_path, GOOD.replace("[veille]", '[veille]\ndatabase = "postgresql://ana@h/b"', 1))
    monkeypatch.setenv("VEILLE_DATABASE_PASSWORD", "à/b")
    loaded = load(path)
    assert loaded.database == "postgresql://ana:%C3%A0%2Fb@h/b"
    assert "%C3" not in repr(loaded)
