"""The servers that these tests use, and a worker; one that does nothing by itself."""

from tests.servers import database, ledger, prepared, stores
from tests.workers.burst import work
from tests.workers.losing import own

__all__ = ["database", "ledger", "own", "prepared", "stores", "work"]
