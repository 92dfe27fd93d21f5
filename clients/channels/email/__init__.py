"""Mail over the brand's own SMTP account."""
