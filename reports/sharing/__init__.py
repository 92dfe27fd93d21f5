"""Who gets a report: its readers, the letters to them, links for people without an account, and who looked when."""
