"""A professional account on Instagram, over Meta's Graph API."""
