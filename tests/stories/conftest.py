"""The servers that these tests use."""

from tests.servers import database, ledger, prepared, stores

__all__ = ["database", "ledger", "prepared", "stores"]
