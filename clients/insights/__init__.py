"""What a brand learns from its community: from a mention or a conversation to a department, and back to the member."""
