"""A crawl that says of each of its browsers, when its last page has ended, how many pages are left in it.

python -m tests.crawler.counted < order.json
"""

from __future__ import annotations

import sys

from crawler import rendering

COUNTED = "tests.crawler.counted"
LEFT = "pages left in a browser: "


async def count(browser: rendering._Browser) -> None:
    await browser._is_free.wait()
    running = getattr(browser.handler, "browser", None)  # the handler forgets one that has died
    pages = sum(len(context.pages) for context in running.contexts) if running else 0
    sys.stderr.write(f"{LEFT}{pages}\n")


if __name__ == "__main__":
    retire = rendering._Browser.retire

    async def counted(self: rendering._Browser) -> None:
        await count(self)
        await retire(self)

    rendering._Browser.retire = counted  # type: ignore[method-assign]
    from crawler.run import main

    sys.exit(main())
