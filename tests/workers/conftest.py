"""The servers that these tests use, and a worker."""

from tests.servers import database, ledger, prepared, stores
from tests.workers.burst import work

__all__ = ["database", "ledger", "prepared", "stores", "work"]
