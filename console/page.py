"""The console's one page: HTML made here, every value escaped, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import quote

from console import show

AGAIN: Final = 15  # seconds until the browser loads the page again: a crawl is seen to move, MongoDB does not notice

STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --dim: #767676; --good: #1a7f37; --bad: #c62828; --busy: #0969da; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.8rem 0 .4rem; }
p, small, .none { color: var(--dim); margin: .2rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th { text-align: left; font-weight: 500; color: var(--dim); }
th, td { padding: .3rem 1.8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.key { font-family: ui-monospace, monospace; font-size: .87em; white-space: nowrap; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
th.number { text-align: right; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.finished, .fired, .idle { color: var(--good); }
.on, .failed, .missed { color: var(--bad); font-weight: 600; }
.running, .busy, .queued { color: var(--busy); }
.paused, .skipped { color: var(--dim); }
@media (max-width: 48rem) {
  th, td { padding-right: .9rem; }
  .rows tr { display: flex; flex-wrap: wrap; gap: 0 .8rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  .rows tr:first-child { display: none; }
  .rows td { padding: 0; border: 0; }
  .rows .text { flex-basis: 100%; }
  .rows .text:empty { display: none; }
}
a { color: inherit; text-decoration-color: var(--dim); text-underline-offset: .15em; }
"""

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{again}">
<title>Kliping</title>
<style>{style}</style>
</head>
<body>
<h1>Kliping</h1>
<p>As of {at}, again every {again} seconds. The same as data: /api/monitor, /api/queue, /api/schedules,
/api/stories.</p>
{body}
</body>
</html>
"""

_COUNTS: Final = ("waiting", "running", "failed", "finished")

Cell = tuple[str, str]
"""A class and HTML that is escaped already."""


def drawn(
    watched: Mapping[str, Any],
    looked: Mapping[str, Any],
    schedules: Sequence[Mapping[str, Any]],
    stories: Sequence[Mapping[str, Any]],
) -> str:
    """The page of monitor.json, queue.json, schedules.json and stories.json."""
    house = (_alarms(watched), _queues(looked), _workers(looked), _runs(looked))
    body = "\n".join((*house, _schedules(schedules), _stories(stories)))
    return _PAGE.format(again=AGAIN, style=STYLE, at=escape(show.local(looked["at"]) or ""), body=body)


def _alarms(watched: Mapping[str, Any]) -> str:
    """Those that are on, each with what it means; the others are a number."""
    rows = [
        (
            ("key on", escape(a["name"])),
            _text(a["subject"]),
            _time(a["since"]),
            ("text", f"{_text(a['detail'])[1]}<br><small>{_text(a['means'])[1]}</small>"),
            _key(a["runbook"]),
        )
        for a in watched["alarms"]
        if a["state"] == "on"
    ]
    unknown = sum(a["state"] == "unknown" for a in watched["alarms"])
    looked_at = f"{len(watched['alarms'])} things were looked at"
    none = f"No alarm is on: {looked_at}{f'; of {unknown} too little is known yet' if unknown else ''}."
    return _section("Alarms", ("alarm", "of", "since", "seen", "what to do"), rows, none=none)


def _queues(looked: Mapping[str, Any]) -> str:
    rows = [
        (
            _key(q["name"]),
            _number(q["queued"]),
            _number(q["started"]),
            ("number failed" if q["failed"] else "number", str(q["failed"])),
            _number(q["finished"]),
        )
        for q in looked["queues"]
    ]
    flight = looked["pages"]
    line = f"{flight['leased']} pages leased, {flight['handedOver']} handed over, {looked['quarantined']} in quarantine"
    return _section("Queues", ("queue", *_COUNTS), rows) + f"\n<p>{line}</p>"


def _workers(looked: Mapping[str, Any]) -> str:
    rows = [
        (_key(w["name"][:12]), _text(", ".join(w["queues"])), _state(w["state"]), _key(w["job"]))
        for w in sorted(looked["workers"], key=lambda w: (w["queues"], w["name"]))
    ]
    return _section("Workers", ("worker", "queue", "state", "job"), rows, none="No worker is at work: kliping up.")


def _runs(looked: Mapping[str, Any]) -> str:
    rows = [
        (_key(r["run"]), _state(r["state"]), _time(r["createdAt"]), _prose(_fates(r)), _prose(r["reason"]))
        for r in looked["runs"]
    ]
    columns = ("run", "state", "ordered", "pages by fate", "reason")
    return _section("Newest runs", columns, rows, none="No crawl yet: kliping crawl SITE.")


def _fates(run: Mapping[str, Any]) -> str:
    return show.counted(run["fates"] or (run["progress"] or {}).get("fates", {}))


def _schedules(schedules: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            _key(s["name"]),
            _key(s["cron"]),
            _text(s["tz"]),
            _text(s["site"]),
            _state("paused") if s["paused"] else _time(s["next"][0]),
            _state(s["last"]["outcome"]) if s["last"] else _text(None),
        )
        for s in schedules
    ]
    columns = ("name", "cron", "zone", "site", "next", "last")
    return _section("Schedules", columns, rows, none="No schedule yet: kliping schedule add.")


def _stories(stories: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            ("key", _link(f"/api/stories/{quote(s['key'], safe=':')}", s["key"])),
            _time(s["datePublished"]),
            _text(s["articleSection"]),
            ("text", _link(s["url"], s["headline"])),
        )
        for s in stories
    ]
    columns = ("key", "published", "section", "headline")
    return _section("Newest stories", columns, rows, none="No story yet.")


def _section(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, none: str = "") -> str:
    """A table; one with prose in it is, on a narrow screen, a list of rows that break."""
    rows = list(rows)
    kind = ' class="rows"' if any(name == "text" for row in rows for name, _ in row) else ""
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    if not body:
        return f'<h2>{title}</h2>\n<p class="none">{none}</p>'
    head = "".join(f'<th class="number">{c}</th>' if c in _COUNTS else f"<th>{c}</th>" for c in columns)
    return f'<h2>{title}</h2>\n<div class="wide"><table{kind}><tr>{head}</tr>\n{body}\n</table></div>'


def _cell(cell: Cell) -> str:
    kind, html = cell
    return f'<td class="{kind}">{html}</td>' if kind else f"<td>{html}</td>"


def _text(value: object) -> Cell:
    return "", escape(show.NOTHING if value is None or value == "" else str(value))


def _prose(value: object) -> Cell:
    return "text", _text(value)[1] if value else ""


def _key(value: object) -> Cell:
    return "key", _text(value)[1]


def _number(value: int) -> Cell:
    return "number", str(value)


def _time(instant: str | None) -> Cell:
    return "time", _text(show.local(instant))[1]


def _state(name: str) -> Cell:
    return escape(name), escape(name)


def _link(address: str, text: str) -> str:
    """A link, if it is one that a browser may follow: an address from a page can be `javascript:`."""
    if not address.startswith(("https://", "http://", "/")):
        return escape(text)
    return f'<a href="{escape(address)}" rel="noreferrer noopener">{escape(text)}</a>'
