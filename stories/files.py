"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def named_first(new: Path, path: Path) -> bool:
    """Give a finished file its name as well; False if another has that name by now. Raises OSError."""
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        new.rename(path)
    return True


def on_the_disk(folder: Path) -> None:
    """Wait until the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
