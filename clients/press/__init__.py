"""The press review and the agency's watch notes."""
