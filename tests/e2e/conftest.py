"""Where Tempo's own pages do not lie beside the project, their test is not collected."""

from __future__ import annotations

from tests.crawler.sites.samples import SAMPLES
from tests.servers import prepared, stores

__all__ = ["prepared", "stores"]

collect_ignore = [] if SAMPLES.is_dir() else ["test_samples.py"]
