"""Excerpts and bold words on the original text, accents intact."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from core.french import Token, beginnings, tokens_from
from core.search import Excerpt, Span
from core.text import fold
from core.tree import Word

# Below this, a window around the matched words says nothing more than the words.
_USEFUL = 60


def _matches(run: Sequence[Token], word: Word, text: str) -> Span | None:
    """Where a word or phrase stands, when the tokens begin with it."""
    run = run[: len(word.stems)]
    if tuple(token.stem for token in run) != word.stems:
        return None
    span = Span(run[0].start, run[-1].end)
    if word.exact and fold(text[span.start : span.end]) != fold(word.text):
        return None
    return span


def spans(text: str, words: Sequence[Word]) -> tuple[Span, ...]:
    """Every place where one of the words occurs, in order, without overlap."""
    wanted: dict[str, list[Word]] = {}
    # Once each: a word repeated 900 times would be compared 900 times with every word of the text.
    for word in {(word.stems, word.text if word.exact else ""): word for word in words if word.stems}.values():
        wanted.setdefault(word.stems[0], []).append(word)
    longest = max((len(word.stems) for words in wanted.values() for word in words), default=0)
    result: list[Span] = []
    for start in beginnings(text, wanted) if wanted else ():
        if result and start < result[-1].end:
            continue
        run = list(islice(tokens_from(text, start), longest))
        # An elided word is no token: the run then begins after it.
        if not run or run[0].start != start:
            continue
        hits = [span for word in wanted[run[0].stem] if (span := _matches(run, word, text))]
        if hits:
            result.append(max(hits, key=lambda span: span.end))
    return tuple(result)


def clip(text: str, start: int, end: int, length: int = 200) -> Excerpt:
    """At most `length` characters of text around [start, end), cut at words, with one span on [start, end)."""
    return _window(text, start, end, length, (Span(start, end),))


def excerpt(text: str, words: Sequence[Word], length: int = 200) -> Excerpt:
    """The passage of at most `length` characters that shows the most of the words; the beginning when there is none."""
    found = spans(text, words)
    best = densest(text, found, length)
    return _window(text, best.start, best.end, length, found) if best else _window(text, 0, 0, length, ())


def shorten(excerpt: Excerpt, limit: int) -> Excerpt:
    """At most `limit` characters, around the first marked words."""
    if len(excerpt.text) <= limit:
        return excerpt
    if limit < _USEFUL:
        return Excerpt("")
    spans = [span for span in excerpt.spans if 0 <= span.start < span.end <= len(excerpt.text)]
    if not spans:
        return _window(excerpt.text, 0, 0, limit, ())
    first = spans[0]
    window = clip(excerpt.text, first.start, min(first.end, first.start + limit - 2), limit)
    shift = window.spans[0].start - first.start
    inside = (Span(span.start + shift, span.end + shift) for span in spans)
    return Excerpt(window.text, tuple(span for span in inside if span.start >= 0 and span.end <= len(window.text)))


def bare_words(sentence: Excerpt) -> Excerpt:
    """The marked words alone, once each."""
    forms = dict.fromkeys(sentence.text[span.start : span.end] for span in sentence.spans)
    text, spans = "", []
    for form in forms:
        text += " … " if text else ""
        spans.append(Span(len(text), len(text) + len(form)))
        text += form
    return Excerpt(text, tuple(spans))


def densest(text: str, found: Sequence[Span], length: int = 200) -> Span | None:
    """Of the words found in a text, the first of the passage that shows the most of them."""
    return max(found, key=lambda first: (_density(text, found, first, length), -first.start), default=None)


def _density(text: str, found: Sequence[Span], first: Span, length: int) -> int:
    inside = [span for span in found if first.start <= span.start and span.end <= first.start + length * 3 // 4]
    return len({fold(text[span.start : span.end]) for span in inside}) * 100 + len(inside)


def _window(text: str, start: int, end: int, length: int, found: Sequence[Span]) -> Excerpt:
    if length <= 0:
        return Excerpt("")
    room = max(0, length - 2 - (end - start))
    left, right = max(0, start - room // 3), min(len(text), end + room)
    right = min(right, left + length - 2)
    left = max(0, min(left, right - length + 2))
    if left > 0:
        border = text.find(" ", left, start)
        left = border + 1 if border >= 0 else left
    if right < len(text):
        border = text.rfind(" ", max(end, left), right + 1)
        right = border if border > 0 else right
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    head, tail = ("…" if left > 0 else ""), ("…" if right < len(text) else "")
    shift = len(head) - left
    kept = tuple(
        Span(max(span.start, left) + shift, min(span.end, right) + shift)
        for span in found
        if span.start < right and span.end > left
    )
    return Excerpt(head + text[left:right].replace("\n", " ") + tail, kept)
