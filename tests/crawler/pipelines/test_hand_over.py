"""Much is put into Redis only while there is room for what takes it out."""

from __future__ import annotations

import pytest
from redis.exceptions import OutOfMemoryError

from crawler.pipelines.hand_over import MOST_FULL, require_room
from workers.stores import Stores


def test_a_tenth_of_redis_is_left_to_the_workers(stores: Stores):
    queue = stores.queue
    require_room(queue)
    before = queue.connection.config_get("maxmemory")["maxmemory"]
    used = int(queue.connection.info("memory")["used_memory"])
    queue.connection.config_set("maxmemory", int(used / (MOST_FULL + 0.05)))
    try:
        with pytest.raises(OutOfMemoryError, match="are in use"):
            require_room(queue)
        queue.remember()  # there is room for what is small
    finally:
        queue.connection.config_set("maxmemory", before)
    require_room(queue)
