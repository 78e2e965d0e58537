"""kliping up, worker, scheduler, console, replica: the parts that stay."""

from __future__ import annotations

import errno
import fcntl
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Final, Never

import typer

from console import show
from console.access import console_token
from console.crew import EVERYBODY, Crew, crew
from console.doctor import CONSOLE_PORT
from console.home import Home, NoRoomError
from console.processes import LOOPBACK
from console.workplace import Workplace, workplace
from replica.faults import SHARE, Fault
from stories import faults, stopping
from stories.errors import UsageError
from stories.queue import QUEUES
from stories.settings import Settings
from stories.stopping import Stopped, until_stopped
from workers.clockwork import keep_time
from workers.worker import work

_LOOK: Final = 1.0  # seconds between looks at the crew


ConsolePort = Annotated[int, typer.Option("--port", min=0, max=65535, help="The console's port; 0: a free one.")]


def up(*, port: ConsolePort = CONSOLE_PORT) -> None:
    """Everything on this machine: MongoDB and Redis unless given, scheduler, workers, console. Ctrl-C stops it."""
    until_stopped()
    settings = Settings.load()
    console_token(settings)  # one that is too short is told now, as a port is that is taken
    parts = (*EVERYBODY, ("console", "--port", str(port)))
    with suppress(Stopped), _alone(settings.home), workplace(settings) as place:
        listen(LOOPBACK, port).close()  # a port that is taken is told now, not by a console that ends again and again
        _stay(place, parts)


def _stay(place: Workplace, parts: Sequence[tuple[str, ...]]) -> None:
    with crew(place.settings, parts) as members:
        show.say("kliping is up: scheduler, crawler, two enrichers, console. Ctrl-C stops it.", style="bold")
        show.say(f"home: {place.settings.home.resolve()}")
        show.say("In a second terminal:  kliping schedule add ...   kliping queue --watch   kliping stories find")
        keep_up(place, members)


def keep_up(place: Workplace, members: Crew) -> Never:
    """Start again what ends by itself, until something is raised; says so."""
    told: list[str] = []
    while True:
        stopping.heed()
        news = [*revived(place.revive), *(f"{died}; it is started again" for died in members.look())]
        for line in news:
            if line not in told:  # a full disk stays full for a while
                show.note(line)
        told = news
        time.sleep(_LOOK)


def revived(revive: Callable[[], list[str]]) -> list[str]:
    """What a person should know of the servers. One that has no room is tried again at the next look."""
    try:
        return [f"{server} ended; it is started again" for server in revive()]
    except NoRoomError as error:
        return [str(error)]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The only `up` of this home: a second crawler would ask the sites twice as fast.

    The kernel frees the lock when its holder ends, however it ends.
    """
    home = Home.at(folder).path
    with (home / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"'kliping up' works in {home} already. Stop it first, or set KLIPING_HOME to another folder."
            ) from error
        yield


def console(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is everybody's.")] = LOOPBACK,
    port: ConsolePort = CONSOLE_PORT,
) -> None:
    """The HTTP API and a page that show queues, runs, schedules and stories, until SIGTERM. It only reads."""
    import uvicorn  # noqa: PLC0415 - no other command serves HTTP

    from console.api import make_app  # noqa: PLC0415

    until_stopped()
    settings = Settings.load()
    token, file = console_token(settings)
    with suppress(Stopped), listen(host, port) as ours, workplace(settings) as place:
        address = f"[{host}]" if ":" in host else host
        show.say(f"console: http://{address}:{ours.getsockname()[1]}  (any user name; {_password(file)})")
        config = uvicorn.Config(
            make_app(place, token),
            limit_concurrency=100,  # connections: a person and a few programs
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
        )
        uvicorn.Server(config).run(sockets=[ours])


def _password(file: Path | None) -> str:
    return f"the password is in {file}" if file else "the password is KLIPING_CONSOLE_TOKEN"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises UsageError where the address or the port cannot be had."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} of {host} is taken. Choose another: --port 0 takes any free one.") from error
        raise UsageError(f"{host} cannot be listened on: {error.strerror}. 127.0.0.1 is this machine.") from error


def worker(
    queue: Annotated[str, typer.Argument(help=f"The one queue to serve: {' or '.join(QUEUES)}.")],
    *,
    burst: Annotated[bool, typer.Option("--burst", help="End when the queue is empty.")] = False,
) -> None:
    """One worker for one queue, until SIGTERM."""
    if queue not in QUEUES:
        raise UsageError(f"no queue {queue!r}; there are {' and '.join(QUEUES)}.")
    until_stopped()  # from its first job on RQ listens itself
    with suppress(Stopped), workplace() as place:
        work(queue, place.settings, burst=burst)


def scheduler() -> None:
    """Fire the schedules' ticks and put back what fell out, until SIGTERM. Any number of them may run."""
    until_stopped()
    with suppress(Stopped), workplace() as place:
        faults.arm(place.settings)
        keep_time(place.stores, place.schedules)


def replica(
    *,
    stories: Annotated[int, typer.Option(min=10, max=1_000_000, help="How many stories.")] = 600,
    seed: Annotated[int, typer.Option(help="Another seed, another newspaper.")] = 7,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 8093,
    fault: Annotated[
        list[Fault] | None, typer.Option(help="How some articles answer the first time; may be given several times.")
    ] = None,
    fault_share: Annotated[float, typer.Option(min=0, max=1, help="Of the articles, with --fault.")] = SHARE,
) -> None:
    """Serve the replica alone, on 127.0.0.1. To crawl it: KLIPING_REPLICA=http://127.0.0.1:8093 kliping up."""
    from replica.__main__ import main as serve  # noqa: PLC0415 - nothing else needs a web server

    wrong = [f"--fault={kind}" for kind in fault or ()]
    given = [f"--stories={stories}", f"--seed={seed}", f"--port={port}", f"--fault-share={fault_share}", *wrong]
    raise typer.Exit(serve(given))
