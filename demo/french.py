"""French dates, written as the demonstration sites print them."""

from datetime import datetime

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day_month(when: datetime) -> str:
    """`3 février`, and `1er février` on the first."""
    return f"{'1er' if when.day == 1 else when.day} {MONTHS[when.month - 1]}"


def short_date(when: datetime) -> str:
    """`3 février 2026`."""
    return f"{day_month(when)} {when.year}"


def long_date(when: datetime) -> str:
    """`mardi 3 février 2026`."""
    return f"{DAYS[when.weekday()]} {short_date(when)}"


def month_year(when: datetime) -> str:
    """`février 2026`."""
    return f"{MONTHS[when.month - 1]} {when.year}"
