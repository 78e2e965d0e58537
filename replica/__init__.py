"""A Tempo that can be crawled offline: made from a seed, in the structure of the real pages, its truth known."""

from replica.answers import Kind, Reply
from replica.world import GENERATIONS, HOSTS, SITES, World

__all__ = ["GENERATIONS", "HOSTS", "SITES", "Kind", "Reply", "World"]
