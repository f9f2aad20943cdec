"""Articles → verdicts: the filter here, the few candidates in a process of their own.

spaCy takes seconds to load and blocks whoever loads it: in a process beside, the articles in which no rule can fire,
nearly all of them, are stored meanwhile.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any

from core.articles import Article, Verdict
from core.pages import Failure, FetchedPage
from core.ports import Classifier
from pipeline.pending import Pending

SECONDS = 60
"""Longest reading of one article, the loading of spaCy included."""
MOST_WAITING = 200
"""Candidates held in memory; beyond, their verdicts are waited for."""

Judged = tuple[FetchedPage, Article | Failure, Verdict]

# The classifier of a judging process, built once by its initializer.
_own: Classifier | None = None


def _start(build: Callable[[], Classifier]) -> None:
    global _own
    _own = build()


def _classify(article: Article) -> Verdict:
    if _own is None:
        raise RuntimeError("the judging process was not started by its initializer")
    return _own.classify(article)


class ProcessJudge:
    """`core.ports.Judge`: `build` makes the classifier again in the process, which starts with the first candidate."""

    def __init__(self, classifier: Classifier, build: Callable[[], Classifier]) -> None:
        self._classifier = classifier
        self._build = build
        self._pool: Any = None
        self._waiting: Pending[tuple[FetchedPage, Article], Verdict] = Pending()

    def __enter__(self) -> ProcessJudge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()

    def _submit(self, page: FetchedPage, article: Article) -> None:
        if self._pool is None:
            from pebble import ProcessPool

            context = multiprocessing.get_context("forkserver")
            self._pool = ProcessPool(1, 0, _start, [self._build], context)
        self._waiting.add(self._pool.schedule(_classify, args=[article], timeout=SECONDS), (page, article))

    def _finished(self, patience: float | None) -> Iterator[Judged]:
        for (page, article), future in self._waiting.ended(patience):
            error = future.exception()
            if error is None:
                yield page, article, future.result()
            else:
                reason = f"Le repérage a échoué ({type(error).__name__}) ; l'article est essayé trois fois en tout."
                yield page, Failure(page.source, page.url, "internal", reason), Verdict()

    def judge(self, results: Iterable[tuple[FetchedPage, Article | Failure] | None]) -> Iterator[Judged]:
        """Every result with its verdict, candidates as soon as theirs is known."""
        for result in results:
            if result is not None:
                page, found = result
                if isinstance(found, Failure) or not self._classifier.may_match(found):
                    yield page, found, Verdict()
                else:
                    self._submit(page, found)
            yield from self._finished(None if len(self._waiting) >= MOST_WAITING else 0)
        while self._waiting:
            yield from self._finished(None)
