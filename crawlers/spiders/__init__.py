"""Where to go: one thin spider per feed, on two ways of going (by slices of dates, or one whole file)."""

from crawlers.spiders.base import FeedSpider
from crawlers.spiders.eu_cellar import EuCellarSpider
from crawlers.spiders.us_fr import UsFrSpider
from crawlers.spiders.wto_api import WtoApiSpider
from crawlers.spiders.wto_eping import WtoEpingSpider
from crawlers.spiders.wto_workbook import WtoWorkbookSpider

SPIDERS: dict[str, type[FeedSpider]] = {
    spider.name: spider for spider in (WtoEpingSpider, WtoApiSpider, WtoWorkbookSpider, UsFrSpider, EuCellarSpider)
}
