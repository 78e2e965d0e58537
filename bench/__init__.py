"""Measurements: `make bench`. Never a test."""
