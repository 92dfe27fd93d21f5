"""Ghost: posts over the Admin API, with the key of an integration."""
