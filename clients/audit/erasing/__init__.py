"""Where a person's data may be, and how it is taken out: the values looked for, who holds them, and the one place that writes.

Each feature declares in its own `holders` module which of its columns may hold words about somebody of the community, and of
all others why they never do; a test compares both with the schema. Used by `clients.community`, which knows who a member is.
"""
