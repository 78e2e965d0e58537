"""The command `kliping`. What each part does stands in console/commands; here is how errors and exit codes meet a person.

Exit codes: 0 done as asked; 1 not done; 2 asked for wrongly; 3 a server is absent or unfit; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import logging
import sys

import typer
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from console import show
from console.commands import care, crawl, demo, queue, schedule, serve, stories
from stories import mongo
from stories.errors import StoryError
from stories.settings import Settings

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
app.add_typer(stories.app, name="stories")
app.command(epilog="Example:  kliping extract https://en.tempo.co/read/2037562/title page.html")(care.extract)
app.add_typer(care.pages, name="pages")
app.add_typer(care.quarantine, name="quarantine")
app.command(epilog="Example:  kliping doctor")(care.doctor)
app.command(epilog="Example:  kliping worker enrich")(serve.worker)
app.command(epilog="Example:  kliping scheduler")(serve.scheduler)
app.command(epilog="Example:  kliping replica --stories 600 --port 8093")(serve.replica)

INTERRUPTED = 130
SERVER_TROUBLE = 3


def main() -> None:
    """The console script: no trace for what a person can mend."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Do a command; gives the exit code."""
    try:
        logging.basicConfig(
            level=Settings.load().log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
        )
        app(arguments, prog_name="kliping", standalone_mode=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except StoryError as error:
        return _fail(str(error), getattr(error, "exit_code", 1))
    except PyMongoError as error:
        return _fail(str(mongo.explain(error)), SERVER_TROUBLE)
    except RedisError as error:
        return _fail(f"Redis: {error}. Check with 'kliping doctor'; the address is KLIPING_REDIS_URL.", SERVER_TROUBLE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return 0
    return 0


def _fail(message: str, code: int) -> int:
    show.refuse(f"kliping: {show.safe(message)}")
    return code


if __name__ == "__main__":
    main()
