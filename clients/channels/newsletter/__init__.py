"""A newsletter to a list of addresses, over the brand's own SMTP account."""
