"""A LinkedIn page, over the Posts and Comments API."""
