"""Scrapy alone: the same pages asked one at a time, robots obeyed, nothing done with them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response

SETTINGS: dict[str, Any] = {
    "LOG_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
}


class Plain(Spider):
    """Asks the site map, then every page."""

    name = "plain"
    count = 0

    async def start(self) -> AsyncIterator[Request]:
        yield Request(sys.argv[1] + "/sitemap.xml", self.index)

    def index(self, response: Response) -> Iterator[Request]:
        for number in range(int(sys.argv[2])):
            yield Request(f"{sys.argv[1]}/article/{number}.html", self.page)

    def page(self, response: Response) -> None:
        Plain.count += len(response.body) > 0


if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(Plain)
    process.start()
    print(Plain.count)
