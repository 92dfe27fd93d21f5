"""What both sides agreed on: what to say and how, who to call, and when the brand is at work."""
