"""Checks of what a brand takes home of its log."""
