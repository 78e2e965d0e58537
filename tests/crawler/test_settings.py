"""The settings of a crawl: one that Scrapy does not know would be of no effect, in silence."""

from __future__ import annotations

from scrapy.settings import default_settings

from crawler import settings

OURS = {"LARGEST_PAGE"}


def test_scrapy_knows_every_setting():
    named = {name for name in vars(settings) if name.isupper()}
    assert len(named) > 20
    assert named - set(vars(default_settings)) == OURS
