"""The walls: a brand's rows are reachable inside `brand_scope` of that brand, in a transaction, and nowhere else.

Four layers, each of which holds alone: the database role (`backend`), the SQL guard (`guard`), the stamps that querysets
and instances carry (`stamps`, `compiler`), and the router that checks instances as they are related or saved (`router`).
"""
