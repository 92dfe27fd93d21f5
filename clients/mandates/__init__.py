"""What a brand lets an agency do alone: the mandate, its charter in versions, and the signatures that give them force."""
