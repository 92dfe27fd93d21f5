"""What was found outside: taken in, told apart, matched with the watch list, sorted with a visible reason."""
