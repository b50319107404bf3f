"""Tests of natives/std/."""
