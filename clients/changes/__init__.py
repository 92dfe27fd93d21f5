"""What changed, in order and without gaps, per resource: what other systems follow and what webhooks tell."""
