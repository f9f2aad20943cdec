"""The parts of an edition, the same in the mail, on its page and in the texts to paste."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.editions import Entry
from core.topics import Section, section_of

PINNED = "À la une"
OTHER = "Autres articles"
PASSING = "Mentions en passant"


def subject_of(entry: Entry, sections: Sequence[Section]) -> str:
    """The title of the part that the rules give a story: the section of its labels, or the last one, of mentions."""
    if not entry.central:
        return PASSING
    section = section_of(sections, entry.topic, entry.labels)
    return section.title if section else OTHER


def parts_of(entries: Iterable[Entry], sections: Sequence[Section]) -> list[tuple[str, list[Entry]]]:
    """Stories under the titles of their parts, in the order of the mail: what editors pinned, the sections, mentions.

    Within a part, in the order given.
    """
    groups: dict[str, list[Entry]] = {
        title: [] for title in dict.fromkeys((PINNED, *(section.title for section in sections), OTHER, PASSING))
    }
    for entry in entries:
        groups[PINNED if entry.pinned else subject_of(entry, sections)].append(entry)
    return [(title, group) for title, group in groups.items() if group]
