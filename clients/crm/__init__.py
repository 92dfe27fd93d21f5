"""The brands' customer systems: who is who there and here, by which rules, and what passes between."""
