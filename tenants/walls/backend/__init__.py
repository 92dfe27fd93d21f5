"""ENGINE of every database of the house: Django's PostgreSQL backend behind walls (`base`)."""
