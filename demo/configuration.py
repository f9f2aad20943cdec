"""Writes the config.toml that lets the watch read the demonstration's sites."""

import json
from collections.abc import Mapping
from pathlib import Path

from demo.sites import Site

HEAD = """\
# Configuration de la démonstration, écrite par le programme : elle ne lit que le petit web
# servi sur cette machine, et n'envoie ses messages qu'au serveur SMTP de la démonstration.

[veille]
name = "Veille impact social (démonstration)"
timezone = "Europe/Paris"
database = {database}
data = {data}
contact = "veille@asso.example"         # figure dans le User-Agent

[crawl]
delay = 0.1                             # secondes entre deux requêtes au même hôte ; 2 au moins sur le vrai web
timeout = 10
# Adresses privées permises, une par site : pour la démonstration et les tests seulement.
allowed_private_hosts = {hosts}

[web]
public_url = {public_url}

[digest]
day = "monday"
hour = 8

[mail]
backend = "smtp"
host = "127.0.0.1"
port = {smtp_port}
tls = "none"                            # jamais ailleurs que sur 127.0.0.1
from = "Veille impact social (démonstration) <veille@asso.example>"

[[topic]]
slug = "impact-social"
name = "Contrats et investissements à impact social"
"""


def write_config(sites: tuple[Site, ...], out: Path, smtp_port: int, public_url: str) -> str:
    """The whole text of config.toml."""
    head = HEAD.format(
        database=quote(f"sqlite:///{out}/veille.db"),
        data=quote(f"{out}/data"),
        hosts="[\n" + "".join(f"  {quote(site.address)},\n" for site in sites) + "]",
        public_url=quote(public_url),
        smtp_port=smtp_port,
    )
    return "\n".join([head, *(source_block(site) for site in sites)])


def source_block(site: Site) -> str:
    """One `[[source]]` block, its tables last."""
    keys = {"slug": site.slug, "name": f"{site.name} (site de démonstration)", "category": site.category, "url": "/"}
    lines = [f"# {site.comment}", "[[source]]"]
    tables: list[str] = []
    for key, value in {**keys, **site.entry}.items():
        if isinstance(value, Mapping):
            tables += [f"[source.{key}]", *(f"{name} = {toml(site, item)}" for name, item in value.items())]
        else:
            lines.append(f"{key} = {toml(site, value)}")
    return "\n".join([*lines, *tables]) + "\n"


def toml(site: Site, value: str | int) -> str:
    """A value as TOML writes it; a path becomes an address of the site."""
    if isinstance(value, int):
        return str(value)
    return quote(site.base + value if value.startswith("/") else value)


def quote(text: str) -> str:
    """A TOML basic string."""
    return json.dumps(text, ensure_ascii=False)
