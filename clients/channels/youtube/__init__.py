"""The comments under a YouTube channel's videos, over the Data API."""
