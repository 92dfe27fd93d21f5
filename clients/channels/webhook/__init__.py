"""A signed HTTP call to whatever the brand has built itself."""
