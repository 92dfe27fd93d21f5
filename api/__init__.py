"""The machine door: REST under a brand's host, for its own systems. How to add to it: docs/recipes/add-an-api-resource.md."""
