"""What is told to a brand's other systems by itself: signed, in order per resource, at least once."""
