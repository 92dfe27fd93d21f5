"""A NodeBB forum, over its Write API."""
