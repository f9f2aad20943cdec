"""Finds matched stories that speak of the same things as an article: its own most telling stems, asked of the index."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from core.articles import StoredArticle
from core.french import STOP_WORDS, stem, stems
from core.tree import Word
from db.filters import SCOPE
from db.found import archive_size
from db.listing import Shown
from db.matching import TITLE_WEIGHT, any_of, ranks
from db.reader import Reader
from db.reading import load

MAX_READ = 20_000
"""Characters of the article that are read: what it speaks of is said by then."""
MAX_TRIED = 60
"""Stems whose rarity is asked, the most frequent of the article."""
MAX_ASKED = 15
"""Stems that are asked of the index."""
COMMON = 0.1
"""Share of the archive from which a stem tells nothing."""
ALIKE = 0.2
"""Share of what the article itself scores that another must reach to be called close."""
MAX_RANKED = 2_000
"""Matched articles that are compared, the newest."""

_DUMB = frozenset(stem(word) for word in STOP_WORDS)
_HOLDERS = "SELECT count(*) FROM (SELECT 1 FROM article_fts WHERE article_fts MATCH :match LIMIT :most) AS held"
_MATCHED = (
    f"SELECT article.id, article.story_id, article.day FROM article WHERE {SCOPE} ORDER BY article.day DESC LIMIT :most"
)


def similar(reader: Reader, article_id: int, limit: int) -> list[Shown]:
    """At most `limit` stories, the closest first; none for an article without words, or whose publisher reserves
    text and data mining."""
    article = next(iter(load(reader, [article_id])), None)
    if article is None or article.reserved:
        return []
    expression = any_of(_telling(reader, article))
    if not expression:
        return []
    others = [row for row in reader.execute(_MATCHED, {"most": MAX_RANKED}) if row[1] != article.story_id]
    found = ranks(reader, expression, [article.id, *(row[0] for row in others)])
    least = ALIKE * found.get(article.id, 0.0)
    best: dict[int, Shown] = {}
    for identity, story, day in others:
        score = found.get(identity, 0.0)
        # From the newest: of equals, the earliest article of a story is the one shown.
        if score >= least and score > 0 and score >= best.get(story, _NONE).score:
            best[story] = Shown(identity, story, day, score)
    return sorted(best.values(), key=lambda each: (-each.score, each.article_id))[:limit]


_NONE = Shown(0, 0, "", 0.0)


def _telling(reader: Reader, article: StoredArticle) -> Sequence[Word]:
    """The stems that are frequent here and rare elsewhere (tf-idf)."""
    counts: Counter[str] = Counter(_useful(article.text[:MAX_READ] or " ".join(c.sentence for c in article.matches)))
    for each in _useful(article.title):
        counts[each] += int(TITLE_WEIGHT)
    size = archive_size(reader)
    most = max(20, int(size * COMMON))
    weighed: list[tuple[float, Word]] = []
    for each, count in counts.most_common(MAX_TRIED):
        word = Word(each, (each,))
        holders = next(iter(reader.execute(_HOLDERS, {"match": any_of([word]), "most": most + 1})))[0]
        if 2 <= holders <= most:
            weighed.append(((1 + math.log(count)) * math.log(size / holders + 1), word))
    weighed.sort(key=lambda pair: (-pair[0], pair[1].text))
    return [word for _, word in weighed[:MAX_ASKED]]


def _useful(text: str) -> Iterable[str]:
    return (each for each in stems(text) if len(each) > 2 and each not in _DUMB and not each.isdigit())
