"""The command `kliping`. What each part does stands in console/commands; here is how errors meet a person.

Exit codes: 0 done as asked; 1 not done; 2 asked for wrongly; 3 a server is absent or unfit; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import metadata
from typing import Annotated

import typer
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from console import show
from console.commands import backup, care, crawl, demo, monitor, queue, retain, schedule, serve, stories, takedown
from crawler.sites.registry import site_named
from stories import mongo
from stories.errors import StoryError, UsageError
from stories.log import to_standard_error
from stories.settings import FILE, Settings
from stories.stopping import Stopped

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A scheduled news crawler: Tempo's articles and the related news they point to, in MongoDB.",
    epilog="Begin with:  kliping demo",
)
app.command(epilog="Example:  kliping up")(serve.up)
app.command(epilog="Example:  kliping demo --keep")(demo.demo)
app.command(epilog="Example:  kliping crawl tempo-en --max-pages 200 --depth 2 --wait")(crawl.crawl)
app.add_typer(schedule.app, name="schedule")
app.add_typer(queue.app, name="queue")
app.command(epilog="Example:  kliping monitor")(monitor.monitor)
app.add_typer(stories.app, name="stories")
app.command(epilog="Example:  kliping extract https://en.tempo.co/read/2037562/title page.html")(care.extract)
app.add_typer(care.pages, name="pages")
app.add_typer(care.quarantine, name="quarantine")
app.command(epilog="Example:  kliping takedown tempo-read:2037562 --reason 'the publisher asked, 3 May' --dry-run")(
    takedown.takedown
)
app.command(epilog="Example:  kliping retain --runs 90d --ticks 1y --dry-run")(retain.retain)
app.command(epilog="Example:  kliping backup backups/")(backup.backup)
app.command(name="restore", epilog="Example:  kliping restore backups/monday.zip --into monday")(backup.bring_back)
app.command(epilog="Example:  kliping doctor")(care.doctor)
app.command(epilog="Example:  kliping worker enrich")(serve.worker)
app.command(epilog="Example:  kliping scheduler")(serve.scheduler)
app.command(epilog="Example:  kliping console --port 8095")(serve.console)
app.command(epilog="Example:  kliping replica --stories 600 --port 8093 --fault reset --fault hang")(serve.replica)


def _tell_version(*, asked: bool) -> None:
    if asked:
        show.say(f"kliping {metadata.version('kliping')}")
        raise typer.Exit


@app.callback()
def _for_all(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version.", callback=_tell_version)] = False
) -> None:
    """What may stand before the command."""


USAGE, SERVER_TROUBLE, INTERRUPTED = 2, 3, 130
Refusal: type[Exception] = typer.BadParameter.__mro__[2]
"""ClickException: Typer has a click of its own, which it does not show, or the real one, by its version."""


def main() -> None:
    """The console script: no trace for what a person can mend."""
    _open_what_is_closed()
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # a full disk, told already
        code = code or 1
    sys.stderr.flush()
    # All that was opened is closed. A usual exit waits half a second for threads of PyMongo's that hold nothing.
    os._exit(code)


def _open_what_is_closed() -> None:
    """Without standard output (`>&-`) there is nothing to write to, and the next file would take its place."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def run(arguments: list[str]) -> int:
    """Do a command; gives the exit code."""
    try:
        _heed_the_settings()
        # Not "standalone": its refusals take four lines, and end the process.
        done = app(arguments, prog_name="kliping", standalone_mode=False)
    except Refusal as error:
        return _refuse(error)
    except Stopped:  # before it was up, or had done what was asked
        return INTERRUPTED
    except (StoryError, PyMongoError, RedisError, OSError) as error:
        return _fail(*_answer(error))
    return done if isinstance(done, int) else 0


def _heed_the_settings() -> None:
    settings = Settings.load()
    to_standard_error(settings.log_level.upper())
    for own in settings.sites or ():
        try:
            site_named(own.site)
        except UsageError as error:
            raise UsageError(f"KLIPING_SITES, or [sites] in {FILE}: {error}.") from None


def _answer(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    match error:
        case StoryError():
            return str(error), getattr(error, "exit_code", 1)
        case PyMongoError():
            return str(mongo.explain(error)), SERVER_TROUBLE
        case RedisError():
            said = f"Redis: {error}. Check with 'kliping doctor'; the address is KLIPING_REDIS_URL."
            return said, SERVER_TROUBLE
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return "no space left on the disk. Make room, or set KLIPING_HOME to another disk.", SERVER_TROUBLE
    raise error  # our own mistake: the trace is for whoever mends it


def _refuse(error: Exception) -> int:
    """Words that the command line does not understand: one line, and where its help stands."""
    said, context = error.format_message(), error.ctx  # type: ignore[attr-defined]  # a ClickException has both
    said = said.replace(": Value error, ", ": ")  # pydantic's words, which tell a person nothing
    if said.startswith("Usage:"):  # a group without its command: this is its help
        show.ERR.print(said, markup=False, soft_wrap=True)
        return USAGE
    command = context.command_path if context else "kliping"
    return _fail(f"{said.rstrip('.?')}{'?' if said.endswith('?') else '.'} See '{command} --help'.", USAGE)


def _fail(message: str, code: int) -> int:
    show.refuse(f"kliping: {show.safe(message)}")
    return code


if __name__ == "__main__":
    main()
