"""The real servers, and a worker in this process."""

from tests.console.conftest import shell
from tests.servers import database, prepared, stores
from tests.workers.burst import work

__all__ = ["database", "prepared", "shell", "stores", "work"]
