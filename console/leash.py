"""Run a server that ends with its parent, even where the parent is killed: `leash.py PARENT-PID PROGRAM ARGUMENT…`.

Run as a script by path, without our packages: 15 ms of Python before the server. On Linux the kernel keeps the promise
(prctl(2): PR_SET_PDEATHSIG outlives execve), and this process becomes the server. Elsewhere it stays as guardian.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
GLANCE: Final = 0.1  # seconds between two looks at the parent: fast for a person, no load
LAST_WISH: Final = 10.0  # seconds for the server to stop by itself before it is killed
CANNOT_RUN: Final = 126  # what a shell answers for a program that is there but does not run


def become(parent: int, command: list[str]) -> None:
    """Turn into the server, which the kernel kills when its parent dies. Never returns."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel knew of the wish
        os._exit(CANNOT_RUN)
    os.execv(command[0], command)  # noqa: S606 - the command is ours


def guard(parent: int, command: list[str]) -> int:
    """Stay beside the server: stop it when the parent is gone or when asked to. The server's own exit code."""
    server = subprocess.Popen(command)  # noqa: S603 - the command is ours
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    while server.poll() is None and os.getppid() == parent:
        time.sleep(GLANCE)
    server.terminate()
    try:
        return server.wait(LAST_WISH)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()


def main(parent: str, *command: str) -> None:
    try:
        if sys.platform == "linux":
            become(int(parent), list(command))
        sys.exit(guard(int(parent), list(command)))
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be run: {error.strerror}\n")
        sys.exit(CANNOT_RUN)


if __name__ == "__main__":
    main(*sys.argv[1:])
