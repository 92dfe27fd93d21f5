"""Access of an operator to one brand: opened with a reason and an end, read page by page with a line each, ended by anybody.

An operator has no side, and nothing here writes but the log of what they read. See decision 14 and `tenants.glass`.
"""
