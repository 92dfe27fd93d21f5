"""What becomes of a mention: exactly one outcome, by a person, with its reason."""
