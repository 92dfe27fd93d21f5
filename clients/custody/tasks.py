"""What the outbox calls: ids in, one action called."""
