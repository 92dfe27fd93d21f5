"""Customer systems: who is who, what passes, what a person decides, tables and their undo, tickets."""
