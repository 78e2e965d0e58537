"""A small disk of a test's own, in memory, that can be filled to the last byte."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PIECES = (1_000_000, 4_096, 1)
"""Bytes; what is left over is smaller than a page of the file system."""


@dataclass(frozen=True, slots=True)
class Disk:
    path: Path

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"

    def fill(self) -> None:
        descriptor = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            for piece in _PIECES:
                _write_until_full(descriptor, b"x" * piece)
        finally:
            os.close(descriptor)

    def make_room(self) -> None:
        self._ballast.unlink()


def _write_until_full(descriptor: int, piece: bytes) -> None:
    while True:
        try:
            os.write(descriptor, piece)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                return
            raise


@contextmanager
def disk(path: Path, *, megabytes: int) -> Iterator[Disk]:
    """Mounted on that folder, which is made. It takes the right to mount, which root has, in a container too."""
    path.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(path)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.fail(f"a test of full disks must be allowed to mount a tmpfs (run it as root): {mounted.stderr.strip()}")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)  # who was killed may not have let go of it yet
