"""The crawl itself, in a process of its own: a Twisted reactor cannot be started twice."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from core.history import HistoryStore
from core.pages import CrawlReport
from core.ports import Clock, RawStore
from crawlers.job import Job

if TYPE_CHECKING:
    from crawlers.spider import SourcesSpider

PR_SET_PDEATHSIG = 1
"""prctl(2), Linux."""


def crawl(job: Job, store: RawStore, clock: Clock, history: HistoryStore | None = None) -> CrawlReport:
    """Visit every source of the job; commits through `store` as pages arrive, returns when all is read.

    A job with `since` walks back through the history of its sources, as far as `history` remembers it was.

    SIGTERM ends it cleanly. Once per process. Nothing is written on stdout; logs go through `logging`. Raises what the
    store raises when it can keep nothing more.
    """
    if job.parent:
        die_with(job.parent)
    # No module may ask the network for the list of public suffixes.
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
    from scrapy.crawler import CrawlerProcess
    from twisted.python.failure import Failure

    from crawlers.settings import scrapy_settings
    from crawlers.spider import SourcesSpider

    process = CrawlerProcess(scrapy_settings(job.settings))
    _quieten()
    crawler = process.create_crawler(_spider(job))
    faults: list[Failure] = []
    process.crawl(crawler, job=job, store=store, clock=clock, history=history).addErrback(faults.append)
    _guard(job)
    process.start()
    if faults:
        faults[0].raiseException()
    spider = crawler.spider
    if not isinstance(spider, SourcesSpider):
        raise RuntimeError("the spider could not be started")
    if spider.fault is not None:
        raise spider.fault
    return spider.report()


def _spider(job: Job) -> type[SourcesSpider]:
    if job.errand == "collect":
        from crawlers.spider import SourcesSpider

        return SourcesSpider
    from crawlers.scout import Scout

    return Scout


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends, and check that it has not already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _quieten() -> None:
    """Scrapy and Twisted speak of what we name ourselves: pages too long, certificates refused."""
    from twisted.logger import globalLogBeginner

    # Until its logging has begun, Twisted also prints its errors on stderr by itself.
    globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    logging.getLogger("protego").setLevel(logging.ERROR)
    logging.getLogger("twisted").addFilter(lambda record: "verifying certificate" not in record.getMessage())


def _guard(job: Job) -> None:
    """Let through the private addresses of the configuration; the guarded reactor refuses them until then."""
    from twisted.internet import reactor

    from crawlers.reactor import GuardedReactor

    if not isinstance(reactor, GuardedReactor):
        raise RuntimeError("the crawl must run on the guarded reactor")
    reactor.allowed = frozenset(job.settings.allowed_private_hosts)
