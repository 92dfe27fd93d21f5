"""What a program reads over several brands at once, at the agency's host: with each brand's own key, and no further."""
