"""Wrong input is answered, not traced: one line that says what to do, and an exit code that tells whose turn it is."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from console import parse
from console.embedded_valkey import binary as valkey
from console.processes import free_port
from console.services import Services
from stories.settings import Settings
from tests.console.commands import listener, server
from tests.console.conftest import Said, Shell, kliping, set_environment, working
from tests.console.test_doctor import bare_mongod

USAGE, SERVERS = 2, 3
PAGE = "https://en.tempo.co/read/1/title"


def is_answer(said: Said, code: int, *words: str) -> None:
    """One line on standard error with these words, nothing on standard output, no trace."""
    assert said.code == code, said
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.endswith("\n")
    assert said.err.count("\n") == 1, said.err
    for word in words:
        assert word in said.err


def finished(process: subprocess.Popen[str]) -> Said:
    out, err = process.communicate(timeout=30)
    return Said(code=process.returncode, out=out, err=err)


# -- servers --------------------------------------------------------------------------------------------------


@pytest.fixture
def given(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Fit servers as the environment, but for what a test changes."""
    fit = Settings(home=tmp_path / "home", mongo_url=services.mongo_url, redis_url=services.redis_url)

    def change(**settings: object) -> None:
        set_environment(replace(fit, **settings), monkeypatch)  # type: ignore[arg-type]  # a test's own words

    change()
    monkeypatch.chdir(tmp_path)
    return change


COMMANDS_WITH_SERVERS = [
    ["queue"],
    ["stories", "find", "--json"],
    ["crawl", "tempo-en", "--replica", "http://127.0.0.1:1"],
    ["schedule", "list"],
    ["worker", "enrich"],
]


@pytest.mark.parametrize("command", COMMANDS_WITH_SERVERS)
def test_no_redis(shell: Shell, given: Callable[..., None], nowhere: int, command: list[str]) -> None:
    given(redis_url=f"redis://:secret@127.0.0.1:{nowhere}/0")
    is_answer(shell(*command), SERVERS, f"nothing listens at 127.0.0.1:{nowhere}", "KLIPING_REDIS_URL", "kliping up")


def test_no_mongo(shell: Shell, given: Callable[..., None], nowhere: int) -> None:
    given(mongo_url=f"mongodb://user:secret@127.0.0.1:{nowhere}/")
    said = shell("queue")
    is_answer(said, SERVERS, f"nothing listens at 127.0.0.1:{nowhere}", "KLIPING_MONGO_URL", "kliping up")
    assert "secret" not in said.err


def test_a_wrong_password(shell: Shell, given: Callable[..., None], services: Services) -> None:
    given(mongo_url=f"mongodb://kliping:wrong@{services.mongo_url.partition('@')[2]}")
    is_answer(shell("stories", "find"), SERVERS, "the user name or the password is wrong", "Correct KLIPING_MONGO_URL")
    given(redis_url=f"redis://:wrong@{services.redis_url.partition('@')[2]}")
    is_answer(shell("stories", "find"), SERVERS, "the password is wrong", "Correct KLIPING_REDIS_URL")


def test_a_standalone_mongo(shell: Shell, given: Callable[..., None], tmp_path: Path) -> None:
    with bare_mongod(tmp_path) as url:
        given(mongo_url=url)
        is_answer(shell("schedule", "list"), SERVERS, "loses acknowledged writes", "mongod --replSet rs0")


@pytest.fixture
def forgetful_redis(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--maxmemory-policy", "allkeys-lru")
    with server(str(valkey()), *options, until=port, cwd=tmp_path):
        yield f"redis://127.0.0.1:{port}/0"


def test_a_redis_that_evicts(shell: Shell, given: Callable[..., None], forgetful_redis: str) -> None:
    given(redis_url=forgetful_redis)
    is_answer(shell("queue"), SERVERS, "allkeys-lru", "jobs vanish", "CONFIG SET maxmemory-policy noeviction")
    doctor = shell("doctor")
    assert doctor.code == 1
    assert "BAD  Redis maxmemory-policy" in doctor.out


def test_a_redis_that_takes_no_more(shell: Shell, given: Callable[..., None], tmp_path: Path) -> None:
    port = free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--maxmemory-policy", "noeviction")
    with server(str(valkey()), *options, until=port, cwd=tmp_path):
        with redis.Redis(port=port) as queue:
            queue.config_set("maxmemory", "1mb")
        given(redis_url=f"redis://127.0.0.1:{port}/0", replica="http://127.0.0.1:1")
        is_answer(shell("crawl", "tempo-en"), SERVERS, "maxmemory", "kliping doctor", "KLIPING_REDIS_URL")


# -- ports and disk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["replica", "console", "up"])
def test_a_port_that_is_taken(given: Callable[..., None], shell: Shell, command: str) -> None:
    with listener() as port:
        is_answer(shell(command, "--port", str(port)), USAGE, f"port {port}", "is taken", "any free one")


def test_a_second_up_of_one_home(given: Callable[..., None], shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with (tmp_path / "home" / "up.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_answer(shell("up", "--port", "0"), USAGE, "'kliping up' works in", "already. Stop it first")


def test_an_address_that_is_not_ours(given: Callable[..., None], shell: Shell) -> None:
    is_answer(shell("console", "--host", "192.0.2.1"), USAGE, "192.0.2.1 cannot be listened on", "127.0.0.1")


def test_a_full_disk(tmp_path: Path) -> None:
    """The home's first file is /dev/full, to which nothing can be written: no rights are needed for that, and the
    kernel gives the same error as a full disk does. Its name holds the process's number, so a shell makes it and
    becomes the command.
    """
    (tmp_path / "secrets").mkdir()
    full = f'ln -s /dev/full "{tmp_path}/secrets/.valkey-password.$$" && exec "$0" -m console.cli queue'
    command = subprocess.run(
        ["/bin/sh", "-c", full, sys.executable],
        env={"KLIPING_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = Said(code=command.returncode, out=command.stdout, err=command.stderr)
    is_answer(said, SERVERS, f"no space left on the disk of {tmp_path}", "Make room, or set KLIPING_HOME")


def test_output_onto_a_full_disk(given: Callable[..., None], services: Services, tmp_path: Path) -> None:
    own = Settings(home=tmp_path, mongo_url=services.mongo_url, redis_url=services.redis_url)
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "console.cli", "queue", "--json"],
            env=own.as_variables(),
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
        )
    is_answer(Said(code=process.returncode, out="", err=process.stderr), SERVERS, "no space left on the disk")


def test_a_reader_that_has_seen_enough(given: Callable[..., None], services: Services, tmp_path: Path) -> None:
    own = Settings(home=tmp_path, mongo_url=services.mongo_url, redis_url=services.redis_url)
    process = kliping(own, "doctor", "--json")
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(30) == 1


def test_a_file_in_place_of_the_home(given: Callable[..., None], shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    given(home=tmp_path / "file", mongo_url=None)
    is_answer(shell("queue"), USAGE, "is a file", "Name a folder")


# -- settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("KLIPING_DELAY", "soon", ["KLIPING_DELAY='soon' is not a number"]),
        ("KLIPING_DELAY", "-1", ["KLIPING_DELAY=-1.0", "between 0 and 3600"]),
        ("KLIPING_DELAI", "1", ["unknown setting 'delai'", "docs/settings.md"]),
        ("KLIPING_LOG_LEVEL", "LOUD", ["KLIPING_LOG_LEVEL='LOUD'", "use DEBUG"]),
        ("KLIPING_MONGO_URL", "localhost:27017", ["KLIPING_MONGO_URL", "mongodb://user:password@host"]),
        ("KLIPING_REDIS_URL", "http://localhost/", ["KLIPING_REDIS_URL", "redis://"]),
        ("KLIPING_REPLICA", "http://192.0.2.1:80", ["KLIPING_REPLICA", "127.0.0.1"]),
        ("KLIPING_MONGO_URL_FILE", "/nowhere/url", ["KLIPING_MONGO_URL_FILE names /nowhere/url", "cannot be read"]),
    ],
)
def test_a_bad_setting(  # noqa: PLR0917 - fixtures
    given: Callable[..., None],
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    words: list[str],
) -> None:
    monkeypatch.delenv(variable.removesuffix("_FILE"), raising=False)
    monkeypatch.setenv(variable, value)
    is_answer(shell("queue"), USAGE, *words)


def test_a_bad_file_of_settings(given: Callable[..., None], shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "kliping.toml").write_text("delay = = 1")
    is_answer(shell("queue"), USAGE, "kliping.toml cannot be read", "Mend it or move it away")


def test_a_short_console_token(given: Callable[..., None], shell: Shell) -> None:
    given(console_token="short")
    is_answer(shell("console", "--port", "0"), USAGE, "KLIPING_CONSOLE_TOKEN has 5 characters", "openssl rand -hex 32")


# -- what people type -----------------------------------------------------------------------------------------

TYPED = [
    ("crawl nowhere --replica http://127.0.0.1:1", ["no site 'nowhere'", "tempo-en, tempo-id, suarakita"]),
    ("crawl tempo-en notanaddress", ["'notanaddress' is no web address", "https://"]),
    ("crawl tempo-en https://example.org/", ["no page of tempo-en", "https://en.tempo.co"]),
    ("crawl tempo-en https://www.tempo.co/politik/x-1", ["no page of tempo-en"]),
    ("crawl tempo-en file:///etc/passwd", ["no web address"]),
    ("crawl tempo-en --since soon", ["--since 'soon' is no date", "2015-11-01"]),
    ("crawl tempo-en --since 2015-02-30", ["--since '2015-02-30' is no date"]),
    ("crawl tempo-en --since 2020-01-02 --until 2020-01-01", ["--since 2020-01-02 lies after --until 2020-01-01"]),
    ("crawl tempo-en --max-pages 0", ["--max-pages", "kliping crawl --help"]),
    ("crawl tempo-en --depth many", ["--depth", "kliping crawl --help"]),
    ("crawl tempo-en --replica http://example.org", ["KLIPING_REPLICA must be on this machine"]),
    ("crawl", ["Missing argument", "kliping crawl --help"]),
    ("schedule add a often tempo-en", ["'often' is no cron expression", "minute hour day month weekday"]),
    ("schedule add a '61 * * * *' tempo-en", ["is no cron expression"]),
    ("schedule add a '0 0 30 2 *' tempo-en", ["is no cron expression"]),
    ("schedule add a '* * * * *' tempo-en --tz Mars/Olympus", ["no time zone 'Mars/Olympus'", "Asia/Jakarta"]),
    ("schedule add a '* * * * *' tempo-en --tz ../../etc/passwd", ["no time zone"]),
    ("schedule add a '* * * * *' nowhere", ["no site 'nowhere'"]),
    ("schedule add 'a b' '* * * * *' tempo-en", ["'a b' cannot be a name"]),
    ("schedule add a '* * * * *' tempo-en --overlap maybe", ["--overlap", "kliping schedule add --help"]),
    ("schedule show none", ["no schedule 'none'", "kliping schedule add"]),
    ("schedule edit none --cron '0 5 * * *'", ["no schedule 'none'"]),
    ("schedule pause none", ["no schedule 'none'"]),
    ("schedule remove none", ["no schedule 'none'"]),
    ("schedule run-now none", ["no schedule 'none'"]),
    ("schedule history none", ["no schedule 'none'"]),
    ("stories find --limit 0", ["--limit", "kliping stories find --help"]),
    ("stories find --limit 10001", ["--limit"]),
    ("stories find --since yesterday", ["--since 'yesterday' is no date"]),
    ("stories find --since 2025-08-09T25:00:00Z", ["--since '2025-08-09T25:00:00Z' is no time"]),
    ("stories find --since 0001-01-01", ["--since '0001-01-01' lies outside the calendar"]),
    ("stories find --until 9999-12-31T23:59:59-10:00", ["lies outside the calendar"]),
    ("stories find --language fr", ["--language"]),
    ("stories find --sort relevance", ["--sort relevance needs words"]),
    ("stories find '...'", ["holds no word"]),
    (f"stories find {'x' * 501}", ["501 characters are too many"]),
    ("stories show tempo-read:1", ["no story tempo-read:1", "kliping stories find", "kliping pages show"]),
    ("stories show nothing", ["'nothing' is neither a web address nor a key"]),
    ("stories show https://example.org/", ["no page that a site here follows"]),
    ("stories related tempo-read:1", ["no story tempo-read:1"]),
    ("stories related tempo-read:1 --depth 7", ["--depth"]),
    ("pages show tempo-read:1", ["tempo-read:1 was never seen", "kliping crawl"]),
    ("pages show https://en.tempo.co/read/1/x", ["tempo-read:1 was never seen"]),
    ("quarantine show tempo-read:1", ["not in quarantine", "kliping quarantine list"]),
    ("quarantine release tempo-read:1", ["not in quarantine"]),
    ("queue jobs --state lost", ["value for '--state': 'lost' is not one of", "kliping queue jobs --help"]),
    ("replica --fault rain", ["value for '--fault': 'rain' is not one of 'hang'", "kliping replica --help"]),
    ("queue requeue nothing", ["nothing", "kliping queue jobs"]),
    ("queue drop nothing", ["nothing", "kliping queue jobs"]),
    ("queue --watch", ["--watch needs a terminal", "kliping queue --json"]),
    ("queue --json jobs", ["options go behind the command", "kliping queue jobs --help"]),
    ("worker nothing", ["no queue 'nothing'", "crawl and enrich"]),
    ("replica --stories 1", ["--stories", "kliping replica --help"]),
    ("extract example", ["no web address"]),
    ("extract https://example.org/", ["belongs to no site here"]),
    ("extract http://[::1", ["no web address"]),
    (f"extract {PAGE} /nowhere/page.html", ["/nowhere/page.html cannot be read: No such file"]),
    (f"extract {PAGE} /tmp", ["/tmp cannot be read: Is a directory"]),
    (f"extract {PAGE} /dev/zero", ["/dev/zero is larger than"]),
    (f"extract {PAGE} /dev/null", ["no article in", "notArticle"]),
    (f"extract {PAGE} /dev/null --downloaded-at noon", ["--downloaded-at 'noon' is no time"]),
    ("nothing", ["No such command 'nothing'", "kliping --help"]),
    ("stories nothing", ["No such command 'nothing'", "kliping stories --help"]),
    ("queue --nothing", ["No such option", "--nothing", "kliping queue --help"]),
    ("stories find \x1b[31mred --limit 0", ["--limit"]),
]


@pytest.mark.parametrize(("line", "words"), TYPED, ids=[line[:50] for line, _ in TYPED])
def test_what_cannot_be_done(given: Callable[..., None], shell: Shell, line: str, words: list[str]) -> None:
    said = shell(*shlex.split(line))
    is_answer(said, USAGE, *words)
    assert "\x1b" not in said.err


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff" * 5000, bytes(range(256)) * 40, b"<html>", "\ufeff".encode("utf-16")]
)
def test_a_file_that_is_no_page(given: Callable[..., None], shell: Shell, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "page.html").write_bytes(body)
    is_answer(shell("extract", PAGE, str(tmp_path / "page.html")), USAGE, f"no article in {PAGE}")


def test_words_that_no_terminal_could_show(given: Callable[..., None], services: Services, tmp_path: Path) -> None:
    own = Settings(home=tmp_path, mongo_url=services.mongo_url, redis_url=services.redis_url)
    said = finished(kliping(own, "stories", "show", b"\xff\xfe".decode("utf-8", "surrogateescape")))
    is_answer(said, USAGE, "neither a web address nor a key")


# -- what would not do what it says ----------------------------------------------------------------------------


def test_a_replica_for_others_than_ourselves(given: Callable[..., None], shell: Shell, services: Services) -> None:
    """Whoever else takes the order asks whom they always ask: a real site, perhaps."""
    given()
    line = ("crawl", "tempo-en", "--replica", "http://127.0.0.1:1")
    is_answer(shell(*line), USAGE, "add --wait")
    own = Settings.load()
    with working(own, "worker", "crawl"), working(own, "worker", "enrich"):
        until = time.monotonic() + 20
        while len(shell.data("queue")["workers"]) < 2:
            assert time.monotonic() < until
        said = finished(kliping(own, *line, "--wait"))
    is_answer(said, USAGE, "does not reach the workers", "KLIPING_REPLICA")


def test_a_site_that_rests_was_not_crawled(given: Callable[..., None], shell: Shell, nowhere: int) -> None:
    given()
    said = finished(
        kliping(Settings.load(), "crawl", "suarakita", "--wait", "--replica", f"http://127.0.0.1:{nowhere}")
    )
    assert said.code == 1, said
    assert "suarakita: nothing was had" in said.out
    assert "DownloadConnectionRefusedError" in said.out


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("KLIPING_CONTACT", "bla", "neither a web address nor an e-mail"),
        ("KLIPING_DATABASE", "admin", "MongoDB's own"),
        ("KLIPING_DATABASE", "a.b", "use up to 63 letters, digits"),
        ("KLIPING_SITES", '{"tempoen": {"delay": 2}}', "no site 'tempoen'"),
    ],
)
def test_a_setting_that_cannot_be_meant(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    is_answer(shell("queue"), USAGE, words)


def test_a_token_that_can_be_guessed_keeps_up_from_its_start(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its console ended at each of its starts."""
    monkeypatch.setenv("KLIPING_CONSOLE_TOKEN", "kurz")
    is_answer(shell("up"), USAGE, "KLIPING_CONSOLE_TOKEN has 4 characters")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str) -> None:
    code = "from console.cli import main; import sys; sys.argv[1:] = ['--version']; main()"
    command = f'exec "{sys.executable}" -c "{code}" {closed}'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "between", [("2026-11-30", "2026-11-30"), ("2026-11-30", "2026-11-29"), ("2026-11-30T08:00", "2026-11-30")]
)
def test_no_time_between_two(shell: Shell, between: tuple[str, str]) -> None:
    since, until = between
    is_answer(shell("stories", "find", "--since", since, "--until", until), USAGE, "nothing lies between")


def test_a_site_of_nobody(shell: Shell) -> None:
    is_answer(shell("stories", "find", "--site", "tempo"), USAGE, "no site 'tempo'", "tempo-en")


def test_a_time_without_a_zone_is_in_wib() -> None:
    day = datetime(2026, 11, 29, 17, tzinfo=UTC)
    assert parse.start_of_day("2026-11-30", "--since") == day
    assert parse.start_of_day("2026-11-30T00:00", "--since") == day
    assert parse.start_of_day("2026-11-30 08:00", "--since") == day + timedelta(hours=8)
    assert parse.start_of_day("2026-11-30T00:00Z", "--since") == day + timedelta(hours=7)
    assert parse.instant("2026-11-30T00:00", "--downloaded-at") == day + timedelta(hours=7)


def _in_front() -> None:
    """As a shell starts what a person types: Ctrl-C of its terminal is a signal, though ours may be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.parametrize("typed", [b"\x04", b"\x03", b"n\n"])
def test_whoever_is_asked_may_go(given: Callable[..., None], services: Services, tmp_path: Path, typed: bytes) -> None:
    given()
    own = Settings.load()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "console.cli", "takedown", "tempo-read:1"],
        env={**os.environ, **own.as_variables()},
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=_in_front,  # noqa: PLW1509 - it only calls the system
    )  # fmt: skip
    os.close(theirs)
    said = b""
    with open(ours, "r+b", buffering=0) as terminal, suppress(OSError):  # noqa: PTH123 - a descriptor, not a path
        while True:
            if select.select([terminal], [], [], 0.2)[0]:
                said += terminal.read(4096)
            elif b"Go on?" in said:  # again, where it came before anybody read: a terminal forgets what ends a text
                terminal.write(typed)
    assert process.wait(30) == 1
    assert b"nothing was done" in said
    assert b"Traceback" not in said


def test_its_version(shell: Shell) -> None:
    assert re.fullmatch(r"kliping \d+\.\d+\.\d+\n", shell("--version").out)


# -- nobody is asked without a contact ------------------------------------------------------------------------


@pytest.mark.parametrize("line", [["crawl", "tempo-en"], ["crawl", "tempo-en", PAGE, "--wait"], ["extract", PAGE]])
def test_a_real_site_without_a_contact(
    given: Callable[..., None], shell: Shell, monkeypatch: pytest.MonkeyPatch, line: list[str]
) -> None:
    """Refused before anything is asked: here nothing can be, as no name is looked up and no connection made."""
    monkeypatch.setattr("socket.socket.connect", _never)
    monkeypatch.setattr("socket.getaddrinfo", _never)
    is_answer(shell(*line), USAGE, "set KLIPING_CONTACT", "kliping demo")


def _never(*_arguments: object, **_options: object) -> None:
    raise AssertionError("somebody was asked")
