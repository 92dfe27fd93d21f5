"""Members of the community: who they are, what is held on them anywhere, erasing them, and how long things are kept."""
