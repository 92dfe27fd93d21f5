"""The pages of one brand, each module one page or a few that belong together."""
