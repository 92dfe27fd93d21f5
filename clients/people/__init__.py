"""Who acts in a brand: one person, one side, one role, and what that role may do."""
