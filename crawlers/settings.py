"""Scrapy's settings for our crawl: everything that opens a side door or costs without serving is off."""

from __future__ import annotations

from typing import Any

from core.sources import CrawlSettings
from crawlers.limits import CONCURRENT_DOWNLOADS, ENTRY_BYTES
from crawlers.reactor import PATH

_OFF_EXTENSIONS = (
    "corestats.CoreStats", "logcount.LogCount", "telnet.TelnetConsole", "memusage.MemoryUsage",
    "memdebug.MemoryDebugger", "closespider.CloseSpider", "feedexport.FeedExporter", "logstats.LogStats",
    "spiderstate.SpiderState", "throttle.AutoThrottle", "remote_control.RemoteControl",
)  # fmt: skip
_OFF_DOWNLOADER_MIDDLEWARES = (
    "offsite.OffsiteMiddleware", "robotstxt.RobotsTxtMiddleware", "httpauth.HttpAuthMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware", "defaultheaders.DefaultHeadersMiddleware",
    "useragent.UserAgentMiddleware", "retry.RetryMiddleware", "redirect.MetaRefreshMiddleware",
    "redirect.RedirectMiddleware", "cookies.CookiesMiddleware", "httpproxy.HttpProxyMiddleware",
    "stats.DownloaderStats", "httpcache.HttpCacheMiddleware",
)  # fmt: skip
_OFF_SPIDER_MIDDLEWARES = (
    "start.StartSpiderMiddleware", "httperror.HttpErrorMiddleware", "referer.RefererMiddleware",
    "urllength.UrlLengthMiddleware", "depth.DepthMiddleware", "metacopy.MetaCopyDetectionMiddleware",
)  # fmt: skip


def scrapy_settings(settings: CrawlSettings) -> dict[str, Any]:
    """Robots, delays, redirects and retries are ours (`fetcher.py`); Scrapy keeps connections and decoding."""
    handler = "crawlers.handler.BoundedHandler"
    return {
        "BOT_NAME": "veille",
        "USER_AGENT": settings.user_agent,
        "TWISTED_REACTOR": PATH,
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
        "REACTOR_THREADPOOL_MAXSIZE": 20,
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "file": None, "data": None, "ftp": None, "s3": None},
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": settings.timeout,
        "DOWNLOAD_MAXSIZE": ENTRY_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": CONCURRENT_DOWNLOADS,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
        "ROBOTSTXT_OBEY": False,  # Scrapy's reading is not RFC 9309: `robots.py` asks and obeys
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "RETRY_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in _OFF_EXTENSIONS},
        "DOWNLOADER_MIDDLEWARES": {
            f"scrapy.downloadermiddlewares.{name}": None for name in _OFF_DOWNLOADER_MIDDLEWARES
        },
        "SPIDER_MIDDLEWARES": {f"scrapy.spidermiddlewares.{name}": None for name in _OFF_SPIDER_MIDDLEWARES},
    }
