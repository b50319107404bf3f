"""Tests of the page for browsers."""
