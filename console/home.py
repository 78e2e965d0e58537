"""The folder of the embedded servers: what lies where in it, and who may read it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Final

from stories.errors import ServiceError, UsageError
from stories.files import named_first, on_the_disk

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
SECRET_BYTES: Final = 32  # 256 bits: no guessing, whatever the hash
LOG_LIMIT: Final = 4_000_000  # bytes; weeks of a quiet server, and an editor still opens it
LAST_WORDS: Final = 100_000  # bytes; mongod says 50,000 at a start, and 20,000 more when it aborts
FULL: Final = 16_000_000  # bytes; with less, mongod cannot open its journal of two files of 8 MB


@dataclass(frozen=True, slots=True)
class Home:
    """An absolute folder that exists and takes files."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Home:
        """Make the folder and its parts. Raises UsageError or ServiceError that says what to do."""
        home = cls(path.expanduser().resolve())
        with answered(home.path):
            home.path.mkdir(parents=True, exist_ok=True)
            for name in ("secrets", "log", "valkey", "mongo"):
                home.folder(name)
        return home

    def folder(self, name: str) -> Path:
        """A folder below, made if absent, for its owner only."""
        folder = self.path / name
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
        return folder

    def secret(self, name: str) -> str:
        """A random secret, made at its first use."""
        path = self.secret_file(name)
        return path.read_text(encoding="ascii").strip()

    def secret_file(self, name: str) -> Path:
        path = self.path / "secrets" / name
        if not path.exists():
            write_private(path, secrets.token_hex(SECRET_BYTES), is_new=True)
        return path

    def log(self, name: str) -> Path:
        """The log of a server, moved aside first if it has grown over the limit."""
        path = self.path / "log" / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".old.log"))
        path.touch(mode=PRIVATE_FILE)
        return path

    def is_full(self, name: str) -> bool:
        """Whether a folder below has no room; each may be a disk of its own."""
        return shutil.disk_usage(self.path / name).free < FULL


def write_private(path: Path, text: str, *, is_new: bool = False) -> None:
    """Write a file for its owner only, whole or not at all, and on the disk before this returns.

    One that `is_new` never takes the place of another's, who was faster.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        named_first(new, path)
        new.unlink(missing_ok=True)
    else:
        new.replace(path)
    on_the_disk(path.parent)


def last_words(log: Path, since: int) -> list[str]:
    """The lines a log gained after the byte `since`, the latest last, without control characters."""
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - LAST_WORDS))
        text = file.read().decode("utf-8", errors="replace")
    cleaned = ("".join(c if c.isprintable() else " " for c in line).strip() for line in text.splitlines())
    return [line for line in cleaned if line]


class NoRoomError(ServiceError):
    """A disk is full: what could not be done now can be done when there is room."""


def no_space(home: Path) -> NoRoomError:
    return NoRoomError(f"no space left on the disk of {home}. Make room, or set KLIPING_HOME.")


@contextmanager
def answered(home: Path) -> Iterator[None]:
    """Turn the file system's refusals into an answer."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            f"{error.filename} is a file. KLIPING_HOME must name a folder; it is made if absent."
        ) from error
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise no_space(home) from error
        raise UsageError(
            f"{error.filename or home} cannot be written: {error.strerror}. Mend that, or set KLIPING_HOME."
        ) from error
