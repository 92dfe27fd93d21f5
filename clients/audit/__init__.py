"""The append-only log of one brand: every write through an action, every decision, in the transaction of what it tells."""
