"""What one page gave back serves the next: no page of memory is mapped anew."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

READ_PAGES = """
import resource, sys
from selectolax.lexbor import LexborHTMLParser
if sys.argv[1] == "kept":
    from crawler.heap import keep_freed_memory
    keep_freed_memory()
body = b"<p>A paragraph of some words.</p>" * 2000
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    LexborHTMLParser(body)
before = faults()
for _ in range(50):
    LexborHTMLParser(body)
print((faults() - before) / 50)
"""


def faults_of_a_page(how: str) -> float:
    done = subprocess.run([sys.executable, "-c", READ_PAGES, how], capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have no such limit")
def test_memory_that_was_given_back_is_kept():
    assert faults_of_a_page("kept") < 1 < faults_of_a_page("returned")
