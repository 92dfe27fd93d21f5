"""Who holds a conversation with a member: exactly one side at every moment, and how it passes from one to the other."""
