"""The script with which a brand checks its log on its own computer: it imports nothing of ours."""
