"""The little language in which a lexicon writes its forms, unfolded into plain sequences of keys.

`contrat (à|d') impact (social|sociétal)?` stands for six forms: alternatives in brackets, `?` after what may be
missing. A final `*` takes any ending (`rembours*`). `~`, once and after the first word, is a place where a few words
may be inserted (« contrats dits "à impact social" »); `gaps.py` says which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from classifiers.words import key, surface

_TOKEN = re.compile(r"\(([^()]*)\)(\??)|~|([^\s()|'’\-~?]+)(\??)|\s+|['’\-]+")
MOST = 400
"""Sequences one form may unfold into."""


class FormError(ValueError):
    """A form that cannot be read; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Form:
    """One plain sequence of keys; `gap` when words may be inserted after the first one."""

    keys: tuple[str, ...]
    words: tuple[str, ...]
    """The same as the lexicon writes them, accents kept."""
    gap: bool = False
    open_end: bool = False
    """True when the last key is only the beginning of a word."""

    @property
    def pattern(self) -> str:
        """What is looked for among joined keys: the sequence, or what follows the gap."""
        keys = self.keys[1:] if self.gap else self.keys
        return " " + " ".join(keys) + ("" if self.open_end else " ")


def _alternatives(written: str) -> list[list[list[str]]]:
    """For every place of the form, the word sequences that may stand there."""
    places: list[list[list[str]]] = []
    at = 0
    for found in _TOKEN.finditer(written):
        if found.start() != at:
            break
        if found.group(1) is not None and at and written[at - 1] not in " '’-":
            raise FormError(f"dans « {written} », une parenthèse touche un mot : écrivez chaque mot en entier")
        at = found.end()
        if found.group() == "~":
            places.append([["~"]])
        elif found.group(1) is not None:
            choices = [_words(choice) for choice in found.group(1).split("|")]
            places.append([*choices, *([[]] if found.group(2) else [])])
        elif found.group(3):
            places.append([[found.group(3)], *([[]] if found.group(4) else [])])
    if at != len(written):
        raise FormError(f"la forme « {written} » ne se lit pas à partir du caractère {at + 1}")
    return places


def _words(written: str) -> list[str]:
    return [word for word in re.split(r"[\s'’\-]+", written.strip()) if word]


def _form(written: str, words: list[str]) -> Form:
    gap, open_end = "~" in words, words[-1].endswith("*")
    if gap and (words.count("~") > 1 or words.index("~") != 1 or len(words) < 3):
        raise FormError(f"dans « {written} », « ~ » se place une fois, après le premier mot et avant d'autres")
    plain = [word.rstrip("*") for word in words if word != "~"]
    if not all(surface(word) for word in plain) or any("*" in word for word in words[:-1]):
        raise FormError(f"dans « {written} », « * » se place à la fin d'un dernier mot")
    keys = [key(word) for word in plain]
    if open_end:
        keys[-1] = surface(plain[-1])
    return Form(tuple(keys), tuple(plain), gap, open_end)


def unfold(written: str) -> tuple[Form, ...]:
    """All the sequences a written form stands for, without doubles. Raises FormError."""
    sequences = [[word for part in choice for word in part] for choice in product(*_alternatives(written))]
    forms = {form.pattern + str(form.keys): form for words in sequences if words for form in [_form(written, words)]}
    if not forms:
        raise FormError(f"la forme « {written} » est vide")
    if len(forms) > MOST:
        raise FormError(f"la forme « {written} » en recouvre {len(forms)}, plus que {MOST} : coupez-la")
    return tuple(forms.values())
