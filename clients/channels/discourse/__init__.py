"""A Discourse forum, over its REST API."""
