"""What the API says about itself to people: how to begin, one page for each use, every code and every scope, what changed."""
