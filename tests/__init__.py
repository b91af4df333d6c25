"""Tests that belong to no area."""
