"""What happens inside one brand's space, feature by feature; the order of imports is in docs/architecture.md."""
