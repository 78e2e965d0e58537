"""Tests of real pages are collected only where those lie."""

from __future__ import annotations

from tests.crawler.sites.samples import SAMPLES

collect_ignore_glob = [] if SAMPLES.is_dir() else ["test_sample_*.py"]
