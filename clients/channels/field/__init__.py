"""Real life: a person holds the event or the meeting, then confirms that they did."""
