"""Pages → articles in child processes, each page under a limit of time and each child under a limit of memory.

A page that hangs or bursts costs its child, which is replaced, and becomes a named failure; the others go on.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from types import TracebackType
from typing import Any

from core.articles import Article
from core.gate import NEVER, Gate
from core.pages import Failure, FetchedPage
from core.ports import PageSamples
from pipeline.learning import Learning
from pipeline.pending import Pending

HTML_SECONDS = 10
PDF_SECONDS = 30
HTML_MEMORY = 1024 * 2**20
PDF_MEMORY = 512 * 2**20
"""Address space of a child, in bytes (RLIMIT_AS)."""
IN_FLIGHT = 400
IN_FLIGHT_BYTES = 32 * 2**20
"""What is handed to the children ahead: enough to keep them busy while spaCy loads, bounded in memory."""
RECYCLE = 1000
"""Pages after which a child is replaced, because libxml2 and trafilatura's caches grow."""

Result = Article | Failure


def is_pdf(page: FetchedPage) -> bool:
    return page.content_type == "application/pdf" or page.body[:1024].lstrip().startswith(b"%PDF-")


# What opens careful extraction in a child, given once to its initializer.
_gate = NEVER


def read_page(page: FetchedPage, recurring: frozenset[str] | None = frozenset()) -> Result:
    """One page → article or failure, in the current process; only the beginning of its text where that is the rule.
    `recurring`: see `pipeline.html.extract_html`."""
    result = _read(page, recurring)
    if isinstance(result, Failure) or not page.hint.excerpt:
        return result
    from pipeline.parts import lead

    text = lead(result.text)
    return replace(result, text=text, page_offsets=tuple(at for at in result.page_offsets if at < len(text)))


def _read_first(page: FetchedPage) -> Result | None:
    """A page as it is read first; None: it may match, and is worth what its source repeats."""
    from pipeline.html import Promising

    try:
        return read_page(page, None)
    except Promising:
        return None


def _read(page: FetchedPage, recurring: frozenset[str] | None) -> Result:
    if page.kind == "row":
        from pipeline.rows import extract_row

        return extract_row(page)
    if is_pdf(page):
        from pipeline.pdf import extract_pdf

        return extract_pdf(page)
    if page.content_type and not _is_text(page.content_type):
        return Failure(page.source, page.url, "format", f"Type de document non pris en charge : {page.content_type}.")
    from pipeline.html import extract_html

    return extract_html(page, _gate, recurring)


def _is_text(content_type: str) -> bool:
    return content_type.startswith("text/") or content_type.endswith(("html", "xml", "xhtml+xml", "octet-stream"))


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


def _start_html(memory: int, gate: Gate) -> None:
    global _gate
    _gate = gate
    _limit(memory)
    # Paid once per child rather than by its first page, whose time is limited.
    import pipeline.html

    pipeline.html.identify("Un texte assez long pour que le modèle de langue soit chargé maintenant.")


def _lost(page: FetchedPage, error: BaseException) -> Failure:
    if isinstance(error, FutureTimeout):
        return Failure(page.source, page.url, "timeout", "L'extraction du texte a dépassé son temps : page abandonnée.")
    if isinstance(error, MemoryError) or type(error).__name__ == "ProcessExpired":
        return Failure(page.source, page.url, "memory", "L'extraction du texte a dépassé sa mémoire : page abandonnée.")
    return Failure(page.source, page.url, "internal", f"L'extraction du texte a échoué ({type(error).__name__}).")


class ProcessExtractor:
    """The Extractor port over pools of limited processes; PDFs have a pool of their own, started on the first one.
    HTML pages that open the gate are read with care (`pipeline.votes`), at about twice the time, once what their source
    repeats is known from `samples`."""

    def __init__(self, workers: int, gate: Gate, samples: PageSamples) -> None:
        from pebble import ProcessPool

        # forkserver: children share the imported libraries, and never inherit the parent's threads or spaCy.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.html", "trafilatura", "py3langid.langid"])
        self._new_pool: Any = ProcessPool
        self._context = context
        self._html = ProcessPool(workers, RECYCLE, _start_html, [HTML_MEMORY, gate], context)
        self._pdf: Any = None
        self._waiting: Pending[FetchedPage, Result | None] = Pending()
        self._learning = Learning(self._html, samples, HTML_SECONDS)
        self._bytes = 0

    def __enter__(self) -> ProcessExtractor:
        # A first task makes the pool start its children now, while the crawl starts too, and not on the first page.
        self._html.schedule(os.getpid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in (self._html, self._pdf):
            if pool is not None:
                pool.stop()
                pool.join()

    def _schedule(self, page: FetchedPage) -> None:
        if is_pdf(page) and page.kind != "row":
            if self._pdf is None:
                spawn = multiprocessing.get_context("spawn")
                self._pdf = self._new_pool(1, 20, _limit, [PDF_MEMORY], spawn)
            future = self._pdf.schedule(read_page, args=[page], timeout=PDF_SECONDS)
        else:
            future = self._html.schedule(_read_first, args=[page], timeout=HTML_SECONDS)
        self._waiting.add(future, page)
        self._bytes += len(page.body)

    def _finished(self, patience: float | None) -> Iterator[tuple[FetchedPage, Result]]:
        for page, recurring in self._learning.ready(0 if self._waiting else patience):
            self._waiting.add(self._html.schedule(read_page, args=[page, recurring], timeout=HTML_SECONDS), page)
        for page, future in self._waiting.ended(patience):
            error = future.exception()
            result = _lost(page, error) if error else future.result()
            if result is None:
                self._learning.hold(page)
            else:
                self._bytes -= len(page.body)
                yield page, result

    def _is_full(self) -> bool:
        return len(self._waiting) + len(self._learning) >= IN_FLIGHT or self._bytes > IN_FLIGHT_BYTES

    def extract(self, pages: Iterable[FetchedPage | None]) -> Iterator[tuple[FetchedPage, Result] | None]:
        """Results as they come, in no promised order. None means "nothing to add for now", on both sides."""
        for page in pages:
            if page is None:
                yield from self._finished(0.05)
                yield None
                continue
            self._schedule(page)
            yield from self._finished(None if self._is_full() else 0)
        while self._waiting or self._learning:
            yield from self._finished(None)
