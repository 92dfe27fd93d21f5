"""What may go out: content that never changes once written, and the life an item leads until it has gone out."""
