"""A Facebook page, over the Graph API."""
