"""What a brand takes home of its log: all of it as a bundle, the proof of one line, checkpoints by mail; and 'verify now'."""
