"""What a choice is for: a part of its seed, so that one choice does not follow from another."""

from __future__ import annotations

STORY, TIME, NUMBER, SECTION, EDIT, RELATED, TEXT, SHEET, CARDS, COPY, ACCESS, DAY = range(1, 13)
