"""Voice: a person calls, then confirms that they did."""
