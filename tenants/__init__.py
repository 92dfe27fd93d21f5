"""Agencies, brands, domains, people, and the walls between one brand's schema and the next."""
