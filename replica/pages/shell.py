"""The listing that needs JavaScript: an empty Nuxt page, and the script that fills it in a browser.

The script fetches the rows from the same host and prints them as the other pages of www's index have them. It also
tries what a guarded browser must not let out; none of it stops the rows:

- an image, a script, a frame, a beacon, a pop-up and a web socket of `FOREIGN`, a host that is not the site's;
- a fetch, and a fetch inside a service worker, of addresses that robots.txt forbids (`FORBIDDEN_PATHS`);
- a timer without end.

A word in the page's path (`/indeks/hang?...`) makes it worse: `hang` (never gives the thread back, no row), `poll`
(asks for the rows again, 20 times a second, for ever: the network is never idle), `memory` (192 MB, all touched),
`alert` (three dialogs before the rows), `away` (leads the tab to `FOREIGN` before the rows), `late` (rows after two
seconds).
"""

from __future__ import annotations

import json
from typing import Final

from replica.editions import ID
from replica.listed import Rows
from replica.times import indonesian_time

SCRIPT_PATH: Final = "/_nuxt/indeks.js"
WORKER_PATH: Final = "/_nuxt/worker.js"
ROWS_PATH: Final = "/api/gateway/indeks"
FOREIGN: Final = "ads.example.invalid"
FORBIDDEN_PATHS: Final = ("/api/private/reader", "/api/private/worker")
VARIANTS: Final = ("hang", "poll", "memory", "alert", "away", "late")

_SHELL: Final = f"""<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Indeks Berita | tempo.co</title>
<link rel="modulepreload" as="script" crossorigin href="{SCRIPT_PATH}">
<script type="module" src="{SCRIPT_PATH}" crossorigin></script></head>
<body><div id="__nuxt"></div><div id="teleports"></div>
<script type="application/json" data-nuxt-data="nuxt-app" data-ssr="false"
 id="__NUXT_DATA__">[{{"serverRendered":1}},false]</script>
<script>window.__NUXT__={{}};window.__NUXT__.config={{public:{{}},app:{{baseURL:"/",buildAssetsDir:"/_nuxt/"}}}}</script>
</body></html>
"""

_SCRIPT: Final = """const root = document.getElementById("__nuxt");
const query = new URLSearchParams(location.search);
const rows = () => fetch("%(rows)s?" + query).then((response) => response.json());
const add = (name, given) => document.head.append(Object.assign(document.createElement(name), given));
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const tries = [
  () => { new Image().src = "https://%(foreign)s/pixel.gif"; },
  () => add("script", { src: "https://%(foreign)s/x.js" }),
  () => document.body.append(Object.assign(document.createElement("iframe"), { src: "https://%(foreign)s/frame" })),
  () => navigator.sendBeacon("https://%(foreign)s/beacon", "seen"),
  () => new WebSocket("wss://%(foreign)s/socket"),
  () => window.open("https://%(foreign)s/pop"),
  () => { fetch("%(forbidden)s").catch(() => {}); },
  () => { navigator.serviceWorker.register("%(worker)s").catch(() => {}); },
  () => setInterval(() => { root.dataset.ticks = Number(root.dataset.ticks || 0) + 1; }, 50),
];
const variants = {
  hang: () => { for (;;); },
  poll: () => { setInterval(() => rows().catch(() => {}), 50); },
  memory: () => { window.kept = Array.from({ length: 24 }, () => new Uint8Array(1 << 23).fill(1)); },
  alert: () => { alert("Selamat datang"); confirm("Lanjut?"); prompt("Nama?"); },
  away: () => { location.href = "https://%(foreign)s/landing"; },
  late: () => wait(2000),
};

const escaped = (text) => Object.assign(document.createElement("p"), { textContent: text }).innerHTML;
const figure = (row) => `<figure class="flex gap-4">
<a href="${row.canonical_url}"><img src="https://statik.tempo.co/card.jpg" alt=""></a>
<figcaption><span class="text-sm">${escaped(row.section)}</span>
<p class="font-bold"><a href="${row.canonical_url}">${escaped(row.title_digital)}</a></p>
<p class="text-neutral-900 text-sm">${row.published}</p></figcaption></figure>`;
const button = (page) => `<button data-type="page" data-page="${page}">${page}</button>`;
const print = (found) => {
  root.innerHTML = `<main><h1 class="indeks">Indeks</h1><div class="flex flex-col divide-y">
${found.data.map(figure).join("\\n") || "<p>Tidak ada berita.</p>"}</div>${found.pages.map(button).join("")}</main>`;
};

for (const attempt of tries) {
  try { attempt(); } catch (error) { console.warn(error); }
}
await variants[location.pathname.split("/")[2]]?.();
print(await rows());
"""

_WORKER: Final = """self.addEventListener("install", (event) => event.waitUntil(fetch("%s").catch(() => {})));
"""


def shell() -> bytes:
    return _SHELL.encode()


def script() -> bytes:
    named = {"rows": ROWS_PATH, "foreign": FOREIGN, "forbidden": FORBIDDEN_PATHS[0], "worker": WORKER_PATH}
    return (_SCRIPT % named).encode()


def worker() -> bytes:
    return (_WORKER % FORBIDDEN_PATHS[1]).encode()


def rows_json(rows: Rows, buttons: list[int]) -> bytes:
    """What the script fetches."""
    data = [
        {
            "canonical_url": row.address.removeprefix(f"https://{ID.host}"),
            "title_digital": row.headline,
            "section": row.story.section.name,
            "published": indonesian_time(row.story.published, ID.lexicon),
        }
        for row in rows
    ]
    return json.dumps({"data": data, "pages": buttons}, ensure_ascii=False).encode()
