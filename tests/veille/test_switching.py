"""A source switched off with its reason, and on again, from the command line."""

from __future__ import annotations

from pathlib import Path

NOW = "2026-11-24T23:30:00+01:00"


def test_a_source_is_disabled_with_a_reason_and_enabled_again(veille, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    before = config.read_text(encoding="utf-8")
    off = veille("source", "disable", "muette", "--reason", "le site a fermé", VEILLE_NOW=NOW)
    assert (off.returncode, off.stdout) == (0, "« Source muette » est désactivée.\n")
    lines = 'enabled = false\ndisabled_reason = "le site a fermé"\nchecked_on = "2026-11-24"\n'
    assert config.read_text(encoding="utf-8") == before + lines
    on = veille("source", "enable", "muette", VEILLE_NOW=NOW)
    assert on.returncode == 0
    assert config.read_text(encoding="utf-8") == before + 'enabled = true\nchecked_on = "2026-11-24"\n'


def test_a_reason_is_required_and_a_dry_run_writes_nothing(veille, tmp_path: Path) -> None:
    before = (tmp_path / "config.toml").read_bytes()
    assert "--reason" in veille("source", "disable", "muette").stderr
    assert "serait désactivée" in veille("source", "disable", "muette", "--reason", "x", "--dry-run").stdout
    assert "déjà active" in veille("source", "enable", "muette").stdout
    assert "Aucune source ne s'appelle" in veille("source", "enable", "absente").stderr
    assert (tmp_path / "config.toml").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml"]


def test_try_wants_a_source_or_all(veille) -> None:
    for arguments in ((), ("muette", "--all"), ("muette", "--write")):
        ran = veille("source", "try", *arguments)
        assert ran.returncode == 2 and "ou bien --all" in ran.stderr
